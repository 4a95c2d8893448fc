"""Screen 5: three charts, each with its table, and what an empty one says."""

from __future__ import annotations

from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from tests.pages.conftest import new_draft, opened, text_of
from tests.pages.test_options import client


def drawn(at: AppTest) -> str:
    """The drawings, which are sent as the text of their SVG."""
    return unescape(text_of(at))


def test_without_a_concern_it_says_so_and_leads_to_the_question(store: records.Store) -> None:
    at = opened("timeline", new_draft(store))
    assert "No concern yet." in text_of(at)
    assert "<svg" not in drawn(at)
    assert at.button(key="start_with_you")


@pytest.mark.parametrize(
    ("chart", "says"), [("calendar", "Latest safe start"), ("visit", "My time: 75 min"), ("cost", "My budget: $2,500")]
)
def test_each_chart_is_drawn_for_both_orientations_with_a_table(store: records.Store, chart: str, says: str) -> None:
    at = opened("timeline", new_draft(store, client()))
    assert not at.exception
    told = drawn(at).partition(f"tl-card-{chart}")[2].partition("tl-card")[0]
    assert told.count("<svg") == 2
    assert told.count('role="img"') == 2
    assert says in told
    assert f"mc-fold-{chart}" in told


def test_the_spin_can_be_switched(store: records.Store) -> None:
    at = opened("timeline", new_draft(store, client()))
    assert "78 min" in drawn(at)
    at.segmented_control(key="seg_spin").set_value("beside").run()
    assert "at the same time" in drawn(at)


def test_the_sentence_above_says_whether_the_date_holds(store: records.Store) -> None:
    held = text_of(opened("timeline", new_draft(store, client())))
    assert "calm by June 12 with all three, with a first change, and at its best." in held
    started_late = text_of(opened("timeline", new_draft(store, client(planned_start="2027-02-02"))))
    assert "calm by June 12 with all three, with a first change, and at its best later." in started_late
    assert "is soon" in text_of(opened("timeline", new_draft(store, client(event_date="2026-12-20"))))


def test_the_key_explains_what_is_drawn_and_nothing_else(store: records.Store) -> None:
    with_date = text_of(opened("timeline", new_draft(store, client())))
    assert "latest safe start" in with_date and "our plan, not counted" in with_date
    musts = client(event_date="none", budget=1500, importance={"cost": "must"})
    only_one = text_of(opened("timeline", new_draft(store, musts)))
    assert "visits, equal for all" in only_one
    assert "latest safe start" not in only_one and "our plan, not counted</span>" not in only_one
    nothing = text_of(opened("timeline", new_draft(store, client(pregnant="yes"))))
    assert "visits, equal for all" not in nothing
