"""Parts of tables as the schema and its migrations write them: names of columns go in, columns and constraints come out.

What they make stands in every store there is. A change here changes the tables of versions long past, and a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

Kind = TypeEngine[Any] | type[TypeEngine[Any]]
Parts = Iterable[SchemaItem]
LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""A whole number of 64 bits, as a file keeps each one."""


def key(kind: Kind, *names: str) -> Parts:
    """Columns that tell a row from every other; no database numbers them by itself."""
    return [sa.Column(name, kind, primary_key=True, autoincrement=False) for name in names]


def needed(kind: Kind, *names: str) -> Parts:
    """Columns that no row is without."""
    return [sa.Column(name, kind, nullable=False) for name in names]


def optional(kind: Kind, *names: str) -> Parts:
    """Columns that may be empty."""
    return [sa.Column(name, kind) for name in names]


def unique(*columns: str) -> Parts:
    """No two rows have the same in these."""
    return [sa.UniqueConstraint(*columns)]


def links(**tables: str) -> Parts:
    """Each of these columns holds the id of a row in the table named."""
    return [sa.ForeignKeyConstraint([column], [f"{table}.id"]) for column, table in tables.items()]


def checks(**rules: str) -> Parts:
    """What is true of every row, each under a name."""
    return [sa.CheckConstraint(rule, name=name) for name, rule in rules.items()]


def index(*columns: str, only: sa.TextClause | None = None) -> Parts:
    """Rows are found quickly by these; `only`: those of which this is true."""
    return [sa.Index(None, *columns, sqlite_where=only, postgresql_where=only)]


Named = sa.UniqueConstraint | sa.ForeignKeyConstraint | sa.Index


def _first(named: Named, table: sa.Table) -> str:
    return next(column.name for column in named.columns).removesuffix("_id")


def _last(named: Named, table: sa.Table) -> str:
    return [column.name for column in named.columns][-1].removesuffix("_hash").removesuffix("_id")


NAMES: dict[str, Any] = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(last)s",
    "fk": "fk_%(table_name)s_%(first)s",
    "ix": "ix_%(table_name)s_%(first)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "first": _first,
    "last": _last,
}
"""How constraints and indexes are called: by their table and their first column, unique ones by their last."""
