"""The parts of the page People: everybody, somebody new, tablets, locations and settings. Each change is a verb of the core."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import streamlit as st

from medspa_core import access
from medspa_core.access import Location, Person, PracticeFacts, Role, SignIn
from medspa_core.formats.typed_number import Refused
from medspa_core.records import Store
from views.context import core_access
from views.context.core_access import now
from views.context.words import calm, plain, say
from views.elements import choice_field, draw, form_keys, notices
from views.elements.number_field import whole_field
from views.elements.state_field import is_refused, state_field
from views.frame import shell
from views.session import signed_in
from views.staff import lists
from views.staff.practice import people_actions, person_card
from views.staff.practice.people_actions import button, do


def everybody() -> None:
    """Everybody with roles, and what can be changed."""
    places, open_now = _places(), access.list_open(signed_in.store(), now())
    devices = {one.id: one.label for one in access.list_devices(signed_in.store())}
    for one in access.list_people(signed_in.store()):
        with st.container(key=f"card_person_{one.id}"):
            _person(one, places, [found for found in open_now if found.person.id == one.id], devices)


def _person(one: Person, places: dict[str, str], open_now: list[SignIn], devices: dict[str, str]) -> None:
    notices.show(one.id)
    state = say("staff.people.left") if one.disabled else say("staff.people.signed_in", number=len(open_now))
    where = ", ".join(sorted(places.get(place, "") for place in one.locations))
    draw.html(
        draw.tag("h2", one.shown_name, cls="mc-section"),
        draw.tag("p", f"{one.sign_in_name}. {where}. {state}", cls="mc-help"),
    )
    person_card.what_they_may(one)
    with st.container(key=f"bar_person_{one.id}", horizontal=True):
        button("code", one.id, one.id, people_actions.code_for, one)
        if one.disabled:
            button("enable", one.id, one.id, access.enable_person, one.id)
        else:
            button("disable", one.id, one.id, access.disable_person, one.id)
    with st.expander(say("staff.people.more", name=plain(one.shown_name)), key=f"folded_{one.id}"):
        person_card.locations(one, places)
        person_card.licences(one)
        person_card.sign_ins(one, open_now, devices)
        person_card.factor(one)


def somebody_new() -> None:
    """A new colleague. They choose their own password with the code."""
    places = _places()
    shell.section(say("staff.people.new"), say("staff.people.new_help"))
    mine = form_keys.suffix("people_new")
    with st.form("new_person", border=False):
        shown = st.text_input(say("staff.people.shown_name"), max_chars=80, key=f"new_shown{mine}")
        name = st.text_input(say("staff.people.sign_in_name"), max_chars=64, key=f"new_name{mine}")
        chosen = person_card.several(say("staff.people.role_question"), person_card.roles(), [], f"tap_new_roles{mine}")
        at = person_card.several(say("staff.people.where"), places, list(places)[:1], f"tap_new_places{mine}")
        pressed = lists.send("new_person", say("staff.people.add"), key="add_person")
    if pressed:
        people_actions.send("people_new", lambda by: _add(name, shown, chosen, at, by))
    notices.show("people_new")


def _add(name: str, shown: str, roles: list[Role], at: list[str], by: str) -> str:
    store, moment = signed_in.store(), now()
    return people_actions.code_for(store, access.add_person(store, name, shown, roles, at, moment, by=by), moment, by)


def tablets() -> None:
    """The tablets there are, and a code for a new one."""
    places = _places()
    shell.section(say("staff.people.tablets"), say("staff.people.tablets_help"))
    for one in access.list_devices(signed_in.store()):
        if one.enrolled_at is None or one.revoked_at is not None:
            continue
        with st.container(key=f"bar_device_{one.id}", horizontal=True, vertical_alignment="center"):
            draw.html(draw.tag("p", f"{one.label}, {places.get(one.location_id, '')}"))
            button("revoke_tablet", one.id, "people_tablets", access.revoke_device, one.id)
    mine = form_keys.suffix("people_tablets")
    with st.form("new_device", border=False):
        label = st.text_input(say("staff.people.tablet_name"), max_chars=80, key=f"new_tablet{mine}")
        at = choice_field.in_a_list(say("staff.people.where"), places, "new_tablet_at")
        pressed = st.form_submit_button(say("staff.people.tablet_code"), key="add_tablet")
    if pressed:
        people_actions.send("people_tablets", lambda by: _invite(label, at, by))
    notices.show("people_tablets")


def _invite(label: str, at: str, by: str) -> str:
    return say("staff.people.tablet_told", code=access.invite_device(signed_in.store(), label, at, now(), by)[1])


def locations() -> None:
    """The places of the practice: name and state, and a new one."""
    shell.section(say("staff.people.places"), say("staff.people.places_help"))
    notices.show("people_places")
    for one in access.list_locations(signed_in.store()):
        with st.container(key=f"bar_place_{one.id}", horizontal=True, vertical_alignment="bottom"):
            st.text_input(say("staff.people.place_name"), one.name, max_chars=80, key=f"place_{one.id}")
            state_field(say("staff.people.place_state"), f"state_{one.id}", one.state or "")
            button("rename", one.id, "people_places", _keep_place, one)
        if one.state is None:
            draw.note(say("staff.people.state_missing", place=calm(one.name)), kind="ask")
    mine = form_keys.suffix("people_places")
    with st.form("new_place", border=False):
        with st.container(key="bar_new_place", horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(say("staff.people.new_place"), max_chars=80, key=f"new_place_name{mine}")
            state = state_field(say("staff.people.place_state"), f"new_place_state{mine}")
        pressed = st.form_submit_button(say("staff.people.add_place"), key="add_place")
    if pressed and not is_refused(f"new_place_state{mine}"):
        kept = state.kept if state is not None else ""
        people_actions.send("people_places", lambda by: access.add_location(signed_in.store(), name, now(), by, kept))


def _keep_place(store: Store, one: Location, moment: datetime, by: str) -> None:
    name, state = st.session_state.get(f"place_{one.id}", ""), st.session_state.get(f"state_{one.id}", "")
    if name != one.name:
        access.rename_location(store, one.id, name, moment, by)
    if state.strip() != (one.state or ""):
        access.set_location_state(store, one.id, state, moment, by)


def practice() -> None:
    """What the practice is called, who answers and when: on the client's page, the printed record and the locked screen."""
    shell.section(say("staff.people.practice"), say("staff.people.practice_help"))
    notices.show("people_practice")
    now_set = access.entered_facts(signed_in.store(), core_access.clinic())
    mine = form_keys.suffix("people_practice")
    with st.form("practice", border=False):
        with st.container(key="bar_practice", horizontal=True, vertical_alignment="bottom"):
            typed = {fact: _fact(fact, value, mine) for fact, value in asdict(now_set).items()}
        pressed = st.form_submit_button(say("staff.people.keep_practice"), key="keep_practice")
    if pressed:
        people_actions.send("people_practice", lambda _: _keep_practice(PracticeFacts(**typed)))


def _fact(fact: str, value: str, mine: str) -> str:
    label, key = say(f"staff.people.practice_{fact}"), f"practice_{fact}{mine}"
    return st.text_input(label, value, max_chars=80, autocomplete="off", key=key)


def _keep_practice(wanted: PracticeFacts) -> None:
    who = signed_in.person()
    if who is not None:
        access.set_practice_facts(signed_in.store(), who, wanted, core_access.clinic(), now())


def settings() -> None:
    """After how many minutes a tablet locks itself, and whether a second factor is a must."""
    shell.section(say("staff.people.settings"))
    notices.show("people_settings")
    shortest, longest = access.IDLE_RANGE
    with st.form("access_settings", border=False):
        label = say("staff.people.idle", shortest=shortest, longest=longest)
        now_set = access.idle_minutes(signed_in.store())
        minutes = whole_field(label, "idle_minutes", "minutes", shortest, longest, now_set)
        required = st.checkbox(
            say("staff.people.two"), access.second_factor_required(signed_in.store()), key="second_factor_required"
        )
        pressed = st.form_submit_button(say("staff.people.keep"), key="keep_settings")
    if not pressed or isinstance(minutes, Refused):
        return  # nothing is kept for another number than the one that was meant
    if do(lambda by: _keep_settings(minutes, required, by), "people_settings"):
        st.rerun()


def _keep_settings(minutes: int | None, required: bool, by: str) -> None:
    """An empty field changes no minutes."""
    store = signed_in.store()
    if minutes is not None and minutes != access.idle_minutes(store):
        access.set_idle_minutes(store, minutes, now(), by)
    if required != access.second_factor_required(store):
        access.require_second_factor(store, required, now(), by)


def _places() -> dict[str, str]:
    return {one.id: one.name for one in access.list_locations(signed_in.store())}
