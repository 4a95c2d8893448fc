"""A number that staff type: a field of text, and below it the number that was read with its unit, or why there is none.

A browser's own number field drops what it can't read without a word, and cuts 2.500 to 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from medspa_core.formats.typed_number import Refused, read_tenths, read_whole
from views.context.words import entry, say
from views.elements import draw

LONGEST_TYPED = 40


def whole_field(label: str, key: str, unit: str, low: int, high: int, shown: int | None = None) -> int | Refused | None:
    """A whole number from `low` to `high`; None where nothing is typed, else why it is none, which stands below the field."""
    return _field(label, key, unit, (low, high), read_whole, str, "" if shown is None else str(shown))


def tenths_field(label: str, key: str, unit: str, low: int, high: int) -> int | Refused | None:
    """The same for tenths: a depth in tenths of a millimetre."""
    return _field(label, key, unit, (low, high), read_tenths, lambda tenths: f"{tenths / 10:g}")


def _field(
    label: str,
    key: str,
    unit: str,
    within: tuple[int, int],
    read: Callable[[str, int, int, Sequence[str]], int | Refused],
    in_words: Callable[[int], str],
    start: str = "",
) -> int | Refused | None:
    words = entry(f"staff.number.{unit}")
    with st.container(key=f"typed_{key}", gap="xxsmall"):
        typed = st.text_input(label, start, max_chars=LONGEST_TYPED, autocomplete="off", key=key)
        if not typed.strip():
            return None
        found = read(typed, *within, words["marks"])
        low, high = map(in_words, within)
        if isinstance(found, Refused):
            draw.refused(say(f"staff.number.why.{found}", low=low, high=high, example=words["example"]))
        else:
            told = words["one"] if in_words(found) == "1" and "one" in words else words["many"]
            draw.html(draw.tag("p", told.format(number=in_words(found)), cls="mc-small"))
    return found
