"""What follows from the same input is computed once in a test process, not once a test.

Some hundred tests read the rulebook with one line of it changed, and ask for the tables of what they read: of twenty files one is
another then, and of some thousand distributions a few. What is kept goes by the whole text of a file, and by all the weights of a
distribution; what is made of it, the rulebook and its tables, is made anew for each.
"""

from __future__ import annotations

import functools
import tomllib
from types import SimpleNamespace

from medspa_core.course.spans import Spread
from medspa_core.rulebook import files


def pytest_configure() -> None:
    """Before the first test module reads a rulebook."""
    loads = functools.lru_cache(maxsize=4096)(tomllib.loads)
    files.tomllib = SimpleNamespace(loads=loads, TOMLDecodeError=tomllib.TOMLDecodeError)  # type: ignore[attr-defined]
    for name in ("thousandths", "graded", "split_at_limits"):
        setattr(Spread, name, functools.lru_cache(maxsize=16384)(getattr(Spread, name)))
