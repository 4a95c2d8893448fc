"""Wording on screen: a key goes in, the sentence of data/screens*.toml or result_words.toml comes out. Strict: a missing key is
an error.

    say("you.title")                                -> "About you"
    say("shell.answered", done=4, total=11)         -> "4 of 11 answered"

Sentences for staff stand under [staff]; everything else is read by clients and must pass the reading-age check.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from medspa_core.formats.as_read import in_words
from medspa_core.formats.typed_dates import DateStyle, NoDate, in_digits
from medspa_core.wording.words import FILE, Words, read_words
from views.context import core_access
from views.context.environment import PROGRAM

DATA = PROGRAM / "data"
_TYPED: Mapping[DateStyle, str] = {
    "month_first": "MM/DD/YYYY",
    "day_first": "DD/MM/YYYY",
    "year_first": "YYYY-MM-DD",
}
EXAMPLE_YEAR = 1984
"""Of the date that shows how one is typed, where such a year can be."""
_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>:$<&=@^\"'/])")
_ADDRESS = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?<=[-.\w+])(?=@)", re.IGNORECASE)
_BETWEEN, _NOTHING = "\0", ":small[]"
"""Streamlit makes a link of each web and mail address it finds in a piece of text, also where its marks are escaped. Small type
around nothing makes two pieces of it: the words stay as they were typed."""

_ORDINARY = re.compile(
    r"(?!\d+[.)])(?:[^\W_]|[ ,;?%]|(?<=[^\W_])[:.](?= |$)|(?<=[^\W_])['’-](?=[^\W_])|(?<=[^\W_] )\+(?= [^\W_]))+"
)
"""Words with commas, a colon or a full stop before a space, a hyphen or an apostrophe within a word, a plus between words."""


@functools.lru_cache(maxsize=1)
def all_words() -> Words:
    """All sentences of screens as one: screens.toml, beside it a file for each larger part, and those about a result."""
    return read_words(*sorted(DATA.glob("screens*.toml")), FILE)


def say(key: str, /, **fields: object) -> str:
    """The sentence under `key`, its {fields} filled in."""
    return all_words().say(key, **fields)


def entry(key: str) -> Any:
    """What stands under `key`: a sentence, a number, a list or a table."""
    return all_words().entry(key)


def counted(key: str, number: int) -> str:
    """The sentence for one, or the one for several: `key.one`, `key.many`."""
    return all_words().counted(key, number)


def plain(text: str) -> str:
    """Text that somebody typed, safe in a Streamlit label: every mark that Markdown could read is escaped, no address a link."""
    told = _ADDRESS.sub(_BETWEEN, " ".join(calm(text).split()))
    return _MARKUP.sub(r"\\\1", told).replace(_BETWEEN, _NOTHING)


def field_label(text: str) -> str:
    """The label of a field, which a screen reader reads as it is written: ordinary words stand as they are, and only what
    holds a mark that Markdown could read is escaped."""
    told = " ".join(calm(text).split())
    return told if _ORDINARY.fullmatch(told) else plain(text)


def calm(text: str) -> str:
    """Text that somebody typed, without marks that can't be seen and would turn around or hide what stands beside it."""
    return _UNSEEN.sub("", text)


def date_order(style: DateStyle) -> str:
    """How a date is typed at the clinic, as st.date_input takes it."""
    return _TYPED[style]


def date_shape(style: DateStyle) -> str:
    """What stands in an empty field: month/day/year."""
    return say(f"dates.shape.{style}")


def date_refused(why: NoDate, style: DateStyle, first: date, last: date, *, month_too: bool = False) -> str:
    """Why what was typed is no date that is taken, with what to type instead."""
    example = in_digits(date(max(first.year, min(last.year, EXAMPLE_YEAR)), 12, 31), style)
    fields = {"example": example, "first": short_date(first), "last": short_date(last)}
    if month_too and why.reason == "no_year":  # 6/27 on a package may be the month and year, or a day of June
        return say("dates.month_year", **fields)
    return say(f"dates.refused.{why.reason}", **fields)


def long_date(day: date) -> str:
    """Saturday, June 12, 2027, as the clinic writes it."""
    return in_words(day, core_access.date_style(), weekday=True)


def short_date(day: date, as_of: date | None = None) -> str:
    """June 12, 2027, as the clinic writes it; without the year where that is `as_of`'s."""
    return in_words(day, core_access.date_style(), year=as_of is None or day.year != as_of.year)


def cut_short(day: date, *, year: bool = False) -> str:
    """Jun 12, where there is little room."""
    return in_words(day, core_access.date_style(), year=year, short=True)


def clock_time(moment: datetime) -> str:
    """10:42."""
    return f"{moment:%H:%M}"


def moment_words(moment: datetime, as_of: date) -> str:
    """10:42 on the day itself, else June 12 10:42."""
    time = clock_time(moment)
    return time if moment.date() == as_of else f"{short_date(moment.date(), as_of)} {time}"
