"""Screen 3, What matters: how much each thing counts, and what a must rules out."""

from __future__ import annotations

import streamlit as st

from views import parts, shell, summary, taps, weighing
from views.words import say

consultation = shell.screen("what_matters", in_parts=True)
shell.title(say("what_matters.title"), weighing.lead(consultation))

with st.container(key="split_matters", horizontal=True, gap="medium"):
    with st.container(key="left_matters"):
        weighing.rows(consultation)
        with st.container(key="card_rows_asked_material"):
            for question in consultation.book.asked_under("wishes"):
                taps.ask(consultation, question)
    with st.container(key="right_matters"):
        parts.part(consultation, "open_now", weighing.open_shows, weighing.open_now)
        weighing.how_we_use_this()

summary.strip(consultation)
shell.bottom_bar(
    parts.line(consultation, weighing.foot),
    back=shell.Way(say("shell.back"), "safety"),
    ahead=shell.onward("options"),
)
