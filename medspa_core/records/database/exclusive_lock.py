"""A turnstile: many threads may be inside; one may ask that all leave and nobody enters, to exchange the store. And how long
somebody waits for it and for what comes after it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

from medspa_core.records.problems import BUSY, StoreBusy


class Patience:
    """How many seconds are left of those that somebody waits in all, for one thing after the other. No time of day."""

    def __init__(self, seconds: float) -> None:
        self._until = time.perf_counter() + seconds

    def left(self) -> float:
        """Never less than nothing."""
        return max(0.0, self._until - time.perf_counter())


class Turnstile:
    """Who is inside already may enter again, so that an operation within an operation never waits for itself."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: dict[int, int] = {}
        self._closed = False

    @contextlib.contextmanager
    def inside(self, seconds: float) -> Iterator[None]:
        """For one operation. Raises StoreBusy where the turnstile stays closed for longer."""
        me = threading.get_ident()
        with self._changed:
            if not self._changed.wait_for(lambda: not self._closed or me in self._inside, seconds):
                raise StoreBusy(BUSY)
            self._inside[me] = self._inside.get(me, 0) + 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[me] -= 1
                if not self._inside[me]:
                    del self._inside[me]
                    self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self, seconds: float) -> Iterator[None]:
        """Nobody is inside meanwhile. Raises StoreBusy where somebody does not leave in time; then all is as before."""
        with self._changed:
            if self._closed:
                raise StoreBusy(BUSY)
            self._closed = True
            if not self._changed.wait_for(lambda: not self._inside, seconds):
                self._open_again()
                raise StoreBusy(BUSY)
        try:
            yield
        finally:
            with self._changed:
                self._open_again()

    def _open_again(self) -> None:
        self._closed = False
        self._changed.notify_all()
