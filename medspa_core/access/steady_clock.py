"""A clock that never goes back: two plain clocks go in, a moment comes out that is never before an earlier one.

Setting the computer's clock back must extend nobody's sign-in, and must not stop time either. So the clock follows the
wall while it runs ahead, and counts on by the steady counter while the wall is behind.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta


class SteadyClock:
    """`wall` says the time, `counter` counts seconds and never goes back, `highest` is the latest time in the store."""

    def __init__(
        self, wall: Callable[[], datetime], counter: Callable[[], float], highest: datetime | None = None
    ) -> None:
        self._wall = wall
        self._counter = counter
        self._lock = threading.Lock()
        self._from = max(wall(), highest) if highest is not None else wall()
        self._counted = counter()

    def now(self) -> datetime:
        """This moment: the wall's, or the counted one where the wall is behind."""
        with self._lock:
            counter = self._counter()
            counted = self._from + timedelta(seconds=counter - self._counted)
            self._from, self._counted = max(self._wall(), counted), counter
            return self._from
