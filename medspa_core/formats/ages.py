"""A birth date in, the age on a day out."""

from __future__ import annotations

from datetime import date

OLDEST = 120


def age_on(birth_date: date, day: date) -> int | None:
    """Whole years on that day; None where the day is before the birth, or nobody is that old."""
    years = day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
    return years if 0 <= years <= OLDEST else None
