"""What the owner sees and changes of one person: roles, locations, licences, open sign-ins, the second factor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import streamlit as st

from medspa_core import access
from medspa_core.access import Licence, Person, Role, SignIn
from medspa_core.records import Store
from views.context import environment
from views.context.core_access import now
from views.context.words import clock_time, field_label, plain, say, short_date
from views.elements import choice_field, draw, form_keys
from views.elements.date_field import EARLIEST, date_field, day_or_none, is_refused
from views.elements.state_field import is_refused as no_state
from views.elements.state_field import state_field
from views.session import signed_in
from views.staff.practice import people_actions
from views.staff.practice.people_actions import button

LONGEST_LICENCE = timedelta(days=50 * 366)
Name = TypeVar("Name", bound=str)
Change = Callable[[Store, str, list[str], datetime, str], object]


def several(question: str, names: Mapping[Name, str], chosen: list[Name], key: str) -> list[Name]:
    """Roles or locations, several of them at will."""
    safe = {one: plain(name) for one, name in names.items()}
    found: list[Name] = choice_field.as_pills(question, safe, key, selection_mode="multi", default=chosen)
    return found


def roles() -> dict[Role, str]:
    """The five roles and what they are called."""
    return {role: say(f"staff.people.role.{role}") for role in Role}


def what_they_may(one: Person) -> None:
    """What the person may do."""
    key = f"tap_roles_{one.id}"
    several(field_label(say("staff.people.roles", name=one.shown_name)), roles(), sorted(one.roles), key)
    button("save", one.id, one.id, _keep_tapped, access.change_roles, one.id, key)


def locations(one: Person, places: dict[str, str]) -> None:
    """Where the person works."""
    key = f"tap_places_{one.id}"
    several(say("staff.people.where"), places, sorted(one.locations & set(places)), key)
    button("save_places", one.id, one.id, _keep_tapped, access.change_locations, one.id, key)


def _keep_tapped(store: Store, change: Change, person_id: str, key: str, moment: datetime, by: str) -> None:
    change(store, person_id, st.session_state.get(key) or [], moment, by)


def licences(one: Person) -> None:
    """The licences on file, and one more."""
    draw.html(draw.tag("h3", say("staff.people.licences"), cls="mc-question"))
    for held in one.licences:
        with st.container(key=f"bar_licence_{one.id}_{held.kind}_{held.state}", horizontal=True):
            draw.html(draw.tag("p", _words_of(held)))
            about = f"{one.id}_{held.kind}_{held.state}"
            button("remove_licence", about, one.id, access.remove_licence, one.id, held.kind, held.state)
    _one_more(one)


def _one_more(one: Person) -> None:
    form = f"licence_{one.id}"
    mine = form_keys.suffix(form)
    with st.form(form, border=False), st.container(key=f"bar_new_licence_{one.id}", horizontal=True):
        kinds = {kind: say(f"staff.people.licence.{kind}") for kind in access.LICENCES}
        kind = choice_field.in_a_list(say("staff.people.licence_kind"), kinds, f"licence_kind_{one.id}{mine}")
        state_key = f"licence_state_{one.id}{mine}"
        state = state_field(say("staff.people.licence_state"), state_key)
        number = st.text_input(say("staff.people.licence_number"), max_chars=40, key=f"licence_number_{one.id}{mine}")
        label, latest = say("staff.people.licence_until"), environment.today() + LONGEST_LICENCE
        until = date_field(label, f"licence_until_{one.id}{mine}", EARLIEST, latest, month_too=True)
        pressed = st.form_submit_button(say("staff.people.add_licence"), key=f"add_licence_{one.id}")
    if pressed and not is_refused(until) and not no_state(state_key):
        given = Licence(kind, state.kept if state is not None else "", number, day_or_none(until))
        people_actions.send(one.id, lambda by: access.add_licence(signed_in.store(), one.id, given, now(), by), form)


def _words_of(held: Licence) -> str:
    if held.valid_until is None:
        words = say("staff.people.licence_no_end")
    else:
        key = "licence_late" if held.valid_until < environment.today() else "licence_line"
        words = say(f"staff.people.{key}", until=short_date(held.valid_until))
    return f"{say(f'staff.people.licence.{held.kind}')}, {held.state}, {held.number}. {words}"


def sign_ins(one: Person, open_now: list[SignIn], devices: dict[str, str]) -> None:
    """Where the person is signed in now, each with a way to end it."""
    draw.html(draw.tag("h3", say("staff.people.sign_ins"), cls="mc-question"))
    if not open_now:
        draw.html(draw.tag("p", say("staff.people.nowhere"), cls="mc-help"))
    for found in open_now:
        since = environment.local(found.started_at)
        where = devices.get(found.device_id or "", say("staff.people.elsewhere"))
        with st.container(key=f"bar_sign_in_{found.id}", horizontal=True, vertical_alignment="center"):
            words = say("staff.people.sign_in", where=where, day=short_date(since.date()), time=clock_time(since))
            draw.html(draw.tag("p", words))
            button("revoke_one", found.id, one.id, access.revoke_sign_in, found.id)
    if open_now:
        button("revoke", one.id, one.id, access.sign_everybody_out, one.id)


def factor(one: Person) -> None:
    """Takes a lost phone away."""
    if access.has_second_factor(signed_in.store(), one.id):
        draw.html(draw.tag("p", say("staff.people.factor_on"), cls="mc-help"))
        button("factor_off", one.id, one.id, access.end_second_factor, one.id)
