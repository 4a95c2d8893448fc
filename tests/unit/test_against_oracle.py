"""The product against a second reading of the model, written apart from it (tests/oracle): every number of every client."""

import random
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from medspa_core.recommendation import recommend
from medspa_core.result import in_plain_values
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, healthy
from tests.oracle.clients import random_client
from tests.oracle.model import oracle
from tests.oracle.safety import TAKES_A_DAY

Plain = dict[str, Any]
CLIENTS, BATCH = 300, 25
LIMITS = {"budget": "cost", "minutes_per_visit": "visit_time", "visits_willing": "visits", "downtime_days": "downtime"}
GATES = ("exosome_product", "prp_kit_cleared")
BEYOND_THE_ORACLE = ("rulebook_revision", "version", "training_only", "credence", "flips", "next_questions",
                     "unanswered_safety", "why_none", "staff_notices", "musts_to_relax")  # fmt: skip


def product_says(client: Plain, rulebook: Rulebook) -> Plain:
    """The product's result without what the oracle does not compute, in the oracle's order."""
    result = in_plain_values(recommend(client, rulebook, AS_OF))
    kept = {key: value for key, value in result.items() if key not in BEYOND_THE_ORACLE}
    kept["options"] = {option_id: without(option, "failed_musts") for option_id, option in kept["options"].items()}
    kept["pair"] = kept["pair"] and without(kept["pair"], "flips", "by_basis")
    return comparable(kept)


def comparable(result: Plain) -> Plain:
    """Lists whose order is a matter of taste in one order; findings by question, answer and verdict."""
    options = {
        option_id: {**option, "findings": sorted({asked(one) for one in option["findings"]})}
        for option_id, option in result["options"].items()
    }
    pair = result["pair"] and {**result["pair"], "reasons": by_criterion(result["pair"])}
    return {**result, "options": options, "pair": pair, "reasons": by_criterion(result)}


def without(found: Plain, *keys: str) -> Plain:
    return {key: value for key, value in found.items() if key not in keys}


def asked(finding: Plain) -> tuple[str, str, str]:
    """What was asked and said and what follows. The program has one finding for all that is missing of a product."""
    question, _, part = finding["question"].partition(".")
    return question, "" if part or question in GATES else str(finding["answer"]), finding["verdict"]


def by_criterion(result: Plain) -> list[Plain]:
    return sorted(result["reasons"], key=lambda reason: str(reason["criterion"]))


@pytest.mark.parametrize("seed", range(0, CLIENTS, BATCH))
def test_every_number_of_an_invented_client_is_the_oracles(seed: int, rulebook: Rulebook) -> None:
    for number in range(seed, seed + BATCH):
        client = random_client(random.Random(f"client {number}"), AS_OF)
        assert product_says(client, rulebook) == comparable(oracle(client, AS_OF)), client


@pytest.mark.parametrize("days", [1, 27, 31, 32, 59, 60, 84, 85, 113, 114, 143, 365, 3652])
@pytest.mark.parametrize("concern", ["texture", "hair_thinning"])
def test_dates_at_the_edges_are_the_oracles(days: int, concern: str, rulebook: Rulebook) -> None:
    event = (AS_OF + timedelta(days=days)).isoformat()
    for wait in ("no", "yes"):
        client = healthy(concern=concern, event_date=event, sunburn_or_tan=wait, importance={"ready_by": "lot"})
        assert product_says(client, rulebook) == comparable(oracle(client, AS_OF)), client


@pytest.mark.parametrize("age", [0, 17, 18, 21, 22, 49, 50, 120, None])
def test_ages_at_the_edges_are_the_oracles(age: int | None, rulebook: Rulebook) -> None:
    client = healthy(concern="pigment", age=age, importance={"consistency": "lot"})
    assert product_says(client, rulebook) == comparable(oracle(client, AS_OF))


@pytest.mark.parametrize("importance", ["lot", "must"])
@pytest.mark.parametrize(
    "limit, values",
    [
        ("budget", [1, 700, 1050, 1399, 1400, 2099, 2100, 2700, 5400, 1_000_000]),
        ("minutes_per_visit", [10, 34, 35, 57, 58, 77, 78, 115]),
        ("visits_willing", [1, 3, 4, 6, 12]),
        ("downtime_days", [0, 1, 2, 3, 14]),
    ],
)
def test_limits_at_the_edges_are_the_oracles(
    limit: str, values: list[int], importance: str, rulebook: Rulebook
) -> None:
    criterion = LIMITS[limit]
    for value, concern in product(values, ("acne_scars", "hair_thinning")):
        client = healthy(concern=concern, importance={criterion: importance}, **{limit: value})
        assert product_says(client, rulebook) == comparable(oracle(client, AS_OF)), client


@pytest.mark.parametrize("question", TAKES_A_DAY)
def test_days_of_the_last_time_at_the_edges_are_the_oracles(question: str, rulebook: Rulebook) -> None:
    for answer, ago in product(rulebook.questions[question].answers, (0, 6, 7, 13, 14, 27, 28, 29, 30, 89, 90)):
        since = {question: (AS_OF - timedelta(days=ago)).isoformat()}
        client = healthy(concern=None, since=since, **{question: answer})
        assert product_says(client, rulebook) == comparable(oracle(client, AS_OF)), client


@pytest.mark.parametrize("comfort", ["fine", "uneasy", "rather_not", "never", None])
@pytest.mark.parametrize("old", ["yes", "no", "not_sure", "not_applicable", None])
def test_needles_and_the_older_filler_question_are_the_oracles(comfort: str, old: str, rulebook: Rulebook) -> None:
    for new in ("yes", "no", "not_sure", "not_applicable", None):
        client = healthy(needle_comfort=comfort, filler_last_28_days=new, filler_last_14_days=old, concern=None)
        assert product_says(client, rulebook) == comparable(oracle(client, AS_OF)), client


def test_an_empty_intake_is_the_oracles(rulebook: Rulebook) -> None:
    assert product_says({}, rulebook) == comparable(oracle({}, AS_OF))
