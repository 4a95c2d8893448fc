"""A client's treatments on the client's page: each order with how many of its sessions are done, and the way to them."""

from __future__ import annotations

import streamlit as st

from medspa_core import exam
from medspa_core.clients import Client
from medspa_core.exam import ClientOrder
from medspa_core.wording.of_entries import option_name
from views.context import core_access
from views.context.words import calm, say, short_date
from views.elements import draw
from views.frame import shell
from views.staff.clients import clients_page
from views.staff.clients.clients_page import done


def treatments(client: Client) -> None:
    """The orders that count or under which something was done, newest first."""
    shell.section(say("staff.client_sessions.title"))
    found = done(lambda store, who: exam.client_orders(store, who, client.id))
    if found is None:
        clients_page.told()
        return
    told = [one for one in found if one.treatments or not one.order.terms.ended]
    if not told:
        draw.html(draw.tag("p", say("staff.client_sessions.none"), cls="mc-small"))
    for one in told:
        with st.container(key=f"card_order_{one.order.id}"):
            _order(one)


def _order(one: ClientOrder) -> None:
    terms = one.order.terms
    heading = say(
        "staff.client_sessions.order",
        option=option_name(core_access.rulebook(), terms.option),
        area=calm(one.order.area),
        done=one.done,
        total=terms.sessions,
    )
    ended = say("staff.client_sessions.ended", ended=terms.ended) if terms.ended else ""
    state = [ended or say("staff.client_sessions.until", until=short_date(terms.valid_until))]
    counting = [told.done_on for told in one.treatments if not told.struck]
    if counting:
        state.append(say("staff.client_sessions.last", day=short_date(max(counting))))
    with st.container(key=f"bar_order_{one.order.id}", horizontal=True, vertical_alignment="center"):
        draw.html(draw.tag("p", heading, cls="mc-strong"), draw.tag("p", " ".join(state), cls="mc-small"))
        if st.button(say("staff.client_sessions.record"), key=f"sessions_{one.order.id}", icon=":material/edit_note:"):
            shell.open_draft(one.order.draft_id, "sessions")
