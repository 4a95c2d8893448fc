"""What the program does by itself: a backup and a check of everything each night, and the head of the log every minute.

A thread looks every minute whether something is due. What is due is decided by the store: a run is written down before it
begins, so of several processes one does it, and a night that was cut short is done again.
"""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from medspa_core.records.audit.log import DONE, EXECUTED, FAILED, THE_PROGRAM
from medspa_core.records.backups.backup import Backup, last_proven_backup, make_backup, prune_backups
from medspa_core.records.database.checks import verify
from medspa_core.records.database.store import Store
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import night_runs

LOG = logging.getLogger("medspa.night")
NIGHT_BEGINS = time(2, 30)
LOOK_EVERY = timedelta(minutes=1)
GIVEN_UP_AFTER = timedelta(hours=1)
AGAIN_AFTER = timedelta(hours=1)
TOO_OLD = timedelta(hours=26)
HEAD_ROOM_BYTES = 1_000_000_000
MOST_LINES = 20


class Kind(StrEnum):
    """What is done at night, in this order."""

    BACKUP = "backup"
    VERIFY = "verify"


class Outcome(StrEnum):
    """How a run ended. `FOUND`: it ran, and found something wrong."""

    DONE = "done"
    FOUND = "found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run, whether asked for or by night. Without an outcome it is under way, or was cut short."""

    id: str
    kind: Kind
    began_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Where backups go and how many stay. `local`: a moment on the clinic's own clock."""

    backups: Path
    keep: int
    local: Callable[[datetime], datetime]


def is_due(last: Run | None, now: datetime, local: Callable[[datetime], datetime]) -> bool:
    """Once for each local day, from half past two on; a computer that was off does it when it is on again."""
    if local(now).time() < NIGHT_BEGINS:
        return False
    if last is None or last.began_at > now:  # a clock that was set back postpones nothing
        return True
    if last.outcome is None:
        return now - last.began_at >= GIVEN_UP_AFTER
    if last.outcome is Outcome.FAILED:
        return now - last.began_at >= AGAIN_AFTER
    done = local(last.began_at)
    night = done.date() if done.time() >= NIGHT_BEGINS else done.date() - timedelta(days=1)
    return night < local(now).date()


def do_what_is_due(store: Store, plan: Plan) -> list[Run]:
    """Every run that is due and that no other process has taken."""
    ours, done = store.by(THE_PROGRAM), []
    for kind in Kind:
        run = _take(ours, kind, plan)
        if run is not None:
            done.append(_do(ours, run, plan))
    return done


def do_now(store: Store, kind: Kind, plan: Plan) -> Run:
    """A run that somebody asked for."""
    with store.writing() as connection:
        run = _begin(connection, kind, store.now())
    return _do(store, run, plan)


def _take(store: Store, kind: Kind, plan: Plan) -> Run | None:
    """Writes down that this run begins; None if it is not due. One at a time asks and writes, so one gets it."""
    if not is_due(last_run(store, kind), store.now(), plan.local):
        return None
    with store.writing() as connection:
        now = store.now()
        return _begin(connection, kind, now) if is_due(_last(connection, kind), now, plan.local) else None


def _begin(connection: Connection, kind: Kind, now: datetime) -> Run:
    run = Run(secrets.token_urlsafe(12), kind, now)
    connection.execute(insert(night_runs).values(id=run.id, kind=kind.value, began_at=now, lines="[]"))
    return run


def _do(store: Store, run: Run, plan: Plan) -> Run:
    try:
        lines = _back_up(store, plan) if run.kind is Kind.BACKUP else _verify(store)
        outcome = Outcome.FOUND if lines and run.kind is Kind.VERIFY else Outcome.DONE
    except (StoreProblem, OSError) as problem:
        LOG.warning("%s failed: %s", run.kind, type(problem).__name__)
        lines, outcome = [str(problem)], Outcome.FAILED
    return _end(store, run, outcome, lines)


def _back_up(store: Store, plan: Plan) -> list[str]:
    made = make_backup(store, plan.backups)
    prune_backups(store, plan.backups, plan.keep)
    return [made.folder.name]


def _verify(store: Store) -> list[str]:
    found = verify(store.place, store.keys, store.second_head())
    with store.writing() as connection:
        outcome = FAILED if found else DONE
        store.note(connection, store.now(), EXECUTED, "verify", {"findings": len(found)}, outcome=outcome)
    return found


def _end(store: Store, run: Run, outcome: Outcome, lines: list[str]) -> Run:
    now = store.now()
    row = update(night_runs).where(night_runs.c.id == run.id)
    row = row.values(ended_at=now, outcome=outcome.value, lines=json.dumps(lines[:MOST_LINES]))
    # Where nothing can be written the run counts as cut short, and is done again.
    with contextlib.suppress(StoreProblem), store.writing() as connection:
        connection.execute(row)
    return Run(run.id, run.kind, run.began_at, now, outcome, tuple(lines[:MOST_LINES]))


def last_run(store: Store, kind: Kind) -> Run | None:
    """The run that began last."""
    with store.reading() as connection:
        return _last(connection, kind)


def _last(connection: Connection, kind: Kind) -> Run | None:
    query = select(night_runs).where(night_runs.c.kind == kind.value).order_by(night_runs.c.began_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    outcome = None if row.outcome is None else Outcome(row.outcome)
    return Run(row.id, kind, row.began_at, row.ended_at, outcome, tuple(json.loads(row.lines)))


# --- what a page warns of -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """How safe the records are at this moment."""

    last: Backup | None
    too_old: bool
    failed: Run | None
    verified: Run | None
    free_bytes: int

    @property
    def short_of_room(self) -> bool:
        """The audit log needs head-room: without a row of it nothing opens."""
        return self.free_bytes < HEAD_ROOM_BYTES


def nearest_there(folder: Path) -> Path:
    """This folder, or the nearest above it that is there: with a database server nothing may be written there yet."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def standing(store: Store, home: Path, now: datetime) -> Standing:
    """The last proven backup and its age, the last check, and the room that is left on the disk."""
    last, run = last_proven_backup(store), last_run(store, Kind.BACKUP)
    failed = run if run is not None and run.outcome is Outcome.FAILED else None
    return Standing(
        last=last,
        too_old=last is None or now - last.proven_at > TOO_OLD,
        failed=failed,
        verified=last_run(store, Kind.VERIFY),
        free_bytes=shutil.disk_usage(nearest_there(home)).free,
    )


# --- the thread ---------------------------------------------------------------------------------------------------


class NightWatch:
    """Looks every minute in a thread of its own, from a minute after the start on. `open_store` is asked each time."""

    def __init__(self, open_store: Callable[[], Store], plan: Plan) -> None:
        self._open_store = open_store
        self._plan = plan
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="night watch", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self, seconds: float = 5) -> None:
        """Ends at the next look; a backup that is under way is left, and nothing of it counts."""
        self._over.set()
        self._thread.join(seconds)

    def look(self) -> list[Run]:
        """One look: the head goes outside, and what is due is done. A store that can't be opened is tried again later."""
        try:
            store = self._open_store()
            store.publish_head()
            return do_what_is_due(store, self._plan)
        except (StoreProblem, OSError) as problem:
            LOG.warning("night watch: %s", type(problem).__name__)
            return []

    def _watch(self) -> None:
        while not self._over.wait(LOOK_EVERY.total_seconds()):
            try:
                self.look()
            except Exception as problem:  # a bug here must not end the watch; its text may hold anything
                LOG.error("night watch: %s", type(problem).__name__)
