"""Imported facts: blocks of rows go in, each added, changed or found unchanged by its key; an import goes again as a whole.

Everything here runs in a transaction of the caller, who wrote its audit row before: facts carry that row's number.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from medspa_core.records.audit.log import UPDATED
from medspa_core.records.database.store import Store
from medspa_core.records.facts.visit_facts import bring_up_to_date, how_far
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import (
    consultation_facts,
    fact_imports,
    import_mappings,
    imported_rows,
    sale_facts,
    visit_facts,
)

ImportKind = Literal["visits", "sales"]
TABLES = {"visits": visit_facts, "sales": sale_facts}
AT_ONCE = 10_000  # keys in one question; SQLite takes 32,766 values
NOT_GIVEN_BACK = ("id", "seq", "rebooked")  # of a fact that is put back as it was


class NotTheNewest(StoreProblem):
    """A later import builds on this one."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of a file as a fact. `values`: by the names of the columns, the same ones in every row of an import, days as text.
    `content`: a fingerprint of them."""

    key: str
    content: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FactImport:
    """One import as it is listed. Its file is known by its fingerprint alone."""

    id: str
    number: int
    kind: ImportKind
    file_hash: str
    mapping: str
    made_by: str
    made_at: datetime
    rows_in: int
    added: int
    updated: int
    unchanged: int
    not_ours: int
    refused: int
    first_day: date | None
    last_day: date | None
    cents_in: int
    cents_kept: int
    undone_at: datetime | None = None
    undone_by: str | None = None


def list_imports(store: Store) -> list[FactImport]:
    """Every import, the newest first; those that were undone are among them."""
    with store.reading() as connection:
        return _imports(connection)


def _imports(connection: sa.Connection) -> list[FactImport]:
    columns = [fact_imports.c[one.name] for one in fields(FactImport)]
    query = sa.select(*columns).order_by(fact_imports.c.number.desc())
    return [FactImport(*row) for row in connection.execute(query)]


def _parts(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def next_number(connection: sa.Connection) -> int:
    """The number of the import that begins."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(fact_imports.c.number), 0))).scalar_one()) + 1


def note_import(connection: sa.Connection, made: FactImport) -> None:
    """Puts an import on the list."""
    connection.execute(sa.insert(fact_imports), {one.name: getattr(made, one.name) for one in fields(FactImport)})


def has_rows(connection: sa.Connection) -> bool:
    """Whether any row was imported before."""
    return connection.execute(sa.select(imported_rows.c.number).limit(1)).first() is not None


def known_rows(connection: sa.Connection, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Of rows that are kept already: fact and fingerprint, as the newest import has them."""
    found: dict[str, tuple[str, str]] = {}
    table = imported_rows
    for some in _parts(keys, AT_ONCE):
        query = sa.select(table.c.row_key, table.c.fact_id, table.c.content).where(table.c.row_key.in_(some))
        for row_key, fact_id, content in connection.execute(query.order_by(table.c.number)):
            found[row_key] = fact_id, content
    return found


def keep_rows(
    connection: sa.Connection,
    kind: ImportKind,
    number: int,
    import_id: str,
    seq: int,
    rows: Sequence[ImportRow],
    known: Mapping[str, tuple[str, str]],
) -> tuple[int, int]:
    """Adds what is not `known` and brings up to date what has changed; how many of each."""
    new = [row for row in rows if row.key not in known]
    changed = [row for row in rows if row.key in known and known[row.key][1] != row.content]
    if new:
        _add(connection, kind, number, import_id, seq, new)
    if changed:
        _change(connection, kind, number, seq, changed, {row.key: known[row.key][0] for row in changed})
    return len(new), len(changed)


def _add(
    connection: sa.Connection, kind: ImportKind, number: int, import_id: str, seq: int, rows: Sequence[ImportRow]
) -> None:
    ids = sorted(secrets.token_urlsafe(16) for _ in rows)  # in order, as the table finds them by it
    names = ["id", "seq", "demo", "import_id", *rows[0].values]
    facts = [(one, seq, 0, import_id, *row.values.values()) for one, row in zip(ids, rows, strict=True)]
    _many(connection, _inserted(TABLES[kind], names, connection), facts)
    noted = sorted((row.key, number, one, row.content) for one, row in zip(ids, rows, strict=True))
    _many(connection, _inserted(imported_rows, ["row_key", "number", "fact_id", "content"], connection), noted)


def _many(connection: sa.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """The driver's own way: a million rows as dictionaries through the usual one take twice the time."""
    connection.exec_driver_sql(statement, list(rows))


def _mark(connection: sa.Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _inserted(table: sa.Table, names: Sequence[str], connection: sa.Connection) -> str:
    marks = ", ".join([_mark(connection)] * len(names))
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names only


def more_pages_in_memory(connection: sa.Connection, kilobytes: int) -> None:
    """How much of a file this connection holds in memory: where rows lie by random keys, each page is written once, not often."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{kilobytes}")


def _change(
    connection: sa.Connection,
    kind: ImportKind,
    number: int,
    seq: int,
    rows: Sequence[ImportRow],
    fact_ids: Mapping[str, str],
) -> None:
    before = _as_they_are(connection, kind, list(fact_ids.values()))
    kept = [row for row in rows if fact_ids[row.key] in before]
    if not kept:
        return
    _put(connection, kind, [{"fact": fact_ids[row.key], "seq": seq, **row.values} for row in kept])
    if kind == "visits":
        _bring_what_they_left_up_to_date(connection, [json.loads(one) for one in before.values()], seq)
    noted = [(row.key, number, fact_ids[row.key], row.content, before[fact_ids[row.key]]) for row in kept]
    names = ["row_key", "number", "fact_id", "content", "before"]
    _many(connection, _inserted(imported_rows, names, connection), noted)


def _bring_what_they_left_up_to_date(connection: sa.Connection, before: Sequence[Mapping[str, Any]], seq: int) -> None:
    """Courses and consultations that changed visits belonged to: each may belong to others now."""
    for some in _parts(sorted({one["course"] for one in before if one["course"]}), AT_ONCE):
        connection.execute(sa.update(visit_facts).where(visit_facts.c.course.in_(some)).values(seq=seq))
    _say_how_far(connection, sorted({one["consultation"] for one in before if one["consultation"]}), seq)


def _as_they_are(connection: sa.Connection, kind: ImportKind, fact_ids: Sequence[str]) -> dict[str, str]:
    table, found = TABLES[kind], dict[str, str]()
    for some in _parts(fact_ids, AT_ONCE):
        for row in connection.execute(sa.select(table).where(table.c.id.in_(some))).mappings():
            values = {name: value for name, value in row.items() if name not in NOT_GIVEN_BACK}
            found[row["id"]] = json.dumps(values, default=date.isoformat)
    return found


def _put(connection: sa.Connection, kind: ImportKind, rows: Sequence[Mapping[str, Any]]) -> None:
    """Values over those of a fact, whose id is under `fact`."""
    names, mark = [name for name in rows[0] if name != "fact"], _mark(connection)
    change = ", ".join(f"{name} = {mark}" for name in names)
    statement = f"UPDATE {TABLES[kind].name} SET {change} WHERE id = {mark}"  # noqa: S608 - our own names only
    _many(connection, statement, [(*(row[name] for name in names), row["fact"]) for row in rows])


# --- how files are read -------------------------------------------------------------------------------------------


def keep_mapping(store: Store, name: str, kind: ImportKind, raw: Mapping[str, Any], now: datetime) -> None:
    """Keeps how a file is read, under a name; one of the same name is replaced. Raises StoreProblem where it is one of the other
    kind of file."""
    row = {"kind": kind, "mapping": json.dumps(raw), "saved_by": store.doer.person, "saved_at": now}
    mine = import_mappings.c.name == name
    with store.writing() as connection:
        if connection.execute(sa.select(import_mappings.c.kind).where(mine)).scalar_one_or_none() not in (None, kind):
            raise StoreProblem("A reading of the other kind of file has this name already. Give this one another name.")
        store.note(connection, now, UPDATED, "import mapping", {"kind": kind})
        if not connection.execute(sa.update(import_mappings).where(mine).values(**row)).rowcount:
            connection.execute(sa.insert(import_mappings).values(name=name, **row))


def kept_mappings(store: Store, kind: ImportKind) -> dict[str, dict[str, Any]]:
    """What was kept for files of a kind, by name, the latest first."""
    table = import_mappings
    query = sa.select(table.c.name, table.c.mapping).where(table.c.kind == kind).order_by(table.c.saved_at.desc())
    with store.reading() as connection:
        return {name: json.loads(mapping) for name, mapping in connection.execute(query)}


# --- undoing ------------------------------------------------------------------------------------------------------


def undo_rows(connection: sa.Connection, one: FactImport, seq: int) -> tuple[int, int]:
    """Takes back what an import added, and puts back what it changed; how many of each. Raises NotTheNewest."""
    later = [other for other in _imports(connection) if other.kind == one.kind and other.undone_at is None]
    if not later or later[0].id != one.id:
        raise NotTheNewest("A later import builds on this one. Undo that one first.")
    table, mine = TABLES[one.kind], imported_rows.c.number == one.number
    added = sa.select(imported_rows.c.fact_id).where(mine, imported_rows.c.before.is_(None))
    touched = sa.select(imported_rows.c.fact_id).where(mine)  # what goes back leaves a course and a consultation too
    consulted = list(_consultations(connection, one.kind, touched))
    if one.kind == "visits":
        courses = sa.select(table.c.course).where(table.c.id.in_(touched), table.c.course.is_not(None))
        connection.execute(sa.update(table).where(table.c.course.in_(courses)).values(seq=seq))
    gone = connection.execute(sa.delete(table).where(table.c.id.in_(added))).rowcount
    put_back = _put_back(connection, one.kind, mine, seq)
    connection.execute(sa.delete(imported_rows).where(mine))
    if one.kind == "visits":
        bring_up_to_date(connection, seq)
        _say_how_far(connection, consulted, seq)
    return gone, put_back


def _say_how_far(connection: sa.Connection, consultations: Sequence[str], seq: int) -> None:
    for some in _parts(consultations, AT_ONCE):
        these = consultation_facts.c.id.in_(some)
        connection.execute(sa.update(consultation_facts).where(these).values(**how_far(), seq=seq))


def _consultations(connection: sa.Connection, kind: ImportKind, facts: sa.Select[Any]) -> Iterator[str]:
    table = TABLES[kind]
    query = sa.select(table.c.consultation).where(table.c.id.in_(facts), table.c.consultation.is_not(None))
    yield from connection.execute(query.distinct()).scalars()


def _put_back(connection: sa.Connection, kind: ImportKind, mine: sa.ColumnElement[bool], seq: int) -> int:
    query = sa.select(imported_rows.c.fact_id, imported_rows.c.before).where(mine, imported_rows.c.before.is_not(None))
    rows = [{"fact": fact_id, "seq": seq, **json.loads(before)} for fact_id, before in connection.execute(query)]
    if rows:
        _put(connection, kind, rows)
    return len(rows)


def mark_undone(connection: sa.Connection, import_id: str, now: datetime, by: str) -> None:
    """On the list it stays, as undone."""
    mine = fact_imports.c.id == import_id
    connection.execute(sa.update(fact_imports).where(mine).values(undone_at=now, undone_by=by))
