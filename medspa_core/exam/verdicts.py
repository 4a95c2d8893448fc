"""The verdict of an option after the review: findings and a clinician's words on them go in, one verdict comes out.

Only what a signed word names is changed by it, for as long as it counts; everything else stands as found. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from medspa_core.exam.signing import Signature, as_json
from medspa_core.findings import Finding
from medspa_core.result import OptionResult
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict, deferred_until

BY_CLINICIAN = "clinician"


class Word(StrEnum):
    """What a clinician can say on a finding."""

    CLEARED = "cleared"
    LIMITED = "limited"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A clinician's word on one finding: which answer it looked at, for which options, and until when it counts."""

    number: int
    contraindication: str
    case: str
    answer: str
    options: tuple[str, ...]
    word: Word
    note: str
    valid_until: date | None  # None: a refusal, which stands until another word is given
    signed: Signature


@dataclass(frozen=True, slots=True)
class AfterReview:
    """One option after the review."""

    verdict: Verdict
    deferred_until: date | None
    excluded_by: str | None
    ruled: tuple[tuple[Finding, Ruling], ...]
    open: tuple[Finding, ...]  # stricter than caution, and no word on it counts today
    findings: tuple[Finding, ...]  # all of them, as found


def can_be_lifted(finding: Finding, book: Rulebook) -> bool:
    """A hard stop stays unless the rulebook names it; a gate that rules an option out is no examiner's to lift."""
    if finding.verdict is not Verdict.EXCLUDED:
        return True
    return not finding.is_gate and finding.case in book.exam.clearances[finding.contraindication].may_lift


def is_on(ruling: Ruling, finding: Finding) -> bool:
    """Whether the word was given on this very answer."""
    same = (ruling.contraindication, ruling.case) == (finding.contraindication, finding.case)
    return same and ruling.answer == as_json(finding.answer)


def ruling_on(finding: Finding, option: str, rulings: Sequence[Ruling], on: date) -> Ruling | None:
    """The last word on this very finding of this option, if it counts on that day.

    A word was given on one answer: another answer to the same question is another finding.
    """
    named = [one for one in rulings if is_on(one, finding) and option in one.options]
    last = max(named, key=lambda one: one.number, default=None)
    return last if last is not None and (last.valid_until is None or on <= last.valid_until) else None


def verdict_of(finding: Finding, ruling: Ruling | None, book: Rulebook) -> Verdict:
    """A finding's verdict with the clinician's word on it."""
    if ruling is None:
        return finding.verdict
    if ruling.word is Word.REFUSED:
        return Verdict.EXCLUDED
    if not can_be_lifted(finding, book):
        return finding.verdict
    return Verdict.CLEAR if ruling.word is Word.CLEARED else min(finding.verdict, Verdict.CAUTION)


def after_review(
    found: OptionResult, option: str, rulings: Sequence[Ruling], book: Rulebook, as_of: date, on: date
) -> AfterReview:
    """The option's verdict on a day: the strictest of its findings, each with the clinician's word on it.

    What the client wants or doesn't want is no finding, so nothing here lifts it.
    """
    words = [(finding, ruling_on(finding, option, rulings, on)) for finding in found.findings]
    judged = [(finding, verdict_of(finding, ruling, book)) for finding, ruling in words]
    wanted = Verdict.EXCLUDED if found.excluded_by == "preference" else Verdict.CLEAR
    verdict = max([wanted, *(one for _, one in judged)])
    days = max((finding.days for finding, one in judged if one is Verdict.DEFERRED), default=0)
    return AfterReview(
        verdict=verdict,
        deferred_until=deferred_until(as_of, days),
        excluded_by=_excluded_by(found, words, verdict),
        ruled=tuple((finding, ruling) for finding, ruling in words if ruling is not None),
        open=still_open(found.findings, option, rulings, book, on),
        findings=found.findings,
    )


def still_open(
    findings: Iterable[Finding], option: str, rulings: Sequence[Ruling], book: Rulebook, on: date
) -> tuple[Finding, ...]:
    """Findings stricter than caution on which no word counts today; what was refused is settled."""
    words = [(finding, ruling_on(finding, option, rulings, on)) for finding in findings]
    settled = {finding.contraindication for finding, ruling in words if ruling and ruling.word is Word.REFUSED}
    return tuple(
        finding
        for finding, ruling in words
        if verdict_of(finding, ruling, book) > Verdict.CAUTION and finding.contraindication not in settled
    )


def not_seen(
    findings: Iterable[Finding], had: Callable[[Finding], bool], ruled: Collection[Finding]
) -> tuple[Finding, ...]:
    """Findings that may pass without a word, but that no examiner had on the agenda: answers were changed since, or it was asked
    in a later visit. What needs a word anyway is open, and what a word counts on was seen.

    A wait is among them: it is counted from the day of the consultation, and an answer may come weeks later.
    """
    passing = (Verdict.CAUTION, Verdict.DEFERRED)
    return tuple(
        one for one in findings if one.verdict in passing and not one.is_gate and not had(one) and one not in ruled
    )


def is_refused(findings: Iterable[Finding], option: str, rulings: Sequence[Ruling], book: Rulebook, on: date) -> bool:
    """Is the option ruled out, by what was found or by a clinician's word on it?"""
    judged = (verdict_of(one, ruling_on(one, option, rulings, on), book) for one in findings)
    return any(verdict is Verdict.EXCLUDED for verdict in judged)


def _excluded_by(found: OptionResult, words: Sequence[tuple[Finding, Ruling | None]], verdict: Verdict) -> str | None:
    """As the recommendation has it; `clinician` where only their refusal rules the option out."""
    if verdict is not Verdict.EXCLUDED:
        return None
    stands = found.excluded_by == "preference" or any(finding.verdict is Verdict.EXCLUDED for finding, _ in words)
    return found.excluded_by if stands else BY_CLINICIAN
