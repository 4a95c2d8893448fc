"""A number that staff type: a field of text, and below it the number that was read with its unit, or why there is none.

A browser's own number field drops what it can't read without a word, and cuts 2.500 to 2.
"""

from __future__ import annotations

import streamlit as st

from medspa_core.formats.typed_number import Refused, read_tenths, read_whole
from views.context.words import counted, entry, say
from views.elements import draw

LONGEST_TYPED = 40


def whole_field(label: str, key: str, unit: str, low: int, high: int, shown: int | None = None) -> int | Refused | None:
    """A whole number from `low` to `high`; None where nothing is typed, else why it is none, which stands below the field."""
    start = str(shown) if shown is not None else ""
    with st.container(key=f"typed_{key}", gap="xxsmall"):
        typed = st.text_input(label, start, max_chars=LONGEST_TYPED, autocomplete="off", key=key)
        if not typed.strip():
            return None
        found = read_whole(typed, low, high, entry(f"staff.number.{unit}.marks"))
        told = counted(f"staff.number.{unit}", found) if not isinstance(found, Refused) else ""
        _below(found, told, str(low), str(high), entry(f"staff.number.{unit}.example"))
    return found


def tenths_field(label: str, key: str, unit: str, low: int, high: int) -> int | Refused | None:
    """The same for tenths: a depth in tenths of a millimetre."""
    with st.container(key=f"typed_{key}", gap="xxsmall"):
        typed = st.text_input(label, max_chars=LONGEST_TYPED, autocomplete="off", key=key)
        if not typed.strip():
            return None
        found = read_tenths(typed, low, high, entry(f"staff.number.{unit}.marks"))
        told = say(f"staff.number.{unit}.many", number=_in_words(found)) if not isinstance(found, Refused) else ""
        _below(found, told, _in_words(low), _in_words(high), entry(f"staff.number.{unit}.example"))
    return found


def _in_words(tenths: int) -> str:
    return f"{tenths / 10:g}"


def _below(found: int | Refused, told: str, low: str, high: str, example: str) -> None:
    if isinstance(found, Refused):
        why = say(f"staff.number.why.{found}", low=low, high=high, example=example)
        draw.refused(why)
    else:
        draw.html(draw.tag("p", told, cls="mc-small"))
