"""What was found and what is accepted, as the line of a problem says it: short, and on one line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Sequence
from typing import Any

LONGEST_SHOWN = 60
LONGEST_NUMBER = 18
LONGEST_COMPARED = 100  # of a name that may be mistyped


class ManyProblems(Exception):
    """Everything that is the matter with something, one line a problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class HugeNumber(str):
    """A number with so many digits that it is kept as text and never computed with."""


def whole_or_huge(digits: str) -> int | HugeNumber:
    """A whole number as it was written."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else HugeNumber(digits)


def shown(value: Any) -> str:
    """A found value, short enough to read and on one line."""
    if isinstance(value, HugeNumber):
        return f"a number of {len(value)} digits"
    return cut(json.dumps(value, default=str))


def shown_key(key: Any) -> str:
    """A key as found, short, on one line."""
    text = str(key)
    return cut(text if text and text.isprintable() else json.dumps(text))


def cut(text: str) -> str:
    """Short enough to read."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def one_of(words: Sequence[str]) -> str:
    """What is accepted: a, b or c."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def some_of(words: Sequence[str], most: int) -> str:
    """The first of them; a mark where there are more."""
    return ", ".join([*words[:most], *["…"] * (len(words) > most)])


def meant(name: str, known: Iterable[str]) -> str:
    """What was probably meant by a name that is not known, as the end of a line."""
    close = difflib.get_close_matches(name[:LONGEST_COMPARED], list(known), n=1)
    return f"; did you mean {shown_key(close[0])}?" if close else ""
