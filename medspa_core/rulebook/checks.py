"""Cross-references between the rulebook's files: everything named must exist, everything needed must be there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from medspa_core.rulebook.book import LIMITS, Rulebook
from medspa_core.rulebook.said_checks import said_problems
from medspa_core.rulebook.schema import asked, judged, offered, weighed
from medspa_core.rulebook.schema.entries import WHOLE
from medspa_core.rulebook.source_checks import source_problems

LARGEST_SUM = 2**24  # a float32 product stays exact below this (DESIGN section 4)
MOST_WEIGHT = 3
GATE_KEYS = {
    "place": ("place", None),
    "source": ("exosome_product", "source"),
    "use": ("exosome_product", "use"),
    "has_lot_and_certificate": ("exosome_product", "has_lot_and_certificate"),
    "prp_kit_cleared": ("prp_kit_cleared", None),
    "licence_covers_needling": ("licence_covers_needling", None),
    "licence_covers_draw": ("licence_covers_draw", None),
}
NOT_RECORDED = "not_recorded"
NEEDED_QUESTIONS = {
    "age": "whole_number",
    "concern": "choice",
    "event_date": "date",
    "minutes_per_visit": "whole_number",
    "visits_willing": "whole_number",
    "budget": "whole_number",
    "downtime_days": "whole_number",
    "planned_start": "date",
    "objects_to": "several",
    "importance": "importance",
    "place": "choice",
    "exosome_product": "product",
    "prp_kit_cleared": "yes_no_setting",
    "spin_during_numbing": "yes_no_setting",
    "licence_covers_needling": "yes_no_setting",
    "licence_covers_draw": "yes_no_setting",
}
CHANCE_QUESTIONS = {"event_date", *(limit.question for limit in LIMITS.values())}


NEEDED_SINCE_VERSION_2 = {"needle_comfort": "choice"}
NEEDED_CRITERIA = {
    "result": "",
    "evidence": "",
    "visit_time": "visit_within_minutes",
    "visits": "course_within_visits",
    "ready_by": "ready_by_date",
    "cost": "course_within_budget",
    "downtime": "redness_within_days",
}
"""Criteria that the screens name, and the chance that each is."""


def cross_checks(book: Rulebook, shipped_sources: Collection[str] = (), *, kept: bool = False) -> list[str]:
    """Every broken reference, one line each; empty when the rulebook hangs together.

    `shipped_sources`: of shipped numbers in whose place a clinic may have put its own. `kept`: with a consultation; what only
    today's screens need was not asked of it.
    """
    missing = list(_needed_questions(book))
    if missing:
        return missing
    checks: tuple[Callable[[Rulebook], Iterator[str]], ...] = (
        _questions,
        _contraindications,
        _gates,
        _clearances,
        _standing_orders,
        _criteria,
        _options,
        _claims,
        _status,
        _flips,
        _draws,
        _patterns,
    )
    problems = [problem for check in checks for problem in check(book)]
    if not kept:
        problems += [*_named_by_screens(book), *said_problems(book)]
    return problems or list(source_problems(book, shipped_sources))


def gate_values(book: Rulebook, key: str) -> tuple[str, ...]:
    """What a gate may ask of `key`: the answers of its question, and not_recorded for a product's field."""
    question_id, field = GATE_KEYS[key]
    question = book.questions[question_id]
    if field is not None:
        return (*question.fields[field], NOT_RECORDED)
    return question.answers if question.kind == "choice" else ("true", "false")


def _unknown(where: str, what: str, named: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for name in sorted(set(named) - set(known)):
        yield f"{where}: {what} {name!r} is not known. Correct it, or add it"


def _needed_questions(book: Rulebook) -> Iterator[str]:
    needed = NEEDED_QUESTIONS if book.model.version == 1 else NEEDED_QUESTIONS | NEEDED_SINCE_VERSION_2
    for question_id, kind in needed.items():
        question = book.questions.get(question_id)
        if question is None or question.kind != kind:
            yield f"questions.toml, {question_id}: the model needs this question, of kind {kind}. Add it"


def _questions(book: Rulebook) -> Iterator[str]:
    for card_id, card in book.cards.items():
        yield from _choices(f"cards.toml, {card_id}", card_id, card, book)
    for question_id, question in book.questions.items():
        where = f"questions.toml, {question_id}"
        if question.card:
            yield from _unknown(where, "card", [question.card], book.cards)
        if question.only_while_open:
            yield from _unknown(where, "option", [question.only_while_open], book.ranked)
        if question.kind in ("choice", "several", "importance") and not question.answers:
            yield f"{where}: a {question.kind} question needs answers. Add them"
        if question.kind == "text" and (question.use != "record_only" or question.high < 1):
            yield f'{where}: a text decides nothing and has a length (high). Write use = "record_only", and how long'
        worded = set(answers_with_words(question))
        for answer in sorted(worded - set(question.words.answers)):
            yield f"{where}.words.answers: the answer {answer!r} has no wording. Add it"
        yield from _unknown(f"{where}.words.answers", "answer", question.words.answers, worded)
        yield from _older(where, question, book)
        yield from _window(where, question)


def _choices(where: str, card_id: str, card: asked.Card, book: Rulebook) -> Iterator[str]:
    """Each choice answers every question of its card, with an answer that the question has."""
    asked = {key: question for key, question in book.questions.items() if question.card == card_id}
    if (card.layer == "hard_stop") != bool(card.choices):
        yield f"{where}: choices stand on a card of hard stops, and such a card has them. Add or remove them"
    for name, choice in card.choices.items():
        if set(choice.answers) != set(asked):
            yield f"{where}.choices.{name}: one answer for each of {', '.join(asked)}. Make them the same"
        for key in sorted(set(choice.answers) & set(asked)):
            yield from _unknown(f"{where}.choices.{name}", "answer", [choice.answers[key]], asked[key].answers)


def _window(where: str, question: asked.Question) -> Iterator[str]:
    if question.window_days is None:
        return
    if question.kind != "choice":
        yield f"{where}: window_days stands with a choice only. Remove it"
    if isinstance(question.window_days, dict):
        yield from _unknown(f"{where}.window_days", "answer", question.window_days, question.answers)


def _older(where: str, question: asked.Question, book: Rulebook) -> Iterator[str]:
    """An earlier id is no question any more, and each answer to it reads as one of today's, or as none."""
    for older, read_as in question.older.items():
        if older in book.questions:
            yield f"{where}.older.{older}: that is a question still. Rename one of the two"
        yield from _unknown(f"{where}.older.{older}", "answer", set(read_as.values()) - {""}, question.answers)


def answers_with_words(question: asked.Question) -> tuple[str, ...]:
    """Every answer a person may tap or read, so each has a wording."""
    if question.kind == "yes_no_setting":
        return ("true", "false")
    in_fields = (answer for answers in question.fields.values() for answer in answers)
    return (*question.answers, *question.also, *in_fields)


def _contraindications(book: Rulebook) -> Iterator[str]:
    for question_id, rule in book.contraindications.items():
        where = f"contraindications.toml, {question_id}"
        yield from _unknown(where, "question", [question_id], book.questions)
        question = book.questions.get(question_id)
        for answer, case in rule.cases.items():
            yield from _case(f"{where}.{answer}", answer, case, question, book)


def _case(where: str, answer: str, case: judged.Case, question: asked.Question | None, book: Rulebook) -> Iterator[str]:
    yield from _unknown(where, "option", case.verdicts, book.ranked)
    for option_id in sorted(set(book.ranked) - set(case.verdicts)):
        yield f"{where}: no verdict for {option_id}. Add it"
    deferred = "deferred" in case.verdicts.values()
    if deferred != bool(case.days):
        yield f"{where}: days and a deferred verdict come together; found days = {case.days}. Add or remove one"
    if question is not None and question.kind == "whole_number":
        if case.below is None and (case.start is None or case.to is None):
            yield f"{where}: a number's case needs below, or from and to. Add them"
    elif question is not None:
        yield from _unknown(where, "answer", [answer], question.answers)
        yield from _wait(where, answer, case, question)


def _wait(where: str, answer: str, case: judged.Case, question: asked.Question) -> Iterator[str]:
    """What was asked of the last 14 days can't keep anybody waiting for 28: nobody was asked of days 15 to 28."""
    window = question.window_of(answer)
    if question.window_days is None:
        if case.days_from_a_date is not None:
            yield f"{where}: days_from_a_date needs window_days in questions.toml. Add it there, or remove this"
    elif case.days and (window is None or max(case.days, case.dated_days) > window):
        days = max(case.days, case.dated_days)
        yield f"{where}: waits {days} days, but the question looks back {window or 0} (window_days). Make them agree"


def _gates(book: Rulebook) -> Iterator[str]:
    for gate_id, gate in book.gates.items():
        where = f"gates.toml, {gate_id}"
        yield from _unknown(where, "option", gate.options, book.ranked)
        yield from _unknown(where, "question", [gate.question], book.questions)
        yield from _unknown(f"{where}.when", "key", gate.when, GATE_KEYS)
        for key, values in gate.when.items():
            if key in GATE_KEYS and GATE_KEYS[key][0] in book.questions:
                yield from _unknown(f"{where}.when.{key}", "value", values, gate_values(book, key))
        if (gate.verdict == "excluded") != bool(gate.excluded_by):
            yield f"{where}: excluded_by says why an excluded option is out, and stands with excluded only. Correct it"
        if gate.verdict == "deferred":
            yield f"{where}: a gate cannot be deferred, since no day opens it. Use needs_review or excluded"


def _clearances(book: Rulebook) -> Iterator[str]:
    """Whatever a clinician may rule on says how long that counts; a hard stop that may be lifted is one."""
    asked = [key for key, rule in book.contraindications.items() if rule.cases]
    needed = [*asked, *(key for key, gate in book.gates.items() if gate.verdict != "excluded")]
    yield from _unknown("exam.toml, clearances", "contraindication or gate", book.exam.clearances, needed)
    for key in sorted(set(needed) - set(book.exam.clearances)):
        yield f"exam.toml, clearances.{key}: this key is missing. Add it"
    for key, clearance in book.exam.clearances.items():
        cases = book.contraindications[key].cases if key in book.contraindications else {}
        stops = [answer for answer, case in cases.items() if "excluded" in case.verdicts.values()]
        yield from _unknown(f"exam.toml, clearances.{key}.may_lift", "hard stop", clearance.may_lift, stops)


def _standing_orders(book: Rulebook) -> Iterator[str]:
    for key, order in book.standing_orders.items():
        where = f"standing_orders.toml, {key}.on"
        yield from _unknown(where, "question", order.on, book.questions)
        for question_id, named in order.on.items():
            if question_id in book.questions:
                yield from _unknown(f"{where}.{question_id}", "answer", named, book.questions[question_id].answers)


def _named_by_screens(book: Rulebook) -> Iterator[str]:
    """Criteria, steps and places that today's screens name."""
    for key, chance in NEEDED_CRITERIA.items():
        if key not in book.criteria or book.criteria[key].chance != chance:
            of = f', with chance = "{chance}"' if chance else ", by a table"
            yield f"criteria.toml, {key}: the screens need this criterion{of}. Add it"
    drawn = any(option.blood_draw for option in book.options.values())
    yield from _unknown("protocol.toml, steps", "step", ["needling", *(["draw"] if drawn else [])], book.protocol.steps)
    for option_id, status in book.status.items():
        for place in book.questions["place"].answers:
            if place not in status.places:
                yield f"status.toml, {option_id}.{place}: this key is missing. Add it"


def _criteria(book: Rulebook) -> Iterator[str]:
    for criterion_id, criterion in book.criteria.items():
        where = f"criteria.toml, {criterion_id}"
        yield from _unknown(f"{where}.claims", "claim", criterion.claims, book.claims)
        if (criterion.credence is None) == (not criterion.claims):
            yield f"{where}: a credence follows from claims, or is written with its reason: one of the two. Add one"
        for claim in criterion.claims:
            if claim in book.claims and book.claims[claim].verdict not in book.model.credence:
                yield f"{where}.claims: no credence for the verdict of {claim}. Add it to model.toml"
        if criterion.looks_up:
            yield from _unknown(where, "question", [criterion.looks_up], book.questions)
        if not criterion.chance:
            yield from _tables(where, criterion, book)
        for less in criterion.less:
            yield from _unknown(f"{where}.less", "option", less.options, book.ranked)
            yield from _unknown(f"{where}.less", "question", [less.question], book.questions)
        for answer, options in criterion.excludes.items():
            yield from _unknown(f"{where}.excludes.{answer}", "option", options, book.ranked)
    missing = CHANCE_QUESTIONS - set(book.questions)
    yield from (f"questions.toml, {question_id}: a chance needs this question. Add it" for question_id in missing)


def _tables(where: str, criterion: weighed.Criterion, book: Rulebook) -> Iterator[str]:
    tables = (
        {"both": criterion.both} if criterion.both else {"clinic": criterion.clinic, "published": criterion.published}
    )
    looked_up = book.questions.get(criterion.looks_up)
    answers = looked_up.answers if looked_up is not None else ("always",)
    if criterion.both and (criterion.clinic or criterion.published):
        yield f"{where}: values stand under both, or under clinic and published. Remove one"
    for basis, table in tables.items():
        yield from _unknown(f"{where}.{basis}", "answer", table, answers)
        for answer in answers:
            named = table.get(answer, {})
            yield from _unknown(f"{where}.{basis}.{answer}", "option", named, book.ranked)
            for option_id in sorted(set(book.ranked) - set(named)):
                yield f"{where}.{basis}.{answer}: no value for {option_id}. Add it"


def _options(book: Rulebook) -> Iterator[str]:
    ranks = [option.rank for option in book.options.values() if option.rank]
    if len(set(ranks)) != len(ranks):
        yield f"options: ranks must differ, since ties go by rank; found {sorted(ranks)}. Change one"
    yield from _needles(book)
    yield from _unknown("model.toml, pair", "option", book.model.pair, book.ranked)
    yield from _unknown("clinic.toml, prices", "option", book.clinic.prices, book.ranked)
    for option_id in book.ranked:
        where = f"options/{option_id}.toml"
        option = book.options[option_id]
        if option_id not in book.clinic.prices:
            yield f"clinic.toml, prices.{option_id}: this key is missing. Add it"
        if option.sessions is not None:
            yield from _unknown(f"{where}, sessions.published", "concern", option.sessions.published, book.concerns)
            for concern in sorted(set(book.concerns) - set(option.sessions.published)):
                yield f"{where}, sessions.published.{concern}: this key is missing. Add it"
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
        yield from _unknown(where, "step", steps, book.protocol.steps)
        occupied = [who for step in steps if step in book.protocol.steps for who in book.protocol.steps[step].occupies]
        if len(set(occupied)) != len(occupied):
            yield f"{where}: {', '.join(steps)} run at the same time but occupy the same. One cannot do two things at once"


def _claims(book: Rulebook) -> Iterator[str]:
    for claim_id, claim in book.claims.items():
        yield from _unknown(f"claims.toml, {claim_id}", "criterion", claim.topics, book.criteria)


def _status(book: Rulebook) -> Iterator[str]:
    places = book.questions["place"].answers
    yield from _unknown("status.toml", "option", book.status, book.options)
    for option_id in sorted(set(book.options) - set(book.status)):
        if not book.options[option_id].like:
            yield f"status.toml, {option_id}: this key is missing. Add it"
    for option_id, status in book.status.items():
        yield from _unknown(f"status.toml, {option_id}", "place", status.places, places)


def _flips(book: Rulebook) -> Iterator[str]:
    for question_id, grid in book.flips.answers.items():
        where = f"flips.toml, answers.{question_id}"
        yield from _unknown(where, "question", [question_id], book.questions)
        question = book.questions.get(question_id)
        if question is not None:
            yield from _unknown(where, "answer", grid.also, question.also)
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


def _patterns(book: Rulebook) -> Iterator[str]:
    for key, entry in book.never_say.items():
        for pattern in entry.patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                yield f"never_say.toml, {key}: {pattern!r} is not a pattern: {error}. Correct it"
