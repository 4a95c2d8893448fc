"""The fields of a client, new or changed."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from medspa_core.clients import Client, Details
from medspa_core.clients.register import LONGEST_NAME
from medspa_core.clients.search_words import OLDEST_BIRTH
from medspa_core.formats.typed_dates import NoDate
from medspa_core.records import LONGEST_TEXT
from views.context import environment
from views.context.words import say
from views.elements import notices
from views.elements.date_field import date_field, day_or_none, is_refused
from views.staff import lists

LONGEST_CODE_NAME = 60
PLACE = "clients"
"""Where the pages of clients say what a tap led to (views.elements.notices)."""
LONGEST = {"code_name": LONGEST_CODE_NAME, "name": LONGEST_NAME, "contact": 200, "note": LONGEST_TEXT}


def fields(key: str, client: Client | None, button: str) -> tuple[Details | None, bool]:
    """What was sent last, and whether the button was just pressed. No details while the birth date was not understood: its
    field says why, and nothing is kept of a client without what somebody meant to say."""
    there = client.details if client is not None else Details("")
    with st.form(key, border=False):
        code_name = _text(key, "code_name", there.code_name)
        name = _text(key, "name", there.name)
        born = _birth_date(key, there.birth_date)
        contact = _text(key, "contact", there.contact)
        note = _text(key, "note", there.note)
        pressed = lists.send(key, button, key=f"send_{key}", width="stretch")
    if is_refused(born):
        return None, pressed
    return Details(code_name, name, day_or_none(born), contact, note), pressed


def _text(key: str, what: str, value: str) -> str:
    label, longest, its_key = say(f"staff.clients.{what}"), LONGEST[what], f"{key}_{what}"
    look: dict[str, Any] = {"max_chars": longest, "key": its_key}
    field = partial(st.text_area, height=84) if what == "note" else st.text_input
    return notices.field(f"place_{key}_{what}", key, what, lambda: str(field(label, value, **look)))


def _birth_date(key: str, value: date | None) -> date | NoDate:
    label, its_key, last = say("staff.clients.birth_date"), f"{key}_birth_date", environment.today()
    draw_it = partial(date_field, label, its_key, OLDEST_BIRTH, last, value)
    return notices.field(f"place_{key}_birth_date", key, "birth_date", draw_it)
