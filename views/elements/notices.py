"""What a tap led to: kept until the page is drawn next, then said beside what was tapped, the same way on every page.

A page that acts ends in `keep` or `refuse`, and says it where it begins, or under its form, with `show`. What is wrong with one
field stands below that field (`below`) until it holds something else, the form is sent again, or something else is opened. Where
several forms say at one place what they led to, each keeps what is wrong with its own fields: no field tells of another client's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from views.elements import draw

Value = TypeVar("Value")
SAID, FIELDS, OPENED, UNSEEN = "said", "said_of_fields", "said_while_open", "not drawn since"


@dataclass(frozen=True, slots=True)
class Said:
    """The words, a line for each thing there is to say. `refused`: something was not done; `code`: it is to be written down."""

    words: str
    refused: bool = False
    code: bool = False


def opened(what: tuple[str, ...]) -> None:
    """Says which page, and what of it, is about to be drawn: once it is another, nothing is wrong with any field."""
    if st.session_state.get(OPENED) != what:
        st.session_state[OPENED] = what
        _of_fields().clear()


def keep(place: str, words: str, form: str = "") -> None:
    """It was done. `form`: which one, where the place is one of several."""
    _slots()[place] = Said(words)
    _of_fields().pop(form or place, None)


def keep_code(place: str, words: str) -> None:
    """It was done, and made a code: that stands in a box of its own, which is brought into view (scripts/notice_at_button.js)."""
    _slots()[place] = Said(words, code=True)


def refuse(place: str, why: Exception | str, fields: Mapping[str, str] | None = None, form: str = "") -> None:
    """It was not done, and nothing has changed. `fields`, or those that the problem names: what is wrong with which."""
    _slots()[place] = Said(str(why), refused=True)
    wrong = getattr(why, "fields", {}) if fields is None else fields
    _of_fields()[form or place] = {field: (words, UNSEEN) for field, words in wrong.items()}


def waits(place: str) -> bool:
    """Whether there is something to say."""
    return place in _slots()


def show(place: str) -> None:
    """Says it, once."""
    found = _slots().pop(place, None)
    if found is None or not found.words:
        return
    if found.code:
        with st.container(key="mist_told"):
            draw.html(draw.tag("p", found.words, cls="mc-text", role="status", data_in_view="yes"))
    else:
        draw.told(found.words, refused=found.refused)


def below(form: str, field: str, value: object) -> None:
    """What was wrong with this field when the form was sent last, as long as it holds the `value` that was refused. `form`: the
    place, where that is of one form only."""
    found = _of_fields().get(form, {})
    if field not in found:
        return
    why, refused = found[field]
    if refused is not UNSEEN and refused != value:
        del found[field]
        return
    found[field] = (why, value)
    draw.refused(why)


def field(place: str, form: str, name: str, draw_it: Callable[[], Value], **look: Any) -> Value:
    """A field in a place of its own, and below it what was wrong with it when its form was sent last. The name of a form of
    one client's holds the id of that client's consultation."""
    with st.container(key=place, gap="xxsmall", **look):
        value = draw_it()
        below(form, name, value)
    return value


def _slots() -> dict[str, Said]:
    found: dict[str, Said] = st.session_state.setdefault(SAID, {})
    return found


def _of_fields() -> dict[str, dict[str, tuple[str, object]]]:
    found: dict[str, dict[str, tuple[str, object]]] = st.session_state.setdefault(FIELDS, {})
    return found
