"""What is picked on Compare: concern, whose numbers, first day and a date, all in the address; and a consultation with it."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from medspa_core import records
from medspa_core.access import Verb
from medspa_core.formats.typed_dates import NoDate
from medspa_core.rulebook import CONSIDERED
from views.context import core_access, environment
from views.context.words import clock_time, say, short_date
from views.elements.choice_field import in_a_list
from views.elements.date_field import date_field, day_or_none, typed_day
from views.frame import shell
from views.result.compared import WHOSE, Picked
from views.session import new_consultation, open_consultation, signed_in

PICKED_ON_COMPARE = "picked on Compare"
"""How these answers of a consultation were asked."""
STARTED = "compare_started"
FARTHEST_START, FARTHEST_DATE = timedelta(days=2 * 365), timedelta(days=10 * 365)


def picked(today: date) -> Picked:
    """The row of fields; what comes back is what stands in them."""
    with st.container(key="bar_compare", horizontal=True, vertical_alignment="top"):
        names = core_access.rulebook().questions["concern"].words.answers
        with st.container(key="filter_box_concern", width=228):
            concern = in_a_list(say("compare.concern"), names, "concern", bind="query-params")
        basis = _whose()
        with st.container(key="bar_compare_days", horizontal=True, width="content"):
            first = _day("first_day", today, today)
            event = _day("my_date", today, None)
    return Picked(concern, basis, day_or_none(first) or today, day_or_none(event))


def _day(name: str, today: date, shown: date | None) -> date | NoDate:
    with st.container(width=140):
        return date_field(say(f"compare.{name}"), name, *_days(name, today), shown, bind="query-params")


def _days(name: str, today: date) -> tuple[date, date]:
    """The first and the last day that a field takes."""
    return (today, today + FARTHEST_START) if name == "first_day" else (today + timedelta(1), today + FARTHEST_DATE)


def _whose() -> str:
    words = {basis: say(f"compare.whose_{basis}") for basis in WHOSE}
    with st.container(key="seg_box_whose_numbers", width="content"):
        chosen = st.segmented_control(
            say("compare.whose"), list(words), default=CONSIDERED, required=True, key="basis", bind="query-params",
            format_func=words.__getitem__,
        )  # fmt: skip
    return chosen or CONSIDERED


def start_button(today: date) -> shell.Way | None:
    """For whoever may begin a consultation; nothing for anybody else."""
    if not signed_in.allows(Verb.CHANGE_CLIENTS):
        return None
    return shell.Way(say("staff.compare.start"), do=lambda: _start(today))


def _in_the_fields(today: date) -> Picked:
    """What stands in the fields at this moment, also where the page was not drawn again since."""
    event = typed_day("my_date", *_days("my_date", today), date.max)
    first = typed_day("first_day", *_days("first_day", today), today)
    state = st.session_state
    return Picked(state["concern"], state["basis"] or CONSIDERED, first, event if event < date.max else None)


def _start(today: date) -> None:
    """Begins a consultation that carries what is picked: no preference, and no answer on safety. For on_click."""
    picked = _in_the_fields(today)
    now = environment.local(environment.now())
    name = say("staff.compare.code_name", day=short_date(now.date()), time=clock_time(now))
    try:
        draft_id = new_consultation.start(name, answers=picked.answers, how_asked=PICKED_ON_COMPARE)
    except records.StoreProblem as problem:
        open_consultation.refuse(str(problem))
    else:
        st.session_state[STARTED] = draft_id


def open_started() -> None:
    """Goes on in the consultation that the last tap began."""
    draft_id = st.session_state.pop(STARTED, "")
    if draft_id:
        shell.open_draft(draft_id)
