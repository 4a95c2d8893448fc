"""From one engine to another: every row of a clinic goes over in one transaction, and is counted and proven there."""

from __future__ import annotations

from pathlib import Path

from medspa_core.records import migration
from medspa_core.records.audit.log import EXECUTED, read_head
from medspa_core.records.database.row_copy import NOT_EMPTY, Contents, fill_empty, has_records, prove
from medspa_core.records.database.store import Clock, Store
from medspa_core.records.database.store_location import place_of
from medspa_core.records.opening import open_store
from medspa_core.records.problems import StoreProblem


def move_clinic(store: Store, to: str | Path, clock: Clock) -> Contents:
    """Copies a clinic into an empty store of either engine; what comes back was counted and verified there.

    The old store stays as it is. Once the new one is used the old one is refused, as an older copy.
    """
    target = place_of(to)
    # asked before the log says so: what was moved there before would be an older copy
    if has_records(target, store.keys):
        raise StoreProblem(f"{target.name}: {NOT_EMPTY}")
    with store.writing() as connection:
        store.note(connection, store.now(), EXECUTED, "move", {"to": target.name})
    store.publish_head()
    with store.reading() as source:
        wanted, head = migration.contents(source), read_head(source)
        fill_empty(source, target, store.keys)
    prove(target, store.keys, wanted, head)
    if store.keys.folder is not None:
        open_store(to, store.keys, clock).close()
    return wanted
