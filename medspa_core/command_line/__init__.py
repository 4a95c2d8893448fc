"""What the commands of `python -m medspa_core` do; their one parser is in `__main__`."""
