"""Every sentence of data/ that a client may read, by where it stands."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.checks.client_texts import PLACEHOLDER, READ_BY_CLIENTS, WORDS_IN
from medspa_core.rulebook.checks.client_texts import client_texts as texts_of_rulebook
from medspa_core.rulebook.checks.raw_checks import within
from tests.conftest import DATA

SCREENS = ("screens.toml", "screens_compare.toml", "result_words.toml")
"""Files that are for clients altogether, but for the tables named here."""

STAFF_TABLES = ("staff",)
NOT_WORDS = re.compile(r"sources?\b|_sources|source_|^steps$|^kind$|limit")


def client_texts() -> dict[str, str]:
    """`data/file, entry.key` -> text."""
    raw: dict[str, Any] = {file: _read(file) for file in (*READ_BY_CLIENTS, *WORDS_IN)}
    raw["options"] = {path.stem: _read(f"options/{path.name}") for path in sorted((DATA / "options").glob("*.toml"))}
    texts = {f"data/{where}": text for where, text in texts_of_rulebook(raw)}
    for file in SCREENS:
        texts |= dict(_all_words(f"data/{file},", _read(file)))
    return texts


def screen_texts() -> dict[str, str]:
    """Every sentence of every screen, those of the staff too."""
    return {
        key: text
        for path in sorted(DATA.glob("screens*.toml"))
        for key, text in _every_text(f"data/{path.name},", _read(path.name))
    }


def _every_text(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _every_text(within(where, str(key)), part)
    elif isinstance(value, str):
        yield where, value


def filled_in(text: str, rulebook: Rulebook) -> set[str]:
    """A template as it may read: with each option's name in its places, and with other words."""
    names = [option.in_a_sentence for option in rulebook.options.values()]
    return {PLACEHOLDER.sub(lambda _, word=word: word, text) for word in (*names, "that")} if "{" in text else {text}


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads((DATA / file).read_text("utf-8"))


def _all_words(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in STAFF_TABLES and not NOT_WORDS.search(key):
                yield from _all_words(within(where, key), part)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            if isinstance(part, dict):
                yield from _all_words(f"{where}.{number}", part)
    elif isinstance(value, str):
        yield where, value
