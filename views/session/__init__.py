"""Whose session this is: who is signed in, which consultation is open, and the files that are made for them alone."""
