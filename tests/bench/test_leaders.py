"""Who leads among 20,000 plausible clients, by concern and by draw comfort: printed to be looked at, and not lopsided."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from medspa_core.course.course_book import course_book
from medspa_core.rulebook import Rulebook
from medspa_core.standing import NOBODY, STANDINGS, Judgement, judge, kept_by_nobody
from tests.bench.budgets import cost_counts, led_beyond
from tests.bench.plausible import plausible_clients
from tests.bench.printed import show

pytestmark = pytest.mark.bench

CLIENTS = 20_000
EXOSOMES, PRP = "exosome_microneedling", "prp_microneedling"
NEARLY_EVERYONE, THE_REST = 0.85, 0.75
SHORT = {"microneedling_alone": "MN", "prp_microneedling": "PRP", "exosome_microneedling": "EXO"}
Rows = NDArray[np.bool_]


def test_no_option_leads_for_nearly_everyone_and_no_standing_swallows_the_rest(rulebook, as_of, capsys):
    table = plausible_clients(rulebook, as_of, CLIENTS, seed=1)
    found = judge(table, course_book(rulebook), robust_bases=("considered",))
    show(capsys, f"{CLIENTS:,} plausible clients, shares in %")
    for scope in ("overall", "pair"):
        show(capsys, *_printed(scope, found, rulebook))
    for scope in ("overall", "pair"):
        leaders, standings = _outcomes(found, scope)
        counted = standings != NOBODY
        assert _largest(leaders[counted & (leaders != NOBODY)]) < NEARLY_EVERYONE
        assert _largest(standings[counted]) < THE_REST


def test_a_budget_that_counts_a_lot_leads_few_beyond_it_and_each_is_told_first(rulebook, as_of, capsys):
    table = plausible_clients(rulebook, as_of, CLIENTS, seed=1)
    found = judge(table, course_book(rulebook), robust_bases=("considered",))
    counts = cost_counts(found, rulebook)
    exosomes, prp = (led_beyond(found, rulebook, *one) for one in ((EXOSOMES, 1), (PRP, 2)))
    show(
        capsys,
        f"of {counts.sum():,} with a budget that counts a lot or is a must, and something cheaper open: "
        f"{exosomes.sum()} led to exosomes beyond it, {prp.sum()} to PRP beyond twice of it",
    )
    assert not exosomes.any()
    assert prp.sum() <= 0.04 * counts.sum()
    told = kept_by_nobody(found, rulebook).limits[list(rulebook.limits).index("cost")]
    assert told[exosomes | prp].all()


@pytest.mark.parametrize("budget", [350, 500, 700, 1000])
def test_where_a_low_budget_leads(budget, rulebook, as_of, capsys):
    table = plausible_clients(rulebook, as_of, CLIENTS, seed=1)
    low = replace(table, columns={**table.columns, "budget": np.full(CLIENTS, budget, dtype=np.int32)})
    found = judge(low, course_book(rulebook), robust_bases=("considered",))
    counts, exosomes = cost_counts(found, rulebook), led_beyond(found, rulebook, EXOSOMES, 1)
    unasked = low["importance.evidence"] == 1 + rulebook.questions["importance"].answers.index("none")
    prp = led_beyond(found, rulebook, PRP, 2)
    show(
        capsys,
        f"{budget}: of {counts.sum():,}, {exosomes.sum()} led to exosomes ({(exosomes & ~unasked).sum()} of them for whom "
        f"evidence counts), {prp.sum()} to PRP beyond twice of it",
    )
    assert not (exosomes & ~unasked).any()


def _outcomes(found: Judgement, scope: str) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    if scope == "overall":
        return found.best, found.standing
    return np.where(found.pair_standing == NOBODY, NOBODY, found.pair.best), found.pair_standing


def _largest(codes: NDArray[np.integer]) -> float:
    return float(np.unique(codes, return_counts=True)[1].max() / codes.size)


def _printed(scope: str, found: Judgement, rulebook: Rulebook) -> Iterator[str]:
    leaders, standings = _outcomes(found, scope)
    options = (
        range(len(rulebook.ranked)) if scope == "overall" else sorted(map(rulebook.ranked.index, rulebook.model.pair))
    )
    names = [SHORT.get(rulebook.ranked[option], rulebook.ranked[option]) for option in options]
    kinds = STANDINGS if scope == "overall" else STANDINGS[:3]
    yield f"| {scope} | clients | {' | '.join(f'{name} leads' for name in names)} | {' | '.join(kinds)} |"
    yield "|---|" + "--:|" * (1 + len(names) + len(kinds))
    for name, rows in _groups(found, rulebook):
        some = rows & (standings != NOBODY)
        if not some.any():
            continue
        shares = [np.mean(leaders[some] == option) for option in options]
        shares += [np.mean(standings[some] == kind) for kind in range(len(kinds))]
        yield f"| {name} | {some.sum():,} | {' | '.join(f'{100 * share:.0f}' for share in shares)} |"


def _groups(found: Judgement, rulebook: Rulebook) -> Iterator[tuple[str, Rows]]:
    yield "all", np.ones(found.table.rows, dtype=bool)
    for question in ("concern", "blood_draw_comfort"):
        for code, answer in enumerate(rulebook.questions[question].answers, start=1):
            yield answer, found.table[question] == code
