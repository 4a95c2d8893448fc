"""What is looked up once in a run of a page: the first who asks reads it, the others of the same run are told the same.

A run takes a fraction of a second, and its parts ask a dozen times who is there. The next run reads afresh.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from streamlit.runtime.scriptrunner import get_script_run_ctx

T = TypeVar("T")


class _Known(threading.local):
    """Each run has a thread of its own; `run` is what Streamlit makes anew when a run begins."""

    run: object = None
    values: dict[str, Any]


_known = _Known()


def once(name: str, look: Callable[[], T]) -> T:
    """What `look` finds, asked once a run. Outside a run it is always asked."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return look()
    run = context.parallel_coordinator  # of all that is made anew for a run, this stays while its parts are drawn
    if run is None or _known.run is not run:
        _known.run, _known.values = run, {}
    if name not in _known.values:
        _known.values[name] = look()
    found: T = _known.values[name]
    return found


def forget(name: str) -> None:
    """After something was written: who asks next looks again."""
    if _known.run is not None:
        _known.values.pop(name, None)
