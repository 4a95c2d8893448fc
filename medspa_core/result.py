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

    @property
    def version(self) -> str:
        """Of the program that computed it."""
        return __version__

    def as_dict(self) -> dict[str, Any]:
        """The result in plain values, as the command line prints it."""
        return dict(in_plain_values(self))


CONTRACT: Mapping[type, str] = {
    Recommendation: (
        "as_of rulebook_revision version standing best bases pair weight_total unmet nobody_keeps training_only credence"
        " options reasons flips next_questions unanswered_safety why_none staff_notices musts_to_relax"
    ),
    BasisResult: "best fit points robustness",
    PairResult: "best standing robustness points unmet reasons flips by_basis",
    NobodyKeeps: "criterion nearest",
    OptionResult: "verdict deferred_until excluded_by findings attainment chance_within course failed_musts",
    Finding: "contraindication question answer verdict source",
    CourseResult: "chance_ready_by latest_safe_start",
    LowTypicalHigh: "low typical high",
    Reason: "criterion points contribution towards basis",
    Flip: "kind question from to best standing",
    NextQuestion: "question share_that_changes_standing",
}
"""What other systems read of each, by the fixed names and in their order."""

OWN_NAMES = {"from": "before", "to": "after", "share_that_changes_standing": "share"}
"""A name of the contract that is another here."""


def result_as_json(result: Recommendation) -> str:
    """The same result gives the same bytes."""
    return json.dumps(result.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def in_plain_values(value: Any) -> Any:
    """A result, or a part of it, as the contract has it."""
    if names := CONTRACT.get(type(value), "").split():
        told = {name: in_plain_values(getattr(value, OWN_NAMES.get(name, name))) for name in names}
        return in_plain_values(value.spans) | told if isinstance(value, CourseResult) else told
    match value:
        case Verdict():
            return value.word
        case date():
            return value.isoformat()
        case Mapping():
            return {key: in_plain_values(one) for key, one in value.items()}
        case tuple() | list():
            return [in_plain_values(one) for one in value]
    return value
