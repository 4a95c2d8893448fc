"""Flips in words: if one answer or one number of ours were another, then what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from medspa_core.explanation import Flip
from medspa_core.result import PairResult, Recommendation
from medspa_core.rulebook import CONSIDERED
from medspa_core.rulebook.schema.on_screens import QuestionSaid
from medspa_core.wording.words import Told, small


@dataclass(frozen=True)
class FlipLine:
    """One change in words: if ..., then ...; `answers` is what to try, None where it is a number of ours."""

    key: str
    change: str
    outcome: str
    answers: Mapping[str, Any] | None


def flip_lines(told: Told, limit: int | None = None) -> tuple[FlipLine, ...]:
    """The nearest changes, one a question: answers first for the pair, then for all options."""
    pair = told.result.pair
    flips = [*(pair.flips if pair else ()), *told.result.flips]
    show = told.rulebook.flips.rulebook.show if limit is None else limit
    found: dict[str, FlipLine] = {}
    for flip in sorted(flips, key=lambda flip: flip.kind != "answer"):
        if flip.question not in found and len(found) < show and (line := _flip_line(told, flip)):
            found[flip.question] = line
    return tuple(found.values())


def _flip_line(told: Told, flip: Flip) -> FlipLine | None:
    outcome = _flip_outcome(told, flip)
    if outcome is None or _weighs_nothing(told, flip):
        return None
    if flip.question.startswith("sessions.") and max(flip.after.values()) < 1:
        return None  # a part of all courses: true, but not to be said in one plain sentence
    change = _flip_change(told, flip)
    if not change:
        return None
    return FlipLine(flip.question, change, outcome, _to_try(told, flip) if flip.kind == "answer" else None)


def _weighs_nothing(told: Told, flip: Flip) -> bool:
    """A criterion on which all that stand against each other are level moves nothing; its weight only dilutes the lead.
    A must that is taken back moves: it had shut something."""
    name, _, criterion = flip.question.partition(".")
    if name != "importance" or flip.before == "must":
        return False
    among = told.rulebook.model.pair if flip.scope == "pair" else told.open_ranked
    return len({told.state(option).attainment[CONSIDERED][criterion] for option in among}) <= 1


def _flip_outcome(told: Told, flip: Flip) -> str | None:
    now = told.result.pair if flip.scope == "pair" else told.result
    if flip.best is None or now is None:
        return None
    if flip.standing == "close_call":
        of_three = flip.scope != "pair" and len(told.open_ranked) == 3
        return (
            told.say("flips.to_close_three" if of_three else "flips.to_close") if now.standing != "close_call" else None
        )
    if flip.best != now.best:
        return _ahead(told, flip, now)
    if now.standing == "close_call":
        return told.say("flips.to_option", option=_first(told, flip))
    return told.say("flips.more" if flip.standing == "clear" else "flips.little", option=_first(told, flip))


def _first(told: Told, flip: Flip) -> str:
    """What then comes first. Of the pair alone it says of which two, where another treatment is open and may come before both."""
    name, pair = told.name(flip.best), told.rulebook.model.pair
    if flip.scope != "pair" or set(told.open_ranked) <= set(pair):
        return name
    other = next(option for option in pair if option != flip.best)
    return told.say("flips.over", option=name, other=told.name(other))


def _ahead(told: Told, flip: Flip, now: Recommendation | PairResult) -> str:
    """Which option comes first then. One that breaks a limit that counts is only ahead of the one that leads now; nothing is
    ahead of what the change takes away."""
    say, best, led = told.say, told.name(flip.best), now.best
    if led in flip.still_open and (flip.breaks or flip.scope != "pair"):
        return say("flips.to_option_first", option=best, second=told.name(led))
    return say("flips.to_option", option=_first(told, flip))


def _flip_change(told: Told, flip: Flip) -> str:
    say, after = told.say, flip.after
    name, _, part = flip.question.partition(".")
    if flip.kind == "rulebook":
        return _number_change(told, name, part, after)
    if name == "importance":
        return say(f"flip.importance_{after}", criterion=told.criterion(part).weighed)
    said = told.rulebook.questions[name].said
    if said is None or said.fact:
        return ""
    if told.rulebook.questions[name].kind == "several":
        return _change_of_several(told, flip, said)
    text = next((said.flip[key] for key in _flip_keys(flip) if key in said.flip), "")
    return text.format(answer=_answer_text(told, name, after))


def _flip_keys(flip: Flip) -> Iterator[str]:
    """A number has its own words where it is none or one, and where it is less than the client said."""
    if not isinstance(flip.after, int):
        yield str(flip.after)
    else:
        yield from [{0: "zero", 1: "one"}[flip.after]] if flip.after in (0, 1) else []
        yield from ["less"] if not isinstance(flip.before, int) or flip.after < flip.before else []
    yield "to"


def _change_of_several(told: Told, flip: Flip, said: QuestionSaid) -> str:
    before, after = set(flip.before or ()), set(flip.after or ())
    changed = next(iter(sorted(before ^ after)))
    text = said.flip.get("add" if changed in after else "drop", "")
    return text.format(answer=told.in_words(flip.question, changed))


def _answer_text(told: Told, question: str, answer: Any) -> str:
    asked = told.rulebook.questions[question]
    if asked.kind == "date":
        return told.day(date.fromisoformat(answer))
    if asked.unit == "money":
        return told.money(answer)
    return small(asked.words.answers.get(str(answer), str(answer)))


def _number_change(told: Told, name: str, part: str, after: Any) -> str:
    if name == "price":
        return told.say("flip.price", option=told.name(part), money=told.money(after))
    if name == "minutes":
        return told.say("flip.minutes", step=told.rulebook.protocol.steps[part].said.name, minutes=after)
    visits = told.words.counted("card.visit_count", int(max(after, key=lambda count: after[count])))
    return told.say("flip.sessions", visits=visits, option=told.name(part.partition(".")[2]))


def _to_try(told: Told, flip: Flip) -> dict[str, Any]:
    """The answer to put in place of the client's own, whole: importance is one object."""
    name, _, part = flip.question.partition(".")
    if name == "importance":
        return {name: {**(told.answers.get(name) or {}), part: flip.after}}
    return {name: flip.after}
