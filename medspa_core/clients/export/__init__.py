"""One client's whole record, to hand over: as a page to read and as a file to compute with."""
