"""The first card of the import: the file, what is in it, and a reading that was kept before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from medspa_core.access import Verb
from medspa_core.intake import IntakeProblem
from medspa_core.records.facts.imports import ImportKind, kept_mappings
from medspa_core.tables.files.found_table import SentFile
from medspa_core.tables.files.opening import open_table
from medspa_core.tables.header import untitled
from views.context import core_access
from views.context.words import entry, say
from views.elements import draw, notices
from views.elements.choice_field import as_pills, in_a_list
from views.session import signed_in, uploads
from views.staff import management_notices
from views.staff.figures.mix_cards import heading

ENDINGS = ("csv", "tsv", "txt", "xlsx")
PLACE = "import"
VERSION = "import_version"
"""Of the field for the file: after a file was kept or laid aside it is a new, empty one."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file, the titles of its columns, and how it was read before: `kept_as` is the name of that."""

    file: SentFile
    titles: tuple[str, ...]
    kind: ImportKind
    kept_as: str
    raw: Mapping[str, Any]


def show() -> Given | None:
    """The file that was chosen, once it can be opened."""
    with st.container(key="card_import_file"):
        heading(say("staff.import.file_title"), say("staff.import.file_lead"))
        notices.show(PLACE)
        if signed_in.on_trial():
            draw.note(say("staff.import.trial"))
            return None
        if management_notices.asks_for_the_password("/import_sales", "staff.import.password"):
            return None
        kind: ImportKind = (
            as_pills(say("staff.import.kind"), entry("staff.import.kinds"), "import_kind", default="visits") or "visits"
        )
        kept = kept_mappings(core_access.store(), kind)
        name = ""
        if kept:
            names = {"": say("staff.import.none_kept"), **{one: one for one in kept}}
            with st.container(key="filter_box_import_kept", width=360):
                name = in_a_list(say("staff.import.kept"), names, f"import_kept_{kind}")
        file = uploads.field(say("staff.import.field"), ENDINGS, f"import_file_{version()}", Verb.IMPORT_FIGURES)
        titles = None if file is None else _titles(file)
        return None if file is None or titles is None else Given(file, titles, kind, name, kept.get(name, {}))


def version() -> int:
    """Which field for a file this is."""
    return int(st.session_state.get(VERSION, 0))


def lay_aside() -> None:
    """The file is done with."""
    st.session_state[VERSION] = version() + 1


def _titles(file: SentFile) -> tuple[str, ...] | None:
    try:
        found = open_table(file)
    except IntakeProblem as problem:
        for line in problem.problems:
            draw.told(line, refused=True)
        return None
    for line in found.notices:
        draw.note(line)
    return tuple(dict.fromkeys(title for title in found.titles if not untitled(title)))
