"""What is wrong with a rulebook, said so that whoever edits `data/` knows where to look and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from medspa_core.formats.shown import ManyProblems, cut


class RulebookProblem(ManyProblems):
    """Everything wrong with a rulebook, one line a problem. Nothing of it is loaded."""


def shown(value: Any) -> str:
    """A found value, short enough to read."""
    return cut(repr(value))


def unknown(where: str, what: str, named: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """A line for each id that is not there."""
    for name in sorted(set(named) - set(known)):
        yield f"{where}: {what} {name!r} is not known. Correct it, or add it"


def missing(where: str, needed: Iterable[str], there: Collection[str]) -> Iterator[str]:
    """A line for each key that has to be there."""
    yield from (f"{where}{key}: this key is missing. Add it" for key in needed if key not in there)


def problem_lines(file: str, entry: str, error: ValidationError) -> list[str]:
    """One line per mistake: file, entry, what was found, what is expected, what to do."""
    return [_line(file, entry, dict(mistake)) for mistake in error.errors(include_url=False)]


def _line(file: str, entry: str, mistake: dict[str, Any]) -> str:
    where = ".".join([entry, *(str(part) for part in mistake["loc"])]).strip(".")
    match mistake["type"]:
        case "extra_forbidden":
            what = "this key is not known. Remove it, or check its spelling"
        case "missing":
            what = "this key is missing. Add it"
        case "value_error":
            what = str(mistake["ctx"]["error"])
        case _:
            what = f"{mistake['msg'].lower()}; found {shown(mistake.get('input'))}. Correct it"
    return f"{file}, {where}: {what}" if where else f"{file}: {what}"
