"""From one client's answers to the whole result: verdicts, courses, fit on each basis, standing, reasons and flips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medspa_core import standing
from medspa_core.answer_codes import answer_of
from medspa_core.course import course_book as courses
from medspa_core.course.course_book import CourseBook, LowTypicalHigh, course_book
from medspa_core.course.course_tables import UNKNOWN
from medspa_core.explanation import Tried, named, reasons, try_changes
from medspa_core.findings import Finding, findings_by_option
from medspa_core.fit import NEEDLE_COMFORT, says
from medspa_core.intake import IntakeTable, columns_of, read_intake
from medspa_core.result import BasisResult, CourseResult, NobodyKeeps, OptionResult, PairResult, Recommendation
from medspa_core.rulebook import BASES, CONSIDERED, WHOLE, Rulebook
from medspa_core.safety import Verdict, deferred_until, unanswered_safety
from medspa_core.standing import EXCLUDED_BY, NOBODY, STANDINGS, Contest, Ints, Judgement, judge

SPANS = (
    "sessions",
    "visit_minutes",
    "first_change_days",
    "last_session_days",
    "peak_days",
    "downtime_days",
    "course_cost",
)
ZERO = LowTypicalHigh(0, 0, 0)
NO_COURSE: Mapping[str, Any] = {
    name: ZERO if name in ("sessions", "visit_minutes", "course_cost") else None for name in SPANS
}


def recommend(answers: Mapping[str, Any], rulebook: Rulebook, as_of: date) -> Recommendation:
    """The whole result for one client's answers on a day. Raises IntakeProblem with every answer that cannot be used."""
    table = read_intake(answers, rulebook, as_of)
    book = course_book(rulebook)
    tried = try_changes(table, book)
    judgement = tried.judgement  # the client is its first row
    overall = judgement.contests[CONSIDERED]
    won = {**standing.draws_won_on_own_bases(judgement, rulebook), CONSIDERED: _won(overall)}
    return Recommendation(
        as_of=as_of,
        rulebook_revision=rulebook.revision,
        standing=STANDINGS[judgement.standing[0]],
        best=_option(int(judgement.best[0]), rulebook),
        runner_up=_option(int(overall.runner_up[0]) if judgement.best[0] != NOBODY else NOBODY, rulebook),
        bases={basis: _basis(judgement, basis, won[basis], rulebook) for basis in BASES},
        pair=_pair(tried),
        weight_total=int(judgement.weight_total[0]),
        unmet=named(rulebook.criteria, judgement.unmet[:, 0]),
        nobody_keeps=_nobody_keeps(judgement, rulebook),
        training_only=rulebook.model.training_only,
        credence={criterion_id: float(credence) for criterion_id, credence in rulebook.credences.items()},
        options=_options(tried, book),
        reasons=reasons(judgement, overall, rulebook),
        flips=tried.flips("overall"),
        next_questions=tried.next_questions(),
        unanswered_safety=unanswered_safety(table, rulebook),
        why_none=_why_none(judgement),
        staff_notices=_staff_notices(table, rulebook),
        ways_back=_ways_back(table, judgement, book),
    )


def not_wanted(answers: Mapping[str, Any], rulebook: Rulebook, as_of: date) -> frozenset[str]:
    """Options that only what the client wants rules out; the rest of the result, which takes longer, is not made."""
    judgement = judge(read_intake(answers, rulebook, as_of), course_book(rulebook), robust_bases=(CONSIDERED,))
    by = judgement.excluded_by[:, 0] == EXCLUDED_BY.index("preference")
    return frozenset(option for option, is_out in zip(rulebook.ranked, by, strict=True) if is_out)


def _option(place: int, rulebook: Rulebook) -> str | None:
    return rulebook.ranked[place] if place != NOBODY else None


def _basis(judgement: Judgement, basis: str, won: Ints, rulebook: Rulebook) -> BasisResult:
    contest = judgement.contests[basis]
    if not judgement.table["concern"][0]:
        return BasisResult(None, {}, {}, {})
    open_to = [option for option in range(len(rulebook.ranked)) if not judgement.excluded[option, 0]]
    whole = WHOLE * int(judgement.fit.counted_weights[basis][:, 0].sum())
    points = {rulebook.ranked[option]: int(contest.points[option, 0]) for option in open_to}
    return BasisResult(
        best=_option(int(contest.best[0]), rulebook) if whole else None,
        fit={option_id: counted / whole if whole else None for option_id, counted in points.items()},
        points=points,
        robustness=_robustness(won, open_to, rulebook),
    )


def _robustness(won: Ints, among: list[int], rulebook: Rulebook) -> dict[str, float]:
    draws = len(next(iter(rulebook.draws.values())))
    return {rulebook.ranked[option]: int(won[option]) / draws for option in among}


def _won(contest: Contest) -> Ints:
    """(options): draws that the client's options win."""
    assert contest.wins is not None
    return contest.wins[:, 0]


def _pair(tried: Tried) -> PairResult | None:
    judgement, rulebook = tried.judgement, tried.rulebook
    if judgement.pair_standing[0] == NOBODY:
        return None
    standing = STANDINGS[judgement.pair_standing[0]]
    if not judgement.table["concern"][0]:
        return PairResult(None, standing, {}, {}, (), (), (), {basis: None for basis in BASES})
    contest = judgement.pair
    best = int(contest.best[0]) if judgement.best[0] != NOBODY else NOBODY
    among = [rulebook.ranked.index(option_id) for option_id in rulebook.model.pair]
    return PairResult(
        best=_option(best, rulebook),
        standing=standing,
        robustness=_robustness(_won(contest), among, rulebook),
        points={rulebook.ranked[option]: int(contest.points[option, 0]) for option in among},
        reasons=reasons(judgement, contest, rulebook),
        flips=tried.flips("pair"),
        unmet=named(rulebook.criteria, judgement.pair_unmet[:, 0]),
        by_basis={basis: _pair_leader(judgement.contests[basis], rulebook) for basis in BASES},
    )


def _pair_leader(contest: Contest, rulebook: Rulebook) -> str | None:
    """Which of the two has more points on one basis; None when they are equal."""
    one, other = rulebook.model.pair
    ours = int(contest.points[rulebook.ranked.index(one), 0])
    theirs = int(contest.points[rulebook.ranked.index(other), 0])
    return None if ours == theirs else one if ours > theirs else other


def _options(tried: Tried, book: CourseBook) -> dict[str, OptionResult]:
    """What was found of each option, in the order of their rank, waiting last."""
    found = findings_by_option(tried.table, book.rulebook)
    ranked = {option_id: _option_result(option_id, findings, tried, book) for option_id, findings in found.items()}
    return {option_id: ranked.get(option_id) or _waiting(book.rulebook) for option_id in book.rulebook.options}


def _option_result(option_id: str, findings: tuple[Finding, ...], tried: Tried, book: CourseBook) -> OptionResult:
    judgement, rulebook = tried.judgement, tried.rulebook
    option = rulebook.ranked.index(option_id)
    by = int(judgement.excluded_by[option, 0])
    verdict = Verdict(int(judgement.safety.verdict[0, option]))
    return OptionResult(
        verdict=Verdict.EXCLUDED if by != NOBODY else verdict,
        deferred_until=deferred_until(judgement.table.as_of, int(judgement.safety.deferred_days[0, option])),
        excluded_by=EXCLUDED_BY[by] if by != NOBODY else None,
        findings=findings,
        attainment={basis: _shares(rulebook.criteria, judgement.fit.attained[basis][option, :, 0]) for basis in BASES},
        chance_within=_shares(rulebook.limits, judgement.fit.chance_within[option, :, 0]),
        course={basis: _course_result(option_id, basis, judgement, book) for basis in BASES},
        failed_musts=_failed_musts(judgement, option, rulebook),
        breaks=named(rulebook.criteria, tried.broken[option, :, 0]),
    )


def _shares(criteria: Iterable[str], thousandths: NDArray[np.int32]) -> dict[str, float | None]:
    values = zip(criteria, thousandths.tolist(), strict=True)
    return {criterion_id: None if value == UNKNOWN else value / WHOLE for criterion_id, value in values}


def _nobody_keeps(judgement: Judgement, rulebook: Rulebook) -> tuple[NobodyKeeps, ...]:
    """The first client's limits that nobody keeps, in the order of the criteria."""
    found = standing.kept_by_nobody(judgement, rulebook)
    return tuple(
        NobodyKeeps(
            criterion=criterion_id,
            nearest=rulebook.ranked[found.nearest[place, 0]],
            as_near=named(rulebook.ranked, found.as_near[:, place, 0]),
            same_for_all=bool(found.same_for_all[place, 0]),
        )
        for place, criterion_id in enumerate(rulebook.limits)
        if found.limits[place, 0]
    )


def _waiting(rulebook: Rulebook) -> OptionResult:
    """Waiting carries no burdens and no result: a course of zeros, described like the others and never ranked."""
    nothing = {basis: {criterion_id: None for criterion_id in rulebook.criteria} for basis in BASES}
    courses = {basis: CourseResult(NO_COURSE, None, None) for basis in BASES}
    return OptionResult(Verdict.CLEAR, None, None, (), nothing, dict.fromkeys(rulebook.limits), courses, (), ())


def _course_result(option_id: str, basis: str, judgement: Judgement, book: CourseBook) -> CourseResult:
    table, rulebook = judgement.table, book.rulebook
    concern = _answer("concern", table, rulebook)
    event = _answer("event_date", table, rulebook)
    day = date.fromisoformat(event) if event not in (None, "none") else None
    spans, safe_days = _spans(book, basis, option_id, concern, bool(table["spin_during_numbing"][0]))
    chance = judgement.fit.attained[basis][
        rulebook.ranked.index(option_id), tuple(rulebook.criteria).index("ready_by"), 0
    ]
    return CourseResult(
        spans=spans,
        chance_ready_by=int(chance) / WHOLE if day is not None and chance != UNKNOWN else None,
        latest_safe_start=courses.latest_safe_start(safe_days, day, table.as_of),
    )


@lru_cache(maxsize=512)
def _spans(
    book: CourseBook, basis: str, option_id: str, concern: str | None, spin: bool
) -> tuple[Mapping[str, LowTypicalHigh | None], int | None]:
    """A course's spans and its days to be safe; they do not depend on the client, so each is worked out once."""
    course = book.course(basis, option_id, concern, spin)
    spreads = {name: getattr(course, name) for name in SPANS}
    spans = {name: spread and courses.low_typical_high(spread, book.rulebook) for name, spread in spreads.items()}
    return spans, courses.days_to_be_safe(course.ready_days, book.rulebook)


def _answer(name: str, table: IntakeTable, rulebook: Rulebook) -> Any:
    return answer_of(columns_of(rulebook)[name], int(table[name][0]), table.as_of)


def _staff_notices(table: IntakeTable, rulebook: Rulebook) -> tuple[str, ...]:
    """A client who would rather not have needles is told to staff: all treatments have them."""
    if NEEDLE_COMFORT in rulebook.questions and says(table, rulebook, NEEDLE_COMFORT, "rather_not")[0]:
        return ("needles.rather_not",)
    return ()


def _why_none(judgement: Judgement) -> tuple[str, ...]:
    """When everything is excluded: the kinds of reason, the hardest to change first."""
    if not judgement.excluded[:, 0].all():
        return ()
    return tuple(EXCLUDED_BY[kind] for kind in sorted(set(judgement.excluded_by[:, 0].tolist())))


def _ways_back(table: IntakeTable, judgement: Judgement, book: CourseBook) -> tuple[tuple[str, ...], ...]:
    """If everything is excluded: the fewest musts that, made "a lot" again, leave an option. Each way is tried, not
    guessed: an option can be out for another reason too."""
    rulebook = book.rulebook
    if not judgement.excluded[:, 0].all():
        return ()
    failed = dict.fromkeys(_failed_musts(judgement, option, rulebook) for option in range(len(rulebook.ranked)))
    enough = [musts for musts in failed if musts and not _softened(musts, table, book).all()]
    fewest = min(map(len, enough), default=0)
    found = [musts for musts in enough if len(musts) == fewest]
    return tuple(sorted(found, key=lambda musts: [tuple(rulebook.criteria).index(key) for key in musts]))


def opens_again(answers: Mapping[str, Any], must: str, rulebook: Rulebook, as_of: date) -> tuple[str, ...]:
    """The options that one must alone keeps from this client: with it "a lot" instead, they are open."""
    book = course_book(rulebook)
    table = read_intake(answers, rulebook, as_of)
    judgement = judge(table, book, robust_bases=())
    opened = judgement.excluded[:, 0] & ~_softened((must,), table, book)
    return tuple(option_id for option_id, is_open in zip(rulebook.ranked, opened, strict=True) if is_open)


def _softened(musts: tuple[str, ...], table: IntakeTable, book: CourseBook) -> NDArray[np.bool_]:
    """(options): what is excluded once these musts are "a lot"."""
    a_lot = np.array([1 + book.rulebook.questions["importance"].answers.index("lot")], dtype=np.int32)
    columns = {**table.columns, **{f"importance.{criterion_id}": a_lot for criterion_id in musts}}
    softer = judge(replace(table, columns=columns), book, robust_bases=())
    return softer.excluded[:, 0]


def _failed_musts(judgement: Judgement, option: int, rulebook: Rulebook) -> tuple[str, ...]:
    """Musts that one option does not attain."""
    return named(rulebook.criteria, judgement.failed_musts[option, :, 0])
