"""Reasons in words: why one option more than another, as lines that add up, and all that moved nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medspa_core.explanation import Reason
from medspa_core.rulebook import CONSIDERED
from medspa_core.same_on_criterion import is_alike
from medspa_core.wording.limits import at_least, event_of
from medspa_core.wording.words import Told

LOT, LITTLE = 3, 1


@dataclass(frozen=True)
class ReasonLine:
    """One reason in words: what it is, how much it counted, and towards which option by how many points."""

    criterion: str
    text: str
    weight: str
    towards: str
    points: int


@dataclass(frozen=True)
class ReasonList:
    """Why one option more than another: bars that add up, then what moved nothing and what was not used."""

    best: str
    other: str
    lines: tuple[ReasonLine, ...]
    same: tuple[str, ...]  # the two have the same figures
    both_fit: tuple[str, ...]  # they differ, and both fit what the client said
    neither_fits: tuple[str, ...]
    not_used: tuple[str, ...]
    no_weight: tuple[str, ...]
    unmet: tuple[str, ...]  # count a lot, and the first option hardly meets them
    unmet_by_both: tuple[str, ...]  # the same, and the other meets them no better

    @property
    def total(self) -> int:
        """Points between the two: the sum of all reasons."""
        return sum(line.points for line in self.lines)


def pair_reasons(told: Told) -> ReasonList | None:
    """Why one of the two more than the other; None without a contest."""
    pair = told.result.pair
    if pair is None or pair.best is None:
        return None
    other = next(option for option in told.rulebook.model.pair if option != pair.best)
    return _reason_list(told, pair.best, other, pair.reasons, pair.unmet)


def overall_reasons(told: Told) -> ReasonList | None:
    """Why the leader of all more than the next best; None without a contest."""
    result = told.result
    if result.best is None or result.runner_up is None:
        return None
    return _reason_list(told, result.best, result.runner_up, result.reasons, result.unmet)


def _reason_list(told: Told, best: str, other: str, reasons: Iterable[Reason], unmet: Iterable[str]) -> ReasonList:
    counted = [reason for reason in reasons if reason.weight]
    lines = tuple(_reason_line(told, reason, best, other) for reason in counted if reason.points)
    known = {reason.criterion for reason in reasons}
    level = _level(told, best, other, [reason.criterion for reason in counted if not reason.points])
    return ReasonList(
        best=best,
        other=other,
        lines=lines,
        **level,
        not_used=tuple(one.said.told_us for key, one in told.rulebook.criteria.items() if key not in known),
        no_weight=tuple(told.criterion(one.criterion).in_a_sentence for one in reasons if not one.weight),
        unmet=tuple(told.criterion(one).in_a_sentence for one in unmet if not _hardly_meets(told, other, one)),
        unmet_by_both=tuple(told.criterion(one).in_a_sentence for one in unmet if _hardly_meets(told, other, one)),
    )


def _level(told: Told, best: str, other: str, criteria: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What moved nothing: the two are the same on it, or they differ and both, or neither, fit what was said."""
    found: dict[str, list[str]] = {"same": [], "both_fit": [], "neither_fits": []}
    for criterion in criteria:
        if is_alike(criterion, best, other, told.rulebook, told.result.options):
            found["same"].append(_same_name(told, criterion, best))
        elif criterion != "ready_by" or event_of(told.answers):
            key = "both_fit" if _fits(told, best, criterion) else "neither_fits"
            found[key].append(told.criterion(criterion).told_us)
    return {key: tuple(names) for key, names in found.items()}


def _same_name(told: Told, criterion: str, option: str) -> str:
    if criterion == "blood_draw" and not told.rulebook.options[option].blood_draw:
        return told.say("same.no_blood_draw")
    return told.criterion(criterion).same


def _fits(told: Told, option: str, criterion: str) -> bool:
    kept = told.state(option).kept(criterion) or 0.0
    return at_least(kept, told.rulebook.model.standing.must_at_least)


def _hardly_meets(told: Told, option: str, criterion: str) -> bool:
    """As `standing.unmet_by` has it, of an option that does not lead; what is not known is not said to be unmet."""
    kept = told.state(option).kept(criterion)
    return kept is not None and not at_least(kept, told.rulebook.model.standing.unmet_below)


def _reason_line(told: Told, reason: Reason, best: str, other: str) -> ReasonLine:
    weight = told.say(f"reasons.weight_{LOT if reason.weight >= LOT else LITTLE}")
    towards = reason.towards or best
    return ReasonLine(reason.criterion, _reason_text(told, reason, best, other), weight, towards, reason.points)


def _reason_text(told: Told, reason: Reason, best: str, other: str) -> str:
    say, answers, towards = told.say, told.answers, reason.towards or best
    match reason.criterion:
        case "visit_time":
            minutes = _minutes_between(told, towards, other if towards == best else best)
            if minutes >= 1:
                return say("reason.visit_time_one" if minutes == 1 else "reason.visit_time", minutes=minutes)
        case "ready_by" if day := event_of(answers):
            return say("reason.ready_by", day=told.day(day))
        case "cost" if isinstance(answers.get("budget"), int):
            key = "cost" if _fits(told, towards, "cost") else "cost_nearer"
            return say(f"reason.{key}", money=told.money(answers["budget"]))
        case "blood_draw" if told.rulebook.options[towards].blood_draw:
            return say("reason.blood_draw_other")
    return told.criterion(reason.criterion).reason


def _minutes_between(told: Told, shorter: str, longer: str) -> int:
    ours, theirs = (told.state(option).course[CONSIDERED].spans["visit_minutes"] for option in (shorter, longer))
    return theirs.typical - ours.typical if ours and theirs else 0
