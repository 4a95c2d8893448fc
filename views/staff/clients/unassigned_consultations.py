"""On the page Clients: consultations that are no client's. Each is given to a client, or thrown away by who may."""

from __future__ import annotations

import streamlit as st

from medspa_core import clients
from medspa_core.access import Verb
from medspa_core.clients import Unassigned
from views.context.core_access import now
from views.context.words import calm, plain, say
from views.elements import draw
from views.frame import shell
from views.session import signed_in
from views.staff import lists
from views.staff.clients import clients_page
from views.staff.clients.clients_page import done, tell

OPEN, SHOWN = shell.UNASSIGNED, "unassigned_shown"
SHOWN_AT_ONCE = 10


def consultations() -> None:
    """The list, where there is anything on it; the one that was tapped opens below its line."""
    if not signed_in.allows(Verb.CHANGE_CLIENTS):
        return
    number = st.session_state.get(SHOWN, SHOWN_AT_ONCE)
    found = done(lambda store, who: clients.unassigned(store, who, number + 1))
    if not found:
        return
    shell.section(say("staff.unassigned.title"), say("staff.unassigned.lead"))
    for one in found[:number]:
        with st.container(key=f"card_unassigned_{one.id}", gap="small"):
            _one(one)
    if len(found) > number:
        more = {SHOWN: number + SHOWN_AT_ONCE}
        lists.quiet("unassigned_more", say("staff.unassigned.more"), on_click=st.session_state.update, args=(more,))


def _one(one: Unassigned) -> None:
    open_here = st.session_state.get(OPEN) == one.id
    with st.container(key=f"bar_unassigned_{one.id}", horizontal=True, vertical_alignment="center"):
        draw.html(draw.tag("p", calm(one.code_name), cls="mc-strong"), draw.tag("p", _about(one), cls="mc-small"))
        if not one.invented:
            words = say("staff.client.close" if open_here else "staff.unassigned.whose")
            turned = {OPEN: None if open_here else one.id}
            st.button(words, key=f"whose_{one.id}", on_click=st.session_state.update, args=(turned,))
        if one.may_go:
            with st.popover(say("staff.unassigned.discard"), icon=":material/delete:"):
                draw.html(draw.tag("p", say("staff.unassigned.discard_line"), cls="mc-help"))
                st.button(
                    say("staff.unassigned.discard_yes"), key=f"discard_{one.id}", on_click=_discard, args=(one.id,)
                )
    if open_here and not one.invented:
        _whose(one)


def _about(one: Unassigned) -> str:
    parts = lists.how_far(one)
    parts.append(say("staff.client.finished" if one.finished else "staff.client.open"))
    if one.invented:
        parts.append(say("home.invented"))
    elif not one.may_go:
        parts.append(say("staff.unassigned.by_two" if one.finished else "staff.unassigned.by_others"))
    return ", ".join(parts)


def _whose(one: Unassigned) -> None:
    """A client that is found, or a new one who is only this code name."""
    typed = clients_page.search(f"unassigned_search_{one.id}")
    if typed.strip():
        lines = done(lambda store, who: clients.find_clients(store, who, typed))
        if lines is None:
            clients_page.told()  # nobody may be told that a client is not there while that is not known
            return
        if not lines:
            draw.html(draw.tag("p", say("staff.clients.found_none"), cls="mc-small"))
        for line in lines:
            key, name, about = f"attach_{one.id}_{line.id}", clients_page.name_of(line), clients_page.about(line)
            lists.line(key, name, about, on_click=_attach, args=(one.id, line.id))
    words = say("staff.unassigned.new", code=plain(one.code_name))
    st.button(words, key=f"attach_new_{one.id}", icon=":material/person_add:", on_click=_attach, args=(one.id,))


def _attach(draft_id: str, client_id: str | None = None) -> None:
    given = done(lambda store, who: clients.attach(store, who, draft_id, now(), client_id))
    if given is not None:
        st.session_state.pop(OPEN, None)
        tell(say("staff.unassigned.given", who=given.details.name or given.details.code_name))


def _discard(draft_id: str) -> None:
    if done(lambda store, who: clients.discard(store, who, draft_id, now())) is not None:
        tell(say("staff.unassigned.discarded"))
