"""A run of the whole page that is asked for just when a part of it has ended draws the page where it stands."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
from streamlit import runtime
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state import SessionState

from views.streamlit_patches import stale_page_reruns

PAGE = """
import streamlit as st
st.button("above", key="above")
with st.expander("the fold"):
    @st.fragment(key="part")
    def part():
        st.button("in the part", key="within")
    part()
st.button("below", key="below")
"""
Runs = list[list[tuple[int, ...]]]
ENDS = (ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS, ScriptRunnerEvent.FRAGMENT_STOPPED_WITH_SUCCESS)


class Told:
    """What one runner says, by runs: where each piece is drawn. At the end of a run it asks for the next of `ahead`."""

    def __init__(self, fragments: MemoryFragmentStorage, *ahead: str) -> None:
        self.runs: list[list[tuple[int, ...]]] = []
        self._fragments = fragments
        self._ahead = list(ahead)

    def __call__(self, runner: ScriptRunner, event: ScriptRunnerEvent, **more: Any) -> None:
        if event == ScriptRunnerEvent.SCRIPT_STARTED:
            self.runs.append([])
        elif event == ScriptRunnerEvent.ENQUEUE_FORWARD_MSG and more["forward_msg"].WhichOneof("type") == "delta":
            self.runs[-1].append(tuple(more["forward_msg"].metadata.delta_path))
        elif event in ENDS and self._ahead:
            parts = list(self._fragments._fragments) if self._ahead.pop(0) == "part" else []
            runner.request_rerun(RerunData(fragment_id_queue=parts))


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "get_instance", MagicMock())
    monkeypatch.setattr(runtime, "exists", lambda: False)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@pytest.fixture
def runs(tmp_path: Path, no_server: None, loop: asyncio.AbstractEventLoop) -> Callable[[], Runs]:
    """What a whole page, then a part of it, then the whole page again draw, all in one thread."""

    def drawn() -> Runs:
        script, fragments = tmp_path / "page.py", MemoryFragmentStorage()
        script.write_text(PAGE, encoding="utf-8")
        told = Told(fragments, "part", "page")
        runner = ScriptRunner(
            session_id="one",
            main_script_path=str(script),
            session_state=SessionState(),
            uploaded_file_mgr=MemoryUploadedFileManager("/upload"),
            script_cache=ScriptCache(),
            initial_rerun_data=RerunData(),
            user_info={},
            fragment_storage=fragments,
            pages_manager=PagesManager(str(script), ScriptCache()),
            event_loop=loop,
        )
        runner.on_event.connect(told)
        runner.start()
        assert runner._script_thread is not None
        runner._script_thread.join(30)
        return told.runs

    return drawn


def test_a_page_that_is_asked_for_when_a_part_has_just_ended_is_drawn_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, runs: Callable[[], Runs]
) -> None:
    """It was drawn into the box of the part, inside a closed fold; the browser took the rest away, and the page was white."""
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)
    stale_page_reruns.install()
    first, part, again = runs()
    assert set(part) < set(first)
    assert again == first


def test_streamlit_itself_still_draws_it_into_the_box_of_the_part(
    monkeypatch: pytest.MonkeyPatch, runs: Callable[[], Runs]
) -> None:
    """Once this fails, a run need no longer be put back to where a page begins (stale_page_reruns.py)."""
    monkeypatch.setattr(ScriptRunner, "_run_script", stale_page_reruns._streamlits_own)
    first, _, again = runs()
    assert again != first
