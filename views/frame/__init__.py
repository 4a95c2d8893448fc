"""What stands around every page: the bars on top and below, the script in its head, and the page for an error."""
