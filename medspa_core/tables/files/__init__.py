"""A file of many clients as titles and rows of text: CSV, Parquet, a workbook; nobody else opens one."""
