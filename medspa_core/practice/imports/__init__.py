"""Visits and sales of a booking system's file, read as a mapping says and kept as nameless facts."""
