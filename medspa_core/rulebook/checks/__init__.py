"""What the loader asks of a rulebook: each module gives a line for each thing that is wrong."""
