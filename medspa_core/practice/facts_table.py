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
from medspa_core.records.facts.reading import Kind
from medspa_core.records.schema import MINUTES_OF

STRING, DAY, WHOLE, YES_OR_NO = pa.string(), pa.date32(), pa.int64(), pa.bool_()
_OF_ALL: Final = {"id": STRING, "seq": WHOLE, "day": DAY, "demo": YES_OR_NO, "location": STRING, "provider": STRING}
_OF_ALL.update({"age_band": STRING, "is_returning": YES_OR_NO, "concern": STRING})
_OF_A_COURSE: Final = {"option": STRING, "consultation": STRING, "course": STRING}
NEEDED: Final = {"id", "seq", "day", "demo", "standing", "chosen", "status", "what", "paid_cents", "currency"}


def _schema(columns: Mapping[str, pa.DataType]) -> pa.Schema:
    return pa.schema([pa.field(name, kind, nullable=name not in NEEDED) for name, kind in columns.items()])


COLUMNS: Final[Mapping[Kind, pa.Schema]] = {
    "consultation": _schema(
        _OF_ALL
        | {"created_on": DAY}
        | dict.fromkeys(("recommended", "standing", "pair_best", "pair_standing", "chosen", "reason"), STRING)
        | dict.fromkeys(("booked_on", "first_visit_on", "last_visit_on", "finished_on"), DAY)
        | {"open_visits": WHOLE}
    ),
    "visit": _schema(
        _OF_ALL
        | _OF_A_COURSE
        | {"status": STRING, "booked_on": DAY, "number": WHOLE, "planned_visits": WHOLE, "rebooked": YES_OR_NO}
        | dict.fromkeys((f"{when}{what}_minutes" for when in ("planned_", "") for what in MINUTES_OF), WHOLE)
        | {"reactions": WHOLE}
    ),
    "sale": _schema(
        _OF_ALL
        | _OF_A_COURSE
        | {"what": STRING, "currency": STRING}
        | dict.fromkeys(("paid_cents", "list_cents", "product_cost_cents", "worth_cents"), WHOLE)
    ),
}
"""The facts of each kind, as the store keeps them. Nothing in them names anybody."""

DROPPED_AFTER_DAYS: Final = 90
"""A course with nothing booked that nobody came to for so long has ended."""
ON: Final = {
    "day": "facts",
    **{on: f"facts_by_{on}" for on in ("created_on", "booked_on", "first_visit_on", "ended_on")},
}
"""By which day facts may be counted, and the view in which that one is their day."""

HAPPENED: Final = "coalesce(status NOT IN ('booked', 'cancelled'), true)"
"""As SQL, of one fact: it was. A visit that is booked is ahead, and so may be the day of one that was cancelled."""

_NO_FILE_AND_NO_NETWORK: Final[dict[str, Any]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_EVERY = f"""
CREATE VIEW every_fact AS SELECT * REPLACE (
        CASE WHEN kind <> 'consultation' THEN option WHEN chosen NOT IN ('wait', 'not_yet', 'no') THEN chosen END AS option
    ),
    created_on - day AS days_to_decide,
    booked_on - day AS days_to_book,
    first_visit_on - day AS days_to_first_visit,
    CASE WHEN kind = 'consultation' THEN coalesce(finished_on, CASE WHEN open_visits = 0
        AND last_visit_on + {DROPPED_AFTER_DAYS} <= newest_day THEN last_visit_on + {DROPPED_AFTER_DAYS} END) END AS ended_on,
    CASE WHEN status = 'performed' THEN coalesce(chair_minutes, planned_chair_minutes) END AS used_chair_minutes,
    CASE WHEN status = 'performed' THEN coalesce(provider_minutes, planned_provider_minutes) END AS used_provider_minutes,
    paid_cents / 100.0 AS paid,
    list_cents / 100.0 AS list_price,
    product_cost_cents / 100.0 AS product_cost,
    worth_cents / 100.0 AS worth
FROM (
    SELECT *, CASE WHEN demo THEN (SELECT day FROM newest_days WHERE demo) ELSE (SELECT day FROM newest_days WHERE NOT demo)
        END AS newest_day
    FROM kept
)
"""  # noqa: S608 - our own number only
_NEWEST_DAYS = f"""
CREATE OR REPLACE TABLE newest_days AS
SELECT demo, max(day) FILTER ({HAPPENED}) AS day FROM kept GROUP BY demo
"""  # noqa: S608 - our own words only
"""Looked up once after each change: inside the view it would be looked up in all facts for each question."""
_SPANS = """
CREATE OR REPLACE TABLE spans AS
SELECT demo, kind, min(day) AS first, max(day) AS last FROM kept WHERE coalesce(status = 'performed', true) GROUP BY demo, kind
"""
"""From when to when facts of each kind are known."""
_BY_A_DAY = """
CREATE VIEW {view} AS SELECT *,
    strftime(day, '%Y-%m') AS month,
    strftime(date_trunc('week', day), '%Y-%m-%d') AS week,
    year(day) || '-Q' || quarter(day) AS quarter,
    isodow(day) AS weekday
FROM (SELECT * REPLACE ({on} AS day) FROM every_fact)
WHERE day IS NOT NULL
"""
"""What a metric's expressions may name: the facts, and the periods that each lies in."""


class FactsTable:
    """The facts as one table that may be asked from several threads."""

    stamp: Any = None
    """As of when the facts are, where they do not follow the store."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:", config=_NO_FILE_AND_NO_NETWORK)
        self._connection.register("incoming", empty_facts())
        self._connection.execute("CREATE TABLE kept AS SELECT * FROM incoming")
        self._connection.unregister("incoming")
        self._connection.execute("ALTER TABLE kept ADD PRIMARY KEY (id)")
        open_views(self._connection)
        self._lock = threading.Lock()
        self._remembered: dict[str, pd.DataFrame] = {}

    def __len__(self) -> int:
        return int(self.frame("SELECT count(*) AS found FROM kept").loc[0, "found"])

    @property
    def newest(self) -> int:
        """The highest sequence number in it; 0 while it is empty."""
        return int(self.frame("SELECT coalesce(max(seq), 0) AS found FROM kept").loc[0, "found"])

    @property
    def whose(self) -> set[bool]:
        """Whether facts of the invented practice (True) and of the real one (False) are in it."""
        return set(self.frame("SELECT demo FROM newest_days")["demo"])

    def keep_up(self, store: Store) -> None:
        """Takes in what the store has more; where facts are gone from it, everything is read anew."""
        in_all, newest = facts_at(store)
        if (in_all, newest) == (len(self), self.newest):
            return
        self._read(store, self.newest)
        if len(self) != in_all:
            self.empty()
            self._read(store, -1)

    def _read(self, store: Store, after: int) -> None:
        for kind in COLUMNS:
            self.put(as_arrow(read_facts(store, after, kind), kind), kind)

    def put(self, facts: pa.Table, kind: Kind = "consultation") -> None:
        """Takes facts of a kind in, each over the one of the same id."""
        with self._lock:
            self._connection.register("incoming", facts.cast(COLUMNS[kind]))
            self._connection.execute(f"INSERT OR REPLACE INTO kept BY NAME SELECT *, '{kind}' AS kind FROM incoming")  # noqa: S608
            self._connection.unregister("incoming")
            self._changed()

    def empty(self) -> None:
        """Takes everything out."""
        with self._lock:
            self._connection.execute("DELETE FROM kept")
            self._changed()

    def _changed(self) -> None:
        self._connection.execute(_NEWEST_DAYS)
        self._connection.execute(_SPANS)
        self._remembered.clear()

    def frame(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
        """What a query finds, one row each. `values` stand for its ? or $names. Raises duckdb.Error for a wrong one."""
        with self._lock:
            return self._connection.execute(query, values or None).df()

    def remembered(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> pd.DataFrame:
        """The same, for what each run of a page asks again whatever is filtered: found once, until there are other facts."""
        key = repr((query, values))
        with self._lock:
            if key not in self._remembered:
                self._remembered[key] = self._connection.execute(query, values or None).df()
            return self._remembered[key]

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


def empty_facts() -> pa.Table:
    """A table of every column of every kind, with nothing in it."""
    return pa.unify_schemas(
        [pa.schema([pa.field("kind", STRING)]), *map(_all_optional, COLUMNS.values())]
    ).empty_table()


def open_views(connection: duckdb.DuckDBPyConnection) -> None:
    """What may be asked, over the facts in `kept`; from now on the connection stays as it is set."""
    connection.execute(_NEWEST_DAYS)
    connection.execute(_SPANS)
    connection.execute(_EVERY)
    for on, view in ON.items():
        connection.execute(_BY_A_DAY.format(on=on, view=view))
    connection.execute("SET lock_configuration = true")


def as_arrow(columns: Mapping[str, Sequence[Any]], kind: Kind = "consultation") -> pa.Table:
    """The store's columns of a kind as the table that DuckDB takes in."""
    named = {_NAMES.get(name, name): values for name, values in columns.items()}
    schema = COLUMNS[kind]
    return pa.table({name: named[name] for name in schema.names}, schema=schema)


_NAMES: Final = {"consulted_on": "day", "option_id": "option"}


def _all_optional(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in schema])
