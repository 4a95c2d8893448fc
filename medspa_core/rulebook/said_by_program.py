"""What a file leaves out and the program can say itself, of the same ids: words of an entry, hard words explained, units.

So a clinic's own copy of the rulebook, and one kept with a consultation, load as they are; what they say themselves wins. It
is filled in after the revision was taken, and is no part of what the director signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from medspa_core.rulebook.book import LIMITS
from medspa_core.rulebook.files import merged, read_toml
from medspa_core.rulebook.schema.on_screens import SAID

Raw = dict[str, Any]
SHIPPED = Path(__file__).parents[2] / "data"
ASKED_THERE = ("you", "what_matters")
"""Layers of the questions of which something is said beside their own words."""
EXPLAINED = ("rct", "split_face", "secondary_outcome", "observational", "series", "in_vitro", "systematic_review")
"""Words of the field that staff find explained beside the claims."""
FILES = ("questions.toml", "criteria.toml", "protocol.toml", "glossary.toml", "cards.toml")


def fill_in_words(raw: Raw, *, kept: bool) -> frozenset[str]:
    """Write what is left out into the raw tables, before they are checked; back come the places that were filled in, as
    `content_of` names them.

    `kept`: a rulebook kept with a consultation says what it can of an id that the program does not know any more; in any
    other that is a problem of the file.
    """
    filled = set(_explained(raw["glossary.toml"]))
    for (place, entries), (_, shipped) in zip(_places(raw), _places(_shipped()), strict=True):
        for key, entry in entries.items():
            if isinstance(entry, dict):
                ours = shipped.get(key, {})
                filled |= {f"{place}.{key}.{one}" for one in _asked_as_ours(place, entry, ours, raw, kept=kept)}
                filled |= {f"{place}.{key}.{one}" for one in _said(place, key, entry, ours, kept=kept)}
    return frozenset(filled)


def _explained(glossary: Raw) -> Iterator[str]:
    for word in EXPLAINED:
        if word not in glossary and word in _shipped()["glossary.toml"]:
            glossary[word] = _shipped()["glossary.toml"][word]
            yield f"glossary.{word}"


def _asked_as_ours(place: str, entry: Raw, ours: Raw, raw: Raw, *, kept: bool) -> Iterator[str]:
    """A step that doesn't say what it means, a number without its unit, a question of history without its card."""
    names = {"protocol.steps": ("meaning",), "questions": ("unit", *(() if kept else ("card",)))}.get(place, ())
    for name in names:
        if not entry.get(name) and ours.get(name) and (name != "card" or _card_fits(entry, ours, raw)):
            entry[name] = ours[name]
            yield name


def _card_fits(entry: Raw, ours: Raw, raw: Raw) -> bool:
    card = raw["cards.toml"].get(ours["card"])
    return isinstance(card, dict) and "choices" not in card and card.get("layer") == entry.get("layer")


def _said(place: str, key: str, entry: Raw, ours: Raw, *, kept: bool) -> Iterator[str]:
    """Fill in what is said of one entry; the places below it at which the program speaks."""
    own = entry.get(SAID, {})
    if not isinstance(own, dict):
        return
    said = merged(ours.get(SAID, {}), own) or _otherwise(place, key, entry, kept=kept)
    if said:
        yield from _left_out("", {SAID: own} if SAID in entry else {}, {SAID: said})
        entry[SAID] = said
    elif _is_needed(place, entry) and not kept:
        entry[SAID] = {}  # so that each missing word is told


def _left_out(below: str, own: Raw, whole: Raw) -> Iterator[str]:
    for key, value in whole.items():
        if key not in own:
            yield f"{below}{key}"
        elif isinstance(value, dict) and isinstance(own[key], dict):
            yield from _left_out(f"{below}{key}.", own[key], value)


def _places(raw: Raw) -> Iterator[tuple[str, Raw]]:
    steps = raw["protocol.toml"].get("steps", {})
    tables = {"questions": raw["questions.toml"], "criteria": raw["criteria.toml"], "protocol.steps": steps}
    for place, entries in (tables | {"options": raw["options"]}).items():
        yield place, entries if isinstance(entries, dict) else {}


@lru_cache(maxsize=1)
def _shipped() -> Raw:
    nothing: list[str] = []  # what is wrong with the program's own files is told where they are loaded
    raw: Raw = {name: read_toml(SHIPPED / name, nothing) for name in FILES}
    return raw | {"options": {path.stem: read_toml(path, nothing) for path in (SHIPPED / "options").glob("*.toml")}}


def _is_needed(place: str, entry: Raw) -> bool:
    """Safety questions have their words and cards; an option that is like another may say nothing of its own."""
    if place == "questions":
        return entry.get("layer") in ASKED_THERE and entry.get("kind") != "importance"
    return place != "options" or not entry.get("like")


def _otherwise(place: str, key: str, entry: Raw, *, kept: bool) -> Raw:
    """Of an id that is in no file of today: its own name, in words."""
    words = key.replace("_", " ")
    if not kept or place not in ("criteria", "protocol.steps"):
        return {}
    if place == "protocol.steps":
        told = entry.get("meaning") or words
        return {"name": words, "short": words, "feels": told[:1].upper() + told[1:] + "."}
    within = dict.fromkeys(("in_a_sentence", "same", "told_us", "weighed"), words)
    first = dict.fromkeys(("name", "reason"), words.capitalize())
    return {**first, **within, **_limits_like(entry.get("chance", ""))}


def _limits_like(chance: str) -> Raw:
    """What is said of a limit, as of the program's own criterion with this chance."""
    criteria = _shipped()["criteria.toml"].values() if chance in LIMITS else ()
    return next(({"limits": one[SAID]["limits"]} for one in criteria if one.get("chance") == chance), {})
