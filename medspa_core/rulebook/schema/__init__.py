"""What each file of the rulebook may hold: one strict, frozen model per entry. Unknown keys are refused."""
