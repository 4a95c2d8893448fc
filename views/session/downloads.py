"""A button that hands out a file. It is made at the tap, in the name of whoever tapped, and its address is for them alone.

    downloads.button(say("..."), lambda store, asker: as_csv(store, asker), "audit.csv", "text/csv", key="audit_file")

What makes the file hears whose page asks (views/streamlit_patches/file_messages.py); the file waits with the gate, and Streamlit
gets nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, SignIn
from medspa_core.records import Store
from views.context import core_access
from views.session import signed_in
from views.streamlit_patches.file_messages import ASKED, PLACE

Make = Callable[[Store, SignIn], bytes | str]


def button(words: str, make: Make, name: str, kind: str, key: str) -> None:
    """`make` is given the store in the hands of who tapped, and their sign-in; it asks for the rights and notes the file."""
    drawn_for = signed_in.sign_in()
    if drawn_for is not None:
        made = made_for(drawn_for.id, make, name, kind, key)
        st.download_button(words, made, file_name=name, mime=kind, key=key, on_click="ignore")


def made_for(sign_in_id: str, make: Make, name: str, kind: str, key: str) -> Callable[[], bytes]:
    """Makes the file for the page it was drawn on. Raises AccessRefused for every other, in the name of that one."""
    moment, files = core_access.clock(), core_access.files()

    def made() -> bytes:
        asked, now = ASKED.get(), moment.now()
        there = access.sign_in_of(core_access.store(), asked.sign_in, now) if asked is not None else None
        hands = core_access.store() if there is None else signed_in.in_the_hands_of(there)
        if asked is None or there is None or there.ended or there.person.held or there.id != sign_in_id:
            access.note_refused(hands, "file", key, now)
            raise AccessRefused("This was not found.")
        content = make(hands, there)
        kept = content.encode() if isinstance(content, str) else content
        asked.address = f"{PLACE}{files.keep(there, name, kind, kept, now)}.{name.rpartition('.')[2]}"
        return b""

    return made
