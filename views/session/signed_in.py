"""Who is at the tablet: read from the sign-in's row on every run, by the id that the gate put there, and by nothing else.

    person = signed_in.person()                  # None: signed out; app.py draws the lock screen
    signed_in.allows(Verb.CHANGE_CLIENTS)        # in a callback, which runs before app.py does
    signed_in.held_to()                          # the consultation a client holds the tablet for

Nothing about who somebody is lies in `st.session_state`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn
from urllib.parse import quote

import streamlit as st

from medspa_core import access
from medspa_core.access import Person, Role, SignIn, Verb
from medspa_core.records import Store
from views.context import core_access, per_run_cache
from views.context.words import say
from views.elements import draw
from views.streamlit_patches import running_script

NEEDS: dict[str, Verb] = {
    "week": Verb.SEE_FIGURES,
    "treatment_mix": Verb.SEE_FIGURES,
    "agreement": Verb.SEE_FIGURES,
    "capacity": Verb.PLAN_CAPACITY,
    "opening_hours": Verb.PLAN_CAPACITY,
    "import_sales": Verb.IMPORT_FIGURES,
    "month": Verb.SEE_FIGURES,
    "money": Verb.SEE_FIGURES,
    "people": Verb.MANAGE_PEOPLE,
    "audit": Verb.AUDIT_REPORT,
    "store": Verb.MANAGE_PEOPLE,
    "kept": Verb.PURGE,
    "review": Verb.SIGN_REVIEW,
    "approval": Verb.APPROVE_RULEBOOK,
    "offer": Verb.SET_OFFER,
}
"""What a page needs to be opened; a page that is not here shows clients."""
OPEN_TO_STAFF = ("home", "compare", "why")
"""Open to everybody who works here: clients are shown there only to who may read them, or not at all."""
FIRST_PAGES = ("home", "week", "treatment_mix", "people", "audit", "kept")
IN_A_CLIENTS_HANDS = ("you", "safety", "what_matters", "options", "timeline", "plan", "why")
"""The pages of one consultation: all that opens until the staff take the tablet back."""
POLL_SECONDS = 4
DRAWN_FOR = "drawn_for"
SIGN_IN, TRIAL = "sign_in", "trial"
MOST_REFUSED = 100
"""Rows that one session can make in the audit log by asking for what is not there."""


def sign_in() -> SignIn | None:
    """The sign-in of this page's session, if it still holds. Its row is read once in each run."""
    return per_run_cache.once(SIGN_IN, _sign_in)


def _sign_in() -> SignIn | None:
    sid = st.user.to_dict().get("sid")
    if not isinstance(sid, str) or not sid or sid == access.TRIAL_ID:
        return None
    found = access.sign_in_of(core_access.store(), sid, core_access.now())
    return None if found is None or found.ended else found


def store() -> Store:
    """The store in the hands of who is signed in: what is done and seen through it is theirs in the audit log."""
    found = sign_in()
    if found is None:
        return core_access.store()
    return in_the_hands_of(found)


def in_the_hands_of(found: SignIn) -> Store:
    """The store in the hands of this sign-in."""
    return core_access.store().by(access.doer_of(found))


def hands(consultation: str = "", verb: Verb | None = None) -> tuple[Store, Person] | None:
    """The store in the hands of who is signed in, and who that is, from one look at the sign-in; None: signed out, or they may
    not do what `verb` names.

    In a client's hands there is nothing for any but `consultation`, the one the tablet was handed over for.
    """
    found = sign_in()
    if found is None:
        theirs = (core_access.store(), access.TRIAL_PERSON) if on_trial() else None
    elif found.person.held and found.held_to != consultation:
        theirs = None
    else:
        theirs = in_the_hands_of(found), found.person
    return theirs if theirs is None or verb is None or access.may(theirs[1], verb) else None


def person() -> Person | None:
    """Who is signed in at this moment, with the roles of this moment; during the trial, whoever sits here."""
    found = sign_in()
    if found is None:
        return access.TRIAL_PERSON if on_trial() else None
    return found.person


def place() -> str | None:
    """The location of the tablet somebody is signed in on, if they work there; None elsewhere."""
    found = sign_in()
    if found is None or not found.device_id:
        return None
    here = {one.id: one.location_id for one in access.list_devices(core_access.store())}.get(found.device_id)
    return here if here in found.person.locations else None


def on_trial() -> bool:
    """Does the gate say that nobody was made yet, and is it still so?"""
    return st.user.to_dict().get("sid") == access.TRIAL_ID and per_run_cache.once(
        TRIAL, lambda: access.is_trial(core_access.store())
    )


def allows(verb: Verb) -> bool:
    """May who is signed in do this now? For callbacks too: they run before the page asks who is there. In a client's hands the
    answer is no."""
    return hands(verb=verb) is not None


def held_to() -> str:
    """The consultation that a client holds the tablet for; nothing while the staff have it, and during the trial."""
    found = sign_in()
    return (found.held_to or "") if found is not None else ""


def covered() -> bool:
    """Is the curtain drawn for this sign-in?"""
    found = sign_in()
    return found is not None and found.covered


def hand_over(consultation_id: str) -> None:
    """A client's screen is being drawn: from now on the tablet leads nowhere else. Nothing during the trial."""
    found = sign_in()
    if found is not None and not found.held_to:
        access.hand_over(store(), found.id, consultation_id, core_access.now())
        per_run_cache.forget(SIGN_IN)
        st.session_state[DRAWN_FOR] = _hands()


def cover() -> None:
    """Draws the curtain; for a button's on_click."""
    found = sign_in()
    if found is not None:
        access.cover(store(), found.id, core_access.now())
        per_run_cache.forget(SIGN_IN)


def take_back_address(back: str) -> str:
    """The gate's page that asks for the PIN or the password, and where it leads then."""
    return f"/take-back?next={quote(back, safe='')}"


def open_pages(who: Person | None, names: list[str]) -> tuple[str, list[str]]:
    """The first page and all pages of a person. Signed out: every name, so that the address stays; none is drawn."""
    if who is None:
        return "home", names
    open_to = [name for name in names if _is_open(who, name)]
    if who.held:
        return "", [name for name in open_to if name in IN_A_CLIENTS_HANDS]
    if who.roles == {Role.MANAGER}:  # what a manager comes for is how the week was
        return "week", open_to
    first = next((name for name in FIRST_PAGES if name in open_to), open_to[0] if open_to else "")
    return first, open_to


def _is_open(who: Person, name: str) -> bool:
    return bool(who.roles) if name in OPEN_TO_STAFF else access.may(who, NEEDS.get(name, Verb.READ_CLIENTS))


def refused_page(names: list[str], open_names: list[str]) -> str:
    """The page that is there, not open to whoever is there, and asked for in this run by address or hash; "" if none is.

    Only that one is named to the browser, and in its place stands something else: of all others it hears nothing."""
    return running_script.asked_for(name for name in names if name not in open_names)


def note_refused(what: str, about: str) -> None:
    """Once in a session for each thing that was asked for."""
    noted: list[str] = st.session_state.setdefault("refused", [])
    if person() is not None and about not in noted and len(noted) < MOST_REFUSED:
        noted.append(about)
        access.note_refused(store(), what, about, core_access.now())


def lock_screen() -> NoReturn:
    """All that is left once the sign-in is over: nothing of a client, here or in the session."""
    st.session_state.clear()
    with st.container(key="curtain"):
        name = core_access.practice().name
        draw.html(
            *([draw.tag("p", name, cls="mc-section", dir="auto")] if name else []),
            draw.tag("h1", say("lock.title"), cls="mc-title"),
            draw.tag("p", say("lock.line"), cls="mc-lead"),
            draw.tag("p", draw.tag("a", say("lock.sign_in"), href="/signin", target="_self"), cls="mc-lead"),
        )
    st.stop()


def watch(and_look: Callable[[], None]) -> None:
    """Looks every few seconds whether the sign-in still holds, and in whose hands the tablet is: what another tab shows must
    go as well, once a client holds it. Looking is no touch. `and_look`: what else is looked for then."""
    st.session_state[DRAWN_FOR] = _hands()
    _look(and_look)


@st.fragment(run_every=POLL_SECONDS)
def _look(and_look: Callable[[], None]) -> None:
    look_again()
    if running_script.parts_alone():
        and_look()


def look_again() -> None:
    """For a part of a screen that is drawn by itself: it was drawn for somebody, and in their hands it must still be, with
    the same rights. Else the whole screen is drawn again, which asks for all of it."""
    if running_script.parts_alone() and (person() is None or st.session_state.get(DRAWN_FOR) != _hands()):
        st.rerun()


def _hands() -> str:
    found = sign_in()
    if found is None:
        return ""
    rights = (*sorted(found.person.roles), *sorted(found.person.locations), found.person.glass_open)
    return f"{found.held_to or ''} {found.covered} {rights}"


def sign_out() -> None:
    """Ends the sign-in; for a button's on_click. The run that follows draws the lock screen."""
    found = sign_in()
    if found is not None:
        access.sign_out(store(), found.id, core_access.now())
        per_run_cache.forget(SIGN_IN)
    st.session_state.clear()


def nothing_open() -> None:
    """For somebody whose roles open no page that is there."""
    draw.html(
        draw.tag("h1", say("lock.nothing_title"), cls="mc-title"), draw.tag("p", say("lock.nothing"), cls="mc-lead")
    )
    with st.container(key="quiet_out"):
        st.button(say("lock.sign_out"), key="sign_out", on_click=sign_out)
