"""An Excel workbook of one sheet: rows go in, the file's bytes come out in which no cell is a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter import Workbook

WIDTH = 18
"""Of a column, in letters: what a count's heading needs."""
NOTHING_IS_READ_INTO_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def xlsx_bytes(sheet: str, rows: Sequence[Sequence[str | int]], made_at: datetime) -> bytes:
    """Text stays text and numbers stay numbers. `sheet`: its name; `made_at`: the moment that stands in the file's properties."""
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True, **NOTHING_IS_READ_INTO_TEXT}) as book:
        book.set_properties({"created": made_at})
        page = book.add_worksheet(sheet)
        page.set_column(0, max(map(len, rows)), WIDTH)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                write = page.write_string if isinstance(cell, str) else page.write_number
                write(line, place, cell)
    return written.getvalue()
