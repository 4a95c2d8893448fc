"""The open consultation: loaded from the store at each run. Its answers are saved by `saved_answers`.

The address carries the consultation's random id (`?c=...`) and nothing else about the client. A reload, a restart or a
lost session starts from what the store holds.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import streamlit as st

from medspa_core import records
from medspa_core.access import Verb
from medspa_core.clients import consultations
from medspa_core.older_answers import up_to_date
from medspa_core.records import Draft, Given
from medspa_core.result import Recommendation
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict
from views.context import core_access
from views.elements import notices
from views.session import signed_in

Json = Any
ADDRESS_KEY = "c"
NOTICE = "notice"
LAST_SEEN = "last_seen"


@dataclass
class Consultation:
    """One consultation as the page of this run sees it."""

    draft: Draft
    fresh: bool  # the first run of this session: a reload, a restart, a lost session, or just opened
    board: Any = None  # the parts of the screen it is shown on (views.redraw.screen_parts)

    @property
    def id(self) -> str:
        """The opaque id in the address."""
        return self.draft.id

    @cached_property
    def book(self) -> Rulebook:
        """The rulebook of this run; of a finished consultation the one it was made with."""
        if self.finished and (own := core_access.own_rulebook(self.draft.rulebook_revision)) is not None:
            return own
        return core_access.rulebook()

    @property
    def as_of(self) -> date:
        """The consultation's own date, also when it is opened later."""
        return self.draft.as_of

    @cached_property
    def answers(self) -> dict[str, Json]:
        """Every answer as shown: those saved, and over them those that still wait to be saved."""
        saved = up_to_date(self.draft.answers, self.book)
        merged = {**saved, **{q: answer for q, (answer, _) in self.waiting.items()}}
        return {question: answer for question, answer in merged.items() if answer is not None}

    @cached_property
    def how_asked(self) -> dict[str, str]:
        """How each answer was asked."""
        older = self.book.older_questions
        earlier = {older[q]: how for q, how in self.draft.how_asked.items() if q in older}
        return {**earlier, **self.draft.how_asked, **{q: how for q, (_, how) in self.waiting.items()}}

    @property
    def said(self) -> dict[str, Json]:
        """The answers that somebody gave: all but what stands on file."""
        return {q: answer for q, answer in self.answers.items() if self.how_asked.get(q) != records.ON_FILE}

    @property
    def waiting(self) -> dict[str, tuple[Json, str]]:
        """Answers that are on screen but not yet on the disk."""
        return waiting_of(self.draft.id)

    @cached_property
    def result(self) -> Recommendation:
        """The recommendation by the answers on screen and the consultation's own date, before the clinician's review."""
        return core_access.recommended(self.answers, self.as_of, self.book)

    @property
    def finished(self) -> bool:
        """A finished consultation is only read."""
        return self.draft.finished_at is not None

    @property
    def options(self) -> tuple[str, ...]:
        """The options in the order shown to this client: the two main ones swap places between consultations."""
        known = [option for option in self.draft.option_order if option in self.book.options]
        return tuple(known + [option for option in self.book.options if option not in known])

    @cached_property
    def open_options(self) -> frozenset[str]:
        """Options that nothing has ruled out so far."""
        return frozenset(o for o, one in self.result.options.items() if one.verdict is not Verdict.EXCLUDED)


def open_consultation() -> Consultation | None:
    """The consultation of the address, or None: no id, or nothing kept under it."""
    held = signed_in.held_to()
    asked = st.query_params.get(ADDRESS_KEY, "")
    if held and asked != held:
        if asked:
            signed_in.note_refused("consultation", asked)
        st.query_params[ADDRESS_KEY] = held
    draft_id = st.query_params.get(ADDRESS_KEY, "")
    hands = signed_in.hands(draft_id, Verb.READ_CLIENTS)
    if not draft_id or hands is None:
        return None
    try:
        draft = consultations.load(*hands, draft_id)
    except records.StoreProblem as problem:
        draft = _last_seen(draft_id)
        refuse(str(problem))
    if draft is None:
        return None
    show(draft)
    return Consultation(draft, fresh=st.session_state.get("known") != draft.id)


def look_for_others() -> None:
    """Draws the screen again if another tab or tablet has changed its consultation: what is tapped next is tapped in sight of
    that. While something waits to be saved it is left alone; saving finds out."""
    draft = drawn()
    hands = signed_in.hands(draft.id) if draft is not None else None
    if draft is None or hands is None or waiting_of(draft.id):
        return
    with contextlib.suppress(records.StoreProblem):  # the next tap meets it too, and says so
        newest = consultations.load(*hands, draft.id)
        if newest is not None and _moment(newest) != _moment(draft):
            show(newest)
            st.rerun()


def _moment(draft: Draft) -> tuple[object, ...]:
    return draft.revision, draft.chosen_at, draft.finished_at


def answers_given(consultation: Consultation) -> list[Given]:
    """Every saved answer with its time, as far as who is signed in may see it. Raises StoreProblem."""
    hands = signed_in.hands(consultation.id)
    return consultations.answers_given(*hands, consultation.id) if hands is not None else []


def all_drawn() -> None:
    """The screen has been drawn to its end: from now on this session knows the consultation. A tap that cuts a first run
    short finds another first run."""
    last: Draft | None = st.session_state.get(LAST_SEEN)
    is_known(last.id if last is not None else None)


def is_known(draft_id: str | None) -> None:
    """This session knows the consultation: it is not fresh any more."""
    st.session_state["known"] = draft_id


def is_back(consultation: Consultation, here: str) -> bool:
    """Whether to say that the answers are here again: from a session's first run on this screen until the next answer."""
    moment = (here, st.session_state.get("taps", 0))
    if consultation.fresh and consultation.said:
        st.session_state["back_at"] = moment
    return bool(st.session_state.get("back_at") == moment)


def look_at(consultation: Consultation, screen: str) -> None:
    """This session shows the screen, for the answers as they are now. Without an answer there is nothing to look at."""
    looked: dict[str, Any] = st.session_state.setdefault("looked_at", {}).setdefault(consultation.id, {})
    looked[screen] = dict(consultation.answers)


def was_looked_at(consultation: Consultation, screen: str) -> bool:
    """Whether this session showed the screen with these very answers."""
    answers = st.session_state.get("looked_at", {}).get(consultation.id, {}).get(screen)
    return bool(answers) and answers == consultation.answers


def has_chosen(consultation: Consultation) -> bool:
    """Whether a choice is recorded that is as new as the answers."""
    draft = consultation.draft
    as_new = draft.chosen_at is not None and draft.chosen_at >= draft.saved_at and not consultation.waiting
    return as_new or draft.finished_at is not None


def latest(consultation: Consultation) -> Consultation:
    """The consultation as saved last. For what a tap does: a quick second tap may come from a page drawn before the first
    one was saved, and must not write over it."""
    draft = _last_seen(consultation.id)
    return consultation if draft is None else Consultation(draft, fresh=False)


def refuse(message: str) -> None:
    """Says on the next screen, once, why something was not done."""
    notices.refuse(NOTICE, message)


def show(newest: Draft) -> None:
    """This is how the consultation stands now, as a verb gave it back."""
    st.session_state[LAST_SEEN] = newest


def drawn() -> Draft | None:
    """What the person at the tablet was looking at, to change it; nothing, if they may not any more.

    A callback runs before the page asks who is there, so it is asked here.
    """
    draft_id = st.query_params.get(ADDRESS_KEY, "")
    return _last_seen(draft_id) if signed_in.hands(draft_id, Verb.CHANGE_CLIENTS) is not None else None


def _last_seen(draft_id: str) -> Draft | None:
    draft: Draft | None = st.session_state.get(LAST_SEEN)
    return draft if draft is not None and draft.id == draft_id else None


def waiting_of(draft_id: str) -> dict[str, tuple[Json, str]]:
    """Answers of a consultation that wait to be saved, and how each was asked."""
    everything: dict[str, dict[str, tuple[Json, str]]] = st.session_state.setdefault("waiting", {})
    return everything.setdefault(draft_id, {})
