"""From one engine to another: every row of a clinic goes over in one transaction, and is counted and proven there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, select

from medspa_core.records import audit, encrypted_file, upkeep
from medspa_core.records.audit import EXECUTED, Head, verify_chain
from medspa_core.records.client_schema import guards_lifted
from medspa_core.records.keys import Keys
from medspa_core.records.opening import build_if_empty, open_store
from medspa_core.records.places import FilePlace, Place, make_file, place_of
from medspa_core.records.problems import AuditRefused, StoreProblem, problems_as_sentences
from medspa_core.records.store import Clock, Store

ROWS_AT_A_TIME = 1000
EVERYTHING = "*"
Contents = Mapping[str, tuple[int, str]]
"""Each table's number of rows and their fingerprint."""


def move_clinic(store: Store, to: str | Path, clock: Clock) -> Contents:
    """Copies a clinic into an empty store of either engine; what comes back was counted and verified there.

    The old store stays as it is. Once the new one is used the old one is refused, as an older copy.
    """
    target = place_of(to)
    with store.writing() as connection:
        store.note(connection, store.now(), EXECUTED, "move", {"to": target.name})
    store.publish_head()
    with store.reading() as source:
        wanted, head = upkeep.contents(source), audit.read_head(source)
        fill_empty(source, target, store.keys)
    prove(target, store.keys, wanted, head)
    if store.keys.folder is not None:
        open_store(to, store.keys, clock).close()
    return wanted


def fill_empty(source: Connection, target: Place, keys: Keys) -> None:
    """Every row goes into a store that has none, in one transaction."""
    if isinstance(target, FilePlace):
        make_file(target.path)
    with problems_as_sentences():
        build_if_empty(target, keys)
        engine = target.engine(keys)
        try:
            with engine.connect() as plain:
                connection = plain.execution_options(writes=True)
                with connection.begin():
                    _refuse_rows(connection, target)
                    _copy(source, connection)
        finally:
            engine.dispose()


def _refuse_rows(connection: Connection, target: Place) -> None:
    upkeep.known_revision(connection, target.name)
    counts = upkeep.row_counts(connection)
    if any(count for name, count in counts.items() if name != "audit_head"):
        raise StoreProblem(f"{target.name}: there are records already. Nothing was written; name an empty store.")


def _copy(source: Connection, target: Connection) -> None:
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a row may point to a later one of its own table
    target.execute(insert(guards_lifted).values(draft_id=EVERYTHING))  # else no row of a finished consultation goes in
    for table in upkeep.tables_of(source):
        raw = Table(table.name, MetaData(), *(Column(column.name) for column in table.columns))
        first = next(iter(table.primary_key.columns or table.columns)).name
        if table.name == "audit_head":
            target.execute(delete(raw))
        query = source.execution_options(stream_results=True).execute(select(raw).order_by(raw.c[first]))
        for rows in query.mappings().partitions(ROWS_AT_A_TIME):
            target.execute(insert(raw), [dict(row) for row in rows])
    target.execute(delete(guards_lifted))


def prove(place: Place, keys: Keys, wanted: Contents, head: Head) -> None:
    """This store is whole: every page, row, link and count, and its audit chain up to the head. Else StoreProblem."""
    if isinstance(place, FilePlace):
        with encrypted_file.looking_at(place.path, keys.store) as raw:
            encrypted_file.check_pages(raw, place.name)
    engine = place.engine(keys)
    try:
        with problems_as_sentences(), engine.connect() as connection, connection.begin():
            upkeep.known_revision(connection, place.name)
            found = upkeep.contents(connection)
            different = sorted(name for name in wanted if wanted[name] != found.get(name))
            if different:
                raise StoreProblem(f"{place.name}: not the same rows in {', '.join(different)}.")
            wrong = verify_chain(connection, keys.audit, head)
            if wrong:
                raise AuditRefused(f"{place.name}: the audit log does not hold: {wrong[0]}.")
    finally:
        engine.dispose()
