"""The screen Safety: one thing at a time for the client; every answer and the agenda for the staff."""
