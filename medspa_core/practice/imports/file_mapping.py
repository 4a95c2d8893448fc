"""How a booking system's file is read: tables of a TOML file, or the same from a page, in; a checked mapping out.

[file]      kind = "sales", date_order = "day_first", decimal_mark = ",", client_is = "code_name", below_zero = "refund"
[columns]   "Invoice date" = "day", "Staff" = "provider", "Notes" = "skip"
[always]    currency = "EUR"
[words.option]  "Exo facial" = "exosome_microneedling", "Botox" = "not_ours", "" = "not_ours"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medspa_core.formats.shown import meant, one_of, shown, shown_key
from medspa_core.formats.typed_dates import STYLES, DateStyle
from medspa_core.intake import IntakeProblem
from medspa_core.mapping.mapping_file import read_tables
from medspa_core.mapping.rules import SKIP, UNDECIDED
from medspa_core.mapping.texts import folded, in_short
from medspa_core.practice.imports.amounts import DECIMAL_MARKS
from medspa_core.practice.imports.fields import FIELDS, NEEDED, NOT_NOTED, NOT_OURS, WORDS, Known
from medspa_core.records.facts.imports import ImportKind

TABLES = ("file", "columns", "always", "words")
CODE_NAME = "code_name"
REFUND = "refund"
FILE_KEYS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(FIELDS),
    "date_order": STYLES,
    "decimal_mark": DECIMAL_MARKS,
    "client_is": (CODE_NAME,),
    "below_zero": (REFUND,),
}
"""What may stand under [file]. `client_is`: the client's reference is the code name of a consultation here. `below_zero`: a
payment below zero is a refund."""


@dataclass(frozen=True)
class FileMapping:
    """A checked mapping. `columns`: field -> title as compared. `words`: field -> word as compared -> id."""

    name: str
    kind: ImportKind
    columns: Mapping[str, str]
    always: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]
    date_order: DateStyle | None = None
    decimal_mark: str | None = None
    client_is_code_name: bool = False
    below_zero_is_refund: bool = False


def read_mapping_file(path: Path, known: Known, kind: ImportKind | None = None) -> FileMapping:
    """The mapping in a file. `kind`: where the file does not say it itself. Raises IntakeProblem."""
    return checked_mapping(read_tables(path), path.name, known, kind)


def checked_mapping(raw: Mapping[str, Any], name: str, known: Known, kind: ImportKind | None = None) -> FileMapping:
    """The mapping that these tables hold. Raises IntakeProblem with a line for each problem."""
    lines: list[str] = [_not_known(key, TABLES) for key in raw if key not in TABLES]
    tables = {key: _table(raw, key, lines) for key in TABLES}
    file = _of_file(tables["file"], lines)
    if kind is not None and file.setdefault("kind", kind) != kind:
        lines.append(f"file: kind: {file['kind']}, and {kind} was asked for. Ask for {file['kind']}, or change it here")
    if "kind" not in file:
        lines.append(f"file: kind: expected {one_of(FILE_KEYS['kind'])}")
        raise _problem(name, lines)
    of_kind: ImportKind = file["kind"]
    columns = _columns(tables["columns"], of_kind, lines)
    always = _always(tables["always"], of_kind, known, lines)
    lines += _missing(of_kind, columns, always)
    words = {key: _words(key, found, known, lines) for key, found in tables["words"].items()}
    if lines:
        raise _problem(name, lines)
    return FileMapping(
        name,
        of_kind,
        columns,
        always,
        words,
        date_order=file.get("date_order"),
        decimal_mark=file.get("decimal_mark"),
        client_is_code_name=file.get("client_is") == CODE_NAME,
        below_zero_is_refund=file.get("below_zero") == REFUND,
    )


def _problem(name: str, lines: list[str]) -> IntakeProblem:
    return IntakeProblem([f"{name}: {line}" for line in lines])


def _not_known(key: str, known: tuple[str, ...]) -> str:
    return f"{shown_key(key)}: not a key of a mapping; known: {', '.join(known)}"


def _table(raw: Mapping[str, Any], key: str, lines: list[str]) -> Mapping[str, Any]:
    found = raw.get(key, {})
    if isinstance(found, Mapping):
        return found
    lines.append(f"{key}: expected a table, [{key}]")
    return {}


def _of_file(raw: Mapping[str, Any], lines: list[str]) -> dict[str, Any]:
    lines += [f"file: {_not_known(key, tuple(FILE_KEYS))}" for key in raw if key not in FILE_KEYS]
    found: dict[str, Any] = {}
    for key, accepted in FILE_KEYS.items():
        if key in raw and raw[key] in accepted:
            found[key] = raw[key]
        elif key in raw:
            lines.append(f"file: {key}: expected {one_of(accepted)}, found {shown(raw[key])}")
    return found


def _columns(raw: Mapping[str, Any], kind: ImportKind, lines: list[str]) -> dict[str, str]:
    """Field -> title. Each title once, each field from one column."""
    known, found, titles = (*FIELDS[kind], SKIP), dict[str, str](), set[str]()
    for title, field in raw.items():
        here = f"columns, {in_short(title)}"
        if folded(title) in titles or not folded(title):
            lines.append(f"{here}: names no column, or one that stands above already")
        elif field == UNDECIDED:
            lines.append(f'{here}: still "{UNDECIDED}". Write {one_of(known)}')
        elif field not in known:
            lines.append(f"{here}: expected {one_of(known)}, found {shown(field)}{meant(str(field), known)}")
        elif field in found:
            lines.append(f"{here}: {field} is read from another column already. Keep one")
        elif field != SKIP:
            found[field] = folded(title)
        titles.add(folded(title))
    return found


def _always(raw: Mapping[str, Any], kind: ImportKind, known: Known, lines: list[str]) -> dict[str, str]:
    """What is so in every row, for what the file has no column for."""
    fields = tuple(field for field in FIELDS[kind] if field in WORDS)
    lines += [f"always: {_not_known(key, fields)}" for key in raw if key not in fields]
    found = {field: _meaning(field, raw[field], known) for field in fields if field in raw}
    for field, means in found.items():
        if means is None or means == NOT_OURS:
            lines.append(f"always: {field}: expected {_one_of_ids(field, known)}, found {shown(raw[field])}")
    return {field: means for field, means in found.items() if means}


def _missing(kind: ImportKind, columns: Mapping[str, str], always: Mapping[str, str]) -> list[str]:
    both = [field for field in columns if field in always]
    told = [f"always: {field}: a column says it already. Keep one" for field in both]
    no_column = [field for field in NEEDED[kind] if field not in columns and field not in always]
    or_always = {field: ", or under [always] what it is in every row" if field in WORDS else "" for field in no_column}
    return told + [f"columns: no column is {field}. Name the one that is{more}" for field, more in or_always.items()]


def _words(field: str, raw: Any, known: Known, lines: list[str]) -> dict[str, str]:
    if field not in WORDS or not isinstance(raw, Mapping):
        lines.append(f"words, {shown_key(field)}: expected a table of words under one of {', '.join(WORDS)}")
        return {}
    found: dict[str, str] = {}
    for word, means in raw.items():
        read = _meaning(field, means, known)
        if read is None:
            expected = f'{_one_of_ids(field, known)}, "{NOT_OURS}" or "" for not noted'
            lines.append(f"words, {field}, {in_short(word)}: expected {expected}, found {shown(means)}")
        elif found.setdefault(folded(word), read) != read:
            lines.append(f"words, {field}, {in_short(word)}: stands twice and means two things. Keep one")
    return found


def _meaning(field: str, means: Any, known: Known) -> str | None:
    """The id that is meant, by itself or by the name that it has here; None if that is none or not one alone."""
    if means in (NOT_OURS, NOT_NOTED):
        return str(means)
    return own_words(field, known).get(folded(means)) if isinstance(means, str) else None


def own_words(field: str, known: Known) -> dict[str, str]:
    """Words that need no mapping: the ids, and each name that one alone has here."""
    ids = known.ids(field)
    names = [folded(name) for name in ids.values()]
    found = {folded(name): one for one, name in ids.items() if names.count(folded(name)) == 1}
    return found | {folded(one): one for one in ids}


def _one_of_ids(field: str, known: Known) -> str:
    return one_of([shown_key(name) for name in known.ids(field).values()] or ["nothing, as there is none here"])
