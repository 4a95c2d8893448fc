"""A mapping file in, a checked mapping out, or everything that is the matter with it at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from medspa_core.formats.shown import meant, one_of, shown_key
from medspa_core.formats.typed_dates import STYLES, DateStyle
from medspa_core.intake import IntakeProblem
from medspa_core.mapping.answer_words import read_answers, read_words
from medspa_core.mapping.birth_dates import gives
from medspa_core.mapping.problems import Problems, found_text, problems_of
from medspa_core.mapping.rules import SKIP, UNDECIDED, ColumnRule, FormMapping, ids_of
from medspa_core.mapping.texts import folded, in_short
from medspa_core.mapping.tick_rules import check_box, instead_of_entry, read_ticked
from medspa_core.rulebook import Rulebook
from medspa_core.tables.row_blocks import ID

LARGEST_BYTES = 1_000_000
LONGEST_PART = 20  # of a separator or a unit
MOST_ROWS = 100
TOML_KEY = r"""['"]([^'"]*)['"]"""
TABLES = ("file", "columns", "words", "answers")
FILE_KEYS = ("title_rows", "skip_rows", "date_order")
COLUMN_KEYS = ("question", "entry", "separator", "units", "date_order", "birth_date", "ticked", "label")
KINDS = {
    "several": ("entry", "separator"),
    "whole_number": ("units",),
    "date": ("date_order",),
    "since": ("date_order",),
}
"""Which further keys go with which kind of question."""
OR_TICKED = ", or, if each is one choice, ticked or not, give each ticked, the answer that a tick gives"


def read_mapping(path: Path, rulebook: Rulebook) -> FormMapping:
    """The mapping in a file. Raises IntakeProblem with a line for each problem and for each entry that is still "?"."""
    return checked(read_tables(path), path.name, rulebook)


def checked(raw: Mapping[str, Any], name: str, rulebook: Rulebook) -> FormMapping:
    """The mapping that the tables of a TOML file hold. Raises IntakeProblem."""
    problems = problems_of(name, rulebook)
    problems.unknown(raw, TABLES)
    file, columns, words, answers = (problems.table(raw, key) for key in TABLES)
    of_file = problems.at("file")
    of_file.unknown(file, FILE_KEYS)
    order, whole = _date_order(of_file, file), f"0-{MOST_ROWS}, the rows under the titles"
    titles = "rows of titles in their order, such as [1, 2]"
    found = FormMapping(
        name=name,
        columns=tuple(_columns(problems.at("columns"), columns, order)),
        title_rows=tuple(of_file.at("title_rows").accepted(file.get("title_rows", [1]), _are_rows, titles, [1])),
        skip_rows=of_file.at("skip_rows").accepted(file.get("skip_rows", 0), _are_few, whole, 0),
        words=read_words(problems.at("words"), words),
        answers=read_answers(problems, answers),
    )
    _check_fills(problems.at("columns"), found)
    if problems.lines:
        raise IntakeProblem(problems.lines)
    return found


def read_tables(path: Path) -> dict[str, Any]:
    """The tables of a TOML file of at most a million bytes. Raises IntakeProblem where it is none, saying what to correct."""
    with path.open("rb") as file:
        content = file.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise IntakeProblem([f"{path.name}: expected a mapping of at most {LARGEST_BYTES:,} bytes"])
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise IntakeProblem([f"{path.name}: not UTF-8 text, at byte {error.start}. Save it as UTF-8"]) from None
    except RecursionError:
        raise IntakeProblem([f"{path.name}: nested too deeply for a mapping"]) from None
    except ValueError as error:  # not TOML, or a number without end
        reason = _why_no_toml(str(error))
        raise IntakeProblem([f"{path.name}: not TOML: {reason}. Correct that line"]) from None


def _why_no_toml(said: str) -> str:
    """In the words of the file: ('answers', 'concern') is [answers.concern]."""
    twice = re.match(r"Cannot declare \((.+?),?\) twice (\(at .+\))", said)
    if twice:
        return f"[{'.'.join(re.findall(TOML_KEY, twice[1]))[:60]}] stands twice {twice[2]}. Put its lines under the first one"
    if said.startswith("Cannot overwrite a value"):
        return said.replace("Cannot overwrite a value", "a title or a word stands twice")
    return shown_key(said.splitlines()[0]) if said else "cannot be read"


# --- [file] -------------------------------------------------------------------------------------------------------


def _are_rows(rows: Any) -> bool:
    whole = isinstance(rows, list) and rows and all(type(row) is int and 1 <= row <= MOST_ROWS for row in rows)
    return bool(whole) and sorted(set(rows)) == rows


def _are_few(rows: Any) -> bool:
    return type(rows) is int and 0 <= rows <= MOST_ROWS


def _date_order(at: Problems, raw: Mapping[str, Any]) -> DateStyle | None:
    order, of_order = raw.get("date_order"), at.at("date_order")
    if order == UNDECIDED:
        of_order.undecided(one_of(STYLES))
        return None
    found: DateStyle | None = of_order.accepted(order, (None, *STYLES).__contains__, one_of(STYLES), None)
    return found


# --- [columns] ----------------------------------------------------------------------------------------------------


def _columns(at: Problems, columns: Mapping[str, Any], order: DateStyle | None) -> Iterator[ColumnRule]:
    titles: dict[str, str] = {}
    for title, found in columns.items():
        here = at.at(in_short(title))
        if not folded(title):
            here.add("a title with nothing in it names no column")
        elif (earlier := titles.setdefault(folded(title), title)) is not title:
            here.add(f"stands twice, as {in_short(earlier)} is the same title. Keep one")
        raw = found if isinstance(found, dict) else {"question": found}
        if "ticked" in raw:
            yield from read_ticked(here, title, raw)
        elif isinstance(raw.get("question"), list):
            yield from _together(here, title, raw)
        elif (rule := _column(here, title, raw, order)) is not None:
            yield rule


def _column(at: Problems, title: str, raw: Mapping[str, Any], order: DateStyle | None) -> ColumnRule | None:
    at.unknown(raw, COLUMN_KEYS)
    fills, units = _fills(at, raw.get("question")), _units(at, raw.get("units", []))
    if fills is None:
        return None
    _check_keys(at, fills, raw)
    if "entry" not in raw:
        check_box(at, title, [fills])
    entry, separator, own_order = _entry(at, fills, raw), _separator(at, raw), _date_order(at, raw)
    birth_date = at.of("birth_date").accepted(raw.get("birth_date", False), _is_either, "true or false", False)
    rule = ColumnRule(title, fills, entry or "", separator, units, own_order or order, birth_date=birth_date)
    return rule if entry is not None else None


def _is_either(value: Any) -> bool:
    return isinstance(value, bool)


def _together(at: Problems, title: str, raw: Mapping[str, Any]) -> Iterator[ColumnRule]:
    """A column of choices that answers several questions: which of these do you have?"""
    fills = raw["question"]
    instead = instead_of_entry(at, fills, "") if "entry" in raw and fills else ""
    if instead:
        at.add(f"entry: {instead}")
    else:
        check_box(at, title, fills)
    at.unknown([key for key in raw if not (instead and key == "entry")], ("question", "separator"))
    if instead:
        return
    separator = _separator(at, raw)
    for one in fills:
        if one == UNDECIDED:
            at.undecided("the ids of the questions that its choices answer")
        elif not isinstance(one, str) or one not in at.columns or at.columns[one].kind != "choice":
            at.add(f"question: expected ids of questions with a choice of answers, found {found_text(one)}")
        else:
            yield ColumnRule(title, one, separator=separator, together=tuple(map(str, fills)))
    if not fills:
        at.add("question: expected ids of questions, found none")


def _fills(at: Problems, fills: Any) -> str | None:
    known = (ID, *at.columns, SKIP)
    if isinstance(fills, str) and fills in known:
        return fills
    write = f'the id of a question, "id", or "{SKIP}"'
    if fills == UNDECIDED:
        at.undecided(write)
    elif isinstance(fills, str) and fills in at.spread:
        parts = [name for name in known if name.startswith(f"{fills}.")]
        at.add(f"{fills} has a column for each of its parts, such as {parts[0]}")
    elif isinstance(fills, str):
        at.add(f"{shown_key(fills)}: not a question of this rulebook{meant(fills, known)}")
    else:
        at.add(f"expected {write}, found {found_text(fills)}")
    return None


def _check_keys(at: Problems, fills: str, raw: Mapping[str, Any]) -> None:
    """A key that the question has no use for was meant otherwise."""
    if fills == SKIP:  # what was proposed beside it may stay
        return
    column, is_birth_date = at.columns.get(fills), raw.get("birth_date") is True
    useful = KINDS.get(column.kind, ()) if column is not None else ()
    if column is not None and gives(column):
        useful = ("birth_date", "date_order") if is_birth_date else ("birth_date", *useful)
    for key in COLUMN_KEYS[1:]:
        if key in raw and key not in useful:
            instead = instead_of_entry(at, [fills], raw[key]) if key == "entry" else ""
            instead = "goes with ticked. Remove it" if key == "label" else instead
            beside = "birth_date" if is_birth_date and key != "birth_date" else fills
            at.add(f"{key}: {instead or f'does not go with {beside}. Remove it'}")
    if "entry" in raw and "separator" in raw:
        at.add("entry and separator: a column holds one entry or all of them. Remove one")


def _entry(at: Problems, fills: str, raw: Mapping[str, Any]) -> str | None:
    """The entry of a list that a column ticks, "" if it holds no single one; None where that is not decided or wrong."""
    column, entry = at.columns.get(fills), raw.get("entry", "")
    if "entry" in raw and instead_of_entry(at, [fills], entry):
        return None
    if "entry" not in raw or column is None or column.kind != "several":
        return ""
    if isinstance(entry, str) and entry in ids_of(column):
        return entry
    if entry == UNDECIDED:
        at.at("entry").undecided(one_of(ids_of(column)))
    else:
        at.add(f"entry: expected {one_of(ids_of(column))}, found {found_text(entry)}")
    return None


def _separator(at: Problems, raw: Mapping[str, Any]) -> str:
    expected = 'what stands between entries, such as ", "'
    return str(at.of("separator").accepted(raw["separator"], _is_short, expected, "") if "separator" in raw else "")


def _is_short(text: Any) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST_PART


def _units(at: Problems, units: Any) -> tuple[str, ...]:
    if isinstance(units, list) and UNDECIDED in units:
        for _ in range(units.count(UNDECIDED)):
            at.at("units").undecided("what stands beside a number that is in the unit of the question, or take it out")
        return ()
    found = at.of("units").accepted(units, _are_units, 'what stands beside a number, such as ["min"]', [])
    return tuple(sorted(found, key=len, reverse=True))


def _are_units(units: Any) -> bool:
    return isinstance(units, list) and all(_is_short(unit) and unit.strip() for unit in units)


def _check_fills(at: Problems, mapping: FormMapping) -> None:
    """One column a question, except that each entry of a list, and each choice to tick, may have one."""
    taken: dict[tuple[str, str], str] = {}
    ways: dict[str, str] = {}
    for rule in (rule for rule in mapping.columns if rule.fills != SKIP):
        here = at.at(in_short(rule.title))
        way = "by tick" if rule.ticked else "by entry" if rule.entry else "whole"
        first_way = ways.setdefault(rule.fills, way)
        if way != first_way:
            both = way if first_way == "whole" else first_way
            here.add(f"{rule.fills} is read from other columns both whole and {both}. Keep one way")
        elif not rule.ticked and (earlier := taken.get((rule.fills, rule.entry))):
            what = f"{rule.fills}, {rule.entry}" if rule.entry else rule.fills
            column = at.columns.get(rule.fills)
            or_ticked = OR_TICKED if column is not None and column.kind == "choice" else ""
            here.add(f"{what} is read from {in_short(earlier)} already. Keep one{or_ticked}")
        taken.setdefault((rule.fills, rule.entry), rule.title)
    if not taken and not at.lines:
        at.add("no column is mapped to a question")
