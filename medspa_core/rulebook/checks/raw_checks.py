"""What is asked of the files as they are written, before they are entries: no id and no character that breaks what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from medspa_core.formats.xml_characters import held, not_held
from medspa_core.rulebook.schema.on_screens import SAID

Raw = dict[str, Any]
NAMED_SAID = f"an entry can't be called {SAID}: that is where an entry's words stand. Call it otherwise"


def raw_problems(raw: Raw) -> list[str]:
    """A line for each; asked of today's rulebook alone."""
    return [*_called_said(raw), *(line for file, part in _files(raw) for line in _characters(f"{file},", part))]


def _called_said(raw: Raw) -> Iterator[str]:
    for file, part in raw.items():
        if file.endswith(".toml") and SAID in part:
            yield f"{file}, {SAID}: {NAMED_SAID}"
    steps = raw["protocol.toml"].get("steps")
    if isinstance(steps, dict) and SAID in steps:
        yield f"protocol.toml, steps.{SAID}: {NAMED_SAID}"
    if SAID in raw["options"]:
        yield f"options/{SAID}.toml: {NAMED_SAID}"


def _files(raw: Raw) -> Iterator[tuple[str, Any]]:
    for file, part in raw.items():
        if file == "options":
            yield from ((f"options/{option}.toml", one) for option, one in part.items())
        elif file == "sources.csv":
            yield file, {row.get("id", ""): row for row in part}
        elif file.endswith(".toml"):
            yield file, part


def _characters(where: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _characters(within(where, key), key)
            yield from _characters(within(where, key), part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _characters(where, part)
    elif isinstance(value, str) and (found := not_held(value)):
        yield f"{held(where)}: no page can hold the character {', '.join(found)}. Remove it"


def within(where: str, key: str) -> str:
    """The place of a key: below its file, or below another key."""
    return f"{where} {key}" if where.endswith(",") else f"{where}.{key}"
