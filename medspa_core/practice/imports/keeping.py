"""A file of visits or sales looked over, kept in one transaction, or taken back: who may, what it comes to, its audit rows."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from medspa_core.access import list_locations
from medspa_core.access.people.people import shown_names
from medspa_core.access.rights import Verb
from medspa_core.access.sign_in.sign_ins import SignIn, require_now
from medspa_core.intake import IntakeProblem
from medspa_core.mapping.texts import folded
from medspa_core.practice.imports.fields import Known
from medspa_core.practice.imports.file_mapping import FileMapping
from medspa_core.practice.imports.file_rows import Consulted, FileRows
from medspa_core.practice.imports.reconciliation import Reconciliation
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED, DELETED, UPDATED, read_head
from medspa_core.records.facts.consultation_facts import OF_CONSULTATION
from medspa_core.records.facts.imports import (
    FactImport,
    has_rows,
    keep_rows,
    known_rows,
    list_imports,
    mark_undone,
    more_pages_in_memory,
    next_number,
    note_import,
    undo_rows,
)
from medspa_core.records.facts.visit_facts import bring_up_to_date
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import choices, consultation_facts, drafts, visit_facts
from medspa_core.rulebook import Rulebook
from medspa_core.tables.files.found_table import TableFile
from medspa_core.tables.files.opening import open_table

OBJECT = "import of visits and sales"
HASH_STEP = 1 << 20
COUNTS = ("rows_in", "added", "updated", "unchanged", "not_ours", "refused")
WHILE_IMPORTING, USUALLY = 256_000, 8_000
"""Kilobytes of the store's file that are held in memory."""
Told = Callable[[int], None]
"""Hears how many rows were read so far."""


@dataclass(frozen=True)
class Import:
    """What is imported: a file, one of its sheets, how it is read, and on which day."""

    source: TableFile
    mapping: FileMapping
    as_of: date
    sheet: str | None = None


def known_here(store: Store, rulebook: Rulebook) -> Known:
    """What words of a file may mean in this clinic."""
    clinic = rulebook.clinic
    return Known(
        {one: rulebook.options[one].name for one in rulebook.ranked},
        {one.id: one.name for one in list_locations(store)},
        shown_names(store),
        clinic.currency,
        clinic.currency_sign,
    )


class _NothingNew(Exception):
    """The file has nothing that is not kept already."""


def look_over(store: Store, asked: Import, known: Known, told: Told = lambda rows: None) -> Reconciliation:
    """What would become of a file; nothing is kept. Raises IntakeProblem where it cannot be read as a whole."""
    rows = _rows(store, asked, known)
    report, kind = rows.report, asked.mapping.kind
    with store.reading() as connection:
        for block in rows.blocks():
            kept = known_rows(connection, [row.key for row in block])
            same = sum(row.key in kept and kept[row.key][1] == row.content for row in block)
            new = sum(row.key not in kept for row in block)
            report.count(new, len(block) - new - same, same)
            told(report.rows_in)
    file_hash, earlier = _file_hash(asked.source), [one for one in list_imports(store) if one.undone_at is None]
    days = (one.made_at.date() for one in earlier if one.kind == kind and one.file_hash == file_hash)
    report.same_file_on = next(days, None)
    report.recorded_here = _recorded_here(store, report) if kind == "visits" else 0
    return report


def keep_import(
    store: Store, asked: Import, known: Known, now: datetime, told: Told = lambda rows: None
) -> tuple[FactImport | None, Reconciliation]:
    """Keeps what can be kept of a file, all of it in one transaction, with its audit rows; None where there was nothing new.

    Raises IntakeProblem, with nothing kept, while a person still has to say something of it.
    """
    rows = _rows(store, asked, known)
    try:
        with store.writing() as connection:
            more_pages_in_memory(connection, WHILE_IMPORTING)
            try:
                return _keep(connection, store, asked, rows, now, told), rows.report
            finally:
                more_pages_in_memory(connection, USUALLY)
    except _NothingNew:
        return None, rows.report


def keep_as(
    store: Store, sign_in: SignIn | None, asked: Import, known: Known, now: datetime
) -> tuple[FactImport | None, Reconciliation]:
    """The same for somebody at a page, who sees everybody's figures and gave the password just before. Raises AccessRefused."""
    require_now(sign_in, Verb.IMPORT_FIGURES, now)
    return keep_import(store, asked, known, now)


def undo_as(store: Store, sign_in: SignIn | None, number: int, now: datetime) -> tuple[int, int]:
    """Takes an import back for somebody at a page. Raises AccessRefused."""
    require_now(sign_in, Verb.IMPORT_FIGURES, now)
    return undo_import(store, number, now)


def _keep(
    connection: sa.Connection, store: Store, asked: Import, rows: FileRows, now: datetime, told: Told
) -> FactImport:
    report, kind, file_hash = rows.report, asked.mapping.kind, _file_hash(asked.source)
    number, import_id = next_number(connection), secrets.token_urlsafe(16)
    store.note(connection, now, CREATED, OBJECT, {"kind": kind, "number": number, "file": file_hash})
    seq = read_head(connection).seq
    is_first = not has_rows(connection)
    for block in rows.blocks():
        known = {} if is_first else known_rows(connection, [row.key for row in block])
        added, updated = keep_rows(connection, kind, number, import_id, seq, block, known)
        report.count(added, updated, len(block) - added - updated)
        told(report.rows_in)
    if to_be_said := report.to_be_said(asked.mapping.name):
        raise IntakeProblem(to_be_said)
    if not report.added + report.updated:
        raise _NothingNew
    if kind == "visits":
        bring_up_to_date(connection, seq)
    made = _listed(report, asked.mapping, import_id, number, file_hash, store.doer.person, now)
    note_import(connection, made)
    store.note(connection, now, UPDATED, OBJECT, {"number": number, **{name: getattr(made, name) for name in COUNTS}})
    return made


def _rows(store: Store, asked: Import, known: Known) -> FileRows:
    consulted = _consultations(store) if asked.mapping.client_is_code_name else None
    found = open_table(asked.source, asked.sheet)
    return FileRows(found, asked.mapping, known, asked.as_of, store.keys, consulted)


def _consultations(store: Store) -> dict[str, Consulted]:
    """By code name, where one consultation alone has it."""
    facts = consultation_facts.c
    query = (
        sa.select(drafts.c.code_name, facts.id, facts.consulted_on, facts.chosen, facts.concern, facts.age_band)
        .add_columns(facts.is_returning)
        .join(choices, choices.c.draft_id == drafts.c.id)
        .join(consultation_facts, facts.id == choices.c.fact_id)
        .where(drafts.c.demo_of.is_(None))
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    often = Counter(folded(row.code_name) for row in rows)
    return {
        folded(row.code_name): Consulted(
            row.consulted_on, row.chosen, dict(zip(OF_CONSULTATION, (row.id, *row[4:]), strict=True))
        )
        for row in rows
        if often[folded(row.code_name)] == 1 and row.consulted_on is not None
    }


def _recorded_here(store: Store, report: Reconciliation) -> int:
    """Visits of the same days that the program itself recorded: imported as well, they would count twice."""
    if report.first_day is None:
        return 0
    mine = visit_facts.c
    query = sa.select(sa.func.count()).where(mine.import_id.is_(None), mine.demo == 0)
    with store.reading() as connection:
        return int(connection.execute(query.where(mine.day.between(report.first_day, report.last_day))).scalar_one())


def _file_hash(source: TableFile) -> str:
    found = hashlib.sha256()
    with source.open("rb") as file:
        while piece := file.read(HASH_STEP):
            found.update(piece)
    return found.hexdigest()


def _listed(
    report: Reconciliation, mapping: FileMapping, import_id: str, number: int, file_hash: str, by: str, now: datetime
) -> FactImport:
    told = {name: getattr(report, name) for name in (*COUNTS, "first_day", "last_day", "cents_in", "cents_kept")}
    return FactImport(import_id, number, mapping.kind, file_hash, mapping.name, by, now, **told)


def undo_import(store: Store, number: int, now: datetime) -> tuple[int, int]:
    """Takes back all that an import added and puts back what it changed, in one transaction; how many of each. Raises
    StoreProblem where there is no such import, or a later one builds on it."""
    one = next((one for one in list_imports(store) if one.number == number and one.undone_at is None), None)
    if one is None:
        raise StoreProblem(f"There is no import {number} that could be undone. Look at the list of imports.")
    with store.writing() as connection:
        store.note(connection, now, DELETED, OBJECT, {"number": number, "kind": one.kind})
        gone, put_back = undo_rows(connection, one, read_head(connection).seq)
        mark_undone(connection, one.id, now, store.doer.person)
    return gone, put_back
