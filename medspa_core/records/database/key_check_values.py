"""What lies outside the store and must fit it: keys go in, the names of those that are others come out.

Of each key the store keeps a check value, a keyed hash of a fixed word: it says nothing of the key, and that another key took
its place is noticed at the next start, not on the day a backup is needed. That the head of the audit log was noted outside is
kept as well, so that a note which is gone is missed.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, inspect, select

from medspa_core.records.keys import NAMES, Keys
from medspa_core.records.schema import known_outside

HEAD, NOTED = "head", "noted"


def check_value(name: str, key: bytes) -> str:
    """What is kept of a key."""
    return hmac.new(key, f"medspa check of the key {name}".encode(), "sha256").hexdigest()[:32]


def changed_keys(connection: Connection, keys: Keys) -> list[str]:
    """The keys that are not those the store was last used with. Of a store without check values nothing is known."""
    kept = _kept(connection)
    return [
        name for name, key in keys.by_name().items() if kept.get(name, check_value(name, key)) != check_value(name, key)
    ]


def note_new(connection: Connection, keys: Keys, *, head: bool) -> None:
    """Keeps the check value of each key that has none yet, and that a head is noted outside."""
    if not has_check_values(connection):
        return
    kept = _kept(connection)
    note_keys(connection, keys, [name for name in NAMES if name not in kept])
    if head and HEAD not in kept:
        connection.execute(insert(known_outside).values(name=HEAD, value=NOTED))


def note_keys(connection: Connection, keys: Keys, names: Collection[str] = NAMES) -> None:
    """From now on these keys count, whatever was kept of them."""
    if not has_check_values(connection):
        return
    for name in names:
        connection.execute(delete(known_outside).where(known_outside.c.name == name))
        connection.execute(insert(known_outside).values(name=name, value=check_value(name, keys.by_name()[name])))


def has_check_values(connection: Connection) -> bool:
    """A store of an older version has none yet."""
    return inspect(connection).has_table(known_outside.name)


def had_a_head(connection: Connection) -> bool:
    """Was the head of the audit log ever noted outside this store?"""
    return HEAD in _kept(connection)


def _kept(connection: Connection) -> dict[str, str]:
    if not has_check_values(connection):
        return {}
    return {row.name: row.value for row in connection.execute(select(known_outside))}
