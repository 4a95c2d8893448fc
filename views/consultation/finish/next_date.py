"""Your next date: the first visit on the client's own day or another, or a day to look again."""

from __future__ import annotations

from datetime import date

import streamlit as st

from medspa_core.next_dates import first_visit, open_days, sessions_from
from medspa_core.records import FIRST_VISIT, LOOK_AGAIN
from medspa_core.timeline import Row
from medspa_core.wording.plan_words import then_text
from views.consultation.answers.typed_answers import day_field
from views.consultation.finish import choice
from views.context import environment
from views.context.words import say
from views.elements import draw
from views.elements.draw import tag
from views.redraw import screen_parts
from views.result.outcome import Outcome

PICKS = "plan_picks"
"""In the session: for which kind of date a day is being picked."""


def asked() -> str:
    """For which kind of date a day is being picked."""
    return str(st.session_state.get(PICKS, ""))


def ask(out: Outcome, row: Row | None) -> None:
    """The ways to a next date; `row` is the chosen treatment's, and None for waiting and not yet."""
    draft, today = out.consultation.draft, environment.today()
    stored = choice.next_day(out)
    own = first_visit(row, today) if row else None
    draw.html(
        tag("h2", say("plan.date_title"), " ", tag("span", _then(out, row), cls="mc-help"), cls="mc-section"),
    )
    with st.container(key="plan_dates", horizontal=True):
        if own is not None:
            on = draft.next_kind == FIRST_VISIT and stored is not None
            _way(out, "own", say("plan.first_visit", day=_day(out, own)), on=on and stored == own, day=own)
            words = say("plan.other_day", day=_day(out, stored)) if on and stored != own else say("plan.another_day")
            _way(out, FIRST_VISIT, words, on=on and stored != own)
        again = draft.next_kind == LOOK_AGAIN and stored is not None
        words = say("plan.look_again_on", day=_day(out, stored)) if again and stored else say("plan.look_again")
        _way(out, LOOK_AGAIN, words, on=again)
    if kind := asked():
        _pick(out, kind, open_days(row if kind == FIRST_VISIT else None, today))


def _way(out: Outcome, name: str, words: str, *, on: bool, day: date | None = None) -> None:
    """One way: the client's own day is kept at the tap, for another a day is asked."""
    with st.container(key=f"{'on' if on else 'off'}_date_{name}"):
        icon = ":material/check:" if on else ":material/event:"
        st.button(
            words,
            key=f"date_{name}",
            icon=icon,
            width="stretch",
            on_click=screen_parts.tap(out.consultation, lambda: _chosen(out, name, day)),
        )


def _chosen(out: Outcome, name: str, day: date | None) -> None:
    if day is None:
        st.session_state[PICKS] = name
        return
    st.session_state.pop(PICKS, None)
    choice.record_day(out.consultation, FIRST_VISIT, day)


def _pick(out: Outcome, kind: str, within: tuple[date, date]) -> None:
    draft = out.consultation.draft
    stored = draft.next_day if draft.next_kind == kind else None

    def keep(day: date | None) -> None:
        if day is not None:
            choice.record_day(out.consultation, kind, day)

    label = say("plan.another_day" if kind == FIRST_VISIT else "plan.look_again")
    day_field(out.consultation, f"plan_{kind}", label, within, stored, keep)


def _then(out: Outcome, row: Row | None) -> str:
    """The visits that follow the first."""
    first = choice.next_day(out)
    if row is None or row.counted is None or out.consultation.draft.next_kind != FIRST_VISIT or first is None:
        return ""
    sessions = sessions_from(row.counted, first)
    return then_text(out.told, [_day(out, one.day) for one in sessions[1:] if one.usual])


def _day(out: Outcome, day: date | None) -> str:
    return out.told.day(day) if day else ""
