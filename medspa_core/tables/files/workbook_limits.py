"""An Excel workbook's bytes in, checked before anything opens them; a plain archive of just the counted parts out.

A workbook is a zip archive. What its directory says is believed only to refuse; what is unpacked is counted.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from medspa_core.tables.files.found_table import TableFile, said_by

LARGEST_UNPACKED_BYTES = 50_000_000
LARGEST_RATIO = 100
MOST_PARTS = 10_000
MOST_CELLS = 5_000_000  # of the rectangle around all cells of a sheet, which is what memory is taken for
STEP_BYTES = 1 << 16
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']\s*\$?([A-Za-z]+)\$?([0-9]+)""")
WRONG = re.compile(rb"""(<(?:\w+:)?c\s[^>]*?\bt\s*=\s*)(["'])e\2""")  # a cell such as #N/A
FORMULA = re.compile(  # a cell with a formula and without what it comes to
    rb"""<((?:\w+:)?)c(\s[^>]*|)>(\s*<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*)(?:<[^<>/]*v\s*/>|<[^<>/]*v>\s*</[^<>]*v>)?\s*</"""
)
TEXT_RESULT = re.compile(rb"""\bt\s*=\s*["']str["']""")  # a formula that came to a text, which may be an empty one
ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']\s*([0-9]+)""")


class NotOpened(ValueError):
    """A workbook that is not opened. The text says why."""


def checked_workbook(source: TableFile) -> io.BytesIO:
    """The workbook, packed anew from the parts that were counted, so that no reader finds another one in the same bytes."""
    try:
        with source.open("rb") as file, zipfile.ZipFile(file) as archive:
            _check_directory(archive, file.seek(0, io.SEEK_END))
            return _counted(archive)
    except NotOpened:
        raise
    except UNREADABLE as error:
        raise NotOpened(f"not an Excel workbook that can be read: {said_by(error)}") from None


def _check_directory(archive: zipfile.ZipFile, packed: int) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise NotOpened("protected by a password. Save it without one")
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        raise NotOpened("not an Excel workbook: too many parts, or two of one name")
    _check_size(sum(part.file_size for part in parts), packed)


def _check_size(unpacked: int, packed: int) -> None:
    if unpacked > LARGEST_UNPACKED_BYTES:
        raise NotOpened(f"unpacks to more than {LARGEST_UNPACKED_BYTES // 1_000_000} MB. Save it as CSV")
    if unpacked > LARGEST_RATIO * packed:
        raise NotOpened(f"unpacks to more than {LARGEST_RATIO} times its size. Save it as CSV")


def _counted(archive: zipfile.ZipFile) -> io.BytesIO:
    packed, unpacked, plain = archive.fp.seek(0, io.SEEK_END) if archive.fp else 0, 0, io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_STORED) as copy:
        for part in archive.infolist():
            content = bytearray()
            with archive.open(part) as file:
                while piece := file.read(STEP_BYTES):
                    content += piece
                    unpacked += len(piece)
                    _check_size(unpacked, packed)
            _check_rectangle(content)
            copy.writestr(zipfile.ZipInfo(part.filename), _without_silent_cells(content))
    plain.seek(0)
    return plain


def _without_silent_cells(sheet: bytearray) -> bytes:
    """A formula's error, or a formula that was never computed, would be read as an empty cell, so as unanswered. As text it is
    refused as what it is."""
    content = WRONG.sub(rb"\1\2str\2", sheet)
    return FORMULA.sub(_uncomputed, content) if b"<f" in content or b":f" in content else content


def _uncomputed(cell: re.Match[bytes]) -> bytes:
    prefix, attributes, formula = cell.groups()
    if TEXT_RESULT.search(attributes):
        return cell[0]
    return b'<%bc%b t="str">%b<%bv>a formula without a result</%bv></' % (prefix, attributes, formula, prefix, prefix)


def _check_rectangle(sheet: bytearray) -> None:
    """One cell far away would take the memory of all cells before it."""
    columns, rows = 1, 1
    for cell in CELL.finditer(sheet):
        columns, rows = max(columns, _column(cell[1])), max(rows, int(cell[2][:9]))
    rows = max([rows, *(int(row[1][:9]) for row in ROW.finditer(sheet))])
    if columns * rows > MOST_CELLS:
        raise NotOpened(f"a sheet of {rows:,} rows and {columns:,} columns is too large. Save it as CSV")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - ord("A") + 1
    return number
