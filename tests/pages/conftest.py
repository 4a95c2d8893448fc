"""Pages are opened with a store of their own, without a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from views import core_access, parts

ROOT = Path(__file__).parents[2]
MORNING = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
Opener = Callable[..., AppTest]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty clinic folder; the rulebook is the shipped one."""
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MEDSPA_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("MEDSPA_DATABASE_URL", raising=False)
    monkeypatch.delenv("MEDSPA_RULEBOOK", raising=False)
    return tmp_path


@pytest.fixture(autouse=True)
def _drawn_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest keeps only what the last run drew: here every tap draws the whole screen. Parts are tested in the browser."""
    monkeypatch.setattr(parts, "redraw", lambda consultation, around=(): None)


@pytest.fixture
def store(home: Path) -> records.Store:
    """The store that the pages of this test open."""
    return core_access.store()


def program() -> AppTest:
    """The program as `make run` starts it."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)


def new_draft(store: records.Store, answers: Mapping[str, Any] | None = None, name: str = "A-204") -> str:
    """A consultation kept in the store, as if it had been answered before."""
    draft = records.start_draft(store, name, MORNING, date(2026, 11, 22), ("wait", "microneedling_alone"))
    if answers:
        records.save_answers(store, draft.id, answers, MORNING, "plans", draft.revision)
    return draft.id


def opened(page: str, draft_id: str) -> AppTest:
    """A page of a consultation, opened by its address as after a reload."""
    at = program()
    at.run()
    at.switch_page(f"pages/{page}.py")
    at.query_params["c"] = draft_id
    at.run()
    assert not at.exception, at.exception
    return at


def text_of(at: AppTest) -> str:
    """Every word that HTML pieces put on the page."""
    return " ".join(piece.proto.body for piece in at.get("html"))
