"""What always holds, line by line, for clients that hypothesis invents."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from medspa_core.course.course_book import course_book
from medspa_core.course.spans import later_of, spread_of, summed
from medspa_core.explanation import Flip
from medspa_core.intake import IntakeTable, columns_of, read_intake
from medspa_core.recommendation import recommend
from medspa_core.result import Recommendation, result_as_json
from medspa_core.rulebook import BASES, Rulebook, load_rulebook
from medspa_core.rulebook.schema.entries import Span
from medspa_core.safety import Verdict, judge_safety
from medspa_core.standing import NOBODY, Judgement, judge
from tests.conftest import AS_OF, DATA, ROOT, healthy
from tests.oracle.clients import random_client
from tests.oracle.draws import CRITERIA
from tests.unit.client_texts import client_texts, filled_in, screen_texts
from tests.unit.strategies import DATED, SAFETY, SAFETY_ANSWERS, clients, ranked_clients, turned_round

Plain = dict[str, Any]

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEWER = settings(MANY, max_examples=35)
RULEBOOKS = settings(MANY, max_examples=15)
"""For a rulebook that is changed: to make one costs more than many clients, so each is tried on several."""
SEVERAL = st.lists(ranked_clients(), min_size=4, max_size=4)


def verdicts(client: Plain, rulebook: Rulebook) -> list[int]:
    table = read_intake(client, rulebook, AS_OF)
    return [int(verdict) for verdict in judge_safety(table, rulebook).verdict[0]]


def judged(client: Plain, rulebook: Rulebook) -> Judgement:
    return judge(read_intake(client, rulebook, AS_OF), course_book(rulebook))


def place_in_ranking(judgement: Judgement, option: int, basis: str) -> int:
    """How many open options stand before this one: more points, or as many and a smaller rank."""
    points = judgement.contests[basis].points[:, 0].tolist()
    others = [other for other in range(len(points)) if other != option and not judgement.excluded[other, 0]]
    return sum((points[other], option) > (points[option], other) for other in others)


# --- 1. verdicts ----------------------------------------------------------------------------------------------------


@MANY
@given(client=clients(), finding=SAFETY)
def test_1_another_finding_never_loosens_a_verdict(client: Plain, finding: tuple[str, Any], rulebook: Rulebook) -> None:
    question, answer = finding
    before = verdicts({**client, question: healthy()[question]}, rulebook)
    after = verdicts({**client, question: answer}, rulebook)
    assert all(then >= now for now, then in zip(before, after, strict=True))


@pytest.mark.parametrize("question", [*SAFETY_ANSWERS, "age"])
def test_1_a_question_left_open_is_never_clear_where_it_matters(question: str, rulebook: Rulebook) -> None:
    cases = rulebook.contraindications[question].cases.values()
    concerned = {key for key in rulebook.ranked if any(case.verdicts[key] != "clear" for case in cases)}
    unsure = ("not_sure",) if "not_sure" in rulebook.questions[question].answers else ()
    for unknown in (None, *unsure):
        options = recommend(healthy(**{question: unknown}), rulebook, AS_OF).options
        found = {key for key in rulebook.ranked if question in {one.question for one in options[key].findings}}
        assert found == concerned
        assert all(options[key].verdict > Verdict.CLEAR for key in concerned)


# --- 2. order -------------------------------------------------------------------------------------------------------


@FEWER
@given(client=clients())
def test_2_the_order_of_keys_changes_nothing(client: Plain, rulebook: Rulebook) -> None:
    turned = turned_round(client)
    assert result_as_json(recommend(client, rulebook, AS_OF)) == result_as_json(recommend(turned, rulebook, AS_OF))


def stacked(tables: list[IntakeTable]) -> IntakeTable:
    """Many clients, one row each."""
    names = tables[0].columns
    columns = {name: np.concatenate([table[name] for table in tables]) for name in names}
    return replace(tables[0], rows=len(tables), columns=columns, variant=np.zeros(len(tables), dtype=np.int32))


def row_of(judgement: Judgement, row: int) -> Plain:
    """Everything that was found out about one row, in plain values."""
    plain: Plain = {
        "verdict": judgement.safety.verdict[row].tolist(),
        "days": judgement.safety.deferred_days[row].tolist(),
        "excluded_by": judgement.excluded_by[:, row].tolist(),
        "standing": int(judgement.standing[row]),
        "best": int(judgement.best[row]),
        "weight_total": int(judgement.weight_total[row]),
        "unmet": judgement.unmet[:, row].tolist(),
        "chance_within": judgement.fit.chance_within[:, :, row].tolist(),
        "pair_standing": int(judgement.pair_standing[row]),
        "pair_best": int(judgement.pair.best[row]),
        "pair_unmet": judgement.pair_unmet[:, row].tolist(),
    }
    for basis in BASES:
        contest = judgement.contests[basis]
        assert contest.wins is not None
        plain[basis] = (contest.points[:, row].tolist(), int(contest.best[row]), contest.wins[:, row].tolist())
        plain[f"{basis} attained"] = judgement.fit.attained[basis][:, :, row].tolist()
    return plain


@FEWER
@given(some=st.lists(clients(), min_size=2, max_size=12), pick=st.randoms(use_true_random=False))
def test_2_a_client_gets_the_same_alone_and_among_others(
    some: list[Plain], pick: random.Random, rulebook: Rulebook
) -> None:
    tables = [read_intake(client, rulebook, AS_OF) for client in some]
    order = list(range(len(some)))
    pick.shuffle(order)
    book = course_book(rulebook)
    together = judge(stacked([tables[place] for place in order]), book)
    for row, place in enumerate(order):
        assert row_of(together, row) == row_of(judge(tables[place], book), 0)


def test_2_a_client_gets_the_same_alone_and_in_a_long_table(rulebook: Rulebook) -> None:
    """Long enough that the table is counted in more than one piece."""
    book = course_book(rulebook)
    tables = [read_intake(random_client(random.Random(seed), AS_OF), rulebook, AS_OF) for seed in range(300)]
    together = judge(stacked(tables * 9), book)
    assert together.table.rows > 2 * 1024
    for row, table in enumerate(tables):
        alone = row_of(judge(table, book), 0)
        for copy in (row, row + 3 * 300, row + 8 * 300):
            assert row_of(together, copy) == alone


def test_2_the_order_of_options_in_a_file_changes_nothing(rulebook: Rulebook, tmp_path: Any) -> None:
    folder = tmp_path / "data"
    copy_of_the_rulebook(folder)
    for name in ("criteria.toml", "contraindications.toml", "clinic.toml"):
        path = folder / name
        path.write_text(options_turned_round(path.read_text("utf-8"), rulebook.ranked), "utf-8")
    turned = load_rulebook(folder)
    for seed in range(20):
        client = random_client(random.Random(seed), AS_OF)
        assert result_as_json(recommend(client, turned, AS_OF)) == result_as_json(recommend(client, rulebook, AS_OF))


def copy_of_the_rulebook(folder: Any) -> None:
    for path in [*DATA.glob("*.toml"), *DATA.glob("*.csv"), *DATA.glob("options/*.toml")]:
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())


def options_turned_round(text: str, options: tuple[str, ...]) -> str:
    """Each table of options in one line, last option first; each option's own line of prices likewise."""
    entry = rf"(?:{'|'.join(options)}) = [^,}}]+"
    turned = re.sub(
        rf"\{{ ({entry}(?:, {entry})+) \}}",
        lambda found: "{ " + ", ".join(reversed([part.strip() for part in found[1].split(",")])) + " }",
        text,
    )
    lines = re.findall(rf"^(?:{'|'.join(options)}) = \{{ amount .*$", turned, re.MULTILINE)
    if not lines:
        assert turned != text
        return turned
    return turned.replace("\n".join(lines), "\n".join(reversed(lines)))


# --- 3. better and worse --------------------------------------------------------------------------------------------


@RULEBOOKS
@given(
    some=SEVERAL,
    criterion=st.sampled_from(("result", "calm_skin", "consistency", "evidence", "source", "blood_draw")),
    option=st.integers(0, 2),
    share=st.integers(0, 99),
)
def test_3_worse_on_one_criterion_never_raises_fit_or_rank(
    some: list[Plain], criterion: str, option: int, share: int, rulebook: Rulebook
) -> None:
    never_gains(some, option, rulebook, made_worse(rulebook, criterion, rulebook.ranked[option], share))


def never_gains(some: list[Plain], option: int, rulebook: Rulebook, worse: Rulebook) -> None:
    """No client to whom the option is open gives it more points or a better place under the rulebook that is worse for it."""
    pairs = [(judged(client, rulebook), judged(client, worse)) for client in some]
    open_to = [pair for pair in pairs if not pair[0].excluded[option, 0]]
    assume(open_to)
    for before, after in open_to:
        for basis in BASES:
            assert after.contests[basis].points[option, 0] <= before.contests[basis].points[option, 0]
            assert place_in_ranking(after, option, basis) >= place_in_ranking(before, option, basis)


def made_worse(rulebook: Rulebook, criterion_id: str, option_id: str, share: int) -> Rulebook:
    """The rulebook with one option's values on one criterion cut to so many hundredths."""

    def cut(table: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
        return {answer: {**values, option_id: values[option_id] * share // 100} for answer, values in table.items()}

    old = rulebook.criteria[criterion_id]
    new = old.model_copy(update={"both": cut(old.both), "clinic": cut(old.clinic), "published": cut(old.published)})
    return replace(rulebook, criteria={**rulebook.criteria, criterion_id: new})


@RULEBOOKS
@given(some=SEVERAL, option=st.integers(0, 2), more=st.integers(1, 2000))
def test_3_a_dearer_option_never_gains(some: list[Plain], option: int, more: int, rulebook: Rulebook) -> None:
    never_gains(some, option, rulebook, dearer(rulebook, rulebook.ranked[option], more))


def dearer(rulebook: Rulebook, option_id: str, more: int) -> Rulebook:
    """The rulebook with one option's session at so much more."""
    price = rulebook.clinic.prices[option_id]
    prices = {**rulebook.clinic.prices, option_id: price.model_copy(update={"amount": price.amount + more})}
    return replace(rulebook, clinic=rulebook.clinic.model_copy(update={"prices": prices}))


LIMITS: Plain = {
    "visit_time": ("minutes_per_visit", 10, 480),
    "visits": ("visits_willing", 1, 12),
    "cost": ("budget", 1, 1_000_000),
    "downtime": ("downtime_days", 0, 14),
}


def test_3_the_limits_tried_are_those_of_the_rulebook(rulebook: Rulebook) -> None:
    assert {key: limit.question for key, limit in rulebook.limits.items()} == {
        key: question for key, (question, _, _) in LIMITS.items()
    }


@st.composite
def raised(draw: st.DrawFn, criterion: str) -> tuple[int, int]:
    """A limit, and one as high or higher."""
    _, low, high = LIMITS[criterion]
    numbers = st.integers(low, high) | st.integers(low, min(high, 6000))
    one, other = sorted((draw(numbers), draw(numbers)))
    return one, other


@MANY
@given(client=ranked_clients(), criterion=st.sampled_from(tuple(LIMITS)), data=st.data())
def test_3_raising_a_limit_never_lowers_what_an_option_attains_nor_its_chance_to_keep_it(
    client: Plain, criterion: str, data: st.DataObject, rulebook: Rulebook
) -> None:
    question, limits = LIMITS[criterion][0], data.draw(raised(criterion))
    tight, wide, free = (judged({**client, question: limit}, rulebook) for limit in (*limits, "any"))
    criteria, kept = list(rulebook.criteria).index(criterion), list(rulebook.limits).index(criterion)
    for basis in BASES:
        attained = [found.fit.attained[basis][:, criteria, 0] for found in (tight, wide, free)]
        assert (attained[0] <= attained[1]).all() and (attained[1] <= attained[2]).all()
    chances = [found.fit.chance_within[:, kept, 0] for found in (tight, wide, free)]
    assert (chances[0] <= chances[1]).all() and (chances[1] <= chances[2]).all()


@MANY
@given(client=ranked_clients(), criterion=st.sampled_from(tuple(LIMITS)), data=st.data())
def test_3_a_limit_is_attained_at_least_as_far_as_it_is_kept_and_at_most_half_way_where_it_is_not(
    client: Plain, criterion: str, data: st.DataObject, rulebook: Rulebook
) -> None:
    found = judged({**client, LIMITS[criterion][0]: data.draw(raised(criterion))[0]}, rulebook)
    attained = found.fit.attained["considered"][:, list(rulebook.criteria).index(criterion), 0]
    chances = found.fit.chance_within[:, list(rulebook.limits).index(criterion), 0]
    assert (chances <= attained).all()
    assert (attained <= chances + (1001 - chances) // 2).all()


BUDGETS = st.lists(st.integers(1, 9000), min_size=4, max_size=4)


@RULEBOOKS
@given(some=SEVERAL, option=st.integers(0, 2), more=st.integers(1, 2000), budgets=BUDGETS)
def test_3_a_dearer_option_attains_no_more_and_is_no_likelier_within_the_budget(
    some: list[Plain], option: int, more: int, budgets: list[int], rulebook: Rulebook
) -> None:
    priced = dearer(rulebook, rulebook.ranked[option], more)
    cost, kept = list(rulebook.criteria).index("cost"), list(rulebook.limits).index("cost")
    for one, budget in zip(some, budgets, strict=True):
        client = {**one, "budget": budget}
        before, after = judged(client, rulebook), judged(client, priced)
        for basis in BASES:
            assert after.fit.attained[basis][option, cost, 0] <= before.fit.attained[basis][option, cost, 0]
        assert after.fit.chance_within[option, kept, 0] <= before.fit.chance_within[option, kept, 0]


@RULEBOOKS
@given(some=SEVERAL, prices=st.tuples(*(st.integers(1, 4000),) * 3), budgets=BUDGETS)
def test_3_of_options_with_as_many_sessions_the_dearer_attains_no_more_of_the_budget(
    some: list[Plain], prices: tuple[int, int, int], budgets: list[int], rulebook: Rulebook
) -> None:
    """On the published basis all three have the same sessions."""
    priced = rulebook
    for option_id, price in zip(rulebook.ranked, prices, strict=True):
        priced = dearer(priced, option_id, price - priced.clinic.prices[option_id].amount)
    for client, budget in zip(some, budgets, strict=True):
        found = judged({**client, "budget": budget}, priced)
        attained = found.fit.attained["published"][:, list(rulebook.criteria).index("cost"), 0].tolist()
        by_price = [attained[option] for option in sorted(range(3), key=lambda option: prices[option])]
        assert by_price == sorted(by_price, reverse=True)


@MANY
@given(client=ranked_clients(), share=st.sampled_from(("lot", "must")))
def test_3_what_nobody_keeps_is_kept_by_nobody_and_the_nearest_attains_most(
    client: Plain, share: str, rulebook: Rulebook
) -> None:
    client = {**client, "importance": dict.fromkeys(LIMITS, share)}
    result = recommend(client, rulebook, AS_OF)
    named = {one.criterion: one for one in result.nobody_keeps}
    left = [
        key for key in rulebook.ranked if recommend(relaxed(client), rulebook, AS_OF).options[key].excluded_by is None
    ]
    for criterion in LIMITS:
        chances = [result.options[key].chance_within[criterion] for key in left]
        broken = bool(left) and None not in chances and all(chance < 0.5 for chance in chances if chance is not None)
        assert (criterion in named) == broken
        if broken:
            attained = {key: result.options[key].attainment["considered"][criterion] or 0 for key in left}
            assert named[criterion].nearest == max(left, key=lambda key: attained[key])
            most = max(attained.values())
            assert named[criterion].as_near == tuple(key for key in left if attained[key] == most)
            assert named[criterion].same_for_all == (len(left) > 1 and len(set(attained.values())) == 1)


def relaxed(client: Plain) -> Plain:
    return {**client, "importance": dict.fromkeys(client["importance"], "lot")}


@settings(MANY, max_examples=25)
@given(client=ranked_clients(), budget=st.integers(1, 9000), chance=st.randoms(use_true_random=False))
def test_3_a_flip_names_each_limit_that_its_best_breaks_after_the_change(
    client: Plain, budget: int, chance: random.Random, rulebook: Rulebook
) -> None:
    """Of flips of a price, each of which needs a rulebook of its own, one a client."""
    client = {**client, "budget": budget, "importance": {**client["importance"], "cost": "lot"}}
    result = recommend(client, rulebook, AS_OF)
    flips = [*result.flips, *(result.pair.flips if result.pair else ())]
    prices = [flip for flip in flips if flip.kind != "answer" and flip.question.startswith("price.")]
    of_answers = [flip for flip in flips if flip.kind == "answer"]
    for flip in [*of_answers, *chance.sample(prices, min(1, len(prices)))]:
        then = after(flip, client, rulebook)
        if then is not None and flip.best is not None:
            assert flip.breaks == then.options[flip.best].breaks, flip
            among = rulebook.model.pair if flip.scope == "pair" else rulebook.ranked
            assert set(flip.still_open) == {key for key in among if then.options[key].excluded_by is None}


def after(flip: Flip, client: Plain, rulebook: Rulebook) -> Recommendation | None:
    """What a flip's change of an answer or a price gives; None of another number."""
    name, _, part = flip.question.partition(".")
    if flip.kind == "answer":
        changed = {**client[name], part: flip.after} if part else flip.after
        return recommend({**client, name: changed}, rulebook, AS_OF)
    return recommend(client, dearer(rulebook, part, flip.after - flip.before), AS_OF) if name == "price" else None


@MANY
@given(
    client=ranked_clients(),
    stated=st.fixed_dictionaries(dict.fromkeys([*LIMITS, "ready_by"], st.sampled_from(("none", "little", "lot")))),
)
def test_3_an_option_breaks_the_limits_and_the_date_that_count_and_that_it_hardly_keeps(
    client: Plain, stated: dict[str, str], rulebook: Rulebook
) -> None:
    result = recommend({**client, "importance": stated}, rulebook, AS_OF)
    for key in rulebook.ranked:
        option = result.options[key]
        chances = {**option.chance_within, "ready_by": option.attainment["considered"]["ready_by"]}
        low = {one for one, chance in chances.items() if chance is not None and chance < 0.5}
        assert set(option.breaks) == {one for one in low if stated[one] != "none"}


@MANY
@given(client=ranked_clients(), criterion=st.sampled_from(CRITERIA))
def test_3_more_importance_never_lowers_the_option_that_attains_most(
    client: Plain, criterion: str, rulebook: Rulebook
) -> None:
    levels = [
        judged({**client, "importance": {**client["importance"], criterion: word}}, rulebook)
        for word in ("none", "little", "lot")
    ]
    place = list(rulebook.criteria).index(criterion)
    for basis in BASES:
        attained = levels[0].fit.attained[basis][:, place, 0].tolist()
        open_to = [option for option in range(len(attained)) if not levels[0].excluded[option, 0]]
        most = max((attained[option] for option in open_to), default=0)
        for option in (option for option in open_to if attained[option] == most):
            places = [place_in_ranking(level, option, basis) for level in levels]
            assert places == sorted(places, reverse=True)


# --- 4. whole numbers and ties --------------------------------------------------------------------------------------


@MANY
@given(client=clients())
def test_4_points_are_whole_and_a_tie_goes_by_rank_and_is_a_close_call(client: Plain, rulebook: Rulebook) -> None:
    result = recommend(client, rulebook, AS_OF)
    for basis in result.bases.values():
        assert all(type(points) is int for points in basis.points.values())
        if basis.best is not None:
            most = max(basis.points.values())
            assert basis.best == next(option for option in rulebook.ranked if basis.points.get(option) == most)
    points = sorted(result.bases["considered"].points.values())
    if len(points) > 1 and points[-1] == points[-2]:
        assert result.standing == "close_call"


# --- 5. reasons -----------------------------------------------------------------------------------------------------


@MANY
@given(client=clients())
def test_5_reasons_add_up_to_the_lead_exactly(client: Plain, rulebook: Rulebook) -> None:
    result = recommend(client, rulebook, AS_OF)
    points = result.bases["considered"].points
    if result.best is None or len(points) < 2:
        assert result.reasons == ()
    else:
        assert result.runner_up is not None
        assert sum(reason.points for reason in result.reasons) == points[result.best] - points[result.runner_up]
    if result.pair is not None and result.pair.best is not None:
        ours, theirs = sorted(result.pair.points.values(), reverse=True)
        assert sum(reason.points for reason in result.pair.reasons) == ours - theirs


# --- 6. time --------------------------------------------------------------------------------------------------------


@st.composite
def longer(draw: st.DrawFn) -> tuple[Span, Span]:
    """A span, and one with no number smaller and none out of order."""
    low, typical, high = sorted(draw(st.lists(st.integers(0, 25), min_size=3, max_size=3)))
    more = [number + draw(st.integers(0, 6)) for number in (low, typical, high)]
    typical_after = max(more[0], more[1])
    after = Span(low=more[0], typical=typical_after, high=max(typical_after, more[2]))
    return Span(low=low, typical=typical, high=high), after


@MANY
@given(longer(), longer())
def test_6_longer_spans_never_finish_sooner(one: tuple[Span, Span], other: tuple[Span, Span]) -> None:
    ways: tuple[Callable[[list[Any]], Any], ...] = (lambda parts: parts[0], summed, lambda parts: later_of(*parts))
    for way in ways:
        before, after = (way([spread_of(one[k]), spread_of(other[k])]) for k in (0, 1))
        for day in range(before.first - 1, after.last + 2):
            assert after.reached(day) * before.total <= before.reached(day) * after.total
        for tenth in range(1, 10):
            assert after.quantile(Fraction(tenth, 10)) >= before.quantile(Fraction(tenth, 10))


@settings(MANY, max_examples=15)
@given(client=ranked_clients(), part=st.sampled_from(("first_change", "redness")), more=st.integers(1, 30))
def test_6_a_longer_wait_for_the_change_never_makes_a_client_ready_sooner(
    client: Plain, part: str, more: int, rulebook: Rulebook
) -> None:
    options = {option_id: with_longer(option, part, more) for option_id, option in rulebook.options.items()}
    slower = replace(rulebook, options=options)
    before, after = judged(client, rulebook), judged(client, slower)
    place = list(rulebook.criteria).index("ready_by")
    for basis in BASES:
        assert (after.fit.attained[basis][:, place] <= before.fit.attained[basis][:, place]).all()


def with_longer(option: Any, part: str, more: int) -> Any:
    old = getattr(option, part)
    if old is None:
        return option
    days = Span(low=old.days.low, typical=old.days.typical + more, high=old.days.high + more)
    return option.model_copy(update={part: old.model_copy(update={"days": days})})


@MANY
@given(client=ranked_clients(), days=st.integers(2, 500), sooner=st.integers(1, 200))
def test_6_an_earlier_event_never_raises_the_chance(client: Plain, days: int, sooner: int, rulebook: Rulebook) -> None:
    def attained(day: int) -> Any:
        event = (AS_OF + timedelta(days=max(1, day))).isoformat()
        judgement = judged({**client, "event_date": event}, rulebook)
        return {basis: judgement.fit.attained[basis][:, place, 0] for basis in BASES}

    place = list(rulebook.criteria).index("ready_by")
    late, early = attained(days), attained(days - sooner)
    for basis in BASES:
        assert (early[basis] <= late[basis]).all()


# --- 7. the same bytes ----------------------------------------------------------------------------------------------


@settings(MANY, max_examples=20)
@given(client=clients())
def test_7_the_same_input_gives_the_same_bytes_from_a_rulebook_read_again(client: Plain, rulebook: Rulebook) -> None:
    again = read_again()
    assert again is not rulebook and again.revision == rulebook.revision
    assert result_as_json(recommend(client, again, AS_OF)) == result_as_json(recommend(client, rulebook, AS_OF))


AGAIN: list[Rulebook] = []


def read_again() -> Rulebook:
    """A second reading of the same files, made once."""
    if not AGAIN:
        AGAIN.append(load_rulebook(DATA))
    return AGAIN[0]


ONE_RESULT = """
import random
from pathlib import Path
from medspa_core.recommendation import recommend
from medspa_core.result import result_as_json
from medspa_core.rulebook import load_rulebook
from tests.conftest import AS_OF
from tests.oracle.clients import random_client
book = load_rulebook(Path("data"))
for seed in range(6):
    print(result_as_json(recommend(random_client(random.Random(seed), AS_OF), book, AS_OF)))
"""


def test_7_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    """Whatever the seed of the hashes, and whatever was computed before."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", ONE_RESULT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": threads},
            capture_output=True,
            check=True,
        ).stdout
        for seed, threads in (("0", "1"), ("4711", "4"))
    }
    assert len(outputs) == 1


# --- 8. excluded and deferred ---------------------------------------------------------------------------------------


@MANY
@given(client=clients())
def test_8_an_excluded_option_is_never_best_and_never_ranked(client: Plain, rulebook: Rulebook) -> None:
    result = recommend(client, rulebook, AS_OF)
    out = {option_id for option_id, option in result.options.items() if option.verdict is Verdict.EXCLUDED}
    assert result.best not in out
    for basis in result.bases.values():
        assert basis.best not in out
        assert not out & {*basis.points, *basis.fit, *basis.robustness}
    if out & set(rulebook.model.pair):
        assert result.pair is None
    assert all(
        (result.options[option_id].excluded_by is not None) == (option_id in out) for option_id in result.options
    )
    assert not {flip.best for flip in result.flips} - {*rulebook.ranked, None}
    assert (result.standing == "none_suitable") == (set(rulebook.ranked) <= out)


@MANY
@given(client=clients())
def test_8_waiting_is_always_clear_and_never_ranked(client: Plain, rulebook: Rulebook) -> None:
    result = recommend(client, rulebook, AS_OF)
    assert result.options["wait"].verdict is Verdict.CLEAR
    assert "wait" not in {result.best, *(basis.best for basis in result.bases.values())}
    assert all("wait" not in basis.points for basis in result.bases.values())


@MANY
@given(client=clients())
def test_8_a_deferred_option_stays_in_the_ranking_and_says_from_when(client: Plain, rulebook: Rulebook) -> None:
    result = recommend(client, rulebook, AS_OF)
    for option_id in rulebook.ranked:
        option = result.options[option_id]
        if option.verdict is Verdict.DEFERRED:
            assert option.deferred_until is not None and option.deferred_until > AS_OF
            assert "concern" not in client or option_id in result.bases["considered"].points
        if option.verdict < Verdict.DEFERRED:
            assert option.deferred_until is None


# --- 9. claims ------------------------------------------------------------------------------------------------------


def test_9_no_text_of_the_rulebook_or_a_screen_makes_a_claim_that_is_never_made(rulebook: Rulebook) -> None:
    patterns = {
        key: [re.compile(pattern, re.IGNORECASE) for pattern in entry.patterns]
        for key, entry in rulebook.never_say.items()
    }
    texts = client_texts() | screen_texts()
    assert len(texts) > 1500
    said = [
        f"{where}: {key}: {text}"
        for where, text in texts.items()
        for version in filled_in(text, rulebook)
        for key, found in patterns.items()
        if any(pattern.search(version) for pattern in found)
    ]
    assert said == []


def test_9_each_thing_never_to_be_said_is_recognised(rulebook: Rulebook) -> None:
    for key, entry in rulebook.never_say.items():
        patterns = [re.compile(pattern, re.IGNORECASE) for pattern in entry.patterns]
        for said in entry.never.split(", or: "):
            assert any(pattern.search(said) for pattern in patterns), f"{key}: {said}"


def test_9_each_claim_has_its_verdict_and_each_honest_wording_its_sources(rulebook: Rulebook) -> None:
    assert len(rulebook.claims) == 19
    for claim_id, claim in rulebook.claims.items():
        assert claim.sources and set(claim.sources) <= set(rulebook.sources), claim_id
        assert claim.verdict_words and claim.honest, claim_id


@FEWER
@given(client=clients())
def test_9_a_result_holds_ids_and_numbers_and_no_wording(client: Plain, rulebook: Rulebook) -> None:
    """So nothing can be claimed in it: words come last, from data/."""
    result: Recommendation = recommend(client, rulebook, AS_OF)
    words = [text for text in re.findall(r'"([^"]*)"', result_as_json(result)) if " " in text and ", " not in text]
    assert words == []


def test_columns_of_the_properties_are_those_of_the_rulebook(rulebook: Rulebook) -> None:
    """The strategies know every criterion and safety question, so no rule is left out of what is tried."""
    assert set(CRITERIA) == set(rulebook.criteria)
    asked = {column.question_id for column in columns_of(rulebook).values()}
    safety = {key for key in asked if rulebook.questions[key].part == "safety"} - {"since"}
    assert set(DATED) == set(rulebook.dated_questions)
    assert safety == set(SAFETY_ANSWERS)
    for key in safety:
        assert set(rulebook.questions[key].answers) == set(SAFETY_ANSWERS[key])
    assert NOBODY == -1
