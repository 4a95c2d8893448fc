"""Capacity: what the visits in the book and the planned ones need, week by week, held against the opening hours."""
