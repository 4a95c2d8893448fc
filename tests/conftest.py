"""What every test may ask for: the shipped rulebook, loaded once, and the day of the consultations."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from medspa_core.access.secrets import passwords
from medspa_core.rulebook import Rulebook, load_rulebook

pytest_plugins = [
    "tests.computed_once",  # what follows from the same input is computed once, whatever rulebook a test reads
    "tests.compiled_once",  # SQL is put together once, whatever store a test opens
    "tests.records_support",  # an encrypted file and a PostgreSQL server, for the tests of records
    "tests.table_support",  # a folder with a table in it, for the tests of tables
]

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
CASES = ROOT / "tests" / "cases"
AS_OF = date(2026, 11, 22)
STARTING_POINTS: dict[str, dict[str, Any]] = tomllib.loads((CASES / "starting_points.toml").read_text("utf-8"))


FOLDERS = ("browser", "faults", "pages", "unit", "oracle", "bench")
"""Those whose files take longest come first."""


POSTGRESQL = {"postgres_server", "server_clinic", "chain"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that at the end no worker of several waits for one (with --no-loadscope-reorder, see Makefile)."""
    for item in items:
        if item.path.parent.name == "faults" or POSTGRESQL & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.integration)
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (FOLDERS.index(item.path.parent.name), -tests[item.path], item.path))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Figures that tests recorded, such as a client's taps and seconds. Not beside the browser tests: where several processes
    test, the one that sums up does not read what lies there."""
    for report in terminalreporter.stats.get("passed", []):
        if report.user_properties and report.when == "call":
            told = ", ".join(f"{name} {value}" for name, value in report.user_properties)
            terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {told}")


def healthy(**answers: Any) -> dict[str, Any]:
    """A client of 40 with nothing to report and a recorded product, and what the test adds. None takes an answer away."""
    return {
        key: value for key, value in {**STARTING_POINTS["nothing_to_report"], **answers}.items() if value is not None
    }


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    return load_rulebook(DATA)


@pytest.fixture
def as_of() -> date:
    """The day of the consultation."""
    return AS_OF


@pytest.fixture
def full_strength() -> None:
    """Passwords are hashed as the program does it, also where quick_hashes is in use."""


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Passwords are hashed in a moment, for tests that are not about the strength of a hash."""
    if "full_strength" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._nobodys.cache_clear()
