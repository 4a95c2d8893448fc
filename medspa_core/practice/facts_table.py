"""The nameless facts in DuckDB's memory: filled from the store by Arrow, kept up by the facts' sequence numbers.

Nothing of it lies on the disk, and its connection opens no file and no network. What managers read asks here and nowhere else.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb
import pandas as pd
import pyarrow as pa

from medspa_core.records import Store, facts_at, read_facts

COLUMNS: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("consulted_on", pa.date32(), nullable=False),
        pa.field("created_on", pa.date32(), nullable=False),
        pa.field("demo", pa.bool_(), nullable=False),
        pa.field("location", pa.string()),
        pa.field("provider", pa.string()),
        pa.field("age_band", pa.string()),
        pa.field("is_returning", pa.bool_()),
        pa.field("concern", pa.string()),
        pa.field("recommended", pa.string()),
        pa.field("standing", pa.string(), nullable=False),
        pa.field("pair_best", pa.string()),
        pa.field("pair_standing", pa.string()),
        pa.field("chosen", pa.string(), nullable=False),
    ]
)
"""A fact of one consultation, as the store keeps it. Nothing in it names anybody."""

_NO_FILE_AND_NO_NETWORK: Final[dict[str, Any]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_VIEW = """
CREATE VIEW facts AS SELECT *,
    consulted_on AS day,
    strftime(consulted_on, '%Y-%m') AS month,
    strftime(date_trunc('week', consulted_on), '%Y-%m-%d') AS week,
    year(consulted_on) || '-Q' || quarter(consulted_on) AS quarter,
    isodow(consulted_on) AS weekday,
    created_on - consulted_on AS days_to_decide
FROM kept
"""
"""What a metric's expressions may name: the facts, and the periods that each lies in."""


class FactsTable:
    """The facts as one table that may be asked from several threads."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:", config=_NO_FILE_AND_NO_NETWORK)
        self._connection.register("incoming", COLUMNS.empty_table())
        self._connection.execute("CREATE TABLE kept AS SELECT * FROM incoming")
        self._connection.execute("ALTER TABLE kept ADD PRIMARY KEY (id)")
        self._connection.execute(_VIEW)
        self._connection.execute("SET lock_configuration = true")
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return int(self.frame("SELECT count(*) AS found FROM facts").loc[0, "found"])

    @property
    def newest(self) -> int:
        """The highest sequence number in it; 0 while it is empty."""
        return int(self.frame("SELECT coalesce(max(seq), 0) AS found FROM facts").loc[0, "found"])

    def keep_up(self, store: Store) -> None:
        """Takes in what the store has more; where facts are gone from it, everything is read anew."""
        in_all, newest = facts_at(store)
        if (in_all, newest) == (len(self), self.newest):
            return
        self.put(as_arrow(read_facts(store, self.newest)))
        if len(self) != in_all:
            every = as_arrow(read_facts(store))
            self.empty()
            self.put(every)

    def put(self, facts: pa.Table) -> None:
        """Takes facts in, each over the one of the same id."""
        with self._lock:
            self._connection.register("incoming", facts.cast(COLUMNS))
            self._connection.execute("INSERT OR REPLACE INTO kept SELECT * FROM incoming")
            self._connection.unregister("incoming")

    def empty(self) -> None:
        """Takes everything out."""
        with self._lock:
            self._connection.execute("DELETE FROM kept")

    def frame(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
        """What a query finds, one row each. `values` stand for its ? or $names. Raises duckdb.Error for a wrong one."""
        with self._lock:
            return self._connection.execute(query, values or None).df()

    def serialized(self, query: str) -> str:
        """The query as DuckDB reads it, as JSON; it is not run."""
        with self._lock:
            return str(self._rows("SELECT json_serialize_sql(?)", [query])[0][0])

    def type_of(self, query: str) -> str:
        """The SQL type of the query's column `found`. Raises duckdb.Error if the query can't be run."""
        with self._lock:
            return next(str(row[1]) for row in self._rows(f"DESCRIBE {query}") if row[0] == "found")

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        return self._connection.execute(query, values or None).fetchall()


def as_arrow(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """The store's columns as the table that DuckDB takes in."""
    return pa.table({name: columns[name] for name in COLUMNS.names}, schema=COLUMNS)
