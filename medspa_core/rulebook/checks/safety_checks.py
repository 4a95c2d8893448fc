"""What is judged: contraindications, gates, clearances and standing orders name what is there, and leave no case open."""

from __future__ import annotations

from collections.abc import Iterator

from medspa_core.rulebook.book import GATE_KEYS, NOT_RECORDED, Rulebook
from medspa_core.rulebook.problems import missing, unknown
from medspa_core.rulebook.schema import asked, judged


def safety_problems(book: Rulebook) -> Iterator[str]:
    """A line for each."""
    yield from _contraindications(book)
    yield from _gates(book)
    yield from _clearances(book)
    yield from _standing_orders(book)


def unruled_questions(book: Rulebook) -> Iterator[str]:
    """A question of a safety card that decides has a rule: whoever wrote it thinks that an answer counts."""
    for question_id, question in book.questions.items():
        decides = question.card and question.kind == "choice" and question.use == "decides"
        if decides and question_id not in book.contraindications:
            yield (
                f"contraindications.toml, {question_id}: no entry says what an answer to this question rules out. Add one, or "
                'write use = "record_only" in questions.toml'
            )


def _contraindications(book: Rulebook) -> Iterator[str]:
    for question_id, rule in book.contraindications.items():
        where = f"contraindications.toml, {question_id}"
        yield from unknown(where, "question", [question_id], book.questions)
        question = book.questions.get(question_id)
        for answer, case in rule.cases.items():
            yield from _case(f"{where}.{answer}", answer, case, question, book)


def _case(where: str, answer: str, case: judged.Case, question: asked.Question | None, book: Rulebook) -> Iterator[str]:
    yield from unknown(where, "option", case.verdicts, book.ranked)
    for option_id in sorted(set(book.ranked) - set(case.verdicts)):
        yield f"{where}: no verdict for {option_id}. Add it"
    deferred = "deferred" in case.verdicts.values()
    if deferred != bool(case.days):
        yield f"{where}: days and a deferred verdict come together; found days = {case.days}. Add or remove one"
    if question is not None and question.kind == "whole_number":
        if case.below is None and (case.start is None or case.to is None):
            yield f"{where}: a number's case needs below, or from and to. Add them"
    elif question is not None:
        yield from unknown(where, "answer", [answer], question.answers)
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
        yield from unknown(where, "option", gate.options, book.ranked)
        yield from unknown(where, "question", [gate.question], book.questions)
        yield from unknown(f"{where}.when", "key", gate.when, GATE_KEYS)
        for key, values in gate.when.items():
            if key in GATE_KEYS and GATE_KEYS[key].partition(".")[0] in book.questions:
                yield from unknown(f"{where}.when.{key}", "value", values, _gate_values(book, key))
        if (gate.verdict == "excluded") != bool(gate.excluded_by):
            yield f"{where}: excluded_by says why an excluded option is out, and stands with excluded only. Correct it"
        if gate.verdict == "deferred":
            yield f"{where}: a gate cannot be deferred, since no day opens it. Use needs_review or excluded"


def _gate_values(book: Rulebook, key: str) -> tuple[str, ...]:
    """What a gate may ask of `key`: the answers of its question, and not_recorded for a product's field."""
    question_id, _, field = GATE_KEYS[key].partition(".")
    question = book.questions[question_id]
    if field:
        return (*question.fields[field], NOT_RECORDED)
    return question.answers if question.kind == "choice" else ("true", "false")


def _clearances(book: Rulebook) -> Iterator[str]:
    """Whatever a clinician may rule on says how long that counts; a hard stop that may be lifted is one."""
    asked = [key for key, rule in book.contraindications.items() if rule.cases]
    needed = [*asked, *(key for key, gate in book.gates.items() if gate.verdict != "excluded")]
    yield from unknown("exam.toml, clearances", "contraindication or gate", book.exam.clearances, needed)
    yield from missing("exam.toml, clearances.", sorted(needed), book.exam.clearances)
    for key, clearance in book.exam.clearances.items():
        cases = book.contraindications[key].cases if key in book.contraindications else {}
        stops = [answer for answer, case in cases.items() if "excluded" in case.verdicts.values()]
        yield from unknown(f"exam.toml, clearances.{key}.may_lift", "hard stop", clearance.may_lift, stops)


def _standing_orders(book: Rulebook) -> Iterator[str]:
    for key, order in book.standing_orders.items():
        where = f"standing_orders.toml, {key}.on"
        yield from unknown(where, "question", order.on, book.questions)
        for question_id, named in order.on.items():
            if question_id in book.questions:
                yield from unknown(f"{where}.{question_id}", "answer", named, book.questions[question_id].answers)
