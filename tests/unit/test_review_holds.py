"""What always holds of a review: it changes what it names and nothing else, for as long as it counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.exam import Ruling, Word, after_review, can_be_lifted
from medspa_core.exam.signing import Signature, as_json
from medspa_core.findings import Finding
from medspa_core.recommendation import recommend
from medspa_core.result import OptionResult
from medspa_core.rulebook import Rulebook, load_rulebook
from medspa_core.rulebook.schema.judged import ClearanceRule
from medspa_core.safety import Verdict
from tests.conftest import AS_OF, DATA, healthy
from tests.records_support import NOW
from tests.unit.strategies import clients

BOOK = load_rulebook(DATA)
SIGNED = Signature("ada", "A-1", "CA", NOW)
LAST_DAY = AS_OF + timedelta(days=30)


def said(
    finding: Finding, options: tuple[str, ...], word: Word, number: int = 1, until: date | None = LAST_DAY
) -> Ruling:
    until = None if word is Word.REFUSED else until
    answer = as_json(finding.answer)
    return Ruling(number, finding.contraindication, finding.case, answer, options, word, "a note", until, SIGNED)


def results(client: dict[str, Any], book: Rulebook = BOOK) -> dict[str, OptionResult]:
    return dict(recommend(client, book, AS_OF).options)


@st.composite
def reviewed(draw: st.DrawFn) -> tuple[dict[str, OptionResult], list[Ruling]]:
    """A client's findings and some words on some of them."""
    found = results(draw(clients()))
    every = {(one.contraindication, option): one for option, told in found.items() for one in told.findings}
    named = draw(st.lists(st.sampled_from(sorted(every)), max_size=6)) if every else []
    words = [
        said(every[one], (one[1],), draw(st.sampled_from(Word)), number) for number, one in enumerate(named, start=1)
    ]
    return found, words


@settings(max_examples=150, deadline=None)
@given(reviewed(), st.integers(0, 60))
def test_a_review_never_loosens_a_finding_that_it_does_not_name(
    review: tuple[dict[str, OptionResult], list[Ruling]], later: int
) -> None:
    found, words = review
    for option, told in found.items():
        after = after_review(told, option, words, BOOK, AS_OF, AS_OF + timedelta(days=later))
        named = {one.contraindication for one in words if option in one.options}
        others = [one.verdict for one in told.findings if one.contraindication not in named]
        assert after.verdict >= max(others, default=Verdict.CLEAR)
        stops = [one for one in told.findings if not can_be_lifted(one, BOOK)]
        assert after.verdict is Verdict.EXCLUDED or not stops
        if told.excluded_by == "preference":
            assert after.verdict is Verdict.EXCLUDED


@settings(max_examples=100, deadline=None)
@given(clients())
def test_without_a_word_everything_stands_as_found(client: dict[str, Any]) -> None:
    for option, told in results(client).items():
        after = after_review(told, option, [], BOOK, AS_OF, AS_OF)
        assert (after.verdict, after.excluded_by) == (told.verdict, told.excluded_by)
        if told.verdict is Verdict.DEFERRED:
            assert after.deferred_until == told.deferred_until


@settings(max_examples=100, deadline=None)
@given(reviewed())
def test_after_its_last_day_a_word_is_as_if_never_given(
    review: tuple[dict[str, OptionResult], list[Ruling]],
) -> None:
    found, words = review
    lapsing = [one for one in words if one.word is not Word.REFUSED]
    day = LAST_DAY + timedelta(days=1)
    for option, told in found.items():
        assert after_review(told, option, lapsing, BOOK, AS_OF, day) == after_review(told, option, [], BOOK, AS_OF, day)


@settings(max_examples=100, deadline=None)
@given(reviewed(), st.randoms(use_true_random=False))
def test_the_order_in_which_words_are_read_changes_nothing(
    review: tuple[dict[str, OptionResult], list[Ruling]], shuffled: Any
) -> None:
    found, words = review
    mixed = list(words)
    shuffled.shuffle(mixed)
    for option, told in found.items():
        assert after_review(told, option, mixed, BOOK, AS_OF, AS_OF) == after_review(
            told, option, words, BOOK, AS_OF, AS_OF
        )


@settings(max_examples=100, deadline=None)
@given(reviewed())
def test_a_refusal_never_loosens(review: tuple[dict[str, OptionResult], list[Ruling]]) -> None:
    found, words = review
    refusals = [one for one in words if one.word is Word.REFUSED]
    for option, told in found.items():
        after = after_review(told, option, refusals, BOOK, AS_OF, AS_OF)
        assert after.verdict >= told.verdict


def finding(option: str = "prp_microneedling", **answers: Any) -> tuple[OptionResult, Finding]:
    told = results(healthy(concern="texture", **answers))[option]
    return told, told.findings[0]


@pytest.mark.parametrize(
    ("word", "verdict"), [(Word.CLEARED, "clear"), (Word.LIMITED, "caution"), (Word.REFUSED, "excluded")]
)
def test_each_word_means_one_verdict(word: Word, verdict: str) -> None:
    told, found = finding(anticoagulant="yes")
    words = [said(found, ("prp_microneedling",), word)]
    after = after_review(told, "prp_microneedling", words, BOOK, AS_OF, AS_OF)
    assert after.verdict.word == verdict
    assert after.excluded_by == ("clinician" if word is Word.REFUSED else None)


def test_limiting_a_caution_leaves_it_a_caution_and_a_word_on_another_option_is_no_word() -> None:
    told, found = finding(melasma="yes")
    limited = [said(found, ("prp_microneedling",), Word.LIMITED)]
    assert after_review(told, "prp_microneedling", limited, BOOK, AS_OF, AS_OF).verdict is Verdict.CAUTION
    elsewhere = [said(found, ("microneedling_alone",), Word.CLEARED)]
    assert after_review(told, "prp_microneedling", elsewhere, BOOK, AS_OF, AS_OF).verdict is Verdict.CAUTION


def test_the_last_word_counts_and_a_lapsed_one_brings_no_older_one_back() -> None:
    told, found = finding(anticoagulant="yes")
    option = ("prp_microneedling",)
    words = [said(found, option, Word.CLEARED, 1), said(found, option, Word.LIMITED, 2, until=AS_OF)]
    assert after_review(told, option[0], words, BOOK, AS_OF, AS_OF).verdict is Verdict.CAUTION
    next_day = after_review(told, option[0], words, BOOK, AS_OF, AS_OF + timedelta(days=1))
    assert next_day.verdict is Verdict.NEEDS_REVIEW and next_day.open == (found,)


def test_clearing_the_longer_wait_leaves_the_shorter_one() -> None:
    told, _ = finding(sunburn_or_tan="yes", filler_last_28_days="yes")
    longer = next(one for one in told.findings if one.contraindication == "filler_last_28_days")
    after = after_review(
        told, "prp_microneedling", [said(longer, ("prp_microneedling",), Word.CLEARED)], BOOK, AS_OF, AS_OF
    )
    assert (after.verdict, after.deferred_until) == (Verdict.DEFERRED, AS_OF + timedelta(days=14))


def test_a_hard_stop_is_lifted_only_where_the_rulebook_names_it() -> None:
    told, found = finding(metal_allergy="yes")
    words = [said(found, ("prp_microneedling",), Word.CLEARED)]
    assert after_review(told, "prp_microneedling", words, BOOK, AS_OF, AS_OF).verdict is Verdict.EXCLUDED
    rule = ClearanceRule(days=30, may_lift=("yes",))
    clearances = {**BOOK.exam.clearances, "metal_allergy": rule}
    softer = BOOK.exam.model_copy(update={"clearances": clearances})
    from dataclasses import replace

    lifting = replace(BOOK, exam=softer)
    assert after_review(told, "prp_microneedling", words, lifting, AS_OF, AS_OF).verdict is Verdict.CLEAR
