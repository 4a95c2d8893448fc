"""Every sentence of data/ that a client may read, by where it stands."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from medspa_core.rulebook import Rulebook
from tests.conftest import DATA

READ_BY_CLIENTS = {
    "questions.toml": ("in_a_sentence", "client", "help", "note", "answers"),
    "cards.toml": ("title", "ask", "words"),
    "glossary.toml": ("client",),
    "contraindications.toml": ("client",),
    "gates.toml": ("client",),
    "claims.toml": ("honest", "tested"),
    "status.toml": ("approval_line", "client"),
    "never_say.toml": ("say",),
}
"""File -> the keys whose text a client reads; the other keys are for staff, or quote a claim beside its verdict."""

SCREENS = ("screens.toml", "result_words.toml")
"""Files that are for clients altogether, but for the tables named here."""

STAFF_TABLES = ("staff",)
NOT_WORDS = re.compile(r"sources?\b|_sources|source_|^steps$|^kind$|limit")
OPTION_NAMES = ("name", "short_name", "in_a_sentence")
SAID = ("questions.toml", "criteria.toml", "protocol.toml")
"""Files whose entries hold what screens say of them, under `said`: all of it is for clients, but for names of questions."""
NAMES_OF_QUESTIONS = ("under", "limit", "about")
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def client_texts() -> dict[str, str]:
    """`data/file, entry.key` -> text."""
    texts = {}
    for file, keys in READ_BY_CLIENTS.items():
        texts |= dict(_named(f"data/{file},", _read(file), keys, False))
    for file in SCREENS:
        texts |= dict(_all_words(f"data/{file},", _read(file)))
    for path in sorted((DATA / "options").glob("*.toml")):
        option = tomllib.loads(path.read_text("utf-8"))
        texts |= {f"data/options/{path.name}, {name}": option[name] for name in OPTION_NAMES}
        texts |= dict(_said(f"data/options/{path.name},", option))
    for file in SAID:
        texts |= dict(_said(f"data/{file},", _read(file)))
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
            yield from _every_text(_within(where, str(key)), part)
    elif isinstance(value, str):
        yield where, value


def filled_in(text: str, rulebook: Rulebook) -> set[str]:
    """A template as it may read: with each option's name in its places, and with other words."""
    names = [option.in_a_sentence for option in rulebook.options.values()]
    return {PLACEHOLDER.sub(lambda _, word=word: word, text) for word in (*names, "that")} if "{" in text else {text}


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads((DATA / file).read_text("utf-8"))


def _named(where: str, value: Any, keys: tuple[str, ...], is_read: bool) -> Iterator[tuple[str, str]]:
    """Texts under the named keys; `answers` is a table of texts in questions.toml."""
    if isinstance(value, dict):
        for key, part in value.items():
            read = is_read or (key in keys and (key == "answers" or isinstance(part, str)))
            yield from _named(_within(where, key), part, keys, read)
    elif isinstance(value, str) and is_read:
        yield where, value


def _said(where: str, value: Any, *, below: bool = False) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if not below or key not in NAMES_OF_QUESTIONS:
                yield from _said(_within(where, key), part, below=below or key == "said")
    elif isinstance(value, str) and below:
        yield where, value


def _all_words(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in STAFF_TABLES and not NOT_WORDS.search(key):
                yield from _all_words(_within(where, key), part)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            if isinstance(part, dict):
                yield from _all_words(f"{where}.{number}", part)
    elif isinstance(value, str):
        yield where, value


def _within(where: str, key: str) -> str:
    return f"{where} {key}" if where.endswith(",") else f"{where}.{key}"
