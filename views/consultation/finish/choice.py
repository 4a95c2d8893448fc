"""What the client would like to do: this one, wait, not yet, or no; the day they leave with; and the end of the talk. Each is
kept at the tap, with what was shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from medspa_core import records
from medspa_core.clients import consultations, ready_to_finish
from medspa_core.next_dates import is_treatment, open_days
from medspa_core.rulebook.schema.entries import NO, NOT_YET
from medspa_core.wording.holds import open_questions
from views.context import core_access, environment
from views.context.words import counted, plain, say
from views.elements import draw
from views.elements.draw import tag
from views.redraw import screen_parts
from views.redraw.stored_widgets import ECHO_SECONDS, one_of
from views.result import outcome
from views.result.outcome import Outcome
from views.session import open_consultation, saved_answers
from views.session.open_consultation import Consultation


def ask(consultation: Consultation) -> None:
    """The choice; a changed mind replaces it. Nothing can be chosen while an answer is only being tried."""
    screen_parts.part(consultation, "choice", _shows, _ask)


def _shows(consultation: Consultation) -> object:
    return outcome.shows(consultation), consultation.draft.choice, consultation.finished


def _ask(consultation: Consultation) -> None:
    out = outcome.of(consultation)
    with st.container(key="card_choice"):
        title = [tag("h2", say("choice.title"), cls="rr-h"), tag("p", _state(out), cls="rr-small")]
        trying = [tag("p", say("choice.trying"), cls="rr-text rr-below")] if out.trying else []
        draw.html(*title, *trying)
        names = {choice: words_of(out, choice) for choice in _choices(out)}
        one_of(
            consultation,
            f"tap_wide_choice_{consultation.id}",
            say("choice.title"),
            list(names),
            names,
            consultation.draft.choice,
            lambda chosen: None if out.trying else choose(consultation, chosen),
            disabled=consultation.finished or bool(out.trying),
        )


def _choices(out: Outcome) -> list[str]:
    """Every option that is open, in the order of the cards, then not yet and no."""
    options = [option for option in out.consultation.options if out.told.is_open(option)]
    chosen = out.consultation.draft.choice
    kept = [chosen] if chosen and chosen not in (*options, NOT_YET, NO) else []
    return [*options, *kept, NOT_YET, NO]


def words_of(out: Outcome, choice: str) -> str:
    """A choice in words; one that is no option any more by the name it is kept under."""
    if choice in (NOT_YET, NO):
        return say(f"choice.{choice}")
    option = out.book.options.get(choice)
    return plain(option.name if option else choice.replace("_", " "))


def is_open(out: Outcome, choice: str) -> bool:
    """Whether it can be chosen: an option that the rulebook still has, and that nothing rules out."""
    return choice in out.result.options and out.told.is_open(choice)


def _state(out: Outcome) -> str:
    chosen = out.consultation.draft.choice
    if not chosen:
        return say("choice.lead")
    now = "noted" if chosen in (NOT_YET, NO) or is_open(out, chosen) else "noted_closed"
    key = "noted_over" if out.consultation.finished else now
    noted = say(f"choice.{key}", choice=words_of(out, chosen).replace("\\", ""))
    return f"{noted} {say('choice.lead')}"


def choose(consultation: Consultation, chosen: str | None) -> None:
    """Keeps the choice with what is shown, or takes it back. The second tap of a double tap takes nothing back."""
    now = open_consultation.latest(consultation)
    if chosen:
        record(now, chosen)
    elif not _just_chosen(now):
        saved_answers.do(now.draft, consultations.take_back_choice, environment.now())


def _just_chosen(consultation: Consultation) -> bool:
    at = consultation.draft.chosen_at
    return at is not None and (environment.now() - at).total_seconds() < ECHO_SECONDS


def record(consultation: Consultation, chosen: str) -> bool:
    """Keeps the choice, with what is shown for the answers as they are. False: it could not be kept, and that is told."""
    result = outcome.own(consultation).result
    facts = records.ChoiceFacts(
        concern=consultation.answers.get("concern"),
        recommended=result.best,
        standing=result.standing,
        pair_best=result.pair.best if result.pair else None,
        pair_standing=result.pair.standing if result.pair else None,
    )
    made_with = {"rulebook_revision": result.rulebook_revision, "files": core_access.rulebook_files()}
    now = environment.now()
    return saved_answers.do(
        consultation.draft, consultations.record_choice, chosen, now, facts, **made_with, shown=result.as_dict()
    )


def record_day(consultation: Consultation, kind: str, day: date) -> bool:
    """Keeps the day the client leaves with."""
    now, at = open_consultation.latest(consultation), environment.now()
    return saved_answers.do(now.draft, consultations.record_next_date, kind, day, at, consultation.book)


def finish(consultation: Consultation) -> bool:
    """Ends the consultation for good, if nothing is missing and nothing waits to be saved. Twice is once. What was shown at
    the choice is kept anew if the answers have changed since."""
    now = open_consultation.latest(consultation)
    if now.finished:
        return True
    if not saved_answers.save_waiting() or missing(open_consultation.latest(now)):
        return False
    now = open_consultation.latest(now)
    chosen, days = str(now.draft.choice), _open_days(outcome.own(now))
    if now.draft.shown != _as_kept(outcome.own(now).result.as_dict()) and not record(now, chosen):
        return False
    now, at = open_consultation.latest(now), environment.now()
    return saved_answers.do(now.draft, consultations.finish, at, core_access.rulebook(), days)


def _as_kept(shown: dict[str, Any]) -> Any:
    """As it is read back from the store."""
    return json.loads(json.dumps(shown))


@dataclass(frozen=True)
class Missing:
    """What is missing before the end, in the client's words, and the screen where it is asked; "" for this one."""

    text: str
    page: str = ""


def missing(consultation: Consultation) -> Missing | None:
    """What is missing before the end; None when nothing is. Not yet and waiting are always enough."""
    draft, out = consultation.draft, outcome.own(consultation)
    if draft.choice is None:
        return Missing(say("plan.missing.choice"))
    stale = draft.next_day is not None and next_day(out) is None
    if ready_to_finish.plans_nothing(draft.choice, consultation.book):
        return Missing(say("plan.missing.date")) if stale else None
    if not is_open(out, draft.choice):
        return Missing(say("plan.missing.closed"))
    if next_day(out) is None:
        return Missing(say("plan.missing.date"))
    lacking = ready_to_finish.what_is_missing(replace(draft, answers=consultation.answers), consultation.book)
    if "intake" in lacking:
        return Missing(say("plan.missing.intake"), "you")
    still_open = counted("plan.missing.safety", len(open_questions(out.told)) or 1)
    return Missing(still_open, "safety") if "safety" in lacking else None


def next_day(out: Outcome) -> date | None:
    """The day the client leaves with; None where there is none, or where it has passed or opens only later by now."""
    day = out.consultation.draft.next_day
    return day if day is not None and ready_to_finish.is_open_day(day, _open_days(out)) else None


def _open_days(out: Outcome) -> tuple[date, date]:
    """The days on which the next date may lie today, after the clinician's review."""
    draft = out.consultation.draft
    visits = draft.next_kind == records.FIRST_VISIT and is_treatment(draft.choice, out.book)
    return open_days(out.timeline.row(str(draft.choice)) if visits else None, environment.today())
