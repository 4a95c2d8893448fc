"""Bringing a store up to date: an engine goes in, all its tables are as this program wants them or as they were before."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select, text

from medspa_core.records.problems import StoreNewer, StoreProblem
from medspa_core.records.schema import REVISIONS


def revision_of(connection: Connection) -> str | None:
    """The version of a store; None for a database that is none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def has_no_tables(connection: Connection) -> bool:
    """Just made, or its making was cut short."""
    return not inspect(connection).get_table_names()


def known_revision(connection: Connection, name: str) -> str:
    """The version of a store this program can read; StoreProblem for anything else."""
    found = revision_of(connection)
    if found is None:
        raise StoreProblem(f"{name}: this is not a MedSpa Consult store. It was left as it is.")
    if found not in REVISIONS:
        raise StoreNewer(
            f"{name}: the store was written by a newer version of the program (store {found}, this program knows "
            f"up to {REVISIONS[-1]}). Update the program; the store was left as it is."
        )
    return found


MADE_ANEW = ("client_words",)
"""Made from other tables, and again by a step that makes them otherwise: fewer of them is no loss."""


def migrate(engine: Engine, name: str, to: str = "head") -> None:
    """All steps in one transaction; the store is as before if any fails, or if one would lose a row.

    On a file the engine comes with foreign keys off: rebuilding a table with them on would drop what points to it.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            before = row_counts(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            _refuse_losses(connection, before, name)


def _refuse_losses(connection: Connection, before: dict[str, int], name: str) -> None:
    after = row_counts(connection)
    fewer = sorted(table for table, count in before.items() if after.get(table, 0) < count and table not in MADE_ANEW)
    file = connection.dialect.name == "sqlite"
    unlinked = file and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None
    if fewer or unlinked:
        raise StoreProblem(
            f"{name}: bringing the store up to date would lose rows ({', '.join(fewer) or 'broken links'}). "
            "The store was left as it is."
        )


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has, whatever its version."""
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    return {name: connection.execute(select(func.count()).select_from(_bare(name))).scalar_one() for name in names}


def _bare(name: str) -> Table:
    return Table(name, MetaData())


def tables_of(connection: Connection) -> list[Table]:
    """Every table that is there, as the database itself lists them, so that none is left out; what others point to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def contents(connection: Connection) -> dict[str, tuple[int, str]]:
    """Each table's number of rows and a fingerprint of them: equal on both sides of a copy, or the copy is none."""
    return {table.name: _fingerprint(connection, table) for table in tables_of(connection)}


def _fingerprint(connection: Connection, table: Table) -> tuple[int, str]:
    count, total = 0, 0
    columns = ", ".join(f'"{name}"' for name in sorted(table.columns.keys()))
    query = text(f'SELECT {columns} FROM "{table.name}"')  # noqa: S608  (our own names)
    for row in connection.execution_options(stream_results=True).execute(query):
        total = (total + _row_number(tuple(row))) % (1 << 256)  # a sum: the order of rows does not matter
        count += 1
    return count, f"{total:064x}"


def _row_number(row: tuple[Any, ...]) -> int:
    return int.from_bytes(hashlib.sha256(json.dumps(row, default=_bytes).encode()).digest(), "big")


def _bytes(value: object) -> str:
    return bytes(value).hex()  # type: ignore[call-overload, no-any-return]
