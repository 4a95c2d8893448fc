"""What would become of a file: rows and money in one line each, what is refused and why, the first rows; kept or laid aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from medspa_core.access import AccessRefused
from medspa_core.intake import IntakeProblem
from medspa_core.practice.imports.file_rows import COLUMN_OF
from medspa_core.practice.imports.keeping import keep_as
from medspa_core.records import StoreProblem
from medspa_core.records.facts.imports import keep_mapping
from views.context import core_access
from views.context.words import counted, cut_short, entry, say
from views.elements import draw, notices
from views.elements.draw import tag
from views.session import signed_in
from views.staff.figures.mix_cards import heading
from views.staff.imports.file_card import PLACE, lay_aside
from views.staff.imports.reading_card import SEEN, Reading

SHOWN, REFUSED_SHOWN = 10, 20
LONGEST_NAME = 60
MONEY = ("cents_in", "cents_kept", "cents_not_ours", "cents_refused")
FIELD_OF = {column: field for field, column in COLUMN_OF.items()}


def show(reading: Reading) -> None:
    """The whole account, and two buttons."""
    report = reading.report
    with st.container(key="card_import_outcome"):
        heading(say("staff.import.outcome_title"))
        draw.html(*[tag("p", line, cls="rr-text") for line in _lines(reading)])
        if report.recorded_here:
            draw.note(say("staff.import.recorded_line", number=report.recorded_here), kind="flag")
        _refused(reading)
        _first_rows(reading)
        _reading_kept(reading)
        if report.added + report.updated:
            with st.container(key="bar_import_keep", horizontal=True):
                words = say("staff.import.keep", number=f"{report.added + report.updated:,}")
                with st.container(key="main_keep_import", width="content"):
                    st.button(words, key="keep_import", on_click=_keep, args=(reading,))
                st.button(say("staff.import.lay_aside"), key="lay_import_aside", on_click=_lay_aside)
        else:
            draw.note(say("staff.import.nothing_new"))


def _lines(reading: Reading) -> list[str]:
    report = reading.report
    names = ("rows_in", "kept", "not_ours", "refused", "added", "updated", "unchanged")
    counts = {name: f"{getattr(report, name):,}" for name in names}
    lines = [say("staff.import.rows_line", **counts), say("staff.import.kept_line", **counts)]
    if reading.given.kind == "sales":
        lines.append(say("staff.import.money_line", **{name: _money(getattr(report, name), reading) for name in MONEY}))
    if report.worth_cents:
        lines.append(say("staff.import.worth_line", worth=_money(report.worth_cents, reading)))
    if report.linked:
        lines.append(say("staff.import.linked_line", number=report.linked))
    if report.same_file_on:
        lines.append(say("staff.import.same_line", day=cut_short(report.same_file_on, year=True)))
    return lines


def _money(cents: int, reading: Reading) -> str:
    return f"{cents / 100:,.2f} {reading.known.currency}"


def _refused(reading: Reading) -> None:
    report = reading.report
    if not report.refused:
        return
    names = entry("staff.import.refused_columns")
    cells = [
        {names["line"]: cell.line, names["column"]: cell.column, names["reason"]: cell.reason}
        for cell in report.bad[:REFUSED_SHOWN]
    ]
    draw.html(
        tag("h3", say("staff.import.refused_title"), cls="rr-h"),
        tag("p", counted("staff.import.refused_line", report.refused), cls="rr-small"),
        draw.table(cells),
    )


def _first_rows(reading: Reading) -> None:
    rows = [_as_read(row, reading) for row in reading.report.first_rows[:SHOWN]]
    if rows:
        draw.html(tag("h3", say("staff.import.preview_title"), cls="rr-h"), draw.table(rows))


def _as_read(row: Mapping[str, Any], reading: Reading) -> dict[str, object]:
    """A row as a person reads it: names for ids, money for hundredths. What nobody can read is left out."""
    fields, ids = entry("staff.import.fields"), entry("staff.import.ids")
    found: dict[str, object] = {}
    for column, value in row.items():
        field = FIELD_OF.get(column, column)
        if field not in fields:
            continue
        if value is None:
            found[fields[field]] = ""
        elif column.endswith("_cents"):
            found[fields[field]] = f"{value / 100:,.2f}"
        elif field in ("day", "booked_on"):
            found[fields[field]] = cut_short(date.fromisoformat(value), year=True)
        elif field in ("option", "location", "provider"):
            found[fields[field]] = reading.known.ids(field).get(value, value)
        else:
            found[fields[field]] = ids.get(value, value)
    return found


def _reading_kept(reading: Reading) -> None:
    """How the file is read may be kept for the next one, also where the file itself is not."""
    with (
        st.form("import_reading", border=False),
        st.container(key="bar_import_reading", horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input(
            say("staff.import.name"),
            reading.given.kept_as,
            max_chars=LONGEST_NAME,
            help=None,
            placeholder=say("staff.import.name_help"),
            key=f"import_name_{reading.given.kind}_{reading.given.kept_as}",
        )
        pressed = st.form_submit_button(say("staff.import.keep_reading"), key="keep_reading")
    name = " ".join(name.split())
    if not pressed or not name:
        return
    try:
        keep_mapping(signed_in.store(), name, reading.given.kind, reading.raw, core_access.now())
    except StoreProblem as problem:
        draw.told(str(problem), refused=True)
        return
    draw.told(say("staff.import.reading_kept", name=name))


def _keep(reading: Reading) -> None:
    """Keeps it in the name of who tapped. The list and the field for the next file say the rest."""
    try:
        made, report = keep_as(signed_in.store(), signed_in.sign_in(), reading.asked, reading.known, core_access.now())
    except (AccessRefused, IntakeProblem, StoreProblem) as problem:
        notices.refuse(PLACE, problem)
        return
    told = say("staff.import.nothing_new")
    if made is not None:
        told = say("staff.import.done", number=made.number, added=report.added, updated=report.updated)
    notices.keep(PLACE, told)
    _empty()


def _lay_aside() -> None:
    notices.keep(PLACE, say("staff.import.laid_aside"))
    _empty()


def _empty() -> None:
    st.session_state.pop(SEEN, None)
    lay_aside()
