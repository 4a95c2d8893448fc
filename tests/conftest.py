"""What every test may ask for: the shipped rulebook, loaded once, and the day of the consultations."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from medspa_core.rulebook import Rulebook, load_rulebook

pytest_plugins = ["tests.records_support"]  # an encrypted file and a PostgreSQL server, for the tests of records

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
CASES = ROOT / "tests" / "cases"
AS_OF = date(2026, 11, 22)
STARTING_POINTS: dict[str, dict[str, Any]] = tomllib.loads((CASES / "starting_points.toml").read_text("utf-8"))


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
