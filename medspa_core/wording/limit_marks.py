"""The quiet marks of a card: for each limit that the client gave, whether the option keeps it, in a sign and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from medspa_core.rulebook import CONSIDERED
from medspa_core.wording import limits
from medspa_core.wording.words import Told, listed


@dataclass(frozen=True)
class Mark:
    """One mark: check, over or clock, and its words."""

    sign: str
    text: str


def limit_mark(told: Told, option: str, criterion: str) -> Mark | None:
    """Within the client's limit, or over it by how much; None where no limit was given. Waiting needs nothing."""
    limit = limits.limit_of(told.answers, criterion, told.rulebook)
    if limit is None:
        return None
    if not told.rulebook.options[option].rank:
        return Mark("check", told.limit(criterion).waiting)
    kept = limits.is_within(told, option, criterion)
    if kept is None:
        return None
    if kept:
        return Mark("check", told.say("mark.within", limit=limits.amount_text(told, criterion, limit)))
    return Mark("over", _over(told, option, [criterion]))


def beyond_marks(told: Told, option: str) -> str:
    """All that an option goes beyond, of the limits and the date that the client gave, as its card says it: over by $200, not
    ready by June 20; "" where it keeps them all."""
    over = [
        criterion for criterion in limits.limits(told.rulebook) if limits.is_within(told, option, criterion) is False
    ]
    parts = [_over(told, option, over)] if over else []
    event = limits.event_of(told.answers)
    if event is not None and limits.is_ready(told, option) == "not_ready":
        parts.append(ready_text(told, option, told.day(event)))
    return ", ".join(parts)


def _over(told: Told, option: str, criteria: Sequence[str]) -> str:
    amounts = [limits.amount_text(told, one, max(1, limits.over_by(told, option, one))) for one in criteria]
    return told.say("mark.over", amount=listed(amounts))


def ready_text(told: Told, option: str, day: str, basis: str = CONSIDERED) -> str:
    """Ready by the client's date, maybe, or not: the same words on every screen and on paper. `day`: that date in words."""
    ready = limits.is_ready(told, option, basis)
    return told.say(f"mark.{ready}", day=day) if ready else ""


def date_marks(told: Told, option: str, start: date) -> tuple[Mark, ...]:
    """Ready or not by the client's date, and at its best by then or later; `start` is the option's first visit."""
    event, ready = limits.event_of(told.answers), limits.is_ready(told, option)
    if event is None:
        return ()
    say, day = told.say, told.day(event)
    if not told.rulebook.options[option].rank:
        return (Mark("clock", say("mark.wait.ready_by")),)
    if not ready:
        return ()
    signs = {"ready": "check", "maybe_ready": "clock", "not_ready": "over"}
    first = Mark(signs[ready], ready_text(told, option, day))
    best = limits.is_at_best(told, option, start)
    if best is None:
        return (first,)
    return first, Mark("check" if best else "clock", say("mark.best" if best else "mark.best_later", day=day))
