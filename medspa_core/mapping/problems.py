"""What is the matter with a mapping file, gathered one line a problem: where it stands, what was found, what to write."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from medspa_core.intake import HugeNumber, shown, shown_key
from medspa_core.mapping.rules import UNDECIDED

MOST_BITS = 64  # of a number that is worth showing


class Problems:
    """The problems of one file so far."""

    def __init__(self, file: str) -> None:
        self.file, self.lines = file, list[str]()

    def add(self, where: str, what: str) -> None:
        """One more."""
        self.lines.append(f"{self.file}: {where}: {what}" if where else f"{self.file}: {what}")

    def undecided(self, where: str, write: str) -> None:
        """A question mark that is left."""
        self.add(where, f'still "{UNDECIDED}". Write {write}')

    def table(self, raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """The table under a key; an empty one where there is none."""
        found = raw.get(key, {})
        if isinstance(found, dict):
            return found
        self.add(key, f"expected a table, [{key}], found {found_text(found)}")
        return {}

    def unknown(self, where: str, raw: Iterable[str], known: Iterable[str]) -> None:
        """Keys that nobody would read."""
        known = list(known)
        for key in raw:
            if key not in known:
                self.add(where, f"{shown_key(key)}: not a key of a mapping; known: {', '.join(known)}")


def found_text(value: Any) -> str:
    """A found value of any kind, short and on one line."""
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return shown(HugeNumber("9" * int(value.bit_length() * 0.302)))
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list) else shown(value)


def meant(name: str, known: Iterable[str]) -> str:
    """What was probably meant, as the end of a line."""
    close = difflib.get_close_matches(name[:100], list(known), n=1)
    return f"; did you mean {shown_key(close[0])}?" if close else ""
