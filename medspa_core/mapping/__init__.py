"""A form tool's own table read as clients' answers: a mapping says which title is which question and which word which answer."""
