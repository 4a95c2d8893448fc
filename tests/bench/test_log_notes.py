"""What the note of each save costs, and what the first look at the log costs a start."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest

from medspa_core.records import load_draft, open_store, save_answers
from medspa_core.records.audit.outside_head import OutsideHead
from medspa_core.records.database.opening_check import refuse_what_is_amiss
from medspa_core.records.database.store_location import FilePlace
from tests.bench.printed import show
from tests.records_support import NOW, begin, new_clinic

pytestmark = pytest.mark.bench

TURNS, SAVES = 12, 40
LAST = 59


def test_what_the_note_of_each_save_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the note and without, in turns on the same store; wall time and the process's own."""
    wall: dict[bool, list[float]] = {True: [], False: []}
    cpu: dict[bool, list[float]] = {True: [], False: []}
    note = OutsideHead.note
    with new_clinic(tmp_path).create() as store:
        draft, number = begin(store), 0
        for turn in range(TURNS * 2):
            noted = turn % 2 == 0
            monkeypatch.setattr(OutsideHead, "note", note if noted else lambda *_: None)
            for _ in range(SAVES):
                number += 1
                began, used = time.perf_counter(), time.process_time()
                save_answers(store, draft.id, {"age": number}, NOW + timedelta(seconds=number), "form")
                wall[noted].append((time.perf_counter() - began) * 1000)
                cpu[noted].append((time.process_time() - used) * 1000)
        kept = load_draft(store, draft.id)
        assert kept is not None and kept.answers == {"age": TURNS * 2 * SAVES}, "each save was one, noted or not"
    lines = [f"| a save, load {os.getloadavg()[0]:.1f} | wall p50 | p95 | process p50 |", "|---|--:|--:|--:|"]
    for noted, words in ((True, "its head noted outside"), (False, "not noted")):
        p95 = statistics.quantiles(wall[noted], n=20)[-1]
        lines.append(
            f"| {words} | {statistics.median(wall[noted]):.2f} | {p95:.2f} | {statistics.median(cpu[noted]):.2f} |"
        )
    show(capsys, *lines)


def test_what_the_first_look_costs_a_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A store of a year's size with a log of 4 MB that a crash left."""
    clinic = new_clinic(tmp_path)
    with clinic.create() as store:
        draft = begin(store)
        for start in range(0, 40_000, 2_000):
            with store.writing() as connection:
                for number in range(start, start + 2_000):
                    store.note(connection, NOW, "R", f"draft-{number}", {"fields": "x" * 3000})
        with store.reading() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        for number in range(LAST + 1):
            save_answers(store, draft.id, {"age": number}, NOW, "form")
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        subprocess.run(["cp", clinic.file, f"{clinic.file}-wal", crashed], check=True)  # by another program: locks stay
    looked, opened = [], []
    for _ in range(7):
        for name in (clinic.file.name, f"{clinic.file.name}-wal"):
            shutil.copy(crashed / name, clinic.file.with_name(name))
        began = time.perf_counter()
        refuse_what_is_amiss(FilePlace(clinic.file), clinic.keys)
        looked.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        open_store(clinic.file, clinic.keys, clinic.clock).close()
        opened.append((time.perf_counter() - began) * 1000)
    with clinic.open() as store:
        kept = load_draft(store, draft.id)
    assert kept is not None and kept.answers == {"age": LAST}, "what only the log held was read from it each time"
    size = (crashed / clinic.file.name).stat().st_size / 1e6
    log = (crashed / f"{clinic.file.name}-wal").stat().st_size / 1e6
    show(
        capsys,
        f"| a store of {size:.0f} MB, its log {log:.1f} MB, load {os.getloadavg()[0]:.1f} | median ms |",
        "|---|--:|",
        f"| the first look | {statistics.median(looked):.0f} |",
        f"| opened and closed, with it | {statistics.median(opened):.0f} |",
    )
