"""From a folder of rulebook files to one frozen Rulebook, or every problem in them at once."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ValidationError

from medspa_core.rulebook.added import fill_in_added_options
from medspa_core.rulebook.book import Rulebook
from medspa_core.rulebook.checks.client_texts import client_texts, forbidden
from medspa_core.rulebook.checks.cross_checks import cross_checks
from medspa_core.rulebook.checks.raw_checks import raw_problems
from medspa_core.rulebook.checks.screen_words import screen_problems
from medspa_core.rulebook.files import merged, read_toml
from medspa_core.rulebook.problems import RulebookProblem, problem_lines
from medspa_core.rulebook.revision import revision_of
from medspa_core.rulebook.said_by_program import fill_in_words
from medspa_core.rulebook.schema import claims_and_sources, offered

Model = TypeVar("Model", bound=BaseModel)
Raw = dict[str, Any]

_IN_TOML = {
    f"{name}.toml": hint
    for name, hint in get_type_hints(Rulebook).items()
    if name not in ("revision", "options", "sources", "draws", "filled_in")
}
KEYED_FILES: Mapping[str, type[BaseModel]] = {
    file: get_args(hint)[1] for file, hint in _IN_TOML.items() if get_args(hint)
}
"""File -> what each of its entries is."""
WHOLE_FILES: Mapping[str, type[BaseModel]] = {file: hint for file, hint in _IN_TOML.items() if not get_args(hint)}
GATHERED_UNDER = {"contraindications.toml": "cases", "status.toml": "places"}


def load_rulebook(folder: Path, *clinic_settings: Path | None, kept: bool = False) -> Rulebook:
    """Read, check and freeze the rulebook in `folder`; each of `clinic_settings` (TOML) wins key by key over clinic.toml and
    those before it. `kept`: with a consultation, by an older program perhaps; of it is not asked what only today's screens need.

    Raises RulebookProblem with every problem found; a wrong file never half-loads.
    """
    problems: list[str] = []
    raw = _read_all(folder, problems)
    shipped = _price_sources(raw["clinic.toml"])
    for path in clinic_settings:
        if path is not None and path.exists():
            raw["clinic.toml"] = merged(raw["clinic.toml"], read_toml(path, problems))
    problems += [] if problems else fill_in_added_options(raw)
    if problems:
        raise RulebookProblem(problems)
    problems += [] if kept else raw_problems(raw)
    revision, filled_in = revision_of(raw), fill_in_words(raw, kept=kept)
    parts = _parse_all(raw, problems)
    if problems:
        raise RulebookProblem(problems)
    book = Rulebook(revision=revision, filled_in=filled_in, **parts)
    problems += cross_checks(book, shipped, kept=kept)
    if not problems and not kept:
        problems += [*forbidden(client_texts(raw), book.never_say), *screen_problems(book, folder)]
    if problems:
        raise RulebookProblem(problems)
    return book


def _price_sources(clinic: Raw) -> frozenset[str]:
    """Sources of the shipped prices: they stay in sources.csv, though a clinic that has its own price cites them no more."""
    prices = clinic.get("prices")
    entries = prices.values() if isinstance(prices, dict) else ()
    return frozenset(str(one) for entry in entries if isinstance(entry, dict) for one in entry.get("sources", ()))


def _read_all(folder: Path, problems: list[str]) -> Raw:
    raw: Raw = {name: read_toml(folder / name, problems) for name in (*KEYED_FILES, *WHOLE_FILES)}
    raw["options"] = {path.stem: read_toml(path, problems) for path in sorted((folder / "options").glob("*.toml"))}
    raw["sources.csv"] = _read_csv(folder / "sources.csv", problems)
    raw["robustness_draws.csv"] = _read_csv(folder / "robustness_draws.csv", problems)
    return raw


def _read_csv(path: Path, problems: list[str]) -> list[Raw]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except FileNotFoundError:
        problems.append(f"{path.name}: this file is missing. Put it back")
        return []
    except UnicodeDecodeError as error:
        problems.append(f"{path.name}: not UTF-8 text, at byte {error.start}. Save it as UTF-8")
        return []
    except (OSError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        problems.append(f"{path.name}: cannot be read: {reason}. Check the file")
        return []
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            problems.append(f"{path.name}, line {number}: another number of cells than the header. Correct the line")
    return rows


def _parse_all(raw: Raw, problems: list[str]) -> Raw:
    parts: Raw = {}
    for name, model in KEYED_FILES.items():
        entries = {key: _gathered(name, model, entry) for key, entry in raw[name].items()}
        parts[_field(name)] = _parse_entries(name, model, entries, problems)
    for name, model in WHOLE_FILES.items():
        parts[_field(name)] = _parse(name, "", model, raw[name], problems)
    options = {
        key: _parse(f"options/{key}.toml", "", offered.OptionFile, entry, problems)
        for key, entry in raw["options"].items()
    }
    parts["options"] = dict(sorted(options.items(), key=lambda item: (_rank_of(item[1]), item[0])))
    rows = {row["id"]: {k: v for k, v in row.items() if k != "id"} for row in raw["sources.csv"]}
    if len(rows) != len(raw["sources.csv"]):
        problems.append("sources.csv: an id stands twice. Keep one line an id")
    parts["sources"] = _parse_entries("sources.csv", claims_and_sources.Source, rows, problems)
    parts["draws"] = _parse_draws(raw["robustness_draws.csv"], problems)
    return parts


def _rank_of(option: offered.OptionFile | None) -> int:
    """Ranked options first, by rank; waiting (rank 0) last."""
    return option.rank or 10**6 if option is not None else 0


def _gathered(file: str, model: type[BaseModel], entry: Any) -> Any:
    """Sub-tables named by an answer or a place are gathered under one key, so that the rest stays strict."""
    under = GATHERED_UNDER.get(file)
    if under is None or not isinstance(entry, dict):
        return entry
    own = {key: value for key, value in entry.items() if key in model.model_fields}
    return {**own, under: {key: value for key, value in entry.items() if key not in own}}


def _parse_entries(file: str, model: type[Model], entries: Raw, problems: list[str]) -> dict[str, Model | None]:
    return {key: _parse(file, key, model, entry, problems) for key, entry in entries.items()}


def _parse(file: str, entry: str, model: type[Model], raw: Any, problems: list[str]) -> Model | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems += problem_lines(file, entry, error)
        return None


def _parse_draws(rows: list[Raw], problems: list[str]) -> dict[str, tuple[int, ...]]:
    """Criterion id -> one whole number a draw."""
    columns: dict[str, list[int]] = {key: [] for key in (rows[0] if rows else {})}
    for number, row in enumerate(rows, start=2):
        for key, cell in row.items():
            if not (cell.isdecimal() and 1 <= int(cell) <= 500):
                problems.append(f"robustness_draws.csv, line {number}, {key}: expected 1 to 500, found {cell!r}")
            else:
                columns[key].append(int(cell))
    return {key: tuple(column) for key, column in columns.items()}


def _field(file: str) -> str:
    return file.removesuffix(".toml")
