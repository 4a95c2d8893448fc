"""Going on knowingly: a store with something amiss goes in, it opens again, and what is missing is named and kept.

A copy of everything as it was found lies beside. What is left is proven before it is taken: every page, row and link, and the
audit chain. Who decided, and what was missing, stands in the audit log for good.
"""

from __future__ import annotations

import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from medspa_core.records.audit.log import EXECUTED, SERIOUS, Doer, verify_chain
from medspa_core.records.audit.outside_head import HEAD_FILE, LATEST_FILE
from medspa_core.records.backups.proven_copy import raw
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.key_check_values import note_keys, note_new
from medspa_core.records.database.opening_check import Amiss, whats_amiss
from medspa_core.records.database.store import Clock, Store
from medspa_core.records.database.store_location import FilePlace, Place, held_alone, looking
from medspa_core.records.keys import Keys, sync_folder
from medspa_core.records.problems import AuditRefused, StoreProblem, problems_as_sentences


def accept_loss(place: Place, keys: Keys, clock: Clock, second: Path | None, doer: Doer) -> list[str]:
    """Goes on with what is left. A line for each thing that is missing, and where everything as it was found lies."""
    with problems_as_sentences():
        with held_alone(place):
            found = _proven(place, keys, second)
            kept = _keep(place.path, keys, clock()) if isinstance(place, FilePlace) else ""
        with Store(place, keys, clock) as store:
            if second is not None:
                store.note_head_in(second)
            _note(store.by(doer), found, kept)
    lines = [str(one.problem).partition("\n")[0] for one in found]
    return [*lines, f"What was found is kept: {kept}"] if kept else lines


def _proven(place: Place, keys: Keys, second: Path | None) -> list[Amiss]:
    found = list(whats_amiss(place, keys, second))
    if not found:
        raise StoreProblem(f"{place.name}: nothing is missing. Nothing was changed; start the program.")
    for one in found:
        if not one.acceptable:
            raise one.problem
    with looking(place, keys) as connection:
        _prove(connection, place, keys)
    return found


def _prove(connection: Connection, place: Place, keys: Keys) -> None:
    """A log that lost its end can leave pages of different times: then what is left is no store, and only a backup helps."""
    if isinstance(place, FilePlace):
        encrypted_file.check_pages(raw(connection), place.name)
    wrong = verify_chain(connection, keys.audit)
    if wrong:
        raise AuditRefused(f"{place.name}: what is left does not hold together: {wrong[0]}. Nothing was changed.")


def _keep(path: Path, keys: Keys, now: datetime) -> str:
    """The file, its log and the heads outside, byte for byte as they were found."""
    name = f"{path.name}.until-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    for ending in ("", "-wal"):
        _copy(path.with_name(path.name + ending), path.with_name(name + ending))
    for head in (HEAD_FILE, LATEST_FILE):
        if keys.folder is not None:
            _copy(keys.folder / head, path.with_name(f"{name}-{head}"))
    sync_folder(path.parent)
    return name


def _copy(source: Path, target: Path) -> None:
    if source.exists():
        encrypted_file.make_empty(target)
        shutil.copyfile(source, target)
        encrypted_file.force_to_disk(target)


def _note(store: Store, found: list[Amiss], kept: str) -> None:
    detail = {"accepted": [one.kind.value for one in found], "missing": [one.detail for one in found], "kept": kept}
    with store.writing() as connection:
        store.note(connection, store.now(), EXECUTED, "loss accepted", detail, outcome=SERIOUS)
        note_keys(connection, store.keys)
        note_new(connection, store.keys, head=store.keys.folder is not None)
    store.publish_head(back=True)
    store.leave_nothing_behind()  # else what stands behind the damage would be found again after the next crash
