"""The parts of the page Clients: the search, the list of those found, a new client, duplicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from medspa_core import access, clients
from medspa_core.access import AccessRefused, Person
from medspa_core.clients import Alike, Client, ClientLine, Details
from medspa_core.clients.register import LONGEST_NAME
from medspa_core.clients.search import MOST_FOUND
from medspa_core.clients.search_words import OLDEST_BIRTH
from medspa_core.records import LONGEST_TEXT, Store, StoreProblem
from views import draw, shell, signed_in, surroundings
from views.core_access import now
from views.words import STAFF_DATE, calm, plain, say, short_date

Answer = TypeVar("Answer")
OPEN = shell.CLIENT
TOLD = "clients_told"
LONGEST_CODE_NAME = 60
LONGEST = {"code_name": LONGEST_CODE_NAME, "name": LONGEST_NAME, "contact": 200, "note": LONGEST_TEXT}


def begin(title: str, lead: str) -> None:
    """The heading of the page, and what the last tap had to say."""
    shell.title(title, lead)
    told()


def told() -> None:
    """What the last tap had to say, once."""
    message = st.session_state.pop(TOLD, "")
    if message:
        with st.container(key="mist_clients_told"):
            st.text(message)


def tell(message: str) -> None:
    """Says a sentence on the next run."""
    st.session_state[TOLD] = message


def done(verb: Callable[[Store, Person], Answer]) -> Answer | None:
    """Does something in the hands of who is signed in. What goes wrong is said; then nothing comes back."""
    hands = signed_in.hands()
    if hands is None:
        return None
    try:
        return verb(*hands)
    except (StoreProblem, AccessRefused) as problem:
        tell(str(problem))
        return None


def show_client(client_id: str) -> None:
    """Opens a client's page. Which client it is stays on the server."""
    shell.open_client(client_id)


# --- finding ------------------------------------------------------------------------------------------------------


def find() -> None:
    """The search, and below it who was found; without a search, those seen last."""
    typed = st.text_input(
        say("staff.clients.search"), placeholder=say("staff.clients.search_example"), max_chars=120, key="client_search"
    )
    searching = bool(typed.strip())
    found = done(
        lambda store, who: clients.find_clients(store, who, typed) if searching else clients.recent_clients(store, who)
    )
    if found is None:
        told()
        return
    if not searching and found:
        draw.html(draw.tag("p", say("staff.clients.latest"), cls="mc-small"))
    if not found:
        draw.html(
            draw.tag("p", say("staff.clients.found_none" if searching else "staff.clients.none_yet"), cls="mc-small")
        )
    for line in found:
        _line(line)
    if len(found) >= MOST_FOUND:
        draw.html(draw.tag("p", say("staff.clients.found_many", number=len(found)), cls="mc-small"))


def _line(line: ClientLine) -> None:
    with st.container(key=f"list_client_{line.id}"):
        label = f"**{plain(name_of(line))}**  \n{plain(about(line))}"
        if st.button(label, key=f"client_{line.id}", width="stretch"):
            show_client(line.kept_as or line.id)


def name_of(line: ClientLine) -> str:
    """The name where there is one, else the code name."""
    return calm(line.name or line.code_name)


def about(line: ClientLine) -> str:
    """Code, birth date and last visit."""
    parts = [calm(line.code_name)] if line.name else []
    if line.birth_date is not None:
        parts.append(say("staff.clients.born", day=short_date(line.birth_date)))
    today = surroundings.today()
    seen = line.last_seen
    parts.append(say("staff.clients.seen", day=short_date(seen, today)) if seen else say("staff.clients.never_seen"))
    return ", ".join([*parts, say("staff.clients.merged")] if line.kept_as else parts)


# --- new and changed ----------------------------------------------------------------------------------------------


def somebody_new() -> None:
    """A new client; the page opens at once."""
    shell.section(say("staff.clients.new"), say("staff.clients.new_help"))
    where = _where()
    details = form("new_client", None, say("staff.clients.add"))
    if details is None:
        return
    made = done(lambda store, who: clients.new_client(store, who, details, now(), where))
    if made is None:
        told()
    else:
        show_client(made.id)


def _where() -> str | None:
    """For somebody of several locations: which one. The tablet's own comes first."""
    who = signed_in.person()
    if who is None or len(who.locations) < 2:
        return None
    names = {one.id: one.name for one in access.list_locations(signed_in.store()) if one.id in who.locations}
    here = signed_in.place()
    first = list(names).index(here) if here in names else 0
    chosen: str | None = st.selectbox(
        say("staff.clients.where"), list(names), first, format_func=names.__getitem__, key="new_client_where"
    )
    return chosen


def form(key: str, client: Client | None, button: str) -> Details | None:
    """The fields of a client; what was sent, or None while nothing was."""
    there = client.details if client is not None else Details("")
    with st.form(key, border=False):
        code_name = _field(key, "code_name", there.code_name)
        name = _field(key, "name", there.name)
        born = st.date_input(
            say("staff.clients.birth_date"),
            value=there.birth_date,
            min_value=OLDEST_BIRTH,
            max_value=surroundings.today(),
            format=STAFF_DATE,
            key=f"{key}_birth_date",
        )
        contact = _field(key, "contact", there.contact)
        note = st.text_area(
            say("staff.clients.note"), there.note, max_chars=LONGEST["note"], height=84, key=f"{key}_note"
        )
        with st.container(key=f"main_{key}"):
            pressed = st.form_submit_button(button, key=f"send_{key}", width="stretch")
    return Details(code_name, name, born, contact, note) if pressed else None


def _field(key: str, what: str, value: str) -> str:
    typed: str = st.text_input(say(f"staff.clients.{what}"), value, max_chars=LONGEST[what], key=f"{key}_{what}")
    return typed


# --- duplicates ---------------------------------------------------------------------------------------------------


def duplicates() -> None:
    """Pairs that may be one person, when somebody asks for them; a tap on one of the two keeps it."""
    shell.section(say("staff.clients.alike"), say("staff.clients.alike_help"))
    with st.container(key="quiet_alike", width="content"):
        st.button(say("staff.clients.alike_look"), key="look_alike", icon=":material/join_inner:", on_click=_look)
    if not st.session_state.get("alike_shown"):
        return
    pairs = done(clients.alike)
    if pairs == []:
        draw.html(draw.tag("p", say("staff.clients.alike_none"), cls="mc-small"))
    for pair in pairs or []:
        _pair(pair)


def _look() -> None:
    st.session_state["alike_shown"] = not st.session_state.get("alike_shown", False)


def _pair(pair: Alike) -> None:
    with st.container(key=f"card_alike_{pair.one.id}_{pair.other.id}"):
        draw.html(draw.tag("p", say("staff.clients.alike_because", because=pair.because), cls="mc-help"))
        with st.container(key=f"bar_alike_{pair.one.id}_{pair.other.id}", horizontal=True):
            for kept, other in ((pair.one, pair.other), (pair.other, pair.one)):
                words = say("staff.clients.keep_this", who=name_of(kept))
                label = f"**{plain(words)}**  \n{plain(about(kept))}"
                key = f"keep_{kept.id}_{other.id}"
                st.button(label, key=key, on_click=_merge, args=(kept.id, other.id))


def _merge(kept_id: str, other_id: str) -> None:
    if done(lambda store, who: clients.merge(store, who, kept_id, other_id, now())) is not None:
        tell(say("staff.clients.merged_now"))
