"""What is said of an entry and does not stand in its file: the program's own words for the same id.

So a clinic's own copy of the rulebook, and one kept with a consultation, load as they are; what they say themselves wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from medspa_core.rulebook.book import LIMITS
from medspa_core.rulebook.files import merged, read_toml
from medspa_core.rulebook.schema import SAID

Raw = dict[str, Any]
SHIPPED = Path(__file__).parents[2] / "data"
ASKED_THERE = ("you", "what_matters")
"""Layers of the questions of which something is said beside their own words."""


def fill_in_said(raw: Raw, *, kept: bool) -> frozenset[str]:
    """Write what is not said into the raw tables, before they are checked; back comes which entries say something themselves.

    `kept`: a rulebook kept with a consultation says what it can of an id that the program does not know any more; in any
    other that is a problem of the file.
    """
    own_words = set()
    for (file, entries), (_, shipped) in zip(_places(raw), _places(_shipped()), strict=True):
        for key, entry in entries.items():
            if isinstance(entry, dict):
                own_words |= {f"{file} {key}"} if SAID in entry else set()
                own, ours = entry.get(SAID, {}), shipped.get(key, {}).get(SAID, {})
                if isinstance(own, dict) and (said := merged(ours, own) or _otherwise(file, key, entry, kept=kept)):
                    entry[SAID] = said
                elif own == {} and _is_needed(file, key, entry) and not kept:
                    entry[SAID] = {}  # so that each missing word is told
    return frozenset(own_words)


def _places(raw: Raw) -> Iterator[tuple[str, Raw]]:
    steps = raw["protocol.toml"].get("steps", {})
    tables = {"questions.toml": raw["questions.toml"], "criteria.toml": raw["criteria.toml"], "steps": steps}
    for file, entries in (tables | {"options": raw["options"]}).items():
        yield file, entries if isinstance(entries, dict) else {}


@lru_cache(maxsize=1)
def _shipped() -> Raw:
    nothing: list[str] = []  # what is wrong with the program's own files is told where they are loaded
    raw: Raw = {
        name: read_toml(SHIPPED / name, nothing) for name in ("questions.toml", "criteria.toml", "protocol.toml")
    }
    return raw | {"options": {path.stem: read_toml(path, nothing) for path in (SHIPPED / "options").glob("*.toml")}}


def _is_needed(file: str, key: str, entry: Raw) -> bool:
    """Safety questions have their words and cards; an option that is like another may say nothing of its own."""
    if file == "questions.toml":
        return entry.get("layer") in ASKED_THERE and entry.get("kind") != "importance"
    return file != "options" or not entry.get("like")


def _otherwise(file: str, key: str, entry: Raw, *, kept: bool) -> Raw:
    """Of an id that is in no file of today: its own name, in words."""
    words = key.replace("_", " ")
    if not kept or file not in ("criteria.toml", "steps"):
        return {}
    if file == "steps":
        told = entry.get("meaning") or words
        return {"name": words, "short": words, "feels": told[:1].upper() + told[1:] + "."}
    of_a_limit = _limits_like(entry.get("chance", ""))
    return {"name": words.capitalize(), "reason": words.capitalize(), **of_a_limit} | dict.fromkeys(
        ("in_a_sentence", "same", "told_us", "weighed"), words
    )


def _limits_like(chance: str) -> Raw:
    """What is said of a limit, as of the program's own criterion with this chance."""
    criteria = _shipped()["criteria.toml"].values() if chance in LIMITS else ()
    return next(({"limits": one[SAID]["limits"]} for one in criteria if one.get("chance") == chance), {})
