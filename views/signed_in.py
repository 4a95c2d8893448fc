"""Who is at the tablet: read from the sign-in's row on every run, by the id that the gate put there, and by nothing else.

    person = signed_in.person()                  # None: signed out; app.py draws the lock screen
    signed_in.allows(Verb.CHANGE_CLIENTS)        # in a callback, which runs before app.py does

Nothing about who somebody is lies in `st.session_state`.
"""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from medspa_core import access
from medspa_core.access import Person, SignIn, Verb
from medspa_core.records import Store
from medspa_core.records.audit import Doer
from views import core_access, draw
from views.words import say

NEEDS: dict[str, Verb] = {
    "treatment_mix": Verb.SEE_FIGURES,
    "people": Verb.MANAGE_PEOPLE,
    "review": Verb.SIGN_REVIEW,
    "approval": Verb.APPROVE_RULEBOOK,
}
"""What a page needs to be opened; a page that is not here shows clients."""
FIRST_PAGES = ("home", "treatment_mix", "people")
POLL_SECONDS = 4


def sign_in() -> SignIn | None:
    """The sign-in of this page's session, if it still holds."""
    sid = st.user.to_dict().get("sid")
    if not isinstance(sid, str) or not sid or sid == access.TRIAL_ID:
        return None
    found = access.sign_in_of(core_access.store(), sid, core_access.clock().now())
    return None if found is None or found.ended else found


def store() -> Store:
    """The store in the hands of who is signed in: what is done and seen through it is theirs in the audit log."""
    found = sign_in()
    if found is None:
        return core_access.store()
    roles = ",".join(sorted(found.person.roles))
    return core_access.store().by(Doer(found.person.id, roles, found.device_id or "", found.id))


def person() -> Person | None:
    """Who is signed in at this moment, with the roles of this moment; during the trial, whoever sits here."""
    found = sign_in()
    if found is None:
        return access.TRIAL_PERSON if on_trial() else None
    return found.person


def on_trial() -> bool:
    """Does the gate say that nobody was made yet, and is it still so?"""
    return st.user.to_dict().get("sid") == access.TRIAL_ID and access.is_trial(core_access.store())


def allows(verb: Verb, object_location: str | None = None) -> bool:
    """May who is signed in do this now? For callbacks too: they run before the page asks who is there."""
    who = person()
    return who is not None and access.may(who, verb, object_location)


def open_pages(who: Person | None, names: list[str]) -> tuple[str, list[str]]:
    """The first page and all pages of a person. Signed out: every name, so that the address stays; none is drawn."""
    if who is None:
        return "home", names
    open_to = [name for name in names if access.may(who, NEEDS.get(name, Verb.READ_CLIENTS))]
    first = next((name for name in FIRST_PAGES if name in open_to), open_to[0] if open_to else "")
    return first, open_to


def lock_screen() -> NoReturn:
    """All that is left once the sign-in is over: nothing of a client, here or in the session."""
    st.session_state.clear()
    with st.container(key="curtain"):
        draw.html(
            draw.tag("h1", say("lock.title"), cls="mc-title"),
            draw.tag("p", say("lock.line"), cls="mc-lead"),
            draw.tag("p", draw.tag("a", say("lock.sign_in"), href="/signin", target="_self"), cls="mc-lead"),
        )
    st.stop()


@st.fragment(run_every=POLL_SECONDS)
def watch() -> None:
    """Looks every few seconds whether the sign-in still holds. Looking is no touch."""
    if person() is None:
        st.rerun()


def sign_out() -> None:
    """Ends the sign-in; for a button's on_click. The run that follows draws the lock screen."""
    found = sign_in()
    if found is not None:
        access.sign_out(store(), found.id, core_access.clock().now())
    st.session_state.clear()


def nothing_open() -> None:
    """For somebody whose roles open no page that is there."""
    draw.html(
        draw.tag("h1", say("lock.nothing_title"), cls="mc-title"), draw.tag("p", say("lock.nothing"), cls="mc-lead")
    )
    with st.container(key="quiet_out"):
        st.button(say("lock.sign_out"), key="sign_out", on_click=sign_out)
