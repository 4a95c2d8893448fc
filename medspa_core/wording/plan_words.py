"""What the last screen and the page to keep say: a result goes in, what was looked at, each option's facts, its cost come out."""

from __future__ import annotations

from collections.abc import Sequence

from medspa_core.result import Recommendation
from medspa_core.rulebook import CONSIDERED
from medspa_core.safety import Verdict
from medspa_core.timeline import Plan, Row
from medspa_core.wording.holds import answers_named, open_line
from medspa_core.wording.limit_marks import limit_mark
from medspa_core.wording.limits import amount_text, event_of, limit_of, limits
from medspa_core.wording.states import state_of
from medspa_core.wording.to_note import all_too_young
from medspa_core.wording.words import Told, capital, listed

Line = tuple[str, str]
"""A label, and what stands beside it."""


def looked_at(told: Told, *, examined: bool = False, seen: bool = False) -> tuple[Line, ...]:
    """What was talked about, a line each; what was not has none. `examined`: an exam counts today. `seen`: it was signed on
    these very answers."""
    said = (
        ("you", concern_text(told)),
        ("safety", open_line(told) or _safety(told, examined=examined, seen=seen)),
        ("matters", matters_text(told)),
        ("limits", limits_text(told)),
    )
    return tuple((told.say(f"plan.looked.{name}"), text) for name, text in said if text)


def _safety(told: Told, *, examined: bool, seen: bool) -> str:
    """What is left to look at, who has looked, or that nothing was found and nobody has yet."""
    say, found = told.say, _answers_found(told, told.result)
    if all_too_young(told):
        return f"{capital(say('why_not.too_young'))}."
    if found:
        return answers_named(told, found, "plan.safety_answer")
    if seen or _answers_found(told, told.by_answers):
        return say("plan.safety_seen")
    return say("plan.safety_nothing" if examined else "plan.safety")


def _answers_found(told: Told, result: Recommendation) -> frozenset[str]:
    """The safety answers that ask for anything of any treatment; what is about product and place is no answer."""
    found = (finding for option in told.rulebook.ranked for finding in result.options[option].findings)
    return frozenset(one.question for one in found if one.verdict is not Verdict.CLEAR and not one.is_gate)


def concern_text(told: Told) -> str:
    """What the client wants to change, in the words of the question."""
    concern = told.answers.get("concern")
    return told.rulebook.questions["concern"].words.answers.get(str(concern), "") if concern else ""


def matters_text(told: Told) -> str:
    """What counts a lot, what is a must, never a blood draw or needles, and what is not wanted."""
    stated = told.answers.get("importance") or {}
    parts = []
    for level in ("must", "lot"):
        names = [one.said.in_a_sentence for key, one in told.rulebook.criteria.items() if stated.get(key) == level]
        if names:
            parts.append(told.say(f"plan.{level}", criteria=capital(listed(names))))
    if told.answers.get("blood_draw_comfort") == "never":
        parts.append(told.say("plan.never_draw"))
    if told.answers.get("needle_comfort") == "never":
        parts.append(told.say("plan.never_needles"))
    materials = [told.in_words("objects_to", one) for one in told.answers.get("objects_to") or ()]
    if materials:
        parts.append(told.say("plan.not_wanted", materials=listed(materials)))
    return " ".join(parts)


def limits_text(told: Told) -> str:
    """The numbers and the day that the client gave."""
    parts = []
    for criterion in limits(told.rulebook):
        number = limit_of(told.answers, criterion, told.rulebook)
        if number is not None:
            amount = amount_text(told, criterion, number, full=True)
            parts.append(told.limit(criterion).on_plan.format(amount=amount))
    event = event_of(told.answers)
    if event is not None:
        parts.append(told.say("plan.limit.ready_by", day=told.day(event)))
    return f"{capital(', '.join(parts))}." if parts else ""


def facts(told: Told, row: Row, *, closed: bool = False) -> tuple[str, ...]:
    """An option in the same lines for all: visits and cost, within the budget or not (or the minutes of a visit, where no budget
    was given), a blood draw or none. `closed`: a tap would not choose it; then the middle line says so, and why."""
    say, file = told.say, told.rulebook.options[row.option]
    draw = say("plan.draw" if file.blood_draw else "plan.no_draw")
    mark = limit_mark(told, row.option, "cost")
    if not file.rank:
        first = say("plan.no_visits", cost=told.money(0))
        return first, capital(mark.text if mark else told.limit("visit_time").waiting), draw
    if closed:
        return _visits_and_cost(told, row), state_of(told, row.option).text, draw
    return _visits_and_cost(told, row), capital(mark.text) if mark else _minutes(told, row.option), draw


def _minutes(told: Told, option: str) -> str:
    """Where no budget was given: how long a visit takes."""
    found = told.state(option).course[CONSIDERED].spans["visit_minutes"]
    return told.say("plan.minutes", number=found.typical) if found else ""


def _visits_and_cost(told: Told, row: Row) -> str:
    if row.counted is None:
        price = told.money(told.rulebook.clinic.prices[row.option].amount)
        return told.say("plan.a_visit", cost=price)
    number, cost = row.counted.typical, told.money(row.counted.cost)
    return told.words.counted("plan.visits", number, cost=cost)


def cost_text(told: Told, row: Row) -> str:
    """What the chosen course costs, how that lies with the budget, and what a further visit would make it."""
    plan = row.counted
    if plan is None:
        return _visits_and_cost(told, row)
    cost, price = told.money(plan.cost), told.money(plan.price)
    parts = [told.words.counted("plan.cost", plan.typical, cost=cost, price=price)]
    mark = limit_mark(told, row.option, "cost")
    if mark is not None:
        parts.append(f"{capital(mark.text)}.")
    parts += [
        told.say("plan.cost_more", number=session.number, cost=told.money(session.number * plan.price))
        for session in plan.sessions
        if not session.usual and session.number <= plan.high
    ]
    return " ".join(parts)


def then_text(told: Told, days: Sequence[str]) -> str:
    """The visits after the first."""
    return told.say("plan.then", days=listed(list(days))) if days else ""


def maybe_more(plan: Plan) -> bool:
    """Whether some clients need more visits than is usual."""
    return any(not session.usual for session in plan.sessions)
