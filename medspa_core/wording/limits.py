"""The limits a client gave, beside one option: a result goes in, whether the option keeps each of them and by how much not.

Headline, cards, flips, reasons and dates all ask here, so that none of them says that an option fits what it breaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from medspa_core.intake import day_answered
from medspa_core.rulebook import CONSIDERED, WHOLE, Rulebook
from medspa_core.rulebook.book import LIMITS, Limit
from medspa_core.wording.words import Told, capital, listed

DATE = "ready_by"


@lru_cache(maxsize=8)
def limits(book: Rulebook) -> Mapping[str, Limit]:
    """Criterion -> its limit, in the order of the criteria; under a rulebook of any version."""
    return {key: LIMITS[criterion.chance] for key, criterion in book.criteria.items() if criterion.chance in LIMITS}


def limit_of(answers: Mapping[str, Any], criterion: str, book: Rulebook) -> int | None:
    """The number the client gave; None for "any", or while nothing is said."""
    answer = answers.get(limits(book)[criterion].question)
    return answer if isinstance(answer, int) else None


def event_of(answers: Mapping[str, Any]) -> date | None:
    """The client's date; None for "none", or while nothing is said."""
    return day_answered(answers, "event_date")


def is_within(told: Told, option: str, criterion: str) -> bool | None:
    """Whether an option stays within a limit, as likely as not; None where no limit was given or nothing is known."""
    chance = told.state(option).kept(criterion)
    if chance is None or limit_of(told.answers, criterion, told.rulebook) is None:
        return None
    return at_least(chance, told.rulebook.model.standing.must_at_least)


def at_least(chance: float, thousandths: int) -> bool:
    """A chance against a threshold, in thousandths, as the core compares them."""
    return round(chance * WHOLE) >= thousandths


def over_by(told: Told, option: str, criterion: str) -> int:
    """How far the typical value lies beyond the limit; 0 or less where it does not."""
    limit = limit_of(told.answers, criterion, told.rulebook)
    typical = typical_of(told, option, criterion)
    return typical - limit if limit is not None and typical is not None else 0


def typical_of(told: Told, option: str, criterion: str) -> int | None:
    """What is usual for the option: minutes, visits, money or red days."""
    span = told.state(option).course[CONSIDERED].spans[limits(told.rulebook)[criterion].span]
    return span.typical if span else None


def is_ready(told: Told, option: str, basis: str = CONSIDERED) -> str:
    """Ready by the client's date: "ready", "maybe_ready" or "not_ready"; "" without a date, or where nothing is known.
    `basis`: whose visits; those that are counted, or the clinic's own plan."""
    chance = told.state(option).course[basis].chance_ready_by
    if chance is None or event_of(told.answers) is None:
        return ""
    if at_least(chance, round(told.rulebook.model.course.safe_start_chance * WHOLE)):
        return "ready"
    return "maybe_ready" if at_least(chance, told.rulebook.model.standing.must_at_least) else "not_ready"


def is_at_best(told: Told, option: str, start: date) -> bool | None:
    """Whether the typical peak, counted from the option's first visit, lies no later than the client's date."""
    event, peak = event_of(told.answers), told.state(option).course[CONSIDERED].spans["peak_days"]
    return None if event is None or peak is None else (event - start).days >= peak.typical


def amount_text(told: Told, criterion: str, number: int, *, full: bool = False) -> str:
    """A number of a limit with its unit: $350, 3 min, 1 visit; `full` is for a sentence: 3 minutes, 2 red days."""
    if told.rulebook.questions[limits(told.rulebook)[criterion].question].unit == "money":
        return told.money(number)
    return told.limit(criterion).amount_of(number, full=full)


def beyond_text(told: Told, criteria: tuple[str, ...]) -> str:
    """What an option goes beyond: over your $700 and your 60 min, and not ready by 12 June."""
    say, numbers = told.say, [criterion for criterion in criteria if criterion != DATE]
    yours = [
        say("limit.yours", limit=amount_text(told, one, limit_of(told.answers, one, told.rulebook) or 0, full=True))
        for one in numbers
    ]
    parts = [say("limit.over", limits=listed(yours))] if yours else []
    event = event_of(told.answers)
    if DATE in criteria and event is not None:
        parts.append(say("mark.not_ready", day=told.day(event)))
    return listed(parts)


def beyond_line(told: Told, options: Sequence[str], *, just_named: bool) -> str:
    """The limits that count and that these options do not keep, as a sentence; "" where they keep all. What nothing
    keeps is left out: that is said first of all. `just_named`: the one option stands in the sentence before."""
    said = {found.criterion for found in told.result.nobody_keeps}
    left = {option: tuple(one for one in told.state(option).breaks if one not in said) for option in options}
    together = told.say("limit.both") if len(options) > 1 else told.verb(options[0], "it_is") if just_named else ""
    if together and len(set(left.values())) == 1:
        return _beyond(told, together, left[options[0]]) if left[options[0]] else ""
    each = {f"{told.name(option)} {told.verb(option, 'is')}": beyond for option, beyond in left.items() if beyond}
    return " ".join(_beyond(told, subject, beyond) for subject, beyond in each.items())


def _beyond(told: Told, subject: str, criteria: tuple[str, ...]) -> str:
    return told.say("limit.beyond", Subject=capital(subject), beyond=beyond_text(told, criteria))
