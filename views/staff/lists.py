"""What lists and forms are made of: a line that opens something, what is folded, buttons, and how far a consultation is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from medspa_core.clients import Unassigned
from medspa_core.records import DraftLine
from views.context import environment
from views.context.words import counted, moment_words, plain


def quiet(key: str, words: str, **given: Any) -> bool:
    """A button without a frame, no wider than its words."""
    with st.container(key=f"quiet_{key}", width="content"):
        return st.button(words, key=key, **given)


def send(place: str, words: str, key: str, **given: Any) -> bool:
    """The filled button of a form."""
    with st.container(key=f"main_{place}"):
        return st.form_submit_button(words, key=key, **given)


def folded(label: str, key: str, draw_it: Callable[[], object], **given: Any) -> None:
    """What is looked up and drawn only once it is opened."""
    place = st.expander(label, key=key, on_change="rerun", **given)
    with place:
        if place.open:
            draw_it()


def line(key: str, name: str, about: str, mark: str = "", **given: Any) -> bool:
    """A line of a list: who or what it is, and in small what there is to know. `mark` is Markdown already."""
    with st.container(key=f"list_{key}"):
        return st.button(f"**{plain(name)}**  \n{plain(about)}{mark}", key=key, width="stretch", **given)


def how_far(one: DraftLine | Unassigned) -> list[str]:
    """When it was saved last, and how much is answered."""
    saved = environment.local(one.saved_at)
    return [moment_words(saved, environment.today()), counted("home.answers", one.answered)]
