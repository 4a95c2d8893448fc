"""Client cases that a practitioner can review (tests/cases), all run by one test; and that no rule is without a case."""

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from medspa_core.recommendation import recommend
from medspa_core.result import in_plain_values
from medspa_core.rulebook import Rulebook
from medspa_core.standing import EXCLUDED_BY, STANDINGS
from tests.conftest import AS_OF, CASES, STARTING_POINTS

Case = dict[str, Any]
Plain = dict[str, Any]


def all_cases() -> list[Case]:
    files = sorted(path for path in CASES.glob("*.toml") if path.stem != "starting_points")
    return [case for path in files for case in tomllib.loads(path.read_text("utf-8"))["case"]]


ALL_CASES = all_cases()


def answers_of(case: Case) -> Plain:
    """The client's answers: a starting point, what the case says, less what is unanswered. Dates as an intake has them."""
    start = STARTING_POINTS[case.get("starting_from", "nothing_to_report")]
    answers = {**start, **case.get("answers", {})}
    kept = {key: value for key, value in answers.items() if key not in case.get("unanswered", ())}
    return {key: as_in_an_intake(value) for key, value in kept.items()}


def as_in_an_intake(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_in_an_intake(part) for key, part in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def seen_by_a_reader(result: Plain) -> Plain:
    """A result in the words of the case files."""
    seen = {**result, **{option_id: option_seen(option) for option_id, option in result["options"].items()}}
    seen["best"] = result["best"] or "nobody"
    seen["reasons"] = {reason["criterion"]: reason["points"] for reason in result["reasons"]}
    seen["next_question"] = result["next_questions"][0]["question"] if result["next_questions"] else "none"
    seen["pair"] = pair_seen(result["pair"]) if result["pair"] else "none"
    return seen


def option_seen(option: Plain) -> Plain:
    """`because`: the answers whose finding is as strict as the verdict; `findings`: all of them."""
    findings = option["findings"]
    return {
        **option,
        "because": sorted({one["question"] for one in findings if one["verdict"] == option["verdict"]}),
        "findings": sorted({one["question"] for one in findings}),
        "chance_ready_by": {basis: course["chance_ready_by"] for basis, course in option["course"].items()},
    }


def pair_seen(pair: Plain) -> Plain:
    by_basis = {basis: leader or "nobody" for basis, leader in pair["by_basis"].items()}
    return {**pair, "best": pair["best"] or "nobody", "by_basis": by_basis}


def differences(expected: Any, found: Any, where: str) -> Iterator[str]:
    """What the case expects and the result does not say; a result may say more."""
    if (
        isinstance(expected, dict)
        and isinstance(found, dict)
        and not where.endswith(("points", "robustness", "reasons"))
    ):
        for key, value in expected.items():
            yield from differences(value, found.get(key), f"{where}.{key}")
        return
    if isinstance(expected, date):
        expected = expected.isoformat()
    if where.endswith("because"):
        expected = sorted(expected)
    if expected != found:
        yield f"{where}: expected {expected}, found {found}"


def implied(expect: Plain) -> Plain:
    """An option's verdict in a case says also what it leaves out: no date, nothing that excludes it."""
    return {
        key: {"deferred_until": None, "excluded_by": None, **value}
        if isinstance(value, dict) and "because" in value
        else value
        for key, value in expect.items()
    }


@pytest.mark.parametrize("case", ALL_CASES, ids=[case["client"] for case in ALL_CASES])
def test_a_client_gets_what_the_case_says(case: Case, rulebook: Rulebook) -> None:
    found = seen_by_a_reader(in_plain_values(recommend(answers_of(case), rulebook, AS_OF)))
    assert list(differences(implied(case["expect"]), found, case["client"])) == []


def test_each_case_has_its_own_sentence() -> None:
    sentences = [case["client"] for case in ALL_CASES]
    assert len(sentences) == len(set(sentences)) >= 60


def test_a_case_names_only_what_it_can_be_checked_for(rulebook: Rulebook) -> None:
    known = {*rulebook.options, "standing", "best", "weight_total", "unmet", "bases", "reasons", "pair", "credence"}
    known |= {"why_none", "musts_to_relax", "next_question", "nobody_keeps", "staff_notices"}
    for case in ALL_CASES:
        assert set(case) <= {"client", "answers", "unanswered", "starting_from", "expect"}, case["client"]
        assert case["expect"] and set(case["expect"]) <= known, case["client"]
        assert set(case.get("unanswered", ())) <= set(rulebook.questions), case["client"]


def test_each_answer_of_each_contraindication_has_a_case(rulebook: Rulebook) -> None:
    given = {(key, answer) for case in ALL_CASES for key, answer in case.get("answers", {}).items() if is_plain(answer)}
    left_out = {(key, "unanswered") for case in ALL_CASES for key in case.get("unanswered", ())}
    missing = [pair for pair in needed(rulebook) if pair not in given | left_out]
    assert missing == []


def is_plain(answer: Any) -> bool:
    return isinstance(answer, str | int | date)


def needed(rulebook: Rulebook) -> Iterator[tuple[str, Any]]:
    """Question and answer: each with a row, not sure where it can be said, unanswered; for a number each end of a row."""
    for key, rule in rulebook.contraindications.items():
        yield key, "unanswered"
        if "not_sure" in rulebook.questions[key].answers:
            yield key, "not_sure"
        for answer, case in rule.cases.items():
            if rulebook.questions[key].kind == "choice":
                yield key, answer
            else:
                ends = [case.below - 1] if case.below is not None else [case.start, case.to]
                yield from ((key, end) for end in ends)


def test_each_gate_each_standing_and_each_reason_to_exclude_has_a_case(rulebook: Rulebook) -> None:
    gates, standings, excluded_by = set(), set(), set()
    for case in ALL_CASES:
        result = recommend(answers_of(case), rulebook, AS_OF)
        standings.add(case["expect"].get("standing"))
        for option_id, option in result.options.items():
            gates |= {finding.contraindication for finding in option.findings if finding.is_gate}
            expected = case["expect"].get(option_id, {})
            excluded_by.add(expected.get("excluded_by"))
    assert set(rulebook.gates) - gates == set()
    assert set(STANDINGS) - standings == set()
    assert set(EXCLUDED_BY) - excluded_by == set()


def test_each_contraindication_of_the_rulebook_is_named_by_a_case_that_says_why(rulebook: Rulebook) -> None:
    named = {
        question
        for case in ALL_CASES
        for option_id in rulebook.options
        for question in case["expect"].get(option_id, {}).get("because", ())
    }
    decides = {key for key, rule in rulebook.contraindications.items() if rule.cases}
    assert decides - named == set()
