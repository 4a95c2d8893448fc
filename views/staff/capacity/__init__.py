"""Capacity: what is needed beside what is open, and the opening hours that are entered for it."""
