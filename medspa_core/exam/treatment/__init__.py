"""What was done: sessions that are due, the record of each, how much was used, and what was corrected."""
