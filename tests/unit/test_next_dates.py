"""The day a client leaves with: which are open for a choice, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta

from medspa_core.next_dates import LATEST_DAYS, first_visit, is_treatment, open_days, sessions_from
from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook
from medspa_core.timeline import Row, timeline
from tests.conftest import healthy

AS_OF = date(2026, 11, 22)
MN = "microneedling_alone"


def row_of(book: Rulebook, **answers: object) -> Row:
    given = {**healthy(concern="texture"), **answers}
    return timeline(recommend(given, book, AS_OF), given, book).row(MN)


def test_a_first_visit_is_on_the_clients_own_start_and_never_before_treatment_may_begin(rulebook: Rulebook) -> None:
    planned = row_of(rulebook, planned_start="2027-02-02")
    assert first_visit(planned, AS_OF) == date(2027, 2, 2)
    assert open_days(planned, AS_OF) == (AS_OF, AS_OF + timedelta(days=LATEST_DAYS))
    deferred = row_of(rulebook, sunburn_or_tan="yes")
    assert first_visit(deferred, AS_OF) == open_days(deferred, AS_OF)[0] == date(2026, 12, 6)


def test_a_consultation_that_is_opened_again_later_offers_no_day_that_is_past(rulebook: Rulebook) -> None:
    later = date(2027, 3, 1)
    row = row_of(rulebook, planned_start="2027-02-02")
    assert first_visit(row, later) == open_days(row, later)[0] == later
    assert open_days(None, later)[0] == later + timedelta(days=1)


def test_the_visits_of_another_first_day_keep_their_distance(rulebook: Rulebook) -> None:
    plan = row_of(rulebook).counted
    assert plan is not None
    moved = sessions_from(plan, date(2027, 1, 4))
    assert [one.day for one in moved if one.usual] == [date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 1)]
    assert [(one.number, one.usual) for one in moved] == [(one.number, one.usual) for one in plan.sessions]


def test_only_what_has_visits_is_a_treatment(rulebook: Rulebook) -> None:
    assert [is_treatment(one, rulebook) for one in (MN, "wait", "not_yet", "no", None, "gone")] == [True] + [False] * 5
