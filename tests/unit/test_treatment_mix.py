"""Treatment mix: counts add up, a share needs enough clients, and the invented practice is the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from medspa_core.practice.chance import against_the_rest, difference
from medspa_core.practice.demo_history import (
    LATELY_DAYS,
    LEANING,
    NEWCOMER,
    NEWCOMER_DAYS,
    PastConsultation,
    demo_history,
)
from medspa_core.practice.facts_table import FactsTable, as_arrow
from medspa_core.practice.metric_tables import Asked, metric_table
from medspa_core.practice.metrics import read_metrics
from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, DATA

NOT_YET = ("reason", "booked_on", "first_visit_on", "last_visit_on", "finished_on", "open_visits")
OF_CHOICE = (
    "location", "provider", "is_returning", "concern", "recommended", "standing", "pair_best", "pair_standing",
)  # fmt: skip
EXO, PRP, MN = "exosome_microneedling", "prp_microneedling", "microneedling_alone"


@pytest.fixture(scope="module")
def history(rulebook: Rulebook) -> tuple[PastConsultation, ...]:
    return demo_history(rulebook, AS_OF)


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


def asked(history: tuple[PastConsultation, ...], metric: str, *by: str) -> pd.DataFrame:
    """A metric's table of the invented practice."""
    table = FactsTable()
    table.put(as_arrow(as_columns(history)))
    return metric_table(table, read_metrics(DATA), Asked(metric, by, invented=True))


def test_its_choices_agree_more_often_than_not_but_not_always(history: tuple[PastConsultation, ...]) -> None:
    assert 0.45 < asked(history, "agreement").loc[0, "share"] < 0.8


def test_it_has_three_places_eight_providers_and_a_newcomer(history: tuple[PastConsultation, ...]) -> None:
    assert len(asked(history, "consultations", "location")) == 3
    assert len(asked(history, "consultations", "provider")) == 8
    first = min(one.on for one in history if one.facts.provider == NEWCOMER)
    assert AS_OF - first <= timedelta(days=NEWCOMER_DAYS)


def test_one_provider_differs_by_more_than_chance_and_the_last_weeks_do(history: tuple[PastConsultation, ...]) -> None:
    found = against_the_rest(asked(history, "exosomes", "provider")).set_index("provider")
    assert list(found.index[found["more_than_chance"].astype(bool)]) == [LEANING]
    since = AS_OF - timedelta(days=LATELY_DAYS)
    late, early = (sum(one.choice == EXO for one in history if (one.on >= since) is lately) for lately in (True, False))
    number = sum(one.on >= since for one in history)
    assert difference((late, number), (early, len(history) - number)).low > 0


def test_nobody_chooses_what_is_ruled_out(rulebook: Rulebook, history: tuple[PastConsultation, ...]) -> None:
    for one in history:
        if one.answers["blood_draw_comfort"] == "never":
            assert one.choice != PRP


def test_all_four_options_and_both_of_the_pair_appear(history: tuple[PastConsultation, ...]) -> None:
    assert set(asked(history, "chosen")["part"]) == {EXO, PRP, MN, "wait"}
    assert {EXO, PRP, "close_call"} == set(asked(history, "pair", "pair_recommended")["pair_recommended"])


def as_columns(history: Sequence[PastConsultation]) -> dict[str, list[Any]]:
    """The same facts as columns, in the shape `read_facts` gives."""
    return {
        "id": [str(one.number) for one in history],
        "seq": [one.number for one in history],
        "consulted_on": [one.on for one in history],
        "created_on": [one.on for one in history],
        "demo": [True for _ in history],
        "age_band": [None for _ in history],
        "chosen": [one.choice for one in history],
        **{name: [getattr(one.facts, name) for one in history] for name in OF_CHOICE},
        **{name: [None for _ in history] for name in NOT_YET},
    }
