"""Which page of whom takes a file at this moment: one that asks for a file opens the way for its own session, and no other."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

from medspa_core.access.rights import Verb, may
from medspa_core.access.sign_in.sign_ins import SignIn

LASTS = timedelta(minutes=30)
MOST_OPEN = 200
MOST_FILES, WITHIN = 10, timedelta(minutes=1)
"""So many files one sign-in may send in so long."""


class OpenUploads:
    """All that are open. A page opens its own when it is drawn; the gate asks."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[str, Verb, datetime]] = {}
        self._sent: dict[str, deque[datetime]] = {}
        self._lock = threading.Lock()

    def open(self, session: str, sign_in: SignIn, verb: Verb, now: datetime) -> None:
        """This session of this sign-in takes a file for a while, as long as the right to do so holds."""
        with self._lock:
            self._open.pop(session, None)
            self._open[session] = sign_in.id, verb, now + LASTS
            for old in list(self._open)[:-MOST_OPEN]:
                del self._open[old]

    def is_open(self, session: str, sign_in: SignIn, now: datetime) -> bool:
        """May whoever is signed in send a file to this session?"""
        with self._lock:
            mine, verb, until = self._open.get(session, ("", Verb.IMPORT_FIGURES, now))
        return mine == sign_in.id and now < until and may(sign_in.person, verb)

    def too_many(self, sign_in: SignIn, now: datetime) -> bool:
        """Counts one more file; whether it is one too many."""
        with self._lock:
            self._sent = {one: sent for one, sent in self._sent.items() if now - sent[-1] < WITHIN}
            sent = self._sent.setdefault(sign_in.id, deque(maxlen=MOST_FILES))
            if len(sent) == MOST_FILES and now - sent[0] < WITHIN:
                return True
            sent.append(now)
            return False
