"""All imports, the newest first, and the button that takes the newest of a kind back."""

from __future__ import annotations

import streamlit as st

from medspa_core.access import AccessRefused
from medspa_core.practice.imports.keeping import undo_as
from medspa_core.records import StoreProblem
from medspa_core.records.facts.imports import FactImport, list_imports
from views.context import core_access
from views.context.words import cut_short, entry, say
from views.elements import draw, notices
from views.session import signed_in
from views.staff import management_notices
from views.staff.figures.mix_cards import heading

PLACE = "imports"
SHOWN = 30


def show() -> None:
    """What was imported when, and the way back."""
    found = list_imports(core_access.store())
    with st.container(key="card_imports"):
        heading(say("staff.import.list_title"), say("staff.import.list_lead"))
        notices.show(PLACE)
        if not found:
            draw.note(say("staff.import.list_empty"))
            return
        draw.html(draw.table([_row(one) for one in found[:SHOWN]]))
        newest = {one.kind: one for one in reversed(found) if one.undone_at is None}
        if signed_in.on_trial() or management_notices.password_is_due():
            return
        with st.container(key="bar_imports", horizontal=True):
            for one in newest.values():
                words = say("staff.import.undo", number=one.number)
                st.button(words, key=f"undo_import_{one.number}", on_click=_undo, args=(one.number,))


def _row(one: FactImport) -> dict[str, object]:
    names = entry("staff.import.list_columns")
    days = [cut_short(day, year=True) for day in (one.first_day, one.last_day) if day is not None]
    told = {
        "number": one.number,
        "when": management_notices.moment(one.made_at),
        "kind": entry("staff.import.kinds")[one.kind],
        "reading": one.mapping,
        "days": " \u2013 ".join(dict.fromkeys(days)),
        "rows": f"{one.added:,}, {one.updated:,}",
        "state": say("staff.import.undone_mark") if one.undone_at else "",
    }
    return {names[key]: value for key, value in told.items()}


def _undo(number: int) -> None:
    try:
        gone, put_back = undo_as(signed_in.store(), signed_in.sign_in(), number, core_access.now())
    except (AccessRefused, StoreProblem) as problem:
        notices.refuse(PLACE, problem)
        return
    notices.keep(PLACE, say("staff.import.undone", number=number, gone=gone, put_back=put_back))
