"""A new consultation: whose it is, what is on file and nobody is asked for, and the order in which its options are shown."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from medspa_core import exam, records
from medspa_core.access import Person, Verb
from medspa_core.clients import consultations
from views.context import core_access, environment
from views.context.words import say
from views.session import open_consultation, signed_in

NEEDLED = "needling_area_last_28_days"
"""The question whose day the sessions recorded here fill in."""
STARTED = "started"
SAME_TAP_SECONDS = 1.0
"""A second wish to start the same consultation that comes within this time is the second tap of a double tap."""


def start(
    code_name: str,
    demo_of: str | None = None,
    answers: Mapping[str, Any] | None = None,
    client_id: str | None = None,
    how_asked: str = records.INVENTED,
) -> str:
    """Starts a consultation, of this client if one is named, and says its id. Raises StoreProblem if it can't be kept.

    `answers` are those of an invented client, or what was picked elsewhere; `how_asked` says which."""
    hands = signed_in.hands(verb=Verb.CHANGE_CLIENTS)
    if hands is None:
        raise records.StoreProblem(say("lock.title"))
    store, who = hands
    asked = (code_name, demo_of, client_id)
    before, draft_id, at = st.session_state.get(STARTED, (None, "", 0.0))
    if before == asked and time.monotonic() - at < SAME_TAP_SECONDS:
        return str(draft_id)
    moment = environment.now()
    order = core_access.rulebook().order_shown(records.count_drafts(store))
    today = environment.local(moment).date()
    about = {"demo_of": demo_of, "client_id": client_id, "location_id": signed_in.place()}
    known = on_file(store, who, client_id, today) if demo_of is None else {}
    draft = consultations.start(store, who, code_name, moment, today, order, on_file=known, **about)
    if answers:
        draft = consultations.save_answers(store, who, draft.id, answers, moment, how_asked, draft.revision)
    open_consultation.is_known(draft.id)
    st.session_state[STARTED] = (asked, draft.id, time.monotonic())
    return draft.id


def on_file(store: records.Store, who: Person, client_id: str | None, today: date) -> dict[str, Any]:
    """What is recorded here and nobody needs to be asked: the product in use, and the day of the last session."""
    product = exam.product_in_use(store, today)
    found: dict[str, Any] = {"exosome_product": product.as_answer()} if product is not None else {}
    last = exam.last_session_day(store, who, client_id) if client_id is not None else None
    if last is not None and NEEDLED in core_access.rulebook().dated_questions:
        found["since"] = {NEEDLED: last.isoformat()}
    return found
