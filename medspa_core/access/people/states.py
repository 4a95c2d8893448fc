"""States, provinces and countries of licences and locations: what somebody typed goes in, what is kept and its name come out.

A licence counts where its state is the location's, so each has one spelling, whoever types it. The list is data/us_states.toml.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

FILE = Path(__file__).parents[3] / "data" / "us_states.toml"
NOT_KNOWN = (
    "We know no such state or province. Type it in full or short, such as California or CA; "
    "outside the US and Canada, type the country."
)


@dataclass(frozen=True, slots=True)
class State:
    """`kept`: how it stands on licences, locations and signatures."""

    kept: str
    name: str


class Names(BaseModel):
    """Names that are kept as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...]


class StateFile(BaseModel):
    """The file: no two entries may be read alike, and each other way to write one leads to an entry."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    united_states: dict[str, str]
    canada: dict[str, str]
    elsewhere: Names
    also: dict[str, str]

    def ways(self) -> Iterator[tuple[str, str]]:
        """Each way to write an entry, and what is kept."""
        for kept, name in (*self.united_states.items(), *self.canada.items()):
            yield from ((kept, kept), (name, kept))
        yield from ((name, name) for name in self.elsewhere.names)
        yield from self.also.items()

    def entries(self) -> dict[str, State]:
        """By what is kept."""
        listed = self.united_states | self.canada | {name: name for name in self.elsewhere.names}
        return {kept: State(kept, name) for kept, name in listed.items()}

    @model_validator(mode="after")
    def _each_is_read_as_one(self) -> Self:
        read: dict[str, str] = {}
        for typed, kept in self.ways():
            if kept not in self.entries():
                raise ValueError(f"also: {typed}: {kept} is no entry")
            if read.setdefault(_even(typed), kept) != kept:
                raise ValueError(f"{typed}: read as {read[_even(typed)]} and as {kept}")
        return self


def read_state(typed: str) -> State | None:
    """What was typed, in full or short, in any case; None: neither."""
    return _by_spelling().get(_even(typed))


def as_kept(state: str) -> str:
    """A state of an older entry as it is kept today; what is not known stays as it is."""
    found = read_state(state)
    return found.kept if found is not None else state


def spellings(state: str) -> frozenset[str]:
    """Every way in which an entry of this state may have been kept before there was a list."""
    kept = as_kept(state)
    return frozenset({state, kept, *(typed.upper() for typed, one in _file().ways() if one == kept)})


@functools.cache
def _file() -> StateFile:
    return StateFile.model_validate(tomllib.loads(FILE.read_text("utf-8")))


@functools.cache
def _by_spelling() -> dict[str, State]:
    entries = _file().entries()
    return {_even(typed): entries[kept] for typed, kept in _file().ways()}


def _even(typed: str) -> str:
    """Small letters without accents, dots and apostrophes, one space between words."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", typed.casefold()) if not unicodedata.combining(one))
    return " ".join(
        re.sub(r"[^\w]", " ", re.sub(r"[.'\u2018\u2019\u02bb\u02bc]", "", plain.replace("&", " and "))).split()
    )
