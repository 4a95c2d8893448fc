"""From attainments to a standing: who leads, how firmly, and the same for the pair. Over columns; one client is one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

import medspa_core.fit as fits
from medspa_core.course.course_book import CourseBook
from medspa_core.fit import Bools, Fit
from medspa_core.intake import IntakeTable
from medspa_core.rulebook import BASES, CONSIDERED, OWN_BASES, Rulebook
from medspa_core.safety import KINDS, SafetyColumns, Verdict, judge_safety

Ints = NDArray[np.int32]
Group = tuple[int, ...]  # options that stand against each other

STANDINGS = ("clear", "leans", "close_call", "none_suitable")
CLEAR, LEANS, CLOSE_CALL, NONE_SUITABLE = range(4)
EXCLUDED_BY = (*KINDS, "preference")
NOBODY = -1
FEW = 1024  # rows below which they are likely the variants of one client


@dataclass(frozen=True)
class Contest:
    """fits.Points of the options that stand against each other, and who leads. Options are places in `rulebook.ranked`."""

    points: fits.Points  # (options x rows)
    best: Ints  # option, NOBODY if there is none
    runner_up: Ints  # the next best, NOBODY if the best stands alone
    lead: fits.Points  # points between the two; nothing to compare counts as 0
    wins: Ints | None  # (options x rows), draws won; None when robustness was not asked for


@dataclass(frozen=True)
class Closed:
    """Which options are out, and why."""

    excluded: Bools  # (options x rows)
    failed_musts: Bools  # (options x criteria x rows)
    open_but_for_musts: Bools  # (options x rows): not excluded, except by a must
    excluded_by: NDArray[np.int8]  # (options x rows): place in EXCLUDED_BY, -1 if open


@dataclass(frozen=True)
class Standings:
    """Who leads, and how firmly: of all, and of the pair."""

    contests: Mapping[str, Contest]  # basis -> all ranked options
    weight_total: Ints
    unmet: Bools  # (criteria x rows): matter a lot and are hardly attained by the best
    standing: NDArray[np.int8]
    pair: Contest
    pair_unmet: Bools
    pair_standing: NDArray[np.int8]  # -1: one of the two is excluded
    best: Ints  # the headline's best: NOBODY where nothing is ranked


@dataclass(frozen=True)
class Judgement(Closed, Standings):
    """Everything about a block of clients, by column."""

    table: IntakeTable
    safety: SafetyColumns
    fit: Fit
    contributions: Mapping[str, fits.Attained]  # robust basis -> (options x criteria x rows)


def judge(table: IntakeTable, book: CourseBook, robust_bases: Sequence[str] = BASES) -> Judgement:
    """Verdicts, courses, fits and standings of a block of clients; robustness on `robust_bases` (considered at least)."""
    rulebook = book.rulebook
    safety = judge_safety(table, rulebook)
    fit = fits.assess_fit(table, safety, book)
    closed = _closed(table, safety, fit, rulebook)
    contributions = {basis: fit.contributions(basis) for basis in robust_bases}
    standings = _standings(table, fit, closed.excluded, contributions, rulebook)
    return Judgement(
        table=table, safety=safety, fit=fit, contributions=contributions, **vars(closed), **vars(standings)
    )


def _closed(table: IntakeTable, safety: SafetyColumns, fit: Fit, rulebook: Rulebook) -> Closed:
    medically_out = safety.verdict.T == Verdict.EXCLUDED
    closed = medically_out | fits.refused(table, rulebook)
    failed = fits.failed_musts(fit, rulebook)
    excluded = closed | failed.any(axis=1)
    by = np.where(excluded, EXCLUDED_BY.index("preference"), NOBODY)
    by = np.where(medically_out, safety.excluded_kind.T, by).astype(np.int8)
    return Closed(excluded=excluded, failed_musts=failed, open_but_for_musts=~closed, excluded_by=by)


def _standings(
    table: IntakeTable, fit: Fit, out: Bools, contributions: Mapping[str, fits.Attained], rulebook: Rulebook
) -> Standings:
    points, everyone = {basis: fit.points(basis) for basis in BASES}, tuple(range(len(rulebook.ranked)))
    two = tuple(sorted(rulebook.ranked.index(option_id) for option_id in rulebook.model.pair))
    won = _draws_won(contributions, out, rulebook, everyone, two)
    contests = {basis: contest(points[basis], out, everyone, won.get((basis, everyone))) for basis in BASES}
    pair = contest(points[CONSIDERED], out, two, won.get((CONSIDERED, two)))
    weight_total: Ints = fit.counted_weights[CONSIDERED].sum(axis=0, dtype=np.int32)
    unranked = (table["concern"] == 0) | (weight_total == 0)
    unmet, pair_unmet = unmet_by([contests[CONSIDERED].best, pair.best], fit, rulebook)
    published = contest(points["published"], out, two, None)
    pair_standing = standing_of(pair, published, pair_unmet, weight_total, unranked, rulebook)
    pair_standing[out[list(two)].any(axis=0)] = NOBODY
    return Standings(
        contests=contests,
        weight_total=weight_total,
        unmet=unmet & ~unranked,
        standing=standing_of(contests[CONSIDERED], contests["published"], unmet, weight_total, unranked, rulebook),
        pair=pair,
        pair_unmet=pair_unmet & ~unranked,
        pair_standing=pair_standing,
        best=np.where(unranked, NOBODY, contests[CONSIDERED].best).astype(np.int32),
    )


def _draws_won(
    contributions: Mapping[str, fits.Attained], out: Bools, rulebook: Rulebook, everyone: Group, two: Group
) -> dict[tuple[str, Group], Ints]:
    """By basis and group: draws won by each of all options and, as considered, by each of the pair."""
    count, rules = fits.wins_of_few if out.shape[1] < FEW else fits.wins, fits.fit_rules(rulebook)
    groups = {basis: (everyone, two) if basis == CONSIDERED else (everyone,) for basis in contributions}
    won = {basis: count(found, out, rules, groups[basis]) for basis, found in contributions.items()}
    return {(basis, group): one for basis in won for group, one in zip(groups[basis], won[basis], strict=True)}


def draws_won_on_own_bases(judgement: Judgement, rulebook: Rulebook) -> dict[str, Ints]:
    """By basis, (options): draws won in the first row on the clinic's and on the published basis, counted at once, side by
    side. Of its variants nobody asks for them."""
    everyone = tuple(range(len(rulebook.ranked)))
    beside = np.concatenate([judgement.fit.contributions(basis)[..., :1] for basis in OWN_BASES], axis=2)
    excluded = np.repeat(judgement.excluded[:, :1], len(OWN_BASES), axis=1)
    (counted,) = fits.wins(beside, excluded, fits.fit_rules(rulebook), (everyone,))
    return dict(zip(OWN_BASES, counted.T, strict=True))


def contest(points: fits.Points, excluded: Bools, among: Group, won: Ints | None) -> Contest:
    """Who leads among the options named that are not excluded; ties go by rank, the order in which they come.

    fits.Points and rank are packed into one number, so that the larger of two numbers is the option that goes first.
    """
    rank_bits = len(points).bit_length()
    last = (1 << rank_bits) - 1
    most = second = np.full(points.shape[1], NOBODY, dtype=np.int32)
    for option in among:
        own = (points[option] << rank_bits) + (last - option)
        own |= np.negative(excluded[option], dtype=np.int32, casting="unsafe")  # NOBODY where it is excluded
        second = np.maximum(second, np.minimum(most, own))
        most = np.maximum(most, own)
    best, runner_up = last - (most & last), last - (second & last)
    lead = (most >> rank_bits) - (second >> rank_bits)
    best[most == NOBODY] = NOBODY
    runner_up[second == NOBODY] = NOBODY
    lead[second == NOBODY] = 0
    return Contest(points, best, runner_up, lead, won)


def unmet_by(bests: list[Ints], fit: Fit, rulebook: Rulebook) -> list[Bools]:
    """For each column of leaders, (criteria x rows): criteria that matter a lot and are attained below the named number
    by the leader; of a limit, the chance of keeping it."""
    a_lot = fit.counted_weights[CONSIDERED] >= rulebook.model.weights["lot"]
    hardly = fit.below(rulebook.model.standing.unmet_below) & a_lot
    return [np.logical_or.reduce([low & (best == option) for option, low in enumerate(hardly)]) for best in bests]


@dataclass(frozen=True)
class KeptByNobody:
    """Limits that count and that no option keeps, (limits x rows), and the options that come nearest to each."""

    limits: Bools
    nearest: Ints  # option; it says nothing where the limit is kept
    as_near: Bools  # (options x limits x rows): each that comes as near as the nearest
    same_for_all: Bools  # several options, and each as near


def kept_by_nobody(judgement: Judgement, rulebook: Rulebook) -> KeptByNobody:
    """MODEL section 3: each limit that counts a lot or is a must, and that no option keeps with the named chance, among those
    that are not excluded except by a must. Nearest is the one that attains most; ties go by rank."""
    fit, limits = judgement.fit, list(judgement.fit.limits)
    still_open = judgement.open_but_for_musts
    a_lot = fit.counted_weights[CONSIDERED][limits] >= rulebook.model.weights["lot"]
    kept = (fit.chance_within >= rulebook.model.standing.must_at_least) & still_open[:, None]
    attained = np.where(still_open[:, None], fit.attained[CONSIDERED][:, limits], NOBODY)
    as_near = still_open[:, None] & (attained == attained.max(axis=0))
    counts = a_lot & ~kept.any(axis=0) & still_open.any(axis=0) & (judgement.table["concern"] != 0)
    left = still_open.sum(axis=0)
    same_for_all = (left > 1) & (as_near.sum(axis=0) == left)
    return KeptByNobody(counts, attained.argmax(axis=0).astype(np.int32), as_near, same_for_all)


def standing_of(
    considered: Contest, published: Contest, unmet: Bools, weight_total: Ints, unranked: Bools, rulebook: Rulebook
) -> NDArray[np.int8]:
    """MODEL section 3: clear, leans, close call or none suitable, for each client."""
    rules, rows = rulebook.model.standing, np.arange(considered.best.size)
    draws = len(next(iter(rulebook.draws.values())))
    alone = considered.runner_up == NOBODY
    won = considered.wins[considered.best, rows] if considered.wins is not None else np.full(rows.size, draws)
    close = ~alone & (considered.lead < rules.close_call_lead * weight_total)
    close |= _below(won, draws, rules.close_call_robustness)
    ahead = (published.best == considered.best) & ((published.lead > 0) | (published.runner_up == NOBODY))
    clear = ~_below(won, draws, rules.clear_robustness) & ahead & ~unmet.any(axis=0)
    standing = np.where(clear, CLEAR, LEANS).astype(np.int8)
    standing[close | unranked] = CLOSE_CALL
    standing[considered.best == NOBODY] = NONE_SUITABLE
    return standing


def _below(won: Ints, draws: int, share: Decimal) -> Bools:
    """won / draws < share, in whole numbers."""
    part, whole = share.as_integer_ratio()
    below: Bools = won * whole < part * draws
    return below
