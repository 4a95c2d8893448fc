"""The result of one client: what it holds, and the same in plain values, in the shape other systems rely on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from medspa_core import __version__
from medspa_core.course.course_book import LowTypicalHigh
from medspa_core.explanation import Flip, NextQuestion, Reason
from medspa_core.findings import Finding
from medspa_core.rulebook import CONSIDERED
from medspa_core.safety import Verdict


@dataclass(frozen=True)
class BasisResult:
    """What one basis alone says. Maps hold the options that are ranked: not excluded, and never waiting."""

    best: str | None
    fit: Mapping[str, float | None]  # None when no criterion has any weight
    points: Mapping[str, int]
    robustness: Mapping[str, float]


@dataclass(frozen=True)
class PairResult:
    """Exosomes against PRP alone."""

    best: str | None
    standing: str
    robustness: Mapping[str, float]
    points: Mapping[str, int]
    reasons: tuple[Reason, ...]
    flips: tuple[Flip, ...]
    unmet: tuple[str, ...]
    by_basis: Mapping[str, str | None]  # which of the two each basis alone would put first; None: equal or not ranked


@dataclass(frozen=True)
class CourseResult:
    """A course as shown: low, typical, high in whole units; None is unknown or, for waiting, no such day."""

    spans: Mapping[str, LowTypicalHigh | None]
    chance_ready_by: float | None
    latest_safe_start: date | None


@dataclass(frozen=True)
class NobodyKeeps:
    """A limit that counts a lot for the client, or is a must, and that no option keeps."""

    criterion: str
    nearest: str  # the option that misses it by least, the first by rank
    as_near: tuple[str, ...]  # that option and each that misses it by as little, by rank
    same_for_all: bool  # several options, and each is as near


@dataclass(frozen=True)
class OptionResult:
    """One option for one client."""

    verdict: Verdict
    deferred_until: date | None
    excluded_by: str | None
    findings: tuple[Finding, ...]
    attainment: Mapping[str, Mapping[str, float | None]]  # basis -> criterion -> 0 to 1
    chance_within: Mapping[str, float | None]  # limit -> considered chance of keeping it; empty by a version 1 rulebook
    course: Mapping[str, CourseResult]  # by basis
    failed_musts: tuple[str, ...]
    breaks: tuple[str, ...]  # limits and date that count for the client and that it does not keep: never said to fit

    def kept(self, criterion: str) -> float | None:
        """What decides whether a criterion is met: of a limit the chance of keeping it, of any other its attainment."""
        limits = self.chance_within
        return limits[criterion] if criterion in limits else self.attainment[CONSIDERED][criterion]


@dataclass(frozen=True)
class Recommendation:
    """One client's whole result. Standing, best, reasons, flips and next questions are those of the considered basis."""

    as_of: date
    rulebook_revision: str
    standing: str
    best: str | None
    runner_up: str | None
    bases: Mapping[str, BasisResult]
    pair: PairResult | None
    weight_total: int
    unmet: tuple[str, ...]
    nobody_keeps: tuple[NobodyKeeps, ...]  # the page says these first
    training_only: bool
    credence: Mapping[str, float]
    options: Mapping[str, OptionResult]
    reasons: tuple[Reason, ...]
    flips: tuple[Flip, ...]
    next_questions: tuple[NextQuestion, ...]
    unanswered_safety: tuple[str, ...]
    why_none: tuple[str, ...]  # when nothing is suitable: the kinds of reason
    staff_notices: tuple[str, ...]  # what staff should know and is no finding; each a key of data/result_words.toml
    ways_back: tuple[tuple[str, ...], ...]  # each: musts that, taken back together, would leave an option; the fewest

    @property
    def musts_to_relax(self) -> tuple[str, ...]:
        """Every must of the ways back, each once."""
        return tuple(dict.fromkeys(must for way in self.ways_back for must in way))

    def as_dict(self) -> dict[str, Any]:
        """The result in plain values, as the command line prints it."""
        return result_as_dict(self)


def result_as_json(result: Recommendation) -> str:
    """The same result gives the same bytes."""
    return json.dumps(result_as_dict(result), indent=2, ensure_ascii=False, allow_nan=False)


def result_as_dict(result: Recommendation) -> dict[str, Any]:
    """One client's result by the fixed names."""
    return {
        "as_of": result.as_of.isoformat(),
        "rulebook_revision": result.rulebook_revision,
        "version": __version__,
        "standing": result.standing,
        "best": result.best,
        "bases": {basis: _basis(part) for basis, part in result.bases.items()},
        "pair": _pair(result.pair) if result.pair is not None else None,
        "weight_total": result.weight_total,
        "unmet": list(result.unmet),
        "nobody_keeps": [{"criterion": one.criterion, "nearest": one.nearest} for one in result.nobody_keeps],
        "training_only": result.training_only,
        "credence": dict(result.credence),
        "options": {option_id: _option(option) for option_id, option in result.options.items()},
        "reasons": [_reason(reason) for reason in result.reasons],
        "flips": [_flip(flip) for flip in result.flips],
        "next_questions": [
            {"question": item.question, "share_that_changes_standing": item.share} for item in result.next_questions
        ],
        "unanswered_safety": list(result.unanswered_safety),
        "why_none": list(result.why_none),
        "staff_notices": list(result.staff_notices),
        "musts_to_relax": list(result.musts_to_relax),
    }


def _basis(basis: BasisResult) -> dict[str, Any]:
    return {
        "best": basis.best,
        "fit": dict(basis.fit),
        "points": dict(basis.points),
        "robustness": dict(basis.robustness),
    }


def _pair(pair: PairResult) -> dict[str, Any]:
    return {
        "best": pair.best,
        "standing": pair.standing,
        "robustness": dict(pair.robustness),
        "points": dict(pair.points),
        "unmet": list(pair.unmet),
        "reasons": [_reason(reason) for reason in pair.reasons],
        "flips": [_flip(flip) for flip in pair.flips],
        "by_basis": dict(pair.by_basis),
    }


def _option(option: OptionResult) -> dict[str, Any]:
    return {
        "verdict": option.verdict.word,
        "deferred_until": option.deferred_until.isoformat() if option.deferred_until else None,
        "excluded_by": option.excluded_by,
        "findings": [_finding(finding) for finding in option.findings],
        "attainment": {basis: dict(values) for basis, values in option.attainment.items()},
        "chance_within": dict(option.chance_within),
        "course": {basis: _course(course) for basis, course in option.course.items()},
        "failed_musts": list(option.failed_musts),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "contraindication": finding.contraindication,
        "question": finding.question,
        "answer": finding.answer,
        "verdict": finding.verdict.word,
        "source": ", ".join(finding.sources),
    }


def _course(course: CourseResult) -> dict[str, Any]:
    spans = {name: _span(span) for name, span in course.spans.items()}
    start = course.latest_safe_start
    return {
        **spans,
        "chance_ready_by": course.chance_ready_by,
        "latest_safe_start": start.isoformat() if start else None,
    }


def _span(span: LowTypicalHigh | None) -> dict[str, int] | None:
    return None if span is None else {"low": span.low, "typical": span.typical, "high": span.high}


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "criterion": reason.criterion,
        "points": reason.points,
        "contribution": reason.contribution,
        "towards": reason.towards,
        "basis": CONSIDERED,
    }


def _flip(flip: Flip) -> dict[str, Any]:
    return {
        "kind": flip.kind,
        "question": flip.question,
        "from": flip.before,
        "to": flip.after,
        "best": flip.best,
        "standing": flip.standing,
    }
