"""A date that staff type: a field of text, and beside it the day that was read or why there is none.

A browser's own date field moves 31 February to the 28th, and what it can't read it drops without a word.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeGuard

import streamlit as st

from medspa_core.formats.typed_dates import NoDate, in_digits, last_day_of_month, read_date
from views.context import core_access
from views.context.words import date_refused, date_shape, say, short_date
from views.elements import draw

LONGEST_TYPED = 40
EARLIEST = date(1900, 1, 1)
"""Where nothing that is asked for sets an earliest day."""


def date_field(
    label: str,
    key: str,
    first: date,
    last: date,
    shown: date | None = None,
    *,
    needed: bool = False,
    month_too: bool = False,
    bind: Literal["query-params"] | None = None,
) -> date | NoDate:
    """What is typed, as a day from `first` to `last`; else why not, which stands below the field.

    `needed`: an empty field is refused too. It is for a field that is filled from the start. `month_too`: a month and its
    year are taken, as the last day of that month, which is said: so they stand on packages and licences. `bind`: it is kept in
    the address.
    """
    style = core_access.date_style()
    with st.container(key=f"typed_{key}", gap="xxsmall"):
        typed = st.text_input(
            label,
            in_digits(shown, style) if shown is not None else "",
            placeholder=date_shape(style),
            max_chars=LONGEST_TYPED,
            autocomplete="off",
            key=key,
            bind=bind,
        )
        month = last_day_of_month(typed) if month_too else None
        found = read_date(in_digits(month, style) if month is not None else typed, style, first, last)
        if isinstance(found, NoDate) and (needed or found.reason != "empty"):
            draw.refused(date_refused(found, style, first, last, month_too=month_too))
        elif isinstance(found, date):
            told = short_date(found) if month is None else say("dates.end_of_month", day=short_date(found))
            draw.html(draw.tag("p", told, cls="mc-small"))
    return found


def typed_day(key: str, first: date, last: date, otherwise: date) -> date:
    """The day in a field that is drawn further down, as it stands; `otherwise` before it is drawn, and while it is no day."""
    found = read_date(st.session_state.get(key, ""), core_access.date_style(), first, last)
    return found if isinstance(found, date) else otherwise


def is_refused(found: date | NoDate) -> TypeGuard[NoDate]:
    """Whether something was typed that is no day; an empty field is no refusal."""
    return isinstance(found, NoDate) and found.reason != "empty"


def day_or_none(found: date | NoDate) -> date | None:
    """The day, where there is one."""
    return found if isinstance(found, date) else None
