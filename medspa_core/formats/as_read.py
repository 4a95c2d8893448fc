"""Dates and money as people read them: a day or an amount goes in, its words come out."""

from __future__ import annotations

from datetime import date

from medspa_core.formats.typed_dates import DateStyle

WEEK = 7


def in_words(day: date, style: DateStyle, *, year: bool = True, weekday: bool = False, short: bool = False) -> str:
    """The day as it is read: March 7, 1984 or 7 March 1984. Nobody writes 1984 March 7: a year in front is for digits."""
    month, number = f"{day:%b}" if short else f"{day:%B}", str(day.day)
    if style == "day_first":
        return " ".join([*([f"{day:%A}"] if weekday else []), number, month, *([str(day.year)] if year else [])])
    return ", ".join([*([f"{day:%A}"] if weekday else []), f"{month} {number}", *([str(day.year)] if year else [])])


def near_day(day: date, as_of: date, style: DateStyle) -> str:
    """12 June (where the clinic writes so: June 12), with its year where it is more than a year away."""
    far = abs((day - as_of).days) > 330 and day.year != as_of.year
    return in_words(day, style, year=far)


def in_weeks(low_days: int, high_days: int) -> dict[str, int]:
    """A range of days in whole weeks, as the fields of a sentence."""
    return {"low": round(low_days / WEEK), "high": round(high_days / WEEK)}


def money(amount: int, sign: str) -> str:
    """$1,500; below nothing -$1,500."""
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount):,}"
