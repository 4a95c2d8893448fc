"""A file of many clients in, one row a client out: read, judged and written in blocks, so memory does not grow with rows.

Good rows are computed; bad ones go to a file of their own with line, column and reason. Nothing is left half-written.
"""

from medspa_core.tables.columns import OwnColumns
from medspa_core.tables.row_blocks import BLOCK_ROWS, BadCell, TableReport
from medspa_core.tables.run import keep_freed_memory, recommend_table
from medspa_core.tables.writing import rejected_beside

__all__ = [
    "BLOCK_ROWS",
    "BadCell",
    "OwnColumns",
    "TableReport",
    "keep_freed_memory",
    "recommend_table",
    "rejected_beside",
]
