"""Every sentence a client reads on screen is easy to read, and dates are asked for as the clinic writes them."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from medspa_core.formats.typed_dates import NoDate, Reason, style_at
from tests.reading_age import hard_texts
from views.context.words import date_order, date_refused, entry

DATA = Path(__file__).parents[2] / "data"
WORDS = "views.context.words"


def sentences(entry: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every sentence outside [staff], with its key; fields are filled in by a short word."""
    if isinstance(entry, str):
        yield name, re.sub(r"\{\w+\}", "one", entry)
    elif isinstance(entry, Mapping):
        for key, value in entry.items():
            if (name or key) != "staff":
                yield from sentences(value, f"{name}.{key}".strip("."))
    elif isinstance(entry, list):
        for number, value in enumerate(entry):
            if not isinstance(value, str) or " " in value:
                yield from sentences(value, f"{name}.{number}")


def screens() -> dict[str, str]:
    files = sorted(DATA.glob("screens*.toml"))
    return {key: text for file in files for key, text in sentences(tomllib.loads(file.read_text("utf-8")))}


def test_every_sentence_on_screen_is_easy_to_read() -> None:
    reading = tomllib.loads((DATA / "reading.toml").read_text("utf-8"))
    skipped = (".limit", "Treatment mix")
    texts = {name: text for name, text in screens().items() if not name.endswith(skipped) and text not in skipped}
    assert hard_texts(texts, frozenset(reading["easy_words"]), reading["limit_age"]) == []


def test_a_date_is_typed_in_the_order_of_the_place() -> None:
    assert [date_order(style_at(place)) for place in ("us", "eu", "kr")] == ["MM/DD/YYYY", "DD/MM/YYYY", "YYYY-MM-DD"]


def asked_for(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Every sentence of a screen that a module names itself, and the fields it fills in."""
    source = ast.parse(path.read_text("utf-8"))
    from_words = [one for one in ast.walk(source) if isinstance(one, ast.ImportFrom) and one.module == WORDS]
    called = {name.asname or name.name for one in from_words for name in one.names if name.name == "say"}
    for call in ast.walk(source):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in called:
            given = {one.arg for one in call.keywords}
            if isinstance(call.args[0], ast.Constant) and None not in given:
                yield str(call.args[0].value), {str(one) for one in given}


def _sentence(key: str) -> str:
    found = entry(key)
    assert isinstance(found, str), key
    return found


def test_no_sentence_is_shown_with_a_field_that_nothing_fills_in() -> None:
    modules = [path for folder in ("views", "pages") for path in sorted((DATA.parent / folder).rglob("*.py"))]
    asked = [(path.name, key, given) for path in modules for key, given in asked_for(path)]
    assert len(asked) > 500
    fields = {key: set(re.findall(r"\{(\w+)", _sentence(key))) for _, key, _ in asked}
    assert [(file, key, fields[key] - given) for file, key, given in asked if fields[key] - given] == []


@pytest.mark.parametrize("reason", get_args(Reason))
def test_each_reason_why_a_text_is_no_date_has_its_sentence(reason: Reason) -> None:
    said = date_refused(NoDate(reason), "day_first", date(1900, 1, 1), date(2026, 11, 22))
    assert said and "{" not in said
    assert date_refused(NoDate("no_year"), "month_first", date(2026, 12, 1), date(2036, 1, 1)).endswith("12/31/2026.")
