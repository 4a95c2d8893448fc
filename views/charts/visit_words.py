"""The visit in words: which options have one, how long it takes, and a table of the same steps the chart draws."""

from __future__ import annotations

from collections.abc import Iterator

from medspa_core.timeline import visit_times, ways_differ
from medspa_core.wording.of_entries import step_said
from medspa_core.wording.states import state_of
from views.context.words import say
from views.result.outcome import Outcome


def with_visits(out: Outcome) -> list[str]:
    """Options with visits, in the order of the cards."""
    return [option for option in out.consultation.options if out.book.options[option].visit]


def open_options(out: Outcome) -> list[str]:
    """Those that are not ruled out for this client."""
    return [option for option in with_visits(out) if out.told.is_open(option)]


def spin_matters(out: Outcome) -> bool:
    """Whether the way of running the spin changes anything for an option that is open."""
    return any(ways_differ(option, out.book) for option in open_options(out))


def not_for_you(out: Outcome, option: str) -> str:
    """That an option is not for this client, and why in a few words."""
    return state_of(out.told, option).text


def lead(out: Outcome) -> str:
    """How long the open visits take, and what the spin makes of it where a blood draw is open; nothing of the others."""
    book, left = out.book, open_options(out)
    if not left:
        return say("visit.lead_none")
    drawn = next((option for option in left if ways_differ(option, book)), None)
    plain = [visit_times(option, book, False).typical for option in left if option != drawn]
    if drawn is None:
        return _lead_plain(plain)
    minutes = [visit_times(drawn, book, way).typical for way in (False, True)]
    if not plain:
        return say("visit.lead_alone", option=out.told.name(drawn), first=minutes[0], beside=minutes[1])
    first, beside = (each - min(plain) for each in minutes)
    return say("visit.lead_first", option=out.told.name(drawn), first=first, beside=beside)


def _lead_plain(minutes: list[int]) -> str:
    if len(minutes) == 1:
        return say("visit.lead_one", minutes=minutes[0])
    key = "lead_same" if len(set(minutes)) == 1 else "lead_differ"
    return say(f"visit.{key}", minutes=min(minutes), most=max(minutes))


def alt_text(out: Outcome, beside: bool) -> str:
    """The chart in one sentence."""
    each = [_told_of(out, option, beside) for option in with_visits(out)]
    return say("visit.alt", each=" ".join(each))


def _told_of(out: Outcome, option: str, beside: bool) -> str:
    book = out.book
    if not out.told.is_open(option):
        return say("visit.alt_out", option=book.options[option].name, why=not_for_you(out, option))
    typical = visit_times(option, book, beside).typical
    return say("visit.alt_each", option=book.options[option].name, typical=typical)


def table_rows(out: Outcome, beside: bool) -> list[dict[str, str]]:
    """Each step with its minutes, and the whole visit: the same objects the chart draws."""
    columns = [say(f"visit.table_{name}") for name in ("option", "step", "from", "to", "who")]
    return [
        dict(zip(columns, (out.book.options[option].name, *row), strict=True))
        for option in with_visits(out)
        for row in _rows_of(out, option, beside)
    ]


def _rows_of(out: Outcome, option: str, beside: bool) -> Iterator[tuple[str, str, str, str]]:
    """Step, from, to, and whether somebody's hands are at work; last the whole visit. What is ruled out says why."""
    if not out.told.is_open(option):
        yield not_for_you(out, option), "", "", ""
        return
    visit = visit_times(option, out.book, beside)
    for step in visit.steps:
        name = step_said(out.book, option, step.step).name
        told = say("visit.beside", step=name) if step.beside else name
        yield told, str(step.begins), str(step.ends), say("visit.yes" if step.provider else "visit.no")
    chair = say("visit.in_chair", minutes=visit.in_the_chair)
    yield say("visit.table_total"), "0", f"{visit.typical} ({visit.low} to {visit.high})", chair
