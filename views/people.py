"""The parts of the page People. Each change is a verb of the core, asked for the right and the password again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, PasswordProblem, Person, PersonProblem, Role, Verb
from views import core_access, draw, shell, signed_in
from views.words import plain, say

ROLES = {role: f"staff.people.role.{role}" for role in Role}


def password_is_due() -> bool:
    """Was the password given too long ago for this page?"""
    found = signed_in.sign_in()
    return found is None or not access.stepped_up(found, core_access.clock().now())


def ask_for_the_password() -> None:
    """A way to the gate's own page; a password is never typed into a Streamlit page."""
    draw.note(say("staff.people.password_due"))
    draw.html(draw.tag("p", draw.tag("a", say("staff.people.password"), href="/step-up?next=/people", target="_self")))


def everybody() -> None:
    """Everybody with roles, and what can be changed."""
    store, places = signed_in.store(), {one.id: one.name for one in access.list_locations(signed_in.store())}
    open_now = access.list_open(store, core_access.clock().now())
    _told()
    for one in access.list_people(store):
        with st.container(key=f"card_person_{one.id}"):
            _person(one, places, sum(found.person.id == one.id for found in open_now))


def _person(one: Person, places: dict[str, str], open_sign_ins: int) -> None:
    state = say("staff.people.left") if one.disabled else say("staff.people.signed_in", number=open_sign_ins)
    where = ", ".join(sorted(places.get(place, "") for place in one.locations))
    draw.html(
        draw.tag("h2", one.shown_name, cls="mc-section"),
        draw.tag("p", f"{one.sign_in_name}. {where}. {state}", cls="mc-help"),
    )
    chosen = st.pills(
        say("staff.people.roles", name=plain(one.shown_name)),
        list(Role),
        selection_mode="multi",
        default=sorted(one.roles),
        format_func=lambda role: say(ROLES[role]),
        key=f"tap_roles_{one.id}",
        width="stretch",
    )
    with st.container(key=f"bar_person_{one.id}", horizontal=True):
        _button("save", one.id, lambda by: access.change_roles(signed_in.store(), one.id, chosen, _now(), by))
        _button("revoke", one.id, lambda by: access.sign_everybody_out(signed_in.store(), one.id, _now(), by))
        _button("code", one.id, lambda by: _code(one, by))
        if one.disabled:
            _button("enable", one.id, lambda by: access.enable_person(signed_in.store(), one.id, _now(), by))
        else:
            _button("disable", one.id, lambda by: access.disable_person(signed_in.store(), one.id, _now(), by))


def somebody_new() -> None:
    """A new colleague. They choose their own password with the code."""
    places = access.list_locations(signed_in.store())
    shell.section(say("staff.people.new"), say("staff.people.new_help"))
    with st.form("new_person", border=False):
        shown = st.text_input(say("staff.people.shown_name"), max_chars=80, key="new_shown")
        name = st.text_input(say("staff.people.sign_in_name"), max_chars=64, key="new_name")
        roles = st.pills(
            say("staff.people.role_question"),
            list(Role),
            selection_mode="multi",
            format_func=lambda role: say(ROLES[role]),
            key="tap_new_roles",
            width="stretch",
        )
        at = st.pills(
            say("staff.people.where"),
            [place.id for place in places],
            selection_mode="multi",
            default=[place.id for place in places][:1],
            format_func={place.id: place.name for place in places}.__getitem__,
            key="tap_new_places",
            width="stretch",
        )
        with st.container(key="main_new_person"):
            pressed = st.form_submit_button(say("staff.people.add"), key="add_person")
    if pressed:
        _do(lambda by: _code(access.add_person(signed_in.store(), name, shown, roles, at, _now(), by=by), by))
        st.rerun()


def tablets() -> None:
    """The tablets there are, and a code for a new one."""
    places = {one.id: one.name for one in access.list_locations(signed_in.store())}
    shell.section(say("staff.people.tablets"), say("staff.people.tablets_help"))
    for one in access.list_devices(signed_in.store()):
        if one.enrolled_at is None or one.revoked_at is not None:
            continue
        with st.container(key=f"bar_device_{one.id}", horizontal=True, vertical_alignment="center"):
            draw.html(draw.tag("p", f"{one.label}, {places.get(one.location_id, '')}"))
            _button(
                "revoke_tablet", one.id, lambda by, id=one.id: access.revoke_device(signed_in.store(), id, _now(), by)
            )
    with st.form("new_device", border=False):
        label = st.text_input(say("staff.people.tablet_name"), max_chars=80, key="new_tablet")
        at = st.selectbox(say("staff.people.where"), list(places), format_func=places.__getitem__, key="new_tablet_at")
        pressed = st.form_submit_button(say("staff.people.tablet_code"), key="add_tablet")
    if pressed:
        _do(lambda by: _tell("tablet_told", code=access.invite_device(signed_in.store(), label, at, _now(), by)[1]))
        st.rerun()


def ways_out() -> None:
    """To the clients, where the person may; and out."""
    with st.container(key="bar_people_out", horizontal=True):
        if signed_in.allows(Verb.READ_CLIENTS) and st.button(say("staff.people.home"), key="people_home"):
            shell.go("home")
        if signed_in.allows(Verb.PURGE) and st.button(say("staff.kept.title"), key="people_kept"):
            shell.go("kept")
        st.button(say("lock.sign_out"), key="sign_out", on_click=signed_in.sign_out)


def _code(one: Person, by: str) -> None:
    code = access.new_recovery_code(signed_in.store(), one.id, _now(), by)
    _tell("code_told", name=one.shown_name, sign_in_name=one.sign_in_name, code=code)


def _button(what: str, about: str, do: Callable[[str], object]) -> None:
    st.button(say(f"staff.people.{what}"), key=f"{what}_{about}", on_click=_do, args=(do,))


def _do(do: Callable[[str], object]) -> None:
    """The right is asked for here, where the work is done, not only where the page is listed."""
    try:
        who = access.require_now(signed_in.sign_in(), Verb.MANAGE_PEOPLE, _now())
        do(who.id)
    except (AccessRefused, PersonProblem, PasswordProblem) as problem:
        st.session_state["people_told"] = str(problem)


def _tell(key: str, **fields: object) -> None:
    st.session_state["people_told"] = say(f"staff.people.{key}", **fields)


def _told() -> None:
    told = st.session_state.pop("people_told", "")
    if told:
        with st.container(key="mist_told"):
            st.text(told)


def _now() -> datetime:
    return core_access.clock().now()
