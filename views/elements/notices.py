"""What a tap led to: kept until the page is drawn next, then said beside what was tapped, the same way on every page.

A page that acts ends in `keep` or `refuse`, and says it where it begins, or under its form, with `show`. What is wrong with one
field stands below that field (`below`) until it holds something else, or the form is sent again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from views.elements import draw

SAID, FIELDS, UNSEEN = "said", "said_of_fields", "not drawn since"


@dataclass(frozen=True, slots=True)
class Said:
    """The words, a line for each thing there is to say, and whether they say that something was not done."""

    words: str
    refused: bool


def keep(place: str, words: str) -> None:
    """It was done."""
    _slots()[place] = Said(words, refused=False)
    _of_fields().pop(place, None)


def refuse(place: str, why: Exception | str, fields: Mapping[str, str] | None = None) -> None:
    """It was not done, and nothing has changed. `fields`, or those that the problem names: what is wrong with which."""
    _slots()[place] = Said(str(why), refused=True)
    wrong = getattr(why, "fields", {}) if fields is None else fields
    _of_fields()[place] = {field: (words, UNSEEN) for field, words in wrong.items()}


def waits(place: str) -> bool:
    """Whether there is something to say."""
    return place in _slots()


def show(place: str) -> None:
    """Says it, once."""
    found = _slots().pop(place, None)
    if found is not None and found.words:
        draw.told(found.words, refused=found.refused)


def below(place: str, field: str, value: object) -> None:
    """What was wrong with this field when the form was sent last, as long as it holds the `value` that was refused."""
    found = _of_fields().get(place, {})
    if field not in found:
        return
    why, refused = found[field]
    if refused is not UNSEEN and refused != value:
        del found[field]
        return
    found[field] = (why, value)
    draw.refused(why)


def _slots() -> dict[str, Said]:
    found: dict[str, Said] = st.session_state.setdefault(SAID, {})
    return found


def _of_fields() -> dict[str, dict[str, tuple[str, object]]]:
    found: dict[str, dict[str, tuple[str, object]]] = st.session_state.setdefault(FIELDS, {})
    return found
