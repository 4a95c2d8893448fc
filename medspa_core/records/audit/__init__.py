"""The audit log: a keyed chain of rows, and its head outside the database."""
