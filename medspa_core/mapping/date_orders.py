"""The dates that stand in a form in, the order that all of them are written in out; where two disagree, none is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from medspa_core.formats.typed_dates import STYLES, DateStyle, NoDate, read_date
from medspa_core.mapping.rules import UNDECIDED

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
Orders = frozenset[DateStyle]
EVERY: Orders = frozenset(STYLES)
_TIME = re.compile(
    r"[ ,T]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?$"
)  # beside a day: nothing asks for it
_MARKED = re.compile(r"\d+ ?[-/. ] ?\d+ ?[-/. ] ?\d+\.?")  # 251126 may be a number of anything


def without_time(text: str) -> str:
    """A day alone, where the time of day stands beside it."""
    return _TIME.sub("", text.strip())


def orders_of(cell: str) -> Orders:
    """The orders in which a cell is a day; all, where the year stands in front or the month has its name."""
    return frozenset(style for style in STYLES if day_in_order(cell, style, LATEST))


def day_in_order(text: str, style: DateStyle, last: date) -> date | None:
    """The day that a text is, also one that is out of bounds."""
    found = read_date(without_time(text), style, EARLIEST, last)
    return found.day if isinstance(found, NoDate) else found


def day_in_every_order(text: str, last: date) -> date | None:
    """The day that a text is in whichever order; none, if there are two or if one order has no such day."""
    days = {day_in_order(text, style, last) for style in STYLES}
    return days.pop() if len(days) == 1 else None


def orders_of_all(cells: Iterable[str]) -> Orders:
    """The orders that read every day among some cells."""
    return EVERY.intersection(*(orders for cell in cells if (orders := orders_of(cell))))


def orders_of_dates(cells: Sequence[str]) -> Orders:
    """The same of a column in which nothing but days stands, in numbers and with marks between them; else all."""
    days = dict.fromkeys(map(without_time, cells))
    return orders_of_all(days) if all(_MARKED.fullmatch(day) and orders_of(day) for day in days) else EVERY


def order_of(found: Iterable[Orders]) -> str:
    """The one order that is left of all that was found."""
    left = EVERY.intersection(*found)
    return next(iter(left)) if len(left) == 1 else UNDECIDED
