"""A mapping file in, a checked mapping out, or everything that is the matter with it at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from medspa_core.formats.typed_dates import STYLES, DateStyle
from medspa_core.intake import IntakeProblem, shown_key
from medspa_core.mapping.answer_words import read_answers, read_words
from medspa_core.mapping.birth_dates import gives
from medspa_core.mapping.problems import Problems, found_text, meant
from medspa_core.mapping.rules import (
    SKIP,
    UNDECIDED,
    ColumnRule,
    FormMapping,
    fillable,
    ids_of,
    intake_columns,
    objects_of,
)
from medspa_core.mapping.texts import folded, in_short
from medspa_core.mapping.tick_rules import check_box, instead_of_entry, read_ticked
from medspa_core.rulebook import Rulebook

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


def read_mapping(path: Path, rulebook: Rulebook) -> FormMapping:
    """The mapping in a file. Raises IntakeProblem with a line for each problem and for each entry that is still "?"."""
    return checked(_read_toml(path), path.name, rulebook)


def checked(raw: Mapping[str, Any], name: str, rulebook: Rulebook) -> FormMapping:
    """The mapping that the tables of a TOML file hold. Raises IntakeProblem."""
    problems = Problems(name)
    problems.unknown("", raw, TABLES)
    file, columns, words, answers = (problems.table(raw, key) for key in TABLES)
    problems.unknown("file", file, FILE_KEYS)
    order = _date_order("file", file, problems)
    found = FormMapping(
        name=name,
        columns=tuple(_columns(columns, order, rulebook, problems)),
        title_rows=_title_rows(file, problems),
        skip_rows=_skip_rows(file, problems),
        words=read_words(words, rulebook, problems),
        answers=read_answers(answers, rulebook, problems),
    )
    _check_fills(found, rulebook, problems)
    if problems.lines:
        raise IntakeProblem(problems.lines)
    return found


def _read_toml(path: Path) -> dict[str, Any]:
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


def _title_rows(file: Mapping[str, Any], problems: Problems) -> tuple[int, ...]:
    rows = file.get("title_rows", [1])
    whole = isinstance(rows, list) and rows and all(type(row) is int and 1 <= row <= MOST_ROWS for row in rows)
    if whole and sorted(set(rows)) == rows:
        return tuple(rows)
    problems.add(
        "file, title_rows", f"expected rows of titles in their order, such as [1, 2], found {found_text(rows)}"
    )
    return (1,)


def _skip_rows(file: Mapping[str, Any], problems: Problems) -> int:
    rows = file.get("skip_rows", 0)
    if type(rows) is int and 0 <= rows <= MOST_ROWS:
        return rows
    problems.add("file, skip_rows", f"expected 0-{MOST_ROWS}, the rows under the titles, found {found_text(rows)}")
    return 0


def _date_order(where: str, raw: Mapping[str, Any], problems: Problems) -> DateStyle | None:
    order = raw.get("date_order")
    if order is None or order in STYLES:
        return order
    write = f"{', '.join(STYLES[:-1])} or {STYLES[-1]}"
    if order == UNDECIDED:
        problems.undecided(f"{where}, date_order", write)
    else:
        problems.add(f"{where}, date_order", f"expected {write}, found {found_text(order)}")
    return None


# --- [columns] ----------------------------------------------------------------------------------------------------


def _columns(
    columns: Mapping[str, Any], order: DateStyle | None, rulebook: Rulebook, problems: Problems
) -> Iterator[ColumnRule]:
    titles: dict[str, str] = {}
    for title, found in columns.items():
        where = f"columns, {in_short(title)}"
        if not folded(title):
            problems.add(where, "a title with nothing in it names no column")
        elif (earlier := titles.setdefault(folded(title), title)) is not title:
            problems.add(where, f"stands twice, as {in_short(earlier)} is the same title. Keep one")
        raw = found if isinstance(found, dict) else {"question": found}
        if "ticked" in raw:
            yield from read_ticked(where, title, raw, rulebook, problems)
        elif isinstance(raw.get("question"), list):
            yield from _together(where, title, raw, rulebook, problems)
        elif (rule := _column(where, title, raw, order, rulebook, problems)) is not None:
            yield rule


def _column(
    where: str, title: str, raw: Mapping[str, Any], order: DateStyle | None, rulebook: Rulebook, problems: Problems
) -> ColumnRule | None:
    problems.unknown(where, raw, COLUMN_KEYS)
    fills, units = _fills(where, raw.get("question"), rulebook, problems), _units(where, raw, problems)
    if fills is None:
        return None
    _check_keys(where, fills, raw, rulebook, problems)
    if "entry" not in raw:
        check_box(where, title, [fills], rulebook, problems)
    entry = _entry(where, fills, raw, rulebook, problems)
    separator = _separator(where, raw, problems)
    own_order, birth_date = _date_order(where, raw, problems), _birth_date(where, raw, problems)
    rule = ColumnRule(title, fills, entry or "", separator, units, own_order or order, birth_date=birth_date)
    return rule if entry is not None else None


def _together(
    where: str, title: str, raw: Mapping[str, Any], rulebook: Rulebook, problems: Problems
) -> Iterator[ColumnRule]:
    """A column of choices that answers several questions: which of these do you have?"""
    columns, fills = intake_columns(rulebook), raw["question"]
    instead = instead_of_entry(fills, "", rulebook) if "entry" in raw and fills else ""
    if instead:
        problems.add(where, f"entry: {instead}")
    else:
        check_box(where, title, fills, rulebook, problems)
    problems.unknown(where, [key for key in raw if not (instead and key == "entry")], ("question", "separator"))
    if instead:
        return
    separator = _separator(where, raw, problems)
    for one in fills:
        if one == UNDECIDED:
            problems.undecided(where, "the ids of the questions that its choices answer")
        elif not isinstance(one, str) or one not in columns or columns[one].kind != "choice":
            problems.add(
                where, f"question: expected ids of questions with a choice of answers, found {found_text(one)}"
            )
        else:
            yield ColumnRule(title, one, separator=separator, together=tuple(map(str, fills)))
    if not fills:
        problems.add(where, "question: expected ids of questions, found none")


def _fills(where: str, fills: Any, rulebook: Rulebook, problems: Problems) -> str | None:
    known = (*fillable(rulebook), SKIP)
    if isinstance(fills, str) and fills in known:
        return fills
    write = f'the id of a question, "id", or "{SKIP}"'
    if fills == UNDECIDED:
        problems.undecided(where, write)
    elif isinstance(fills, str) and fills in objects_of(rulebook):
        parts = [name for name in known if name.startswith(f"{fills}.")]
        problems.add(where, f"{fills} has a column for each of its parts, such as {parts[0]}")
    elif isinstance(fills, str):
        problems.add(where, f"{shown_key(fills)}: not a question of this rulebook{meant(fills, known)}")
    else:
        problems.add(where, f"expected {write}, found {found_text(fills)}")
    return None


def _check_keys(where: str, fills: str, raw: Mapping[str, Any], rulebook: Rulebook, problems: Problems) -> None:
    """A key that the question has no use for was meant otherwise."""
    if fills == SKIP:  # what was proposed beside it may stay
        return
    column = intake_columns(rulebook).get(fills)
    useful = KINDS.get(column.kind, ()) if column is not None else ()
    if column is not None and gives(column):
        useful = ("birth_date", "date_order") if raw.get("birth_date") is True else ("birth_date", *useful)
    for key in COLUMN_KEYS[1:]:
        if key in raw and key not in useful:
            instead = instead_of_entry([fills], raw[key], rulebook) if key == "entry" else ""
            instead = "goes with ticked. Remove it" if key == "label" else instead
            beside = "birth_date" if raw.get("birth_date") is True and key != "birth_date" else fills
            problems.add(where, f"{key}: {instead or f'does not go with {beside}. Remove it'}")
    if "entry" in raw and "separator" in raw:
        problems.add(where, "entry and separator: a column holds one entry or all of them. Remove one")


def _entry(where: str, fills: str, raw: Mapping[str, Any], rulebook: Rulebook, problems: Problems) -> str | None:
    """The entry of a list that a column ticks, "" if it holds no single one; None where that is not decided or wrong."""
    column = intake_columns(rulebook).get(fills)
    entry = raw.get("entry", "")
    if "entry" in raw and instead_of_entry([fills], entry, rulebook):
        return None
    if "entry" not in raw or column is None or column.kind != "several":
        return ""
    if isinstance(entry, str) and entry in ids_of(column):
        return entry
    if entry == UNDECIDED:
        problems.undecided(f"{where}, entry", _one_of(ids_of(column)))
    else:
        problems.add(where, f"entry: expected {_one_of(ids_of(column))}, found {found_text(entry)}")
    return None


def _separator(where: str, raw: Mapping[str, Any], problems: Problems) -> str:
    separator = raw.get("separator", "")
    if "separator" not in raw or (isinstance(separator, str) and 0 < len(separator) <= LONGEST_PART):
        return str(separator)
    problems.add(where, f'separator: expected what stands between entries, such as ", ", found {found_text(separator)}')
    return ""


def _units(where: str, raw: Mapping[str, Any], problems: Problems) -> tuple[str, ...]:
    units = raw.get("units", [])
    if isinstance(units, list) and UNDECIDED in units:
        for _ in range(units.count(UNDECIDED)):
            problems.undecided(
                f"{where}, units", "what stands beside a number that is in the unit of the question, or take it out"
            )
        return ()
    texts = isinstance(units, list) and all(isinstance(unit, str) and unit.strip() for unit in units)
    if texts and all(len(unit) <= LONGEST_PART for unit in units):
        return tuple(sorted(units, key=len, reverse=True))
    problems.add(where, f'units: expected what stands beside a number, such as ["min"], found {found_text(units)}')
    return ()


def _birth_date(where: str, raw: Mapping[str, Any], problems: Problems) -> bool:
    is_one = raw.get("birth_date", False)
    if not isinstance(is_one, bool):
        problems.add(where, f"birth_date: expected true or false, found {found_text(is_one)}")
    return is_one is True


def _check_fills(mapping: FormMapping, rulebook: Rulebook, problems: Problems) -> None:
    """One column a question, except that each entry of a list, and each choice to tick, may have one."""
    taken: dict[tuple[str, str], str] = {}
    ways: dict[str, str] = {}
    for rule in (rule for rule in mapping.columns if rule.fills != SKIP):
        where = f"columns, {in_short(rule.title)}"
        way = "by tick" if rule.ticked else "by entry" if rule.entry else "whole"
        first_way = ways.setdefault(rule.fills, way)
        if way != first_way:
            both = way if first_way == "whole" else first_way
            problems.add(where, f"{rule.fills} is read from other columns both whole and {both}. Keep one way")
        elif not rule.ticked and (earlier := taken.get((rule.fills, rule.entry))):
            what = f"{rule.fills}, {rule.entry}" if rule.entry else rule.fills
            problems.add(
                where, f"{what} is read from {in_short(earlier)} already. Keep one{_or_ticked(rule, rulebook)}"
            )
        taken.setdefault((rule.fills, rule.entry), rule.title)
    if not taken and not problems.lines:
        problems.add("columns", "no column is mapped to a question")


def _or_ticked(rule: ColumnRule, rulebook: Rulebook) -> str:
    column = intake_columns(rulebook).get(rule.fills)
    write = ", or, if each is one choice, ticked or not, give each ticked, the answer that a tick gives"
    return write if column is not None and column.kind == "choice" else ""


def _one_of(ids: tuple[str, ...]) -> str:
    return f"{', '.join(ids[:-1])} or {ids[-1]}"
