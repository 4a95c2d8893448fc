"""Rows from one store into another, of either engine and of any version: in one transaction, counted and proven there."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, inspect, select

from medspa_core.records import migration
from medspa_core.records.audit.log import START, Head, has_audit, read_head, verify_chain
from medspa_core.records.client_schema import guards_lifted
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.store_location import FilePlace, Place, connected, make_file
from medspa_core.records.keys import Keys
from medspa_core.records.problems import AuditRefused, StoreProblem, problems_as_sentences
from medspa_core.records.schema import audit_head, known_outside

ROWS_AT_A_TIME = 1000
NOT_EMPTY = "there are records already. Nothing was written; name an empty store, or move them away first."
EVERYTHING = "*"
NO_RECORDS = (audit_head.name, known_outside.name)
"""Filled as soon as a store is opened; what comes along takes their place."""
Contents = Mapping[str, tuple[int, str]]
"""Each table's number of rows and their fingerprint."""


def build_if_empty(place: Place, keys: Keys, version: str = "head") -> None:
    """Makes the tables of this version where there are none."""
    engine = place.engine(keys, foreign_keys=False)
    try:
        with engine.connect() as connection, connection.begin():
            empty = migration.has_no_tables(connection)
        if empty:
            migration.migrate(engine, place.name, version)
    finally:
        engine.dispose()


def has_records(place: Place, keys: Keys) -> bool:
    """Whether something is kept there already. A place that is not made yet has nothing, nor have tables without rows."""
    if isinstance(place, FilePlace) and not (place.path.exists() and place.path.stat().st_size):
        return False
    with problems_as_sentences(), connected(place, keys) as connection:
        return _any_rows(connection)


def _any_rows(connection: Connection) -> bool:
    return any(count for name, count in migration.row_counts(connection).items() if name not in NO_RECORDS)


def head_of(connection: Connection) -> Head:
    """The last row of the audit log; a store of the first versions has none."""
    return read_head(connection) if has_audit(connection) else START


def fill_empty(source: Connection, target: Place, keys: Keys) -> None:
    """Every row goes into a store that has none, in one transaction. The target is of the source's version."""
    if isinstance(target, FilePlace):
        make_file(target.path)
    with problems_as_sentences():
        version = migration.known_revision(source, "the source")
        build_if_empty(target, keys, version)
        with connected(target, keys, writes=True) as connection:
            _refuse_rows(connection, target, version)
            _copy(source, connection)


def _refuse_rows(connection: Connection, target: Place, version: str) -> None:
    if migration.known_revision(connection, target.name) != version:
        raise StoreProblem(
            f"{target.name}: tables of another version are there. Nothing was written; name an empty one."
        )
    if _any_rows(connection):
        raise StoreProblem(f"{target.name}: {NOT_EMPTY}")


def _copy(source: Connection, target: Connection) -> None:
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # a row may point to a later one of its own table
    guarded = inspect(target).has_table(guards_lifted.name)
    if guarded:  # else no row of a finished consultation goes in
        target.execute(insert(guards_lifted).values(draft_id=EVERYTHING))
    for table in migration.tables_of(source):
        raw = Table(table.name, MetaData(), *(Column(column.name) for column in table.columns))
        first = next(iter(table.primary_key.columns or table.columns)).name
        if table.name in NO_RECORDS:
            target.execute(delete(raw))
        query = source.execution_options(stream_results=True).execute(select(raw).order_by(raw.c[first]))
        for rows in query.mappings().partitions(ROWS_AT_A_TIME):
            target.execute(insert(raw), [dict(row) for row in rows])
    if guarded:
        target.execute(delete(guards_lifted))
    _count_for_the_planner(target)


def _count_for_the_planner(target: Connection) -> None:
    """Else a server searches as if its tables were empty, until it has looked by itself (minutes; never, where that is off)."""
    if target.dialect.name == "postgresql":
        names = ", ".join(target.dialect.identifier_preparer.quote(table.name) for table in migration.tables_of(target))
        target.exec_driver_sql(f"ANALYZE {names}")


def prove(place: Place, keys: Keys, wanted: Contents, head: Head) -> None:
    """This store is whole: every page, row, link and count, and its audit chain up to the head. Else StoreProblem."""
    if isinstance(place, FilePlace):
        with encrypted_file.looking_at(place.path, keys.store) as raw:
            encrypted_file.check_pages(raw, place.name)
    with problems_as_sentences(), connected(place, keys) as connection:
        migration.known_revision(connection, place.name)
        found = migration.contents(connection)
        different = sorted(name for name in wanted if wanted[name] != found.get(name))
        if different:
            raise StoreProblem(f"{place.name}: not the same rows in {', '.join(different)}.")
        wrong = verify_chain(connection, keys.audit, head) if has_audit(connection) else []
        if wrong:
            raise AuditRefused(f"{place.name}: the audit log does not hold: {wrong[0]}.")
