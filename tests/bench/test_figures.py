"""How fast the treatment mix is with very many facts: all its queries through the program against the same SQL by DuckDB alone,
on the same folder in the same run, as a ratio; and the peak memory of making and of asking them.

100,000 and a million facts; ten million too where MEDSPA_BENCH_LARGE is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from medspa_core.practice.facts_folder import FactsFolder
from medspa_core.records import Store
from tests.bench.printed import show
from tests.bench.test_speed import PEAK_OF_CHILD, PROGRAM
from tests.pages.conftest import home as home  # noqa: PLC0414
from tests.pages.conftest import program, text_of, through_the_door
from tests.pages.conftest import store as store  # noqa: PLC0414
from views.context import environment
from views.staff.figures import facts

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]

SIZES = (100_000, 1_000_000, *([10_000_000] if os.environ.get("MEDSPA_BENCH_LARGE") else []))
ASKED = ("metric_table", "values_of", "newest_day", "is_recorded")
MOST = 1.5
"""Times DuckDB alone, at most: measured were 1.01 to 1.08."""
MOST_MB = 1_000


@pytest.mark.parametrize("number", SIZES)
def test_the_mix_page_against_the_same_sql_by_duckdb_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    folder = tmp_path / "facts"
    make = [sys.executable, "-m", "medspa_core", "demo", "--facts", str(number), str(folder)]
    made = _child([sys.executable, "-c", PEAK_OF_CHILD, *make])
    calls = _asked_by_the_page(folder, monkeypatch)
    found = _child([sys.executable, "-m", "tests.bench.figures_at_speed", str(folder)], json.dumps(calls))
    ratio = found["ours"] / found["alone"]
    show(
        capsys,
        "| facts | queries | the page's tables, s of work | the same SQL alone | ratio | peak MB | made in s | peak MB |",
        f"| {number:,} | {found['queries']} | {found['ours']:.2f} | {found['alone']:.2f} | {ratio:.2f} "
        f"| {found['peak_mb']:.0f} | {made['seconds']:.0f} | {made['peak_mb']:.0f} |",
    )
    assert ratio < MOST
    assert max(found["peak_mb"], made["peak_mb"]) < MOST_MB


def _child(command: list[str], given: str = "") -> dict[str, Any]:
    told = subprocess.run(command, cwd=PROGRAM, input=given, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def _asked_by_the_page(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[Any]]]:
    """What the page asks of this folder, in its order: each function with what it was given beside the facts."""
    calls: list[tuple[str, list[Any]]] = []

    def noting(name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def noted(table: FactsFolder, metrics: object, *given: Any) -> Any:
            calls.append((name, [*given[:-1], asdict(given[-1])]))
            return ask(table, metrics, *given)

        return noted

    for name in ASKED:
        monkeypatch.setattr(facts, name, noting(name, getattr(facts, name)))
    through_the_door(monkeypatch)
    monkeypatch.setenv("MEDSPA_FACTS", str(folder))
    environment.settings.clear()
    at = program().run()
    at.switch_page("pages/treatment_mix.py").run()
    environment.settings.clear()
    assert not at.exception and "Facts as of" in text_of(at)
    return calls
