"""Fewer sessions of pages that have gone are kept, and st.App takes it so."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.runtime import Runtime, memory_session_storage
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from views.streamlit_patches.session_storage import MOST, install


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = memory_session_storage.MemorySessionStorage
    yield
    memory_session_storage.MemorySessionStorage = before  # type: ignore[misc]


def test_st_app_keeps_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[MemorySessionStorage] = []
    monkeypatch.setattr(Runtime, "__init__", lambda _, given: made.append(given.session_storage))
    script = tmp_path / "app.py"
    script.write_text("")
    for _ in range(2):
        install()
    st.App(script)._create_runtime()
    assert [one._cache.maxsize for one in made] == [MOST]  # type: ignore[attr-defined]
    kept = inspect.signature(MemorySessionStorage).parameters["maxsize"].default
    assert kept > MOST


def test_streamlit_has_no_setting_for_it_yet() -> None:
    """Once it has one, or st.App takes a storage, views/streamlit_patches/session_storage.py can go."""
    assert "session_storage" not in inspect.signature(st.App).parameters
    about = {name for name in config.get_config_options() if "session" in name.lower()}
    about -= {"server.agentSessionTTL", "server.agentMaxSessions"}  # of an interface that is off
    assert about == {"server.disconnectedSessionTTL", "runner.enforceSerializableSessionState"}
