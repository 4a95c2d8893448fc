"""After Finish: one calm page to keep, which is the paper too; on the staff side what is missing before a treatment."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import streamlit as st

from medspa_core.clients.ready_to_finish import NOTHING_PLANNED
from medspa_core.formats.as_read import in_weeks
from medspa_core.next_dates import is_treatment, sessions_from
from medspa_core.records import FIRST_VISIT
from medspa_core.timeline import Plan, Row, band_of
from medspa_core.wording.headlines import headline
from medspa_core.wording.limit_marks import ready_text
from medspa_core.wording.plan_words import concern_text, cost_text, limits_text, matters_text, maybe_more
from medspa_core.wording.reasons import overall_reasons
from medspa_core.wording.to_note import to_note, why_none
from medspa_core.wording.words import capital, listed, small
from views.charts.chosen_option import own_dates
from views.consultation.finish import before_treatment, choice, page_to_keep_words
from views.context import core_access
from views.context.words import calm, say, short_date
from views.elements import draw
from views.elements.draw import Piece, tag
from views.frame import shell
from views.result import outcome
from views.result.outcome import Outcome
from views.session.open_consultation import Consultation

MOST_REASONS = 3


def draw_page(consultation: Consultation) -> None:
    """Thanks, Print, the sheet; on the staff side their strip. Nothing here can be changed."""
    out = outcome.own(consultation)
    with st.container(key="bar_closing", horizontal=True, vertical_alignment="center"):
        draw.html(
            tag(
                "h1", say("closing.title"), cls="mc-title", data_place="finished"
            ),  # another page: it begins at its top
            tag("p", say("closing.lead"), cls="mc-lead"),
        )
        way = tag("button", draw.icon("print"), say("closing.print"), type="button", cls="mc-way mc-way-main mc-print")
        draw.html(way, width="content")
    draw.html(_sheet(out))
    before_treatment.strip(out)
    shell.drawn_to_the_end()


def _sheet(out: Outcome) -> Element:
    """The page to keep, row by row; a row with nothing to say is left out."""
    found = [(name, row(out)) for name, row in ROWS]
    named = {"compared": "compared" if out.answers.get("concern") else "looked"}
    rows = [
        tag("tr", tag("th", say(f"closing.{named.get(name, name)}"), scope="row"), cell)
        for name, cell in found
        if cell is not None
    ]
    ranges = [tag("span", say("closing.ranges"))] if _row(out) else []
    return tag(
        "section",
        _head(out),
        tag("table", tag("tbody", *rows)),
        tag("p", *ranges, tag("span", _foot()), cls="kp-foot"),
        cls="kp-sheet",
    )


def _head(out: Outcome) -> Element:
    draft, practice = out.consultation.draft, core_access.practice(out.consultation.draft.location_id).name
    who = say("closing.who", name=calm(draft.code_name), day=short_date(draft.as_of))
    training: list[Piece] = [" · ", tag("b", say("shell.training_only"))] if core_access.training_only() else []
    named = [tag("span", practice, cls="kp-clinic", dir="auto")] if practice else []
    title = tag("h2", say("closing.sheet"), cls="mc-title")
    return tag("header", tag("div", title, *named), tag("p", tag("bdi", who), *training), cls="kp-head")


def _foot() -> str:
    training = f"{say('shell.training_only')}. " if core_access.training_only() else ""
    return training + say("closing.no_advice")


def _text(text: str) -> Element | None:
    return tag("td", text) if text else None


def _compared(out: Outcome) -> Element:
    book = out.book
    names = [tag("span", draw.option_mark(one), book.options[one].name) for one in out.consultation.options]
    return tag("td", tag("div", *names, cls="kp-options"))


def _fits(out: Outcome) -> Element:
    """The headline as it stood, but for what each basis alone says; and what counted most for what fits best.

    On a close call nothing is argued for one of those that fit: the headline has said that they are equal. Nor is anything
    where the client has not said what to change: then nothing was said to fit.
    """
    told = headline(out.told, over=True)
    argued = out.answers.get("concern") and out.told.result.standing != "close_call"
    reasons = overall_reasons(out.told) if argued else None
    texts = [line.text for line in reasons.lines if line.towards == reasons.best] if reasons else []
    best = out.told.name(reasons.best) if reasons else ""
    said = "; ".join(small(one) for one in texts[:MOST_REASONS])
    why = [say("closing.counts", best=best, reasons=said)] if texts else []
    return tag("td", " ".join([*told.lines, *why, *told.below, *why_none(out.told)]))


def _choice(out: Outcome) -> Element:
    chosen = str(out.consultation.draft.choice)
    words = choice.words_of(out, chosen).replace("\\", "")
    mark: list[Piece] = [draw.option_mark(chosen), " "] if chosen not in NOTHING_PLANNED else []
    return tag("td", *mark, tag("b", words), cls="kp-choice")


def _row(out: Outcome) -> Row | None:
    """The chosen treatment's row of the calendar; None for waiting, not yet and no."""
    chosen = out.consultation.draft.choice
    return out.timeline.row(str(chosen)) if is_treatment(chosen, out.book) else None


def _dates(out: Outcome) -> Element | None:
    """The visits of the course from its first day, drawn for the chosen option alone; or when to look again."""
    draft, row = out.consultation.draft, _row(out)
    if draft.next_day is None:
        return _text(say("closing.nothing_planned"))
    if draft.next_kind != FIRST_VISIT or row is None or row.counted is None:
        return _text(say("plan.look_again_on", day=short_date(draft.next_day)) + ".")
    sessions = sessions_from(row.counted, draft.next_day)
    usual = [one.day for one in sessions if one.usual]
    days = [*(out.told.day(day) for day in usual[:-1]), short_date(usual[-1])]
    about = " ".join(_about_the_dates(out, row, row.counted))
    lines = tag(
        "p",
        say("closing.if_you_start", day=out.told.day(draft.next_day)),
        " ",
        tag("b", listed(days) + "."),
        " ",
        about,
    )
    return tag("td", lines, draw.picture(own_dates(out, row, sessions)))


def _about_the_dates(out: Outcome, row: Row, plan: Plan) -> list[str]:
    first = page_to_keep_words.seen_first(out)
    said = [say(f"closing.{first}")] if first else []
    said += _by_the_date(out, row)
    said += [say("closing.maybe")] if maybe_more(plan) else []
    if row.redness:
        said.append(say("closing.red", low=row.redness.low, high=row.redness.high))
    for name, bands in (("first_change", out.timeline.first_change), ("at_best", out.timeline.at_its_best)):
        if band := band_of(bands, row.option):
            said.append(say(f"closing.{name}_in", **in_weeks(band.low, band.high)))
    return said


def _by_the_date(out: Outcome, row: Row) -> list[str]:
    """Ready by the client's date or not, in the words of the cards; of another first day than theirs that is not known."""
    event = out.timeline.event
    if event is None or out.consultation.draft.next_day != row.start:
        return []
    told = ready_text(out.told, row.option, out.told.day(event))
    return [f"{capital(told)}."] if told else []


def _cost(out: Outcome) -> Element | None:
    row = _row(out)
    if row is None:
        return _text(say("closing.nothing_planned"))
    return _text(cost_text(out.told, row))


def _note(out: Outcome) -> Element | None:
    """What was found of the chosen treatment, or of all that are open where the client has not decided, and what to heed."""
    return _text(" ".join(to_note(out.told, out.consultation.draft.choice)))


def _call(out: Outcome) -> Element | None:
    """Who answers; without a telephone number there is no such row, and the staff are told."""
    practice = core_access.practice()
    if not practice.phone:
        return None
    hours = f", {practice.hours}. " if practice.hours else ". "
    tell = say("feels.after_tell") if _row(out) else ""
    return tag("td", tag("b", practice.phone), hours, tell)


ROWS: tuple[tuple[str, Callable[[Outcome], Element | None]], ...] = (
    ("concern", lambda out: _text(concern_text(out.told))),
    ("compared", _compared),
    ("matters", lambda out: _text(" ".join(filter(None, (matters_text(out.told), limits_text(out.told)))))),
    ("fits", _fits),
    ("choice", _choice),
    ("dates", _dates),
    ("next", lambda out: _text(page_to_keep_words.what_comes_next(out))),
    ("cost", _cost),
    ("note", _note),
    ("call", _call),
)
"""The sheet's rows, in their order."""
