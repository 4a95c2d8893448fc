"""The page Sessions: which consultation and which day it is about, and the way back."""

from __future__ import annotations

from datetime import date

import streamlit as st

from medspa_core import exam
from medspa_core.access import AccessRefused
from medspa_core.exam import TreatmentFile
from views.context import core_access, environment
from views.context.words import calm, say, short_date
from views.elements import draw
from views.elements.date_field import EARLIEST, typed_day
from views.frame import shell
from views.session import open_consultation, signed_in

DAY = "session_day"


def opened() -> TreatmentFile | None:
    """The consultation of the address as it stands on the day of the session; None where there is none for who asks."""
    draft_id, person = st.query_params.get(open_consultation.ADDRESS_KEY, ""), signed_in.person()
    if person is None:
        return None
    try:
        file = exam.treatment_file(signed_in.store(), person, draft_id, core_access.rulebook(), day())
    except AccessRefused:
        draw.note(say("staff.sessions.not_found"))
        return None
    if file.draft.client_id is not None:
        st.session_state[shell.CLIENT] = file.draft.client_id
    lead = say("staff.sessions.lead", day=short_date(file.draft.as_of))
    shell.title(say("staff.sessions.title", name=calm(file.draft.code_name)), lead)
    return file


def day() -> date:
    """The day the session was done: today, until somebody says another."""
    today = environment.today()
    return typed_day(DAY, EARLIEST, today, otherwise=today)


def way_back(file: TreatmentFile | None) -> shell.Way:
    """To the client, where there is one."""
    if file is not None and file.draft.client_id is not None:
        return shell.Way(say("staff.sessions.back_client"), "client")
    return shell.Way(say("staff.sessions.back_home"), "home")
