"""Marks on a card: for each limit the client gave, whether the option keeps it; they agree with the chance of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given

from medspa_core.rulebook import Rulebook
from medspa_core.timeline import timeline
from medspa_core.wording.limit_marks import Mark, date_marks, limit_mark
from medspa_core.wording.limits import limit_of, limits
from medspa_core.wording.reasons import overall_reasons, pair_reasons
from medspa_core.wording.words import Told
from tests.conftest import AS_OF
from tests.unit.strategies import Plain, clients
from tests.unit.test_headlines import BOOK, FEW, SEVEN_HUNDRED, said
from tests.unit.test_wording import told


def texts(client: Told, criterion: str) -> dict[str, str]:
    found = {option: limit_mark(client, option, criterion) for option in client.rulebook.options}
    return {option: f"{mark.sign}: {mark.text}" for option, mark in found.items() if mark}


def by_date(client: Told, option: str) -> list[str]:
    start = timeline(client.result, client.answers, client.rulebook).row(option).start
    return [f"{mark.sign}: {mark.text}" for mark in date_marks(client, option, start)]


def test_money_within_and_over_and_waiting_has_nothing_to_pay(rulebook: Rulebook) -> None:
    assert texts(told(rulebook, **{**SEVEN_HUNDRED, "budget": 2500}), "cost") == {
        "microneedling_alone": "check: within your $2,500",
        "prp_microneedling": "check: within your $2,500",
        "exosome_microneedling": "over: over by $200",
        "wait": "check: nothing to pay",
    }


def test_minutes_visits_and_red_days_have_their_words(rulebook: Rulebook) -> None:
    client = told(rulebook, **SEVEN_HUNDRED, visits_willing=2, downtime_days=1)
    assert texts(client, "visit_time")["prp_microneedling"] == "over: over by 3 min"
    assert texts(client, "visit_time")["wait"] == "check: no time needed"
    assert set(texts(client, "visits").values()) == {"over: over by 1 visit", "check: no visits"}
    assert set(texts(client, "downtime").values()) == {"over: over by 1 day", "check: no red days"}


@pytest.mark.parametrize("answer", [None, "any"])
def test_a_limit_that_was_not_given_has_no_mark(rulebook: Rulebook, answer: Any) -> None:
    client = told(rulebook, **{**SEVEN_HUNDRED, "budget": answer})
    assert texts(client, "cost") == {}


def test_before_the_concern_is_known_nothing_is_said_of_money_and_visits(rulebook: Rulebook) -> None:
    client = told(rulebook, budget=700, minutes_per_visit=75)
    assert set(texts(client, "cost")) == {"wait"}
    assert set(texts(client, "visit_time")) == set(rulebook.options)


def test_a_date_says_ready_or_not_and_at_its_best_or_later(rulebook: Rulebook) -> None:
    client = {"concern": "texture", "planned_start": "2027-02-02"}
    late, soon = told(rulebook, **client, event_date="2027-06-20"), told(rulebook, **client, event_date="2027-02-20")
    between = told(rulebook, **client, event_date="2027-04-09")
    far = told(rulebook, **client, event_date="2027-12-20")
    assert by_date(late, "microneedling_alone") == ["check: ready by June 20", "clock: at its best later"]
    assert by_date(between, "microneedling_alone")[0] == "clock: maybe ready by April 9"
    assert by_date(soon, "microneedling_alone")[0] == "over: not ready by February 20"
    assert by_date(far, "microneedling_alone")[1] == "check: at its best by then"
    assert by_date(late, "wait") == ["clock: you can start later"]
    assert by_date(told(rulebook, concern="texture", event_date="none"), "microneedling_alone") == []


def test_a_treatment_that_has_to_wait_is_at_its_best_later(rulebook: Rulebook) -> None:
    spans = told(rulebook, concern="texture").state("microneedling_alone").course["considered"].spans
    peak = spans["peak_days"]
    assert peak is not None
    day = (AS_OF + timedelta(days=peak.typical)).isoformat()
    free, tanned = (
        told(rulebook, concern="texture", event_date=day, **more) for more in ({}, {"sunburn_or_tan": "yes"})
    )
    assert by_date(free, "microneedling_alone")[1] == "check: at its best by then"
    assert by_date(tanned, "microneedling_alone")[1] == "clock: at its best later"


@FEW
@given(clients())
def test_marks_agree_with_the_chance_of_keeping_the_limit(client: Plain) -> None:
    found = said(client)
    for option in BOOK.ranked:
        for criterion in limits(BOOK):
            mark, chance = limit_mark(found, option, criterion), found.state(option).chance_within[criterion]
            if limit_of(client, criterion, BOOK) is None or chance is None:
                assert mark is None
            else:
                assert mark is not None
                assert (mark.sign == "check") == mark.text.startswith("within your ") == (chance >= 0.5)
        dates = {mark.text.partition(" by")[0]: mark.sign for mark in _dates(found, option)}
        ready = found.state(option).course["considered"].chance_ready_by
        if dates and ready is not None:
            said_so = "ready" if ready >= 0.9 else "maybe ready" if ready >= 0.5 else "not ready"
            assert said_so in dates


@FEW
@given(clients())
def test_what_is_not_met_has_a_mark_that_says_so(client: Plain) -> None:
    found = said(client)
    for reasons in filter(None, (pair_reasons(found), overall_reasons(found))):
        for criterion in limits(BOOK):
            name, mark = found.criterion(criterion).in_a_sentence, limit_mark(found, reasons.best, criterion)
            if name in (*reasons.unmet, *reasons.unmet_by_both):
                assert mark is not None and mark.sign == "over"
            told_us = found.criterion(criterion).told_us
            if told_us in reasons.both_fit and mark is not None:
                assert mark.sign == "check"
            if told_us in reasons.neither_fits:
                assert mark is not None and mark.sign == "over"


def _dates(found: Told, option: str) -> tuple[Mark, ...]:
    start = timeline(found.result, found.answers, BOOK).row(option).start
    return date_marks(found, option, start)
