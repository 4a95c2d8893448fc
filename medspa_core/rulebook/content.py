"""What a rulebook says, line by line, so that two of them can be compared by a person who signs one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from pydantic import BaseModel

from medspa_core.rulebook.book import Rulebook
from medspa_core.rulebook.schema.on_screens import SAID

Content = dict[str, str]
"""`contraindications.nsaid.cases.last_2_days.days` -> `7`."""

ORDERED = ("questions", "criteria")  # the revision counts the order in which these are asked and listed
NOTHING = {None, "", "null", "[]", "{}"}
NO_LINES = ("revision", "draws", "filled_in")


@dataclass(frozen=True, slots=True)
class Change:
    """One line that is not as it was; None where there was or is none."""

    place: str
    before: str | None
    after: str | None


def content_of(book: Rulebook) -> Content:
    """Every line that the files hold themselves. The draws of robustness are one line: nobody reads them one by one."""
    parts = {field.name: getattr(book, field.name) for field in fields(book) if field.name not in NO_LINES}
    lines = {place: value for name, part in parts.items() for place, value in lines_of(name, part, book.filled_in)}
    for name in ORDERED:
        lines[f"{name} (order)"] = ", ".join(getattr(book, name))
    lines["robustness_draws"] = hashlib.sha256(json.dumps(dict(book.draws)).encode()).hexdigest()[:16]
    return lines


def lines_of(place: str, value: Any, filled_in: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Each line of an entry or a table, by its place; none of a place that was filled in."""
    if place in filled_in:
        return  # the program's words: they are no part of the revision, and are not signed
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            if key == SAID and part is None:
                continue  # an entry of which screens say nothing beside its own words
            yield from lines_of(f"{place}.{key}", part, filled_in)
    else:
        yield place, value if isinstance(value, str) else json.dumps(value, default=str)


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """Every line that differs, by its place. What is empty and what is not there are the same: the program may know a key
    since that no file has."""
    pairs = ((place, before.get(place), after.get(place)) for place in sorted({*before, *after}))
    return tuple(Change(*one) for one in pairs if one[1] != one[2] and not {one[1], one[2]} <= NOTHING)


def fingerprint(entry: BaseModel) -> str:
    """What a signature under one entry stands for: it changes with any word of it."""
    plain = json.dumps(entry.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
