"""A tour of a talk, step by step, that can be skipped at each."""

from __future__ import annotations

import streamlit as st

from views.context.words import entry, say
from views.elements import draw


def running() -> bool:
    """Whether the tour is on."""
    return bool(st.session_state.get("tour", 0))


def start() -> None:
    """Begins with the first step."""
    st.session_state["tour"] = 1


def draw_step() -> None:
    """One step: a heading, two or three sentences, on and out."""
    steps = entry("tour.steps")
    number = min(st.session_state["tour"], len(steps))
    step = steps[number - 1]
    with st.container(key="card_tour", gap="medium"):
        draw.html(
            draw.tag("p", say("tour.count", number=number, total=len(steps)), cls="mc-small mc-strong"),
            draw.tag("h2", step["title"], cls="mc-single"),
            draw.tag("p", step["text"], cls="mc-lead"),
        )
        with st.container(horizontal=True):
            last = number == len(steps)
            with st.container(key="main_tour", width="content"):
                words = say("tour.done") if last else say("tour.on")
                st.button(words, key="tour_on", on_click=_turn, args=(0 if last else number + 1,))
            if not last:
                st.button(say("tour.skip"), key="tour_skip", on_click=_turn, args=(0,))


def _turn(number: int) -> None:
    st.session_state["tour"] = number
