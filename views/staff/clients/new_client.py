"""A new client: the form, who may be here already, and one client however often the button is tapped."""

from __future__ import annotations

import streamlit as st

from medspa_core import access, clients
from medspa_core.clients import ClientLine, Details
from views.context.core_access import now
from views.context.words import say
from views.elements import choice_field
from views.frame import shell
from views.session import signed_in
from views.staff.clients import client_form, possible_duplicates
from views.staff.clients.clients_page import done, told

KEY = "new_client"
FORM, ADDED = "new_client_form", "new_client_added"
"""The id that the client of this form will have, and the one whom it has added."""


def somebody_new() -> None:
    """A new client; the page opens at once. Who may be the same person is offered first."""
    shell.section(say("staff.clients.new"), say("staff.clients.new_help"))
    where = _where()
    details, pressed = client_form.fields(KEY, None, say("staff.clients.add"))
    if not pressed and st.session_state.get(ADDED) == st.session_state.get(FORM):
        st.session_state[FORM] = clients.new_id()  # the next form; a second tap on the same keeps its id
    if possible_duplicates.may_be_kept(details, pressed, KEY, _others, "add_anyway", ":material/person_add:"):
        _add(details, where)
    told()


def _others(details: Details) -> list[ClientLine] | None:
    """Who may be the same person; None where that could not be looked up. After the first of two taps that is the client just
    added: nobody else."""
    found = done(lambda store, who: clients.already_here(store, who, details))
    return [] if any(line.id == st.session_state[FORM] for line in found or []) else found


def _add(details: Details, where: str | None) -> None:
    form = st.session_state[FORM]
    made = done(lambda store, who: clients.new_client(store, who, details, now(), where, form), KEY)
    if made is None:
        st.rerun()  # each field says below itself what was wrong with it
    st.session_state[ADDED] = made.id
    shell.open_client(made.id)


def _where() -> str | None:
    """For somebody of several locations: which one. The tablet's own comes first."""
    who = signed_in.person()
    if who is None or len(who.locations) < 2:
        return None
    names = {one.id: one.name for one in access.list_locations(signed_in.store()) if one.id in who.locations}
    here = signed_in.place()
    first = list(names).index(here) if here in names else 0
    return choice_field.in_a_list(say("staff.clients.where"), names, "new_client_where", index=first)
