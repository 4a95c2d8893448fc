"""What one answer to one safety question means for one option: the case it falls under, a verdict, and days to wait."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from medspa_core.rulebook.schema.judged import Case, Contraindication

NOT_SURE = "not_sure"


class Verdict(IntEnum):
    """May this client have it; the strictest wins."""

    CLEAR = 0
    CAUTION = 1
    NEEDS_REVIEW = 2
    DEFERRED = 3
    EXCLUDED = 4

    @property
    def word(self) -> str:
        return self.name.lower()


def verdict_of(word: str) -> Verdict:
    """The verdict of a word in the rulebook."""
    return Verdict[word.upper()]


def judge_answer(
    rule: Contraindication, answer: Any, option_id: str, days_ago: int | None = None
) -> tuple[str, Verdict, int]:
    """One contraindication on one option: which case fits, its verdict, and the days left if it defers.

    "Not sure" and unanswered ask for review where the row can be that strict or stricter, else for caution where it can
    be; an unanswered question that is no finding (smokes) stays clear. `days_ago`: the client gave the day of the last
    time. It counts only where the answer defers: the wait runs from that day, and once it is over nothing is found.
    """
    named = _case_of(rule, answer)
    if named is not None:
        name, case = named
        return (name, *_found(case, option_id, days_ago))
    if answer is None and rule.unanswered == "no_finding":
        return "unanswered", Verdict.CLEAR, 0
    if answer is None or answer == NOT_SURE:
        return ("unanswered" if answer is None else NOT_SURE), _when_not_known(rule, option_id), 0
    return "", Verdict.CLEAR, 0


def _found(case: Case, option_id: str, days_ago: int | None) -> tuple[Verdict, int]:
    verdict = verdict_of(case.verdicts[option_id])
    if verdict is not Verdict.DEFERRED:
        return verdict, 0
    days = case.days if days_ago is None else max(0, case.dated_days - days_ago)
    return (verdict, days) if days else (Verdict.CLEAR, 0)


def _case_of(rule: Contraindication, answer: Any) -> tuple[str, Case] | None:
    if isinstance(answer, int) and not isinstance(answer, bool):
        return next(((name, case) for name, case in rule.cases.items() if _in_range(case, answer)), None)
    return (answer, rule.cases[answer]) if answer in rule.cases else None


def _in_range(case: Case, number: int) -> bool:
    if case.below is not None:
        return number < case.below
    return case.start is not None and case.to is not None and case.start <= number <= case.to


def _when_not_known(rule: Contraindication, option_id: str) -> Verdict:
    strictest = max((verdict_of(case.verdicts[option_id]) for case in rule.cases.values()), default=Verdict.CLEAR)
    return min(strictest, Verdict.NEEDS_REVIEW)


def stricter(rule: Contraindication | None, one: Any, other: Any) -> Any:
    """Of two answers to the same question the one that asks for more; an answer that is missing is no answer."""
    if one is None or other is None or rule is None:
        return one if other is None else other
    options = {option_id for case in rule.cases.values() for option_id in case.verdicts}
    ours = [max(judge_answer(rule, answer, option_id)[1:] for option_id in options) for answer in (one, other)]
    return one if ours[0] >= ours[1] else other
