"""How fast records are among 100,000 clients, as ratios to reading one row by its key in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from medspa_core import clients
from medspa_core.clients import consultations
from medspa_core.clients.register import keys_of
from medspa_core.records import Store
from medspa_core.records.client_schema import client_words
from medspa_core.records.client_schema import clients as kept
from medspa_core.records.search_words import words_to_keep
from tests.bench.printed import show
from tests.clients_support import Practice, details
from tests.records_support import NOW, ORDER

pytestmark = pytest.mark.bench

MANY = 100_000
FIRST = ("Anna", "Bea", "Clara", "Dora", "Éloïse", "Fay", "Gil", "Hana", "Ida", "Jo", "Kim", "Lea", "Max", "Noa", "Oda")
LAST = ("Smith", "Smythe", "Miller", "Meyer", "Novak", "O'Brien", "Lindqvist", "García", "Öztürk", "Tanaka", "Marigold")
SEARCHES = ("a", "smi", "anna smi", "max o'b", "s m", "a s m", "hana ida", "anna zzz", "1984-03-07", "c 1984-03-07")
SEARCHES += ("C-99999", "c 99999", "nobody at all")
TIMES = 15


def fill(practice: Practice) -> str:
    """Clients as a big practice has them; the id of one of them."""
    with practice.store.writing() as connection:
        for start in range(0, MANY, 2_000):
            rows, words = [], []
            for number in range(start, start + 2_000):
                name = f"{FIRST[number % 15]} {FIRST[number % 7]}{number % 601} {LAST[number % 11]}{number // 4001}"
                one = details(name, f"C-{number}", date(1940, 1, 1) + timedelta(days=number % 25_000))
                row = {"code_name": one.code_name, "name": one.name, "birth_date": one.birth_date, **keys_of(one)}
                about = {"id": f"{number:032x}", "location_id": practice.here, "revision": 0}
                rows.append({**row, **about, "created_at": NOW, "changed_at": NOW})
                found = words_to_keep(one.code_name, one.name)
                words += [{"client_id": about["id"], "word": w, "location_id": practice.here} for w in found]
            connection.execute(insert(kept), rows)
            connection.execute(insert(client_words), words)
    return f"{77:032x}"


def median_ms(action: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        action()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


def test_records_among_a_hundred_thousand_clients(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    practice = Practice(store)
    one, nurse = fill(practice), practice.nurse
    with store.writing() as connection:
        engine = connection.dialect.name
        if engine == "postgresql":  # as the server does by itself within minutes
            connection.exec_driver_sql("ANALYZE")

    def one_row() -> None:
        with store.reading() as connection:
            connection.execute(select(kept).where(kept.c.id == one)).one()

    floor = median_ms(one_row)
    lines = [f"| {engine}, {MANY:,} clients | median ms | x one row by its key ({floor:.2f} ms) |", "|---|--:|--:|"]

    def said(what: str, taken: float) -> None:
        lines.append(f"| {what} | {taken:.1f} | {taken / floor:.0f} |")

    for typed in SEARCHES:
        found = len(clients.find_clients(store, nurse, typed))
        said(
            f"search {typed!r}: {found} found", median_ms(lambda typed=typed: clients.find_clients(store, nurse, typed))
        )  # type: ignore[misc]
    said("the last clients", median_ms(lambda: clients.recent_clients(store, nurse)))
    said("duplicates", median_ms(lambda: clients.alike(store, nurse)))
    drafts = [
        consultations.start(store, nurse, "C", NOW, date(2026, 1, 1) + timedelta(days=n), ORDER, client_id=one)
        for n in range(50)
    ]

    def opens() -> None:
        clients.open_client(store, nurse, one)
        assert len(clients.visits_of(store, nurse, one)) == 50

    said("a client with 50 consultations opened", median_ms(opens))
    answer = iter(range(10_000))

    def saves() -> None:
        consultations.save_answers(store, nurse, drafts[0].id, {"age": next(answer)}, NOW, "form")

    said("an answer saved, durable", median_ms(saves))
    show(capsys, *lines)
