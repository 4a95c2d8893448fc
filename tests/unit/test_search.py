"""A search finds what a plain look at every client finds, on both engines, whichever of its ways it takes."""

from __future__ import annotations

import itertools
import random

import pytest
from sqlalchemy import insert

from medspa_core.clients import search
from medspa_core.clients.search import ids_found
from medspa_core.clients.search_words import meanings_of, written_together
from medspa_core.records.client_schema import client_words, clients
from medspa_core.records.search_words import words_to_keep
from tests.records_support import NOW, Clinic

WORDS = ("anna", "ann", "an", "bo", "bob", "smith", "smythe", "s", "zoë", "o'brien", "zz")
PLACES = ("here", "there")
SEARCHES = (
    "an",
    "ann bo",
    "s an",
    "sm bo zo",
    "zz an",
    "anna ann a",
    "an s b",
    "nobody an",
    "c1 an",
    "obri s",
    "s s s",
    "anna smith",
    "o brien an",
    "smi th bo",
    "annabo",
)

People = dict[str, tuple[str, tuple[str, ...]]]
"""Each client's place and words."""


def people(seed: int, number: int = 120) -> People:
    """Clients with names of few words, some of which begin others: many, few or none have two of them."""
    chosen = random.Random(seed)
    rare = chosen.choice(WORDS)
    made = {}
    for at in range(number):
        names = [word for word in chosen.choices(WORDS, k=3) if word != rare or at % 40 == 0]
        made[f"{chosen.getrandbits(64):016x}"] = (chosen.choice(PLACES), words_to_keep(f"C{at}", " ".join(names)))
    return made


def kept_in(clinic: Clinic, everybody: People) -> Clinic:
    rows, index = [], []
    for client_id, (place, words) in everybody.items():
        row = {"id": client_id, "code_name": "x", "location_id": place, "created_at": NOW, "changed_at": NOW}
        rows.append({**row, "revision": 0, "code_key": "x"})
        index += [{"client_id": client_id, "word": word, "location_id": place} for word in words]
    with clinic.create() as store, store.writing() as connection:
        connection.execute(insert(clients), rows)
        connection.execute(insert(client_words), index)
    return clinic


def plainly(everybody: People, typed: str, at: frozenset[str | None] | None) -> set[str]:
    """Every client is looked at."""
    ways = [way for wanted in meanings_of(typed) for way in written_together(wanted.words)]
    return {
        client_id
        for client_id, (place, words) in everybody.items()
        if (at is None or place in at)
        and any(all(any(word.startswith(one) for word in words) for one in way) for way in ways)
    }


WAYS = ((1000, 200, 50), (8, 3, 5), (1, 1, 50), (40, 7, 5))
"""How many are asked one by one, how many of them at a time, and how many are wanted."""


def test_a_search_finds_what_a_look_at_every_client_finds_on_both_engines(
    file_clinic: Clinic, server_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = people(1)
    places = (None, frozenset({"here"}), frozenset({"here", None}), frozenset[str | None]())
    with kept_in(file_clinic, everybody).open() as one, kept_in(server_clinic, everybody).open() as other:
        for (*way, limit), typed, at in itertools.product(WAYS, SEARCHES, places):
            for name, value in zip(("ASKED_ONE_BY_ONE", "AT_A_TIME", "COUNTED_UP_TO"), (*way, 30), strict=True):
                monkeypatch.setattr(search, name, value)
            with one.reading() as file, other.reading() as server:
                found = ids_found(file, typed, at, limit)
                assert found == ids_found(server, typed, at, limit), (way, typed, at, limit)
            true = plainly(everybody, typed, at)
            assert set(found) <= true, (way, typed, at, limit)
            assert len(found) == len(set(found)) == min(limit, len(true)), (way, typed, at, limit)


def test_a_word_that_nobody_has_is_asked_first_and_ends_the_search(clinic: Clinic) -> None:
    with kept_in(clinic, people(3)).open() as store, store.reading() as connection:
        assert search._rarest_first(connection, ("an", "smith", "nobody", "nob"))[0] == "nobody"
        assert ids_found(connection, "an smith nobody", None, 50) == []
