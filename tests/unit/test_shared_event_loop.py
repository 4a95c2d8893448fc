"""All sessions have one event loop between them, which no session's end closes, and no session takes a descriptor of its own."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.script_data import ScriptData

from tests.loops import in_a_loop_of_its_own
from views.streamlit_patches import shared_event_loop

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.AbstractEventLoop]:
    monkeypatch.setattr(AppSession, "__init__", AppSession.__init__)
    monkeypatch.setattr(app_session, "_close_script_event_loop", app_session._close_script_event_loop)
    loop = shared_event_loop.install()
    yield loop
    loop.close()


def session() -> AppSession:
    return AppSession(ScriptData("app.py", is_hello=False), MagicMock(), MagicMock(), None, {})


def test_sessions_come_and_go_and_the_loop_stays(shared: asyncio.AbstractEventLoop) -> None:
    async def run() -> None:
        one, other = session(), session()
        assert one._script_event_loop is other._script_event_loop is shared
        one.shutdown()
        assert not shared.is_closed() and one is not other
        other.shutdown()

    in_a_loop_of_its_own(run())
    assert not shared.is_closed()


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="this system does not list a program's open files")
def test_a_session_takes_no_descriptor(shared: asyncio.AbstractEventLoop) -> None:
    async def run() -> None:
        session().shutdown()
        before = len(list(DESCRIPTORS.iterdir()))
        kept = [session() for _ in range(10)]
        assert len(list(DESCRIPTORS.iterdir())) == before
        for one in kept:
            one.shutdown()

    in_a_loop_of_its_own(run())


def test_any_other_loop_ends_as_before(shared: asyncio.AbstractEventLoop) -> None:
    own = asyncio.new_event_loop()
    app_session._close_script_event_loop(own)
    assert own.is_closed()


def test_streamlit_still_makes_one_for_each() -> None:
    """Once it makes none before a script asks for one, views/streamlit_patches/shared_event_loop.py can go."""
    made = inspect.getsource(shared_event_loop._streamlits_own)
    assert "self._script_event_loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()" in made
