"""Open files and connections: how many the system lets this program have."""

from __future__ import annotations

import logging

try:
    import resource
except ImportError:  # Windows, which has no such limit
    resource = None  # type: ignore[assignment]

LOG = logging.getLogger("gate")
MOST = 4_096
"""More is not asked for: each connection costs some 10 kB, and no clinic has so many tablets."""


def raise_limit(most: int = MOST) -> int:
    """Asks for as many as may be had, up to `most`, and says how many there are."""
    if resource is None:
        return most
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return most if soft == resource.RLIM_INFINITY else min(soft, most)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as problem:
        LOG.warning("only %d open files and connections: %s", soft, type(problem).__name__)
        return soft
    return wanted
