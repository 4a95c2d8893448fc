"""The head of the audit log outside the database: the last row goes in, and comes out of whatever is still there.

Two files in one folder, both signed. `audit-head.json` is written every minute and at close. `audit-head.latest` is written
with each save, before it is acknowledged: should a damaged, cut or lost log take a save away, the head says so.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from medspa_core.records.audit.log import START, Head, signature
from medspa_core.records.keys import sync_folder, write_secret
from medspa_core.records.problems import AuditRefused, StoreProblem

HEAD_FILE, LATEST_FILE = "audit-head.json", "audit-head.latest"
SLOTS, SLOT_BYTES, NOTE_BYTES = 4, 4096, 256
"""Each row number has its place in the file, so that a power cut while one is written leaves the one before. A place of its own
block each: a disk writes a block whole, or not."""


LOG = logging.getLogger("medspa.records")
PUBLISH_EVERY = timedelta(minutes=1)
PUBLISH_ROWS = 200


class OutsideHead:
    """The head in files that are not in the database's folder, signed. Without them a cut tail would look sound."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.path = folder / HEAD_FILE
        self.latest = folder / LATEST_FILE
        self._key = key
        self._handle: int | None = None

    def read(self) -> Head | None:
        """The last head noted, or None if none is there. A forged or damaged note is refused."""
        heads = [one for one in (self._published(), self._latest()) if one is not None]
        return max(heads, key=lambda one: one.seq, default=None)

    def _published(self) -> Head | None:
        try:
            head = self._head_of(self.path.read_text("ascii"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            head = None
        if head is None:
            raise AuditRefused(f"{self.path}: the outside head of the audit log was changed, or is of another clinic.")
        return head

    def _latest(self) -> Head | None:
        """Of the notes there the last one that is whole."""
        try:
            whole = self.latest.read_bytes()
        except OSError:
            return None
        found = [self._note_at(whole[at : at + NOTE_BYTES]) for at in range(0, len(whole), SLOT_BYTES)]
        return max((one for one in found if one is not None), key=lambda one: one.seq, default=None)

    def _note_at(self, written: bytes) -> Head | None:
        try:
            return self._head_of(written.decode("ascii"))
        except ValueError:
            return None

    def _head_of(self, written: str) -> Head | None:
        """None where it is not ours. Raises ValueError where it is nothing."""
        try:
            noted = json.loads(written)
            head = Head(int(noted["seq"]), str(noted["hash"]))
            return head if hmac.compare_digest(str(noted["proof"]), self._proof(head)) else None
        except (KeyError, TypeError):
            return None

    def write(self, head: Head, *, back: bool = False) -> None:
        """Notes the head. It only moves on, unless `back` (after a restore) says that it may not."""
        if back:
            self._begin_latest_anew(head)
        noted = None if back else self._published()
        if noted is None or head.seq > noted.seq:
            write_secret(self.path, self._signed(head) + "\n")

    def note(self, head: Head) -> None:
        """The same for one save, in place and on the disk when it returns: a fifth of a millisecond. It only moves on."""
        handle = self._open()
        at = head.seq % SLOTS * SLOT_BYTES
        os.lseek(handle, at, os.SEEK_SET)
        there = self._note_at(os.read(handle, NOTE_BYTES))
        if there is None or there.seq < head.seq:
            os.lseek(handle, at, os.SEEK_SET)
            os.write(handle, self._signed(head).ljust(NOTE_BYTES - 1).encode("ascii") + b"\n")
            getattr(os, "fdatasync", os.fsync)(handle)

    def close(self) -> None:
        """Lets go of the file; more than once is fine."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _open(self) -> int:
        if self._handle is not None and os.fstat(self._handle).st_nlink == 0:  # somebody took the file away
            self.close()
        if self._handle is None:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
            self._handle = os.open(self.latest, flags, 0o600)
            if os.fstat(self._handle).st_size < SLOTS * SLOT_BYTES:
                self._make_room(self._handle)
        return self._handle

    def _make_room(self, handle: int) -> None:
        """All of its blocks at once: later no save finds the disk full here."""
        os.lseek(handle, 0, os.SEEK_END)
        os.write(handle, b" " * (SLOTS * SLOT_BYTES - os.fstat(handle).st_size))
        os.fsync(handle)
        sync_folder(self.latest.parent)

    def _begin_latest_anew(self, head: Head) -> None:
        self.close()
        with contextlib.suppress(FileNotFoundError):
            self.latest.unlink()
        self.note(head)

    def _signed(self, head: Head) -> str:
        return json.dumps(asdict(head) | {"proof": self._proof(head)})

    def _proof(self, head: Head) -> str:
        return signature(self._key, ["outside head", head.seq, head.hash])


class HeadsOutside:
    """Where an open store notes its head: beside the keys, and in a second place that may be away."""

    def __init__(self, folder: Path | None, key: bytes, *, with_each_save: bool) -> None:
        self.beside = None if folder is None else OutsideHead(folder, key)
        self.second: OutsideHead | None = None
        self._with_each_save = with_each_save
        self._told = False
        self._published, self._published_at = START, datetime.min.replace(tzinfo=UTC)
        self._at = self._published_at

    def follow(self, head: Head, at: datetime) -> None:
        """A save is on the disk, and about to be acknowledged. It stands, whatever comes of this; `verify` shows an old head."""
        self._at = at
        if self._with_each_save and self.beside is not None:
            self._note(self.beside, head)
        soon = timedelta(0) <= at - self._published_at < PUBLISH_EVERY
        if not soon or head.seq - self._published.seq >= PUBLISH_ROWS:
            with contextlib.suppress(StoreProblem, OSError):
                self.publish(head)

    def _note(self, beside: OutsideHead, head: Head) -> None:
        try:
            beside.note(head)
            self._told = False
        except OSError as problem:
            if not self._told:
                LOG.warning("the head of the audit log can't be noted with each save: %s", problem.strerror)
            self._told = True

    def publish(self, head: Head, *, back: bool = False) -> None:
        """Notes it in both places."""
        if self.beside is not None:
            self.beside.write(head, back=back)
        if self.second is not None:
            with contextlib.suppress(StoreProblem, OSError):  # the other disk may be away; the page shows how old it is
                self.second.write(head, back=back)
        self._published, self._published_at = head, self._at

    def close(self) -> None:
        """Lets go of its files."""
        if self.beside is not None:
            self.beside.close()
