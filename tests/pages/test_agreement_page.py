"""The page Agreement: who chose what was recommended, what is more than chance, and what could not have been found."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Role
from medspa_core.records.audit.log import CREATED
from medspa_core.records.facts.visit_facts import Status
from tests.pages.conftest import program, text_of
from tests.pages.test_treatment_mix_page import StoreOf
from tests.records_support import FACTS, NOW, ORDER

AGREED, CLEAR = "exosome_microneedling", replace(FACTS, standing="clear", recommended="exosome_microneedling")

STATUS: tuple[tuple[Status, ...], ...] = ((), ("booked",), ("performed", "booked"), ("performed", "performed"))
"""What became of the visits of a consultation that went so far."""


def page(*roles: Role) -> AppTest:
    at = program(*roles).run()
    return at.switch_page("pages/agreement.py").run()


def kept(store: records.Store, provider: str, *answers: str) -> None:
    """A consultation with a clear recommendation for each answer."""
    with store.together():
        for number, answer in enumerate(answers):
            draft = records.start_draft(store, f"R-{number}", NOW, NOW.date(), ORDER)
            records.record_choice(store, draft.id, answer, NOW, replace(CLEAR, provider=provider))


def row_of(at: AppTest, name: str, after: str = "Against all together") -> list[str]:
    """The cells of the first row of this name, after these words: by themselves, in the table of who differs."""
    found = re.search(rf"<tr><th scope=\"row\">{name}</th>(.*?)</tr>", text_of(at).partition(after)[2])
    assert found is not None
    return re.findall(r"<td>(.*?)</td>", found[1])


def test_without_a_choice_it_says_so_and_draws_nothing(store: records.Store) -> None:
    at = page()
    assert not at.exception and not at.get("plotly_chart")
    assert "No choice has been recorded yet." in text_of(at)


def test_each_provider_has_a_dot_a_mark_in_words_and_what_could_not_have_been_found(store: records.Store) -> None:
    for number in range(1, 6):
        kept(store, f"Provider {number}", *[AGREED] * (28 + number % 2), *["not_yet"] * 20, *["no"] * 12)
    kept(store, "Provider 6", *[AGREED] * 59, "prp_microneedling")
    kept(store, "Provider 7", *[AGREED] * 8, *["wait"] * 6)
    at = page()
    assert not at.exception and len(at.get("plotly_chart")) == 2
    assert "Groups of fewer than 20 have no dot." in text_of(at) and "High is not a target." in text_of(at)
    assert row_of(at, "Provider 1")[:3] == ["61", "29\u00a0·\u00a048%", "within what chance allows"]
    of, share, mark, could_not = row_of(at, "Provider 6")
    assert (of, share) == ("60", "59\u00a0·\u00a098%") and re.fullmatch(r"\d+ points more: more than chance", mark)
    assert re.fullmatch(
        r"With 60 consultations only more than \d+ points fewer or \d+ points more would show.", could_not
    )
    assert row_of(at, "Provider 7")[:3] == ["14", "8", "count only: fewer than 20"]
    assert row_of(at, "Provider 7")[3].startswith("With 14 consultations only")
    answers = text_of(at).split("What they answered")[1]
    assert '<th scope="col">Not yet</th><th scope="col">No</th>' in answers
    assert "fee-splitting" in answers and "Reasons: not recorded here." in answers
    assert "The lines are those of chance alone." in text_of(at) or "drawn wider than chance" in text_of(at)


def test_the_cut_and_the_period_can_be_chosen_and_stay_in_the_address(store_of: StoreOf) -> None:
    store_of(600)
    at = page()
    assert "Invented data" in text_of(at)
    for cut, first in (
        ("location", "Harbour"),
        ("age_band", "40-49"),
        ("concern", "Uneven skin colour"),
        ("provider", "P-01"),
    ):
        at.selectbox(key="agreement_by").set_value(cut).run()
        assert not at.exception and row_of(at, first)
    in_all = [int(row_of(at, "P-01")[0])]
    at.segmented_control(key="period").set_value("24").run()
    in_all.append(int(row_of(at, "P-01")[0]))
    at.selectbox(key="of_concern").set_value("pigment").run()
    in_all.append(int(row_of(at, "P-01")[0]))
    assert in_all[0] < in_all[1] > in_all[2]
    at.selectbox(key="of_provider").set_value("P-01").run()
    assert not at.exception


def test_who_sees_only_their_own_figures_is_compared_with_nobody(store: records.Store) -> None:
    at = program(Role.AESTHETICIAN).run()
    [person] = access.list_people(store)
    kept(store, person.id, *[AGREED] * 20, *["no"] * 5)
    kept(store, "somebody-else", *["no"] * 30)
    at.switch_page("pages/agreement.py").run()
    assert not at.exception and not [chart for chart in at.get("plotly_chart") if chart.key == "agreement_funnel"]
    assert "Here all 25 · " not in text_of(at) and "there is nobody to compare them with" in text_of(at)
    assert "20 · 80%" in text_of(at) and "somebody-else" not in text_of(at)


def went(store: records.Store, *how_far: int) -> None:
    """Consultations 300 days before the newest that went so far: 0 not yet, 1 booked, 2 begun, 3 the course finished."""
    day = NOW.date() - timedelta(days=300)
    now = datetime.combine(day, time(12, tzinfo=UTC))
    known = set(records.read_facts(store)["id"])
    with store.together():
        for far in how_far:
            draft = records.start_draft(store, "R-1", now, day, ORDER)
            records.record_choice(store, draft.id, AGREED if far else "not_yet", now, CLEAR)
    facts = records.read_facts(store)
    mine = [
        one for one, chosen in zip(facts["id"], facts["chosen"], strict=True) if chosen == AGREED and one not in known
    ]
    visits = [
        records.VisitFact(
            day + timedelta(days=10 + 30 * number), status, consultation=one, course=one, number=number + 1,
            planned_visits=2, booked_on=day + timedelta(days=4),
        )
        for one, far in zip(mine, filter(None, how_far), strict=True)
        for number, status in enumerate(STATUS[far])
    ]  # fmt: skip
    with store.writing() as connection:
        store.note(connection, now, CREATED, "facts", {"what": "tried"})
        records.keep_visits(connection, visits)


def test_steps_count_those_old_enough_and_where_nothing_is_recorded_it_says_so(store: records.Store) -> None:
    kept(store, "Provider 1", *[AGREED] * 15, *["no"] * 3, "wait")
    text = text_of(page())
    assert "Bookings and visits are not recorded here." in text
    assert text.count("<td>not recorded here</td>") >= 3 and "Picked one; bookings are not recorded here" in text
    went(store, *[0] * 8, *[1] * 4, *[2] * 2, *[3] * 10)
    at = page()
    assert not at.exception and len(at.get("plotly_chart")) == 2
    told = {
        "Consultations": "43 |  |  |  | ",
        "Picked one": "31 of 43 · 72% | 57% and 83% | 31 of 43 · 72% |  | 0",
        "First visit booked": "16 of 24 · 67% | 47% and 82% | 16 of 16 | 4 | 19",
        "First visit done": "12 of 24 · 50% | 31% and 69% | 12 of 16 | 6 | 19",
        "Course finished": "10 of 24 · 42% | 24% and 61% | 10 of 12 | 30 | 19",
    }
    assert {name: " | ".join(row_of(at, name, "Of the step before")) for name in told} == told
    assert "booked from 30 days on, First visit done from 60 days on, Course finished from 270 days on" in text_of(at)
    now = {
        "Not yet": "8 · 19%",
        "No": "3 · 7%",
        "Course under way, next visit booked": "2 · 5%",
        "Course finished": "10 · 23%",
    }
    assert {name: row_of(at, name, "Where they are now")[0] for name in now} == now
    assert row_of(at, "Provider 1", "The same by groups")[3:] == ["none old enough yet"] * 3
    at.segmented_control(key="period").set_value("6").run()
    assert row_of(at, "Course finished", "Of the step before") == ["none old enough yet", "", "", "", ""]
