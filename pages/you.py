"""Screen 1, You: what the client wants to change, and the plans it has to fit into."""

from __future__ import annotations

import streamlit as st

from views.consultation.answers import answer_inputs, answer_summary
from views.context.words import say
from views.frame import shell
from views.redraw import screen_parts

consultation = shell.screen("you", in_parts=True)
first, plans = (consultation.book.asked_under(*places) for places in (("first",), ("plans", "habits")))

lead = say("you.lead_finished" if consultation.finished else "you.lead")
screen_parts.part(
    consultation,
    "title",
    lambda now: shell.answered(now, [*first, *plans]),
    lambda now: shell.title(say("you.title"), lead, shell.answered(now, [*first, *plans])),
)
with st.container(key="card_rows_asked_you"):
    for question in first:
        answer_inputs.ask(consultation, question)

shell.section(say("you.plans_title"), say("you.plans_lead"))
with st.container(key="card_rows_asked_plans"):
    for question in plans:
        answer_inputs.ask(consultation, question)

answer_summary.strip(consultation)
shell.bottom_bar(
    say("you.foot"),
    ahead=shell.Way(say("shell.next.safety"), "safety"),
)
