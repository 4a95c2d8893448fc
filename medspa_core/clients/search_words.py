"""What somebody typed to find a client: words and birth dates come out, and what of it is no date that is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from medspa_core.formats.typed_dates import DateStyle, NoDate, dates_in, possible_days, read_date, tidied
from medspa_core.records.search_words import words_typed

OLDEST_BIRTH = date(1900, 1, 1)
LAST_DAY = date.max
WRITTEN_APART = 5
"""So many words may be one name that is kept written together."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One meaning of what was typed: beginnings of words, and days of which one is the birth date (none: any)."""

    words: Words
    days: tuple[date, ...] = ()


def meanings_of(typed: str) -> tuple[Wanted, ...]:
    """With what can be a date read as one, and with all of it read as names. 3/7/1984 may be two days."""
    tidy = tidied(typed)
    rest, days = tidy, list[date]()
    for text in dates_in(tidy):
        found = possible_days(text, OLDEST_BIRTH, LAST_DAY)
        days += found
        rest = rest.replace(text, " ") if found else rest
    named = Wanted(words_typed(tidy))
    dated = Wanted(words_typed(rest) if re.search(r"\w", rest) else (), tuple(dict.fromkeys(days)))
    return (dated, named) if days else (named,) if named.words else ()


def written_together(words: Words) -> tuple[Words, ...]:
    """The words as they are, then with neighbours written together: dela cruz, delacruz."""
    if len(words) > WRITTEN_APART:
        return words, ("".join(words),)
    gaps = range(1, len(words))
    cuts = (cut for number in reversed(range(len(words))) for cut in combinations(gaps, number))
    return tuple(
        tuple("".join(words[one:two]) for one, two in zip((0, *cut), (*cut, len(words)), strict=True)) for cut in cuts
    )


def dates_read(typed: str, style: DateStyle, today: date) -> tuple[date | NoDate, ...]:
    """What the dates in a search were read as: days, or why there is none."""
    read = list[date | NoDate]()
    for text in dates_in(tidied(typed), also_in_part=True):
        days = possible_days(text, OLDEST_BIRTH, today)
        read += days or [read_date(text, style, OLDEST_BIRTH, today)]
    return tuple(read)
