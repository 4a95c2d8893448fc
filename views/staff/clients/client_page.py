"""The parts of one client's page: who it is, what can be started and changed, and what only the director and owner do.

Which client is open stays in the session, on the server. After a reload it is found again by the consultation's random id
in the address, if there is one; else the page goes back to the list.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from medspa_core import access, clients
from medspa_core.access import AccessRefused, Verb
from medspa_core.clients import Client, ClientLine, Details
from medspa_core.clients import consultations as guarded
from medspa_core.clients.export.paper_record import as_page
from medspa_core.clients.export.record import Record, as_json, export_client
from medspa_core.records import StoreProblem
from medspa_core.rulebook import Rulebook
from views.context import core_access, environment
from views.context.core_access import now
from views.context.words import calm, plain, say, short_date
from views.elements import draw
from views.frame import shell
from views.session import downloads, new_consultation, open_consultation, signed_in
from views.staff import management_notices
from views.staff.clients import client_form, clients_page, possible_duplicates
from views.staff.clients.clients_page import OPEN, by_sign_in, done, refuse, tell


def opened() -> Client | None:
    """The client that is open, for who is signed in; None: none, or not for them."""
    hands = signed_in.hands()
    if hands is None:
        return None
    client_id = st.session_state.get(OPEN) or _of_the_address()
    if not client_id:
        return None
    try:
        client = clients.open_client(*hands, client_id)
    except (StoreProblem, AccessRefused) as problem:
        st.session_state.pop(OPEN, None)
        refuse(problem)
        return None
    st.session_state[OPEN] = client.id
    if client.merged_into:
        st.session_state[OPEN] = client.merged_into
        tell(say("staff.client.moved_to"))
        return opened()
    return client


def _of_the_address() -> str | None:
    draft_id = st.query_params.get(open_consultation.ADDRESS_KEY, "")
    draft = done(lambda store, who: guarded.load(store, who, draft_id)) if draft_id else None
    return draft.client_id if draft is not None else None


def heading(client: Client) -> None:
    """Name, code, birth date, contact and note."""
    one = client.details
    parts = [calm(one.code_name)] if one.name else []
    if one.birth_date is not None:
        parts.append(say("staff.clients.born", day=short_date(one.birth_date)))
    parts += [calm(one.contact)] if one.contact else []
    clients_page.begin(calm(one.name or one.code_name), ", ".join(parts))
    if one.note:
        draw.html(draw.tag("p", calm(one.note), cls="mc-note", dir="auto"))
    if client.held_since is not None:
        day = short_date(environment.local(client.held_since).date())
        draw.note(say("staff.client.hold_on", day=day, why=calm(client.held_why)))


def verbs(client: Client) -> None:
    """A new consultation, and other details."""
    if not signed_in.allows(Verb.CHANGE_CLIENTS):
        return
    with st.container(key="bar_client", horizontal=True):
        with st.container(key="main_client_start", width="content"):
            pressed = st.button(say("staff.client.start"), key="client_start", icon=":material/add:")
        with st.popover(say("staff.client.details"), icon=":material/edit:"):
            _details(client)
    if pressed:
        _start(client)


def _details(client: Client) -> None:
    """Other details. Who may be the same person by them is offered first, as where somebody is added."""

    def others(details: Details) -> list[ClientLine] | None:
        return done(lambda store, who: clients.already_here(store, who, details, instead_of=client))

    form = f"change_{client.id}"
    details, sent = client_form.fields(form, client, say("staff.clients.save"))
    if possible_duplicates.may_be_kept(details, sent, form, others, "save_anyway", ":material/save:"):
        _save(client, details, form)


def _save(client: Client, details: Details, form: str) -> None:
    st.session_state.pop(possible_duplicates.WARNED, None)
    saved = done(lambda s, who: clients.change_client(s, who, client.id, details, now(), client.revision), form)
    if saved is not None:
        tell(say("staff.clients.saved"))
    st.rerun()


def _start(client: Client) -> None:
    try:
        draft_id = new_consultation.start(client.details.code_name, client_id=client.id)
    except StoreProblem as problem:
        refuse(problem)
        st.rerun()
    shell.open_draft(draft_id)


def merged(client: Client) -> None:
    """Entries kept together with this one; each can be taken apart again."""
    if not client.merged_here:
        return
    shell.section(say("staff.client.merged_here"))
    with st.container(key="bar_merged", horizontal=True):
        for other_id in client.merged_here:
            other = done(partial(clients.open_client, client_id=other_id))
            if other is not None and other.merged_into == client.id:
                who = plain(other.details.name or other.details.code_name)
                words = say("staff.client.take_apart", who=who)
                st.button(words, key=f"apart_{other_id}", on_click=_take_apart, args=(other_id,))


def _take_apart(other_id: str) -> None:
    if done(lambda store, who: clients.unmerge(store, who, other_id, now())) is not None:
        tell(say("staff.client.taken_apart"))


# --- for the director and the owner -------------------------------------------------------------------------------


def for_the_two(client: Client) -> None:
    """Export, legal hold, proposing to erase: each asks for its right again where the work is done."""
    if not (signed_in.allows(Verb.EXPORT_CLIENTS) or signed_in.allows(Verb.PURGE)):
        return
    with st.expander(say("staff.client.director"), icon=":material/shield_person:", key="for_the_two"):
        if signed_in.allows(Verb.EXPORT_CLIENTS):
            _export(client)
        if signed_in.allows(Verb.PURGE):
            _hold(client)
            _erase(client)


def _export(client: Client) -> None:
    draw.html(draw.tag("h3", say("staff.client.export"), cls="mc-question"))
    draw.html(draw.tag("p", say("staff.client.export_help"), cls="mc-help"))
    if management_notices.asks_for_the_password(lambda: _address(client)):
        return
    day = environment.today().isoformat()
    with st.container(key="bar_export", horizontal=True):
        for kind, mime, make in (("html", "text/html", _page), ("json", "application/json", as_json)):
            words = say("staff.client.export_page" if kind == "html" else "staff.client.export_data")
            made, name = _made(client.id, make), f"record-{day}.{kind}"
            downloads.button(words, made, name, mime, key=f"export_{kind}")


def _made(client_id: str, make: Callable[[Record], bytes]) -> downloads.Make:
    """Makes the file at the tap, in a thread without a page."""
    moment = core_access.clock()
    return lambda store, asker: make(export_client(store, asker, client_id, moment.now()))


def _page(record: Record) -> bytes:
    people, place = access.shown_names(core_access.store()), record.client.get("location_id")
    return as_page(record, _book, lambda person: people.get(person, person), core_access.practice(place))


def _book(revision: str | None) -> Rulebook:
    return core_access.own_rulebook(revision) or core_access.rulebook()


def _address(client: Client) -> str:
    """Where this client is found again: by a consultation of theirs, where there is one."""
    visits = done(lambda store, who: clients.visits_of(store, who, client.id)) or []
    return f"/client?{open_consultation.ADDRESS_KEY}={visits[0].id}" if visits else "/clients"


def _hold(client: Client) -> None:
    draw.html(draw.tag("h3", say("staff.client.hold"), cls="mc-question"))
    if client.held_since is not None:
        st.button(say("staff.client.hold_lift"), key="hold_lift", on_click=_lift, args=(client.id,))
        return
    with st.form("hold", border=False):
        why = st.text_input(say("staff.client.hold_why"), max_chars=500, key="hold_why")
        pressed = st.form_submit_button(say("staff.client.hold_set"), key="hold_set")
    if pressed:
        done(lambda store, who: clients.hold(store, who, client.id, why, now()))
        st.rerun()


def _lift(client_id: str) -> None:
    done(lambda store, who: clients.lift_hold(store, who, client_id, now()))


def _erase(client: Client) -> None:
    draw.html(draw.tag("h3", say("staff.client.erase"), cls="mc-question"))
    draw.html(draw.tag("p", say("staff.client.erase_help"), cls="mc-help"))
    if management_notices.asks_for_the_password(lambda: _address(client)):
        return
    with st.form("erase", border=False):
        why = st.text_input(say("staff.client.erase_why"), max_chars=500, key="erase_why")
        pressed = st.form_submit_button(say("staff.client.erase_ask"), key="erase_ask")
    if pressed:
        if by_sign_in(lambda store, found: clients.propose_erasure(store, found, client.id, why, now())):
            tell(say("staff.client.erase_asked"))
        st.rerun()
