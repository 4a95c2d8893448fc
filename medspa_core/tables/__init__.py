"""A file of many clients in, one row a client out: read, judged and written in blocks, so memory does not grow with rows.

Good rows are computed; bad ones go to a file of their own with line, column and reason. Nothing is left half-written.
"""

TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")
"""Of the names of such files."""
