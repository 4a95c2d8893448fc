"""Screen 3, What matters: how much each thing counts, and what a must rules out."""

from __future__ import annotations

import streamlit as st

from views.consultation import what_matters
from views.consultation.answers import answer_inputs, answer_summary
from views.context.words import say
from views.frame import shell
from views.redraw import screen_parts

consultation = shell.screen("what_matters", in_parts=True)
shell.title(say("what_matters.title"), what_matters.lead(consultation))

with st.container(key="split_matters", horizontal=True, gap="medium"):
    with st.container(key="left_matters"):
        what_matters.rows(consultation)
        with st.container(key="card_rows_asked_material"):
            for question in consultation.book.asked_under("wishes"):
                answer_inputs.ask(consultation, question)
    with st.container(key="right_matters"):
        screen_parts.part(consultation, "open_now", what_matters.open_shows, what_matters.open_now)
        what_matters.how_we_use_this()

answer_summary.strip(consultation)
shell.bottom_bar(
    screen_parts.line(consultation, what_matters.foot),
    back=shell.Way(say("shell.back"), "safety"),
    ahead=shell.onward("options"),
)
