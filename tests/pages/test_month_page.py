"""The month as a report: every number with what became of it, and nothing where nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from streamlit.testing.v1 import AppTest

from medspa_core import records
from tests.pages.conftest import NOW, program, text_of
from tests.records_support import FACTS, ORDER


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


def test_a_provider_who_differs_in_what_is_chosen_stands_on_the_page_that_is_handed_on(store: records.Store) -> None:
    """The same answer as the table of the mix gives: a manager who stops at this page hands on the right one."""
    visits = [("P-1", "exosome_microneedling")] * 40 + [("P-2", "microneedling_alone")] * 60
    day = NOW.date().replace(day=1) - timedelta(days=20)
    moment = datetime.combine(day, time(12), UTC)
    with store.together():
        for place, (provider, choice) in enumerate(visits):
            draft = records.start_draft(store, f"R-{place}", moment, day, ORDER)
            facts = replace(FACTS, provider=provider, location="here")
            records.record_choice(store, draft.id, choice, moment, facts)
    text = text_of(page())
    assert "P-1, Exosomes chosen: 100 points more than the rest: more than chance." in text
    assert "Nobody is shown to differ" not in text
