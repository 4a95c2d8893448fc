"""The command line: one parser, and what each command does."""
