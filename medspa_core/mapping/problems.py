"""What is the matter with a mapping file, gathered one line a problem: where it stands, what was found, what to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from medspa_core.answer_codes import Column
from medspa_core.formats.shown import HugeNumber, shown, shown_key
from medspa_core.mapping.rules import UNDECIDED, intake_columns, objects_of
from medspa_core.rulebook import Rulebook

MOST_BITS = 64  # of a number that is worth showing


@dataclass(frozen=True)
class Problems:
    """The problems of one file so far, at one place of it. `columns`: what a form's column can fill; `spread`: questions that
    are spread over several of these."""

    file: str
    columns: Mapping[str, Column]
    spread: tuple[str, ...]
    lines: list[str]
    where: str = ""

    def at(self, where: str) -> Problems:
        """Further down."""
        return replace(self, where=f"{self.where}, {where}" if self.where else where)

    def of(self, key: str) -> Problems:
        """Of a key that stands beside others in one line."""
        return replace(self, where=f"{self.where}: {key}")

    def add(self, what: str) -> None:
        """One more."""
        self.lines.append(f"{self.file}: {self.where}: {what}" if self.where else f"{self.file}: {what}")

    def undecided(self, write: str) -> None:
        """A question mark that is left."""
        self.add(f'still "{UNDECIDED}". Write {write}')

    def table(self, raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """The table under a key; an empty one where there is none."""
        found: Mapping[str, Any] = self.at(key).accepted(raw.get(key, {}), _is_table, f"a table, [{key}]", {})
        return found

    def accepted(self, value: Any, fits: Callable[[Any], object], expected: str, otherwise: Any) -> Any:
        """The value, if it fits."""
        if fits(value):
            return value
        self.add(f"expected {expected}, found {found_text(value)}")
        return otherwise

    def unknown(self, raw: Iterable[str], known: Iterable[str]) -> None:
        """Keys that nobody would read."""
        known = list(known)
        for key in raw:
            if key not in known:
                self.add(f"{shown_key(key)}: not a key of a mapping; known: {', '.join(known)}")


def problems_of(file: str, rulebook: Rulebook) -> Problems:
    """None yet."""
    return Problems(file, intake_columns(rulebook), objects_of(rulebook), [])


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def found_text(value: Any) -> str:
    """A found value of any kind, short and on one line."""
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return shown(HugeNumber("9" * int(value.bit_length() * 0.302)))
    if _is_table(value):
        return "a table"
    return "a list" if isinstance(value, list) else shown(value)
