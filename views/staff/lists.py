"""What lists are made of: a line that opens something, a quiet button beside or below them, and how far a consultation is."""

from __future__ import annotations

from typing import Any

import streamlit as st

from medspa_core.clients import Loose
from medspa_core.records import DraftLine
from views.context import environment
from views.context.words import counted, moment_words, plain


def quiet(key: str, words: str, **given: Any) -> bool:
    """A button without a frame, no wider than its words."""
    with st.container(key=f"quiet_{key}", width="content"):
        return st.button(words, key=key, **given)


def line(key: str, name: str, about: str, mark: str = "", **given: Any) -> bool:
    """A line of a list: who or what it is, and in small what there is to know. `mark` is Markdown already."""
    with st.container(key=f"list_{key}"):
        return st.button(f"**{plain(name)}**  \n{plain(about)}{mark}", key=key, width="stretch", **given)


def how_far(one: DraftLine | Loose) -> list[str]:
    """When it was saved last, and how much is answered."""
    saved = environment.local(one.saved_at)
    return [moment_words(saved, environment.today()), counted("home.answers", one.answered)]
