"""What is looked up once in a run of a page, or once for good: the first who asks reads it, the others are told the same.

A run takes a fraction of a second, and its parts ask a dozen times who is there. The next run reads afresh; only where a tap
ends its own run to have other parts drawn by another, that one is told what the tap has just looked up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from views.streamlit_patches.running_script import this_run

T = TypeVar("T")


class ForGood(Generic[T]):
    """What is found once for the whole process, as the store. Whoever asks meanwhile waits; a failure is not remembered.

    Streamlit's own memory for this (`st.cache_resource`) takes as long to ask as the sign-in itself.
    """

    def __init__(self, look: Callable[[], T]) -> None:
        self._look = look
        self._found: list[T] = []
        self._looking = threading.Lock()

    def __call__(self) -> T:
        """What was found."""
        if not self._found:
            with self._looking:
                if not self._found:
                    self._found.append(self._look())
        return self._found[0]

    def clear(self) -> None:
        """Forgotten, for tests."""
        self._found.clear()


class _Known(threading.local):
    """Each run has a thread of its own; `run` is what Streamlit makes anew when a run begins."""

    run: object = None
    values: dict[str, Any]
    carried: tuple[float, dict[str, Any]] = (0.0, {})  # until when, and what


_known = _Known()
CARRIED_SECONDS = 0.25
"""How long what a tap looked up may wait for the run that goes on with it; after that nothing is known of it."""


def once(name: str, look: Callable[[], T]) -> T:
    """What `look` finds, asked once a run. Outside a run it is always asked."""
    run = this_run()
    if run is None:
        return look()
    if _known.run is not run:
        _known.run, _known.values = run, _taken_over()
    if name not in _known.values:
        _known.values[name] = look()
    found: T = _known.values[name]
    return found


def goes_on(*names: str) -> None:
    """This run ends and another goes on with the same tap: it is told what is known here of `names`."""
    known = {} if _known.run is None else _known.values
    _known.carried = time.monotonic() + CARRIED_SECONDS, {name: known[name] for name in names if name in known}


def _taken_over() -> dict[str, Any]:
    until, carried = _known.carried
    _known.carried = (0.0, {})
    return carried if time.monotonic() < until else {}


def forget(name: str) -> None:
    """After something was written: who asks next looks again."""
    if _known.run is not None:
        _known.values.pop(name, None)
