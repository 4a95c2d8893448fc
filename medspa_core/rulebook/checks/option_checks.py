"""What is offered and weighed: criteria, options, claims, flips and draws name what is there, and leave no option out."""

from __future__ import annotations

from collections.abc import Iterator

from medspa_core.rulebook.book import LIMITS, Rulebook
from medspa_core.rulebook.problems import missing, unknown
from medspa_core.rulebook.schema import offered, weighed
from medspa_core.rulebook.schema.entries import WHOLE

LARGEST_SUM = 2**24  # a float32 product stays exact below this (DESIGN section 4)
MOST_WEIGHT = 3
CHANCE_QUESTIONS = {"event_date", *(limit.question for limit in LIMITS.values())}


def option_problems(book: Rulebook) -> Iterator[str]:
    """A line for each."""
    yield from _criteria(book)
    yield from _options(book)
    for claim_id, claim in book.claims.items():
        yield from unknown(f"claims.toml, {claim_id}", "criterion", claim.topics, book.criteria)
    yield from _status(book)
    yield from _flips(book)
    yield from _draws(book)


def _criteria(book: Rulebook) -> Iterator[str]:
    for criterion_id, criterion in book.criteria.items():
        where = f"criteria.toml, {criterion_id}"
        yield from unknown(f"{where}.claims", "claim", criterion.claims, book.claims)
        if (criterion.credence is None) == (not criterion.claims):
            yield f"{where}: a credence follows from claims, or is written with its reason: one of the two. Add one"
        for claim in criterion.claims:
            if claim in book.claims and book.claims[claim].verdict not in book.model.credence:
                yield f"{where}.claims: no credence for the verdict of {claim}. Add it to model.toml"
        if criterion.looks_up:
            yield from unknown(where, "question", [criterion.looks_up], book.questions)
        if not criterion.chance:
            yield from _tables(where, criterion, book)
        for less in criterion.less:
            yield from unknown(f"{where}.less", "option", less.options, book.ranked)
            yield from unknown(f"{where}.less", "question", [less.question], book.questions)
        for answer, options in criterion.excludes.items():
            yield from unknown(f"{where}.excludes.{answer}", "option", options, book.ranked)
    missing = CHANCE_QUESTIONS - set(book.questions)
    yield from (f"questions.toml, {question_id}: a chance needs this question. Add it" for question_id in missing)


def _tables(where: str, criterion: weighed.Criterion, book: Rulebook) -> Iterator[str]:
    by_basis = {"clinic": criterion.clinic, "published": criterion.published}
    tables = {"both": criterion.both} if criterion.both else by_basis
    looked_up = book.questions.get(criterion.looks_up)
    answers = looked_up.answers if looked_up is not None else ("always",)
    if criterion.both and (criterion.clinic or criterion.published):
        yield f"{where}: values stand under both, or under clinic and published. Remove one"
    for basis, table in tables.items():
        yield from unknown(f"{where}.{basis}", "answer", table, answers)
        for answer in answers:
            named = table.get(answer, {})
            yield from unknown(f"{where}.{basis}.{answer}", "option", named, book.ranked)
            for option_id in sorted(set(book.ranked) - set(named)):
                yield f"{where}.{basis}.{answer}: no value for {option_id}. Add it"


def _options(book: Rulebook) -> Iterator[str]:
    ranks = [option.rank for option in book.options.values() if option.rank]
    if len(set(ranks)) != len(ranks):
        yield f"options: ranks must differ, since ties go by rank; found {sorted(ranks)}. Change one"
    yield from _needles(book)
    yield from unknown("model.toml, pair", "option", book.model.pair, book.ranked)
    yield from unknown("clinic.toml, prices", "option", book.clinic.prices, book.ranked)
    for option_id in book.ranked:
        where = f"options/{option_id}.toml"
        option = book.options[option_id]
        yield from missing("clinic.toml, prices.", [option_id], book.clinic.prices)
        if option.sessions is not None:
            yield from unknown(f"{where}, sessions.published", "concern", option.sessions.published, book.concerns)
            yield from missing(f"{where}, sessions.published.", sorted(book.concerns), option.sessions.published)
        if option.visit is not None:
            for name in ("one_after_another", "spin_during_numbing"):
                yield from _plan(f"{where}, visit.{name}", getattr(option.visit, name), book)


def _needles(book: Rulebook) -> Iterator[str]:
    if book.model.version == 1:
        return
    for option_id, option in book.options.items():
        if option.needles is None:
            yield f"options/{option_id}.toml, needles: this key is missing. Add it"
    answers = book.questions["needle_comfort"].answers
    for answer in sorted({"rather_not", "never"} - set(answers)):
        yield f"questions.toml, needle_comfort: the answer {answer!r} is missing. Add it"


def _plan(where: str, plan: offered.StepPlan, book: Rulebook) -> Iterator[str]:
    for part in plan:
        steps = (part,) if isinstance(part, str) else part
        yield from unknown(where, "step", steps, book.protocol.steps)
        occupied = [who for step in steps if step in book.protocol.steps for who in book.protocol.steps[step].occupies]
        if len(set(occupied)) != len(occupied):
            yield f"{where}: {', '.join(steps)} run at the same time but occupy the same. One cannot do two things at once"


def _status(book: Rulebook) -> Iterator[str]:
    places = book.questions["place"].answers
    yield from unknown("status.toml", "option", book.status, book.options)
    own = [option_id for option_id in sorted(book.options) if not book.options[option_id].like]
    yield from missing("status.toml, ", own, book.status)
    for option_id, status in book.status.items():
        yield from unknown(f"status.toml, {option_id}", "place", status.places, places)


def _flips(book: Rulebook) -> Iterator[str]:
    for question_id, grid in book.flips.answers.items():
        where = f"flips.toml, answers.{question_id}"
        yield from unknown(where, "question", [question_id], book.questions)
        question = book.questions.get(question_id)
        if question is not None:
            yield from unknown(where, "answer", grid.also, question.also)
            outside = [value for value in grid.values if not question.low <= value <= question.high]
            if outside:
                yield f"{where}: expected {question.low} to {question.high}, found {outside}. Correct them"


def _draws(book: Rulebook) -> Iterator[str]:
    if set(book.model.weights) != set(book.questions["importance"].answers):
        yield "model.toml, weights: one weight for each answer to importance. Make them the same"
    if set(book.draws) != set(book.criteria):
        yield "robustness_draws.csv: one column for each criterion of criteria.toml. Make the columns the same"
        return
    most = [sum(draw) * MOST_WEIGHT * WHOLE for draw in zip(*book.draws.values(), strict=True)]
    if not most or max(most) >= LARGEST_SUM:
        yield f"robustness_draws.csv: a sum of scores must stay below {LARGEST_SUM}. Use smaller draws"
