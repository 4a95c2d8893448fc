"""Files made for one sign-in: they wait in memory for minutes, and go out once, to whoever asked for them and to nobody else.

Bound to the sign-in and to the roles it had then. In a client's hands nothing is there, and after the sign-in nothing is either.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from medspa_core.access.rights import Role
from medspa_core.access.secrets.tokens import new_token
from medspa_core.access.sign_in.sign_ins import SignIn

LASTS = timedelta(minutes=2)
MOST_EACH = 4
"""Files of one sign-in that wait at a time; the oldest goes."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file, for whom, and until when."""

    sign_in: str
    roles: frozenset[Role]
    name: str
    kind: str
    content: bytes
    until: datetime


class MadeFiles:
    """All that wait. Made in one thread and fetched in another."""

    def __init__(self) -> None:
        self._waiting: dict[str, MadeFile] = {}
        self._fetched: dict[str, MadeFile] = {}  # without their content
        self._lock = threading.Lock()

    def keep(self, sign_in: SignIn, name: str, kind: str, content: bytes, now: datetime) -> str:
        """Lets it wait for this sign-in; the random key to fetch it by comes out."""
        key = new_token()
        with self._lock:
            mine = [one for one, file in self._waiting.items() if file.sign_in == sign_in.id]
            for old in mine[: max(0, len(mine) + 1 - MOST_EACH)]:
                del self._waiting[old]
            self._waiting[key] = MadeFile(sign_in.id, sign_in.person.roles, name, kind, content, now + LASTS)
        return key

    def is_there(self, key: str, sign_in: SignIn, now: datetime) -> bool:
        """Would it be given? Asking uses nothing up."""
        with self._lock:
            return _given(self._waiting.get(key), sign_in, now)

    def was_there(self, key: str, sign_in: SignIn, now: datetime) -> bool:
        """Was it given to this sign-in a moment ago?"""
        with self._lock:
            return _given(self._fetched.get(key), sign_in, now)

    def take(self, key: str, sign_in: SignIn, now: datetime) -> MadeFile | None:
        """The file, once; None for one that is not there for this sign-in, whoever else it is there for."""
        with self._lock:
            if not _given(self._waiting.get(key), sign_in, now):
                return None
            file = self._waiting.pop(key)
            self._fetched[key] = replace(file, content=b"")
            return file

    def put_back(self, key: str, file: MadeFile) -> None:
        """It did not arrive: it waits for the rest of its time."""
        with self._lock:
            self._waiting[key] = file

    def forget(self, now: datetime, sign_in: str = "") -> None:
        """What is past its time goes, and whatever is of a sign-in that is over."""
        if self._waiting or self._fetched:
            with self._lock:
                self._waiting, self._fetched = (
                    {key: file for key, file in files.items() if now < file.until and file.sign_in != sign_in}
                    for files in (self._waiting, self._fetched)
                )


def _given(file: MadeFile | None, sign_in: SignIn, now: datetime) -> bool:
    """Is there one for this sign-in, in the hands and with the roles it was made for?"""
    if file is None or sign_in.ended or sign_in.person.held:
        return False
    return file.sign_in == sign_in.id and file.roles == sign_in.person.roles and now < file.until
