"""Treatment mix: counts add up, a share needs enough clients, and the invented practice is the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from medspa_core.practice.demo_history import PastConsultation, demo_history
from medspa_core.practice.treatment_mix import (
    DEFINITIONS,
    MINIMUM,
    Facts,
    Share,
    agreement,
    by_concern,
    by_month,
    chosen,
    months_between,
    of_the_pair,
    recommended,
    taken,
)
from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF

EXO, PRP, MN = "exosome_microneedling", "prp_microneedling", "microneedling_alone"


def facts(*rows: tuple[str, str | None, str, str | None, str | None, str]) -> Facts:
    """month, recommended, standing, best of the pair, its standing, chosen."""
    names = ("month", "recommended", "standing", "pair_best", "pair_standing", "chosen")
    columns: dict[str, list[Any]] = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return Facts({**columns, "concern": ["texture"] * len(rows), "demo": [True] * len(rows)})


FEW = facts(
    ("2026-09", EXO, "clear", EXO, "clear", EXO),
    ("2026-09", EXO, "leans", EXO, "leans", "not_yet"),
    ("2026-11", PRP, "close_call", PRP, "close_call", PRP),
    ("2026-11", None, "none_suitable", None, None, "wait"),
)


@pytest.fixture(scope="module")
def history(rulebook: Rulebook) -> tuple[PastConsultation, ...]:
    return demo_history(rulebook, AS_OF)


def test_recommended_counts_each_consultation_once() -> None:
    assert recommended(FEW).counts == {EXO: 2, PRP: 1, "none": 1}


def test_wait_not_yet_and_no_stand_together() -> None:
    assert chosen(FEW).counts == {EXO: 1, PRP: 1, "wait": 2}
    assert taken(FEW) == Share(2, 4)


def test_agreement_leaves_close_calls_and_those_without_a_best_out() -> None:
    assert agreement(FEW) == Share(1, 2)


def test_a_share_needs_the_minimum_and_below_it_there_is_a_count_only() -> None:
    assert Share(5, MINIMUM - 1).share is None
    assert Share(5, MINIMUM).share == 5 / MINIMUM


def test_months_without_a_consultation_are_kept_and_empty() -> None:
    assert FEW.months == ("2026-09", "2026-10", "2026-11")
    assert [mix.total for mix in by_month(FEW, FEW.months, "chosen").values()] == [2, 0, 2]


def test_months_run_over_the_turn_of_the_year() -> None:
    assert months_between("2025-11", "2026-02") == ("2025-11", "2025-12", "2026-01", "2026-02")


def test_the_pair_keeps_close_calls_apart_and_leaves_broken_pairs_out() -> None:
    pair = of_the_pair(FEW, (EXO, PRP))
    assert pair.pointed == {EXO: 2, "close_call": 1}
    assert pair.chosen[EXO] == {EXO: 1, "other": 1}


def test_nothing_recorded_is_nothing_and_no_error() -> None:
    none = facts()
    assert (none.months, recommended(none).total, taken(none).share) == ((), 0, None)
    assert by_concern(none, ("texture",), "chosen")["texture"].total == 0


def test_every_number_has_a_definition() -> None:
    assert set(DEFINITIONS) == {"consultations", "recommended", "chosen", "taken", "agreement", "pair"}


def test_the_invented_practice_is_the_same_every_time(rulebook: Rulebook) -> None:
    assert demo_history(rulebook, AS_OF, 20) == demo_history(rulebook, AS_OF, 20)


def test_its_dates_are_offsets_so_it_never_goes_stale(rulebook: Rulebook) -> None:
    later = demo_history(rulebook, AS_OF + timedelta(days=400), 20)
    days = [AS_OF - one.on for one in demo_history(rulebook, AS_OF, 20)]
    assert [AS_OF + timedelta(days=400) - one.on for one in later] == days


def test_it_has_600_consultations_over_two_years_each_with_its_own_code_name(
    history: tuple[PastConsultation, ...],
) -> None:
    assert len(history) == len({one.code_name for one in history}) == 600
    assert all(AS_OF - timedelta(days=731) <= one.on < AS_OF for one in history)
    assert history[0].on < AS_OF - timedelta(days=600)


def test_what_it_says_was_recommended_is_what_the_core_recommends(
    rulebook: Rulebook, history: tuple[PastConsultation, ...]
) -> None:
    for one in history[::40]:
        result = recommend(one.answers, rulebook, one.on)
        assert (one.facts.recommended, one.facts.standing) == (result.best, result.standing)
        assert one.facts.pair_best == (result.pair.best if result.pair else None)
        assert one.facts.pair_standing == (result.pair.standing if result.pair else None)


def test_its_choices_agree_more_often_than_not_but_not_always(history: tuple[PastConsultation, ...]) -> None:
    share = agreement(Facts(as_columns(history))).share
    assert share is not None
    assert 0.5 < share < 0.8


def test_nobody_chooses_what_is_ruled_out(rulebook: Rulebook, history: tuple[PastConsultation, ...]) -> None:
    for one in history:
        if one.answers["blood_draw_comfort"] == "never":
            assert one.choice != PRP


def test_all_four_options_and_both_of_the_pair_appear(history: tuple[PastConsultation, ...]) -> None:
    found = Facts(as_columns(history))
    assert {EXO, PRP, MN, "wait"} <= set(chosen(found).counts)
    assert {EXO, PRP, "close_call"} <= set(of_the_pair(found, (EXO, PRP)).pointed)


def test_facts_hold_no_birthday_and_no_name(history: tuple[PastConsultation, ...]) -> None:
    columns = as_columns(history)
    assert set(columns) == {
        "month", "created_on", "demo", "concern", "recommended", "standing", "pair_best", "pair_standing", "chosen",
    }  # fmt: skip
    assert isinstance(columns["created_on"][0], date)


def as_columns(history: Sequence[PastConsultation]) -> dict[str, list[Any]]:
    """The same facts as columns, in the shape `read_facts` gives."""
    return {
        "month": [one.on.isoformat()[:7] for one in history],
        "created_on": [one.on for one in history],
        "demo": [True for _ in history],
        "concern": [one.facts.concern for one in history],
        "recommended": [one.facts.recommended for one in history],
        "standing": [one.facts.standing for one in history],
        "pair_best": [one.facts.pair_best for one in history],
        "pair_standing": [one.facts.pair_standing for one in history],
        "chosen": [one.choice for one in history],
    }
