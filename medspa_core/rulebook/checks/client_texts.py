"""Every text of a rulebook's files that a client may read, by where it stands; and what may never be said in one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from medspa_core.rulebook.problems import shown
from medspa_core.rulebook.schema.claims_and_sources import NeverSay
from medspa_core.rulebook.schema.offered import SAYS_WHO
from medspa_core.rulebook.schema.on_screens import SAID

Raw = Mapping[str, Any]
READ_BY_CLIENTS = {
    "questions.toml": ("in_a_sentence", "client", "help", "note", "answers"),
    "cards.toml": ("title", "ask", "words"),
    "glossary.toml": ("client",),
    "contraindications.toml": ("client",),
    "gates.toml": ("client",),
    "claims.toml": ("honest", "tested"),
    "status.toml": ("approval_line", "client"),
    "never_say.toml": ("say",),
    "clinic.toml": SAYS_WHO,
}
"""File -> the keys whose text a client reads; the other keys are for staff, or quote a claim beside its verdict."""
ANSWERS = "answers"  # a table of texts in questions.toml
OPTION_NAMES = ("name", "short_name", "in_a_sentence")
WORDS_IN = ("questions.toml", "criteria.toml", "protocol.toml")
"""Files whose entries hold what screens say of them, under `said`: all of it is for clients, but for names of questions."""
NAMES_OF_QUESTIONS = ("under", "limit", "about")
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def client_texts(raw: Raw) -> Iterator[tuple[str, str]]:
    """`file, entry.key`, and the text that stands there."""
    for file, read in READ_BY_CLIENTS.items():
        in_answers = ANSWERS in read
        for keys, text in texts_in(raw[file]):
            if keys[-1] in read or (in_answers and ANSWERS in keys):
                yield f"{file}, {'.'.join(keys)}", text
    for option_id, option in raw["options"].items():
        names = {name: option[name] for name in OPTION_NAMES}
        yield from ((f"options/{option_id}.toml, {name}", text) for name, text in names.items())
        yield from _said(f"options/{option_id}.toml", option)
    for file in WORDS_IN:
        yield from _said(file, raw[file])


def forbidden(texts: Iterable[tuple[str, str]], never_say: Mapping[str, NeverSay]) -> Iterator[str]:
    """A line for each text that a pattern of never_say.toml finds."""
    patterns = tuple((key, one) for key, entry in never_say.items() for one in entry.patterns)
    for where, text in texts:
        for key, words in _found(text, patterns).items():
            yield f"{where}: never_say.toml, {key}, forbids {shown(words)}. Say it otherwise"


@lru_cache(maxsize=4096)
def _found(text: str, patterns: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """By the key of what is never said: the words that say it. With each new price the rulebook is read again, and all but a few
    of its texts are as they were; to search them is half of the time."""
    told = PLACEHOLDER.sub("that", text)
    return {key: match[0] for key, pattern in _compiled(patterns) if (match := pattern.search(told))}


@lru_cache(maxsize=8)
def _compiled(patterns: tuple[tuple[str, str], ...]) -> list[tuple[str, re.Pattern[str]]]:
    return [(key, re.compile(one, re.IGNORECASE)) for key, one in patterns]


def texts_in(value: Any, *keys: str, lists: bool = False) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each text in a table, if asked also those in lists, with the keys that it stands under."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from texts_in(part, *keys, key, lists=lists)
    elif isinstance(value, tuple) and lists:
        for part in value:
            yield from texts_in(part, *keys, lists=True)
    elif isinstance(value, str):
        yield keys, value


def _said(file: str, raw: Raw) -> Iterator[tuple[str, str]]:
    for keys, text in texts_in(raw):
        if SAID in keys and not set(NAMES_OF_QUESTIONS) & set(keys[keys.index(SAID) :]):
            yield f"{file}, {'.'.join(keys)}", text
