"""The open consultation: loaded from the store at each run, each answer on the disk before "Saved" is shown.

The address carries the consultation's random id (`?c=...`) and nothing else about the client. A reload, a restart or a
lost session starts from what the store holds. If a save fails, the answers wait in the session, stay on screen and are
tried again; nothing claims to be saved before it is.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import streamlit as st

from medspa_core import exam, records
from medspa_core.access import Person, Verb, may
from medspa_core.clients import consultations
from medspa_core.older_answers import older_ids, up_to_date
from medspa_core.records import Draft, Given, Store
from medspa_core.result import Recommendation
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict
from views.context import core_access, environment
from views.context.words import say
from views.elements import notices
from views.session import signed_in

Json = Any
ADDRESS_KEY = "c"
NEEDLED = "needling_area_last_28_days"
"""The question whose day the sessions recorded here fill in."""
STARTED = "started"
SAME_TAP_SECONDS = 1.0
"""A second wish to start the same consultation that comes within this time is the second tap of a double tap."""


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
        return _waiting(self.draft.id)

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
    hands = signed_in.hands(draft_id)
    if not draft_id or hands is None or not may(hands[1], Verb.READ_CLIENTS):
        return None
    try:
        draft = consultations.load(*hands, draft_id)
    except records.StoreProblem as problem:
        draft = _last_seen(draft_id)
        refuse(str(problem))
    if draft is None:
        return None
    fresh = st.session_state.get("known") != draft.id
    st.session_state["last_seen"] = draft
    return Consultation(draft, fresh)


def look_for_others() -> None:
    """Draws the screen again if another tab or tablet has changed its consultation: what is tapped next is tapped in sight of
    that. While something waits to be saved it is left alone; saving finds out."""
    draft = _drawn()
    hands = signed_in.hands(draft.id) if draft is not None else None
    if draft is None or hands is None or _waiting(draft.id):
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
    last = st.session_state.get("last_seen")
    st.session_state["known"] = last.id if last is not None else None


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


def start(
    code_name: str,
    demo_of: str | None = None,
    answers: Mapping[str, Json] | None = None,
    client_id: str | None = None,
) -> str:
    """Starts a consultation, of this client if one is named, and says its id. Raises StoreProblem if it can't be kept."""
    hands = signed_in.hands()
    if hands is None or not may(hands[1], Verb.CHANGE_CLIENTS):
        raise records.StoreProblem(say("lock.title"))
    store, who = hands
    asked = (code_name, demo_of, client_id)
    before, draft_id, at = st.session_state.get(STARTED, (None, "", 0.0))
    if before == asked and time.monotonic() - at < SAME_TAP_SECONDS:
        return str(draft_id)
    moment = environment.now()
    order = core_access.rulebook().order_shown(records.count_drafts(store))
    today = environment.local(moment).date()
    about = {"demo_of": demo_of, "client_id": client_id, "location_id": signed_in.place()}
    on_file = _on_file(store, who, client_id, today) if demo_of is None else {}
    draft = consultations.start(store, who, code_name, moment, today, order, on_file=on_file, **about)
    if answers:
        draft = consultations.save_answers(store, who, draft.id, answers, moment, records.INVENTED, draft.revision)
    st.session_state["known"] = draft.id
    st.session_state[STARTED] = (asked, draft.id, time.monotonic())
    return draft.id


def _on_file(store: Store, who: Person, client_id: str | None, today: date) -> dict[str, Json]:
    """What is recorded here and nobody needs to be asked: the product in use, and the day of the last session."""
    product = exam.product_in_use(store, today)
    found: dict[str, Json] = {"exosome_product": product.as_answer()} if product is not None else {}
    last = exam.last_session_day(store, who, client_id) if client_id is not None else None
    if last is not None and NEEDLED in core_access.rulebook().dated_questions:
        found["since"] = {NEEDLED: last.isoformat()}
    return found


def keep(new: Mapping[str, Json], how: str) -> bool:
    """Saves answers of the open consultation (None = unanswered again). What fails stays on screen and is tried again.

    False: nothing to save. A tap can arrive twice: the browser names what was tapped until it has heard of the answer.
    """
    draft = _drawn()
    if draft is None or not _is_new(Consultation(draft, fresh=False), new, how):
        return False
    older = {
        one: None for question in new for one in older_ids(question, core_access.rulebook()) if one in draft.answers
    }
    waited = bool(_waiting(draft.id))
    _waiting(draft.id).update({question: (answer, how) for question, answer in {**older, **new}.items()})
    st.session_state["taps"] = st.session_state.get("taps", 0) + 1
    save_waiting(just_tapped=not waited)
    return True


def _is_new(shown: Consultation, new: Mapping[str, Json], how: str) -> bool:
    answers, asked = shown.answers, shown.how_asked
    return any(answers.get(q) != answer or (answer is not None and asked.get(q) != how) for q, answer in new.items())


def save_waiting(*, just_tapped: bool = False) -> bool:
    """Tries to put everything that waits on the disk. True when nothing waits any more.

    `just_tapped`: nobody was told yet that it is kept. It was tapped in sight of what this screen shows; has another changed
    the consultation since, whatever it was, that is shown first and the tap does not count. What has waited was said to be
    kept on this screen: of that only another's newer answer to the very question stands over it.
    """
    draft = _drawn()
    if draft is None:
        return True
    waiting = _waiting(draft.id)
    for how in dict.fromkeys(how for _, how in waiting.values()):
        group = {question: answer for question, (answer, one_how) in waiting.items() if one_how == how}
        if not _saved(draft, group, how, just_tapped=just_tapped):
            return False
        for question in group:
            del waiting[question]
        draft = _drawn() or draft
    return True


def undo() -> None:
    """Takes back the last answer, or the last start-again."""
    _step(consultations.undo)


def start_again() -> None:
    """Makes every answer unanswered; one undo brings them back."""
    if _step(consultations.clear_answers):
        _back_on_file()


def _back_on_file() -> None:
    """What is recorded here stands again where it was cleared with what the client said beside it."""
    draft = _drawn()
    if draft is None or draft.demo_of is not None or draft.client_id is None or draft.answers.get("since"):
        return

    def put_back(store: Store, who: Person, draft_id: str, now: datetime, revision: int) -> Draft:
        since = {q: one for q, one in _on_file(store, who, draft.client_id, draft.as_of).items() if q == "since"}
        return (
            consultations.save_answers(store, who, draft_id, since, now, records.ON_FILE, revision) if since else draft
        )

    _step(put_back)


def refuse(message: str) -> None:
    """Says on the next screen, once, why something was not done."""
    notices.refuse(NOTICE, message)


def show(newest: Draft) -> None:
    """This is how the consultation stands now, as a verb gave it back."""
    st.session_state["last_seen"] = newest


NOTICE, WHY_NOT = "notice", "why_not_saved"
WHY_NOT_SAVED = {records.StoreBusy: "busy", records.StoreFull: "full"}


def why_not_saved() -> str:
    """Why what waits is not saved, and what to do next: a line for the screen."""
    return say(f"shell.waits_{st.session_state.get(WHY_NOT, 'other')}")


def has_notice() -> bool:
    """Whether the last save or step had something to say."""
    return notices.waits(NOTICE)


def notice() -> None:
    """Says what the last save or step had to say, once."""
    notices.show(NOTICE)


def _saved(draft: Draft, group: Mapping[str, Json], how: str, *, just_tapped: bool) -> bool:
    revision, hands = draft.revision, signed_in.hands(draft.id)
    if hands is None:
        return False
    for _ in range(3):
        try:
            newest = consultations.save_answers(
                *hands, draft.id, group, environment.now(), how, expected_revision=revision
            )
        except records.DraftMoved as moved:
            if just_tapped or any(moved.draft.answers.get(q) != draft.answers.get(q) for q in group):
                _give_up(moved.draft, str(moved), group)
                return False
            revision = moved.draft.revision  # changed elsewhere, but not what is being answered here
        except records.DraftFinished as problem:
            _give_up(draft, str(problem), group)
            return False
        except records.StoreProblem as problem:
            st.session_state[WHY_NOT] = WHY_NOT_SAVED.get(type(problem), "other")
            return False
        else:
            st.session_state["last_seen"] = newest
            return True
    return False


def _give_up(newest: Draft, message: str, group: Mapping[str, Json]) -> None:
    """Somebody else's newer answer stands; the page shows it and says so."""
    for question in group:
        _waiting(newest.id).pop(question, None)
    st.session_state["last_seen"] = newest
    refuse(message)


def _step(verb: Callable[..., Draft]) -> bool:
    """Does it with the consultation as it stands; whatever stands in the way is told. False: it was not done."""
    draft = _drawn()
    hands = signed_in.hands(draft.id) if draft is not None else None
    if draft is None or hands is None or not save_waiting():
        return False
    try:
        newest = verb(*hands, draft.id, environment.now(), (_drawn() or draft).revision)
    except records.DraftMoved as moved:
        st.session_state["last_seen"] = moved.draft
        refuse(str(moved))
    except records.StoreProblem as problem:
        refuse(str(problem))
    else:
        st.session_state["last_seen"] = newest
        return True
    return False


def _drawn() -> Draft | None:
    """What the person at the tablet was looking at, to change it; nothing, if they may not any more.

    A callback runs before the page asks who is there, so it is asked here.
    """
    draft_id = st.query_params.get(ADDRESS_KEY, "")
    if not signed_in.allows(Verb.CHANGE_CLIENTS, consultation=draft_id):
        return None
    return _last_seen(draft_id)


def _last_seen(draft_id: str) -> Draft | None:
    draft = st.session_state.get("last_seen")
    return replace(draft) if draft is not None and draft.id == draft_id else None


def _waiting(draft_id: str) -> dict[str, tuple[Json, str]]:
    everything: dict[str, dict[str, tuple[Json, str]]] = st.session_state.setdefault("waiting", {})
    return everything.setdefault(draft_id, {})
