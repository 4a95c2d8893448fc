"""Dates as people type them: the text and the clinic's order go in, a day or the reason why there is none comes out.

One grammar of our own. A general reader of dates guesses: it fills in what is missing from today's date, takes 25/12 for
December where 3/7 is in March, and reads 1984 as a day of that year. What is not clear here is refused, and never moved.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import MINYEAR, date
from typing import Literal, get_args

DateStyle = Literal["month_first", "day_first", "year_first"]
STYLES: tuple[DateStyle, ...] = get_args(DateStyle)
Reason = Literal[
    "empty", "not_a_date", "only_year", "no_year", "no_day", "other_order", "no_such_day", "too_early", "too_late"
]

YEAR_FIRST_PLACES = ("ca", "kr")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CENTURIES = range(1900, 2200, 100)

_STROKES = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−－", "-"), **dict.fromkeys("⁄∕／", "/"), "．": ".", "。": ".", "，": ",", "،": ","}
)
_EAST_ASIAN = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]")
_NUMBERS = re.compile(r"(\d+) ?([-/. ]) ?(\d+) ?\2 ?(\d+)\.?")
_TWO_NUMBERS = re.compile(r"\d{1,4} ?[-/. ] ?\d{1,4}\.?")
_APART = r"[ ,./'’-]*"
_MONTH_SECOND = re.compile(rf"(\d+){_APART}([a-z]+)\.?(?:{_APART}(\d+))?")
_MONTH_FIRST = re.compile(rf"([a-z]+)\.?{_APART}(\d+)(?:[ ,./'’-]+(\d+))?")
_NAME = rf"(?:sept|{'|'.join(f'{one[:3]}(?:{one[3:]})?' for one in MONTHS)})(?![a-z])\.?"
_MARK, _NTH, _YEAR = r" ?[-/. ] ?", r"\d{1,2}(?:st|nd|rd|th)?", r"'?(?:\d{4}|\d{2})"
_WHOLE = (
    *(rf"\d{{4}}{_MARK}\d{{1,2}}{_MARK}\d{{1,2}}", rf"\d{{1,2}}{_MARK}\d{{1,2}}{_MARK}(?:\d{{4}}|\d{{2}})"),
    *(rf"{_NAME}[ -]?{_NTH}[ ,-]+{_YEAR}", rf"{_NTH}[ -]?(?:of )?{_NAME}[ ,-]*{_YEAR}"),
    rf"\d{{4}}[ -]?{_NAME}[ -]?{_NTH}",
    *(r"\d{8}", r"\d{6}"),
)
_IN_PART = (r"\d{1,2}[/.]\d{1,4}", rf"{_NAME} ?{_NTH}", rf"{_NTH} ?{_NAME}", r"(?:19|20)\d{2}", r"\d{7}")
_ALONE = r"(?<![\w/.-])(?:%s)(?![\w/-])"
_IN_A_TEXT, _ALSO_IN_PART = (re.compile(_ALONE % "|".join(forms)) for forms in (_WHOLE, _WHOLE + _IN_PART))
_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/. ] ?(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4}) ?[-/. ] ?(\d{1,2})")
_NAMED_MONTH = re.compile(rf"({_NAME})[ ,./'-]*(\d{{4}})|(\d{{4}})[ ,./'-]*({_NAME})")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b(?: of\b)?")
_WEEKDAY = re.compile(rf"({'|'.join(f'{one[:3]}(?:{one[3:]})?' for one in WEEKDAYS)})\b\.?,? ?")


@dataclass(frozen=True, slots=True)
class NoDate:
    """Why a text is no date that is taken; the day it means, where that is clear and only out of bounds."""

    reason: Reason
    day: date | None = None


@dataclass(frozen=True, slots=True)
class _Parts:
    """Year as it was written, month and day."""

    year: str
    month: int
    day: int


def style_at(place: str) -> DateStyle:
    """How dates are written at a place: in the US 06/12 is in June."""
    return "month_first" if place == "us" else "year_first" if place in YEAR_FIRST_PLACES else "day_first"


def read_date(text: str, style: DateStyle, first: date, last: date) -> date | NoDate:
    """The day that was typed, from `first` to `last`, or why there is none.

    A year of two digits is the latest that keeps the day at or before `last`. A year of four digits in front is read
    year, month, day in every style; all else as the style says.
    """
    parts = _parts_of(tidied(text), style)
    if isinstance(parts, NoDate):
        return NoDate("no_day") if last_day_of_month(text) is not None else parts
    days = [day for day in _days_of(parts) if day <= last] or _days_of(parts)[:1]
    if not days:
        return NoDate("no_such_day")
    day = days[-1]
    return NoDate("too_early", day) if day < first else NoDate("too_late", day) if day > last else day


def last_day_of_month(text: str) -> date | None:
    """A month and its year of four digits, such as 6/2027, 2027-06 or June 2027, as that month's last day: what stands on a
    package without a day may be used until then. None: anything else. 6/27 may be a day of June."""
    tidy = tidied(text)
    if found := _MONTH_YEAR.fullmatch(tidy):
        year, month = int(found[2]), int(found[1])
    elif found := _YEAR_MONTH.fullmatch(tidy):
        year, month = int(found[1]), int(found[2])
    elif found := _NAMED_MONTH.fullmatch(tidy):
        name = found[1] or found[4]
        year, month = int(found[2] or found[3]), [one[:3] for one in MONTHS].index(name[:3]) + 1
    else:
        return None
    return date(year, month, monthrange(year, month)[1]) if 1 <= month <= 12 and year >= 1900 else None


def possible_days(text: str, first: date, last: date) -> tuple[date, ...]:
    """Every day that the text may mean to anybody, in any style and century: for a search, which may find too much."""
    tidy = tidied(text)
    read = [parts for style in STYLES if isinstance(parts := _parts_of(tidy, style), _Parts)]
    return tuple(sorted({day for parts in read for day in _days_of(parts) if first <= day <= last}))


def dates_in(text: str, *, also_in_part: bool = False) -> list[str]:
    """The pieces of a tidy text that look like dates; if asked, also those that have a part of one only."""
    return (_ALSO_IN_PART if also_in_part else _IN_A_TEXT).findall(text)


def in_digits(day: date, style: DateStyle) -> str:
    """The day as it is typed: 03/07/1984, 07/03/1984 or 1984-03-07."""
    if style == "year_first":
        return day.isoformat()
    two = (day.month, day.day) if style == "month_first" else (day.day, day.month)
    return f"{two[0]:02}/{two[1]:02}/{day.year:04}"


def tidied(text: str) -> str:
    """Small letters, digits of every script as ours, one kind of stroke, no marks that can't be seen."""
    seen = (mark for mark in text if unicodedata.category(mark) not in ("Cf", "Cc", "Mn") or mark.isspace())
    plain = "".join(map(_digit, seen))
    plain = " ".join(plain.casefold().translate(_STROKES).split())
    return _EAST_ASIAN.sub(r"\1-\2-\3", plain)


def _digit(mark: str) -> str:
    return str(unicodedata.decimal(mark)) if unicodedata.category(mark) == "Nd" else mark


# --- the grammar --------------------------------------------------------------------------------------------------


def _parts_of(tidy: str, style: DateStyle) -> _Parts | NoDate:
    if not tidy:
        return NoDate("empty")
    if found := _WEEKDAY.match(tidy):
        return _of_weekday(found[1][:3], _parts_of(tidy[found.end() :], style))
    if re.search(r"[^\W\d]", tidy):
        return _with_a_name(tidy)
    if re.fullmatch(r"\d+", tidy):
        return _run_together(tidy, style)
    if found := _NUMBERS.fullmatch(tidy):
        return _in_order((found[1], found[3], found[4]), style)
    no_year = _TWO_NUMBERS.fullmatch(tidy) and not re.search(r"\d{3}", tidy)
    return NoDate("no_year" if no_year else "not_a_date")


def _of_weekday(name: str, parts: _Parts | NoDate) -> _Parts | NoDate:
    """The rest, if it was or will be on that day of the week."""
    if isinstance(parts, _Parts) and len(parts.year) == 4:
        days = _days_of(parts)
        return parts if days and WEEKDAYS[days[0].weekday()].startswith(name) else NoDate("no_such_day")
    return parts if isinstance(parts, NoDate) and parts.reason != "empty" else NoDate("not_a_date")


def _with_a_name(tidy: str) -> _Parts | NoDate:
    """March 7, 1984; 7 March 1984; 7th of March 1984; 1984 March 7."""
    tidy = _ORDINAL.sub("", tidy)
    if found := _MONTH_FIRST.fullmatch(tidy):
        name, numbers = found[1], (found[2], found[3])
    elif found := _MONTH_SECOND.fullmatch(tidy):
        name, numbers = found[2], (found[1], found[3])
    else:
        return NoDate("not_a_date")
    month = next((at for at, one in enumerate(MONTHS, 1) if len(name) > 2 and one.startswith(name)), 0)
    if not month:
        return NoDate("not_a_date")
    one, two = numbers
    if two is None:
        return NoDate("not_a_date" if len(one) > 2 else "no_year")
    year_in_front = len(one) == 4 and found.re is _MONTH_SECOND
    return _of(two if not year_in_front else one, str(month), one if not year_in_front else two)


def _run_together(digits: str, style: DateStyle) -> _Parts | NoDate:
    """03071984 and 030784 in the clinic's order; 19840307 is never anything else."""
    if len(digits) == 8:
        if _days_of(year_in_front := _Parts(digits[:4], int(digits[4:6]), int(digits[6:]))):
            return year_in_front
        if style == "year_first":
            return NoDate("other_order")
    if len(digits) in (6, 8):
        return _in_order((digits[:2], digits[2:4], digits[4:]), style)
    return NoDate("only_year" if len(digits) == 4 else "not_a_date")


def _in_order(three: tuple[str, str, str], style: DateStyle) -> _Parts | NoDate:
    one, two, last = three
    if len(one) == 4:
        return _of(one, two, last)
    if style == "year_first":
        return NoDate("other_order") if len(one) == 1 or len(last) == 4 or int(last) > 31 else _of(one, two, last)
    month, day = (one, two) if style == "month_first" else (two, one)
    return _of(last, month, day)


def _of(year: str, month: str, day: str) -> _Parts | NoDate:
    if len(year) not in (2, 4) or len(month) > 2 or len(day) > 2:
        return NoDate("not_a_date")
    parts = _Parts(year, int(month), int(day))
    turned = _Parts(year, int(day), int(month))
    return NoDate("other_order") if not _days_of(parts) and _days_of(turned) else parts


def _days_of(parts: _Parts) -> list[date]:
    """The day, earliest first; of a year of two digits one for each century."""
    years = [int(parts.year) + century for century in (CENTURIES if len(parts.year) == 2 else (0,))]
    return [date(year, parts.month, parts.day) for year in years if _is_day(year, parts.month, parts.day)]


def _is_day(year: int, month: int, day: int) -> bool:
    return year >= MINYEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
