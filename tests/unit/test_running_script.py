"""What the program asks of the run that is under way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from views.streamlit_patches import running_script

SEEN: list[object] = []
PAGE = """
import streamlit as st
from tests.unit.test_running_script import SEEN
from views.streamlit_patches.running_script import this_run
SEEN.append(this_run())
@st.fragment
def part():
    SEEN.append(this_run())
part()
"""


def test_a_run_and_its_parts_are_one_and_the_next_is_another() -> None:
    """Were it the same, the next run would be shown a sign-in that is over."""
    SEEN.clear()
    at = AppTest.from_string(PAGE).run()
    at.run()
    first, within, second, _ = SEEN
    assert first is within and first is not second and None not in SEEN


def under_way(monkeypatch: pytest.MonkeyPatch, widget_in: str | None = None, **known: Any) -> None:
    """A run of which Streamlit knows this, with the callback of a widget in that part."""
    monkeypatch.setattr(running_script, "get_script_run_ctx", lambda **_: SimpleNamespace(**known))
    where = SimpleNamespace(get=lambda: SimpleNamespace(fragment_id=widget_in))
    monkeypatch.setattr(running_script, "ThreadState", where)


@pytest.mark.parametrize(
    ("drawn", "widget_in", "another"),
    [(None, None, False), (["clock"], "row", True), (["clock"], None, True), (["row"], "row", False)],
)
def test_a_widget_is_of_another_part_where_the_run_draws_parts_and_not_its_own(
    monkeypatch: pytest.MonkeyPatch, drawn: list[str] | None, widget_in: str | None, another: bool
) -> None:
    under_way(monkeypatch, widget_in, fragment_ids_this_run=drawn)
    assert running_script.parts_alone() == tuple(drawn or ())
    assert running_script.is_of_another_part() is another


@pytest.mark.parametrize(
    ("name", "page_hash", "found"),
    [("people", "", "people"), ("", calc_hash("store"), "store"), ("nowhere", "", ""), ("", "", "")],
)
def test_a_page_is_asked_for_by_its_address_or_its_hash(
    monkeypatch: pytest.MonkeyPatch, name: str, page_hash: str, found: str
) -> None:
    pages = SimpleNamespace(intended_page_name=name, intended_page_script_hash=page_hash)
    under_way(monkeypatch, pages_manager=pages)
    assert running_script.asked_for(["people", "store"]) == found


def test_outside_a_run_there_is_nothing() -> None:
    assert running_script.this_run() is None and running_script.parts_alone() == ()
    assert running_script.asked_for(["people"]) == "" and not running_script.is_of_another_part()


def test_streamlit_still_tells_a_page_none_of_it() -> None:
    """Once its public context names the run, its parts or the page that was asked for, this is asked there."""
    told = {name for name in dir(st.context) if not name.startswith("_")}
    assert told == {
        "cookies",
        "headers",
        "ip_address",
        "is_embedded",
        "locale",
        "theme",
        "timezone",
        "timezone_offset",
        "url",
    }
