"""The month as a report: every number with what became of it, and nothing where nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from medspa_core import records
from tests.pages.conftest import program, text_of


def page() -> AppTest:
    at = program().run()
    return at.switch_page("pages/month.py").run()


def test_without_anything_recorded_it_says_so(store: records.Store) -> None:
    at = page()
    assert not at.exception and "Nothing has been recorded yet." in text_of(at)


def test_a_month_of_the_invented_practice_stands_beside_two_others_and_another_month_can_be_picked(
    store_of: Callable[[int], records.Store],
) -> None:
    store_of(600)
    at = page()
    text = text_of(at)
    assert not at.exception
    for told in ("Consultations", "not shown to differ", "Wait or not yet", "Who stands apart?", "Not recorded here:"):
        assert told in text, told
    months = at.selectbox(key="month").options
    assert len(months) == 12
    at.selectbox(key="month").select_index(3).run()
    assert not at.exception and months[3] in text_of(at)
