"""The first look at a store, before anything writes to it: a place and its keys go in, what is amiss comes out, unchanged.

Whoever opens a damaged log for writing throws away what stands behind the damage. So a file that nobody has open is looked at
first: its log as it lies on the disk, then what would be read of it, against the keys and the heads outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection

from medspa_core.records.audit.log import Head, has_audit, read_head
from medspa_core.records.audit.outside_head import OutsideHead
from medspa_core.records.database.encrypted_file import FileLock
from medspa_core.records.database.key_check_values import changed_keys, had_a_head
from medspa_core.records.database.store_location import FilePlace, Place, looking
from medspa_core.records.database.wal_frames import LogFound, look_at_log
from medspa_core.records.keys import WHAT_FOR, Keys
from medspa_core.records.problems import AuditRefused, KeyProblem, LogDamaged, StoreDamaged, StoreProblem

GO_ON = "To go on without what is missing: python -m medspa_core accept-loss SIGN-IN-NAME (an owner's)"


REPLACEABLE = {
    "pepper": "If it is lost for good, PINs and second factors must be set anew.",
    "backup": "If it is lost for good, no backup made so far can be opened.",
}
"""Keys that the records can go on without, and what is lost with them."""


class Kind(StrEnum):
    """What can be amiss before anything is read."""

    LOG = "log damaged"
    ROWS = "rows missing"
    HEAD = "head gone"
    KEY = "key changed"


@dataclass(frozen=True, slots=True)
class Amiss:
    """One thing that is amiss. `acceptable`: somebody with the right may go on all the same."""

    kind: Kind
    problem: StoreProblem
    acceptable: bool = True
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Heads:
    """The head as it is noted outside. Read before the store is asked for its own: another program may save meanwhile."""

    noted: Head | None
    damaged: AuditRefused | None
    where: tuple[Path, ...]


def read_heads(keys: Keys, second: Path | None = None) -> Heads:
    """The head beside the keys and, only where that is gone, the one in the second place."""
    return _read_in(tuple(folder for folder in (keys.folder, second) if folder is not None), keys)


def _read_in(where: tuple[Path, ...], keys: Keys) -> Heads:
    for folder in where:
        try:
            noted = OutsideHead(folder, keys.audit).read()
        except AuditRefused as problem:
            return Heads(None, problem, where)
        if noted is not None:
            return Heads(noted, None, where)
    return Heads(None, None, where)


def refuse_what_is_amiss(place: Place, keys: Keys, second: Path | None = None) -> None:
    """Raises the first thing that is amiss with a file that nobody has open; then nothing of it was changed."""
    if isinstance(place, FilePlace) and place.path.is_file() and place.path.stat().st_size:
        with FileLock(place.path).alone_if_free() as alone:
            if alone:
                for amiss in whats_amiss(place, keys, second):
                    raise amiss.problem


def refuse_a_damaged_log(path: Path) -> None:
    """Raises LogDamaged where nobody has the file open and its log lost saves. It asks for no key."""
    with FileLock(path).alone_if_free() as alone:
        amiss = _log_amiss(FilePlace(path)) if alone else None
    if amiss is not None:
        raise amiss.problem


def whats_amiss(place: Place, keys: Keys, second: Path | None) -> Iterator[Amiss]:
    """Everything that is amiss, the gravest first. A file must be open to nobody."""
    if isinstance(place, FilePlace) and (of_log := _log_amiss(place)) is not None:
        yield of_log
    heads = read_heads(keys, second)
    with looking(place, keys) as connection:
        yield from against_outside(connection, place, keys, heads)


def against_outside(connection: Connection, place: Place, keys: Keys, heads: Heads) -> Iterator[Amiss]:
    """What the store says against the keys and the heads outside."""
    for name in changed_keys(connection, keys):
        yield Amiss(Kind.KEY, _key_problem(keys, name), name in REPLACEABLE, name)
    if not has_audit(connection):
        return
    head = read_head(connection)
    if heads.damaged is not None:
        yield Amiss(Kind.HEAD, AuditRefused(f"{heads.damaged} {GO_ON}"))
    elif heads.noted is None and keys.folder is not None and had_a_head(connection) and _still_gone(heads, keys):
        yield Amiss(Kind.HEAD, _head_gone(heads))
    if heads.noted is not None and head.seq < heads.noted.seq:
        yield Amiss(Kind.ROWS, _rows_missing(place, head, heads.noted), detail=f"{head.seq + 1}-{heads.noted.seq}")


def _still_gone(heads: Heads, keys: Keys) -> bool:
    """Another program may just have made the store: it notes its head before it says that there is one."""
    return _read_in(heads.where, keys).noted is None


CUT = "{name}: the end of the file is missing. It was left as it is; restore the last good backup."


def _log_amiss(place: FilePlace) -> Amiss | None:
    found = look_at_log(_log(place.path))
    if found is None:
        return None
    if place.path.stat().st_size < found.bytes:
        return Amiss(Kind.LOG, StoreDamaged(CUT.format(name=place.name)), acceptable=False)
    if not found.lost:
        return None
    return Amiss(Kind.LOG, _log_problem(place.path, found), detail=f"{found.behind} pages")


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _log_problem(path: Path, found: LogFound) -> LogDamaged:
    return LogDamaged(
        f"{_log(path)}: the log of the last saves is damaged; {found.behind} of its {found.frames} pages can't be read, and "
        f"saves among them were finished. It and {path.name} were left as they are."
    )


def _key_problem(keys: Keys, name: str) -> KeyProblem:
    where = f"{keys.folder / f'{name}.key'}: this" if keys.folder is not None else "This"
    return KeyProblem(
        f"{where} is not the {name} key that the records were last used with (it {WHAT_FOR[name]}). Bring the right one back: "
        "move the folder of the keys away, and write them again from the recovery sheet with `restore-keys`."
        + (f" {REPLACEABLE[name]} {GO_ON}" if name in REPLACEABLE else "")
    )


def _head_gone(heads: Heads) -> AuditRefused:
    places = " and in ".join(map(str, heads.where))
    return AuditRefused(
        f"The note of the audit log's last row is gone; it was not found in {places}. Without it nobody can say whether the "
        f"records are whole. Bring audit-head.json back there. {GO_ON}"
    )


def _rows_missing(place: Place, head: Head, noted: Head) -> AuditRefused:
    kept = f" It was left as it is: {place.path} and its -wal." if isinstance(place, FilePlace) else ""
    return AuditRefused(
        f"The audit log ends at {head.seq}, the head outside at {noted.seq}: {noted.seq - head.seq} rows that were saved are "
        "missing. This is an older copy of the store, or the end of its log was damaged or cut off. Nothing is done with it."
        f"{kept} If the clinic was moved, use the place it was moved to; else restore the last good backup with `restore`. "
        f"{GO_ON}"
    )
