"""The open consultation: loaded from the store at each run, each answer on the disk before "Saved" is shown.

The address carries the consultation's random id (`?c=...`) and nothing else about the client. A reload, a restart or a
lost session starts from what the store holds. If a save fails, the answers wait in the session, stay on screen and are
tried again; nothing claims to be saved before it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import streamlit as st

from medspa_core import records
from medspa_core.records import Draft
from medspa_core.rulebook import Rulebook
from views import core_access, surroundings

Json = Any
ADDRESS_KEY = "c"


@dataclass
class Consultation:
    """One consultation as the page of this run sees it."""

    draft: Draft
    fresh: bool  # the first run of this session: a reload, a restart, a lost session, or just opened
    board: Any = None  # the parts of the screen it is shown on (views.parts)

    @property
    def id(self) -> str:
        """The opaque id in the address."""
        return self.draft.id

    @cached_property
    def book(self) -> Rulebook:
        """The rulebook of this run."""
        return core_access.rulebook()

    @property
    def as_of(self) -> date:
        """The consultation's own date, also when it is opened later."""
        return self.draft.as_of

    @cached_property
    def answers(self) -> dict[str, Json]:
        """Every answer as shown: those saved, and over them those that still wait to be saved."""
        merged = {**self.draft.answers, **{q: answer for q, (answer, _) in self.waiting.items()}}
        return {question: answer for question, answer in merged.items() if answer is not None}

    @cached_property
    def how_asked(self) -> dict[str, str]:
        """How each answer was asked."""
        return {**self.draft.how_asked, **{q: how for q, (_, how) in self.waiting.items()}}

    @property
    def waiting(self) -> dict[str, tuple[Json, str]]:
        """Answers that are on screen but not yet on the disk."""
        return _waiting(self.draft.id)

    @cached_property
    def result(self) -> dict[str, Json]:
        """The recommendation as the contract's JSON, for the answers on screen and the consultation's own date."""
        return core_access.recommendation(self.answers, self.as_of)

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
        return frozenset(o for o, found in self.result["options"].items() if found["verdict"] != "excluded")


def open_consultation() -> Consultation | None:
    """The consultation of the address, or None: no id, or nothing kept under it."""
    draft_id = st.query_params.get(ADDRESS_KEY, "")
    if not draft_id:
        return None
    try:
        draft = records.load_draft(core_access.store(), draft_id)
    except records.StoreProblem as problem:
        draft = _last_seen(draft_id)
        _tell(str(problem))
    if draft is None:
        return None
    fresh = st.session_state.get("known") != draft.id
    st.session_state["last_seen"] = draft
    return Consultation(draft, fresh)


def all_drawn() -> None:
    """The screen has been drawn to its end: from now on this session knows the consultation. A tap that cuts a first run
    short finds another first run."""
    last = st.session_state.get("last_seen")
    st.session_state["known"] = last.id if last is not None else None


def is_back(consultation: Consultation, here: str) -> bool:
    """Whether to say that the answers are here again: from a session's first run on this screen until the next answer."""
    moment = (here, st.session_state.get("taps", 0))
    if consultation.fresh and consultation.draft.answers:
        st.session_state["back_at"] = moment
    return bool(st.session_state.get("back_at") == moment)


def latest(consultation: Consultation) -> Consultation:
    """The consultation as saved last. For what a tap does: a quick second tap may come from a page drawn before the first
    one was saved, and must not write over it."""
    draft = _last_seen(consultation.id)
    return consultation if draft is None else Consultation(draft, fresh=False)


def start(code_name: str, demo_of: str | None = None, answers: Mapping[str, Json] | None = None) -> str:
    """Starts a consultation and says its id. Raises StoreProblem if it can't be kept."""
    store = core_access.store()
    moment = surroundings.now()
    order = option_order(core_access.rulebook(), records.count_drafts(store))
    draft = records.start_draft(store, code_name, moment, surroundings.local(moment).date(), order, demo_of)
    if answers:
        draft = records.save_answers(store, draft.id, answers, moment, "invented client", draft.revision)
    st.session_state["known"] = draft.id
    return draft.id


def option_order(book: Rulebook, number: int) -> tuple[str, ...]:
    """Waiting, what is neither of the pair, then the pair: first one way round, then the other."""
    pair = tuple(reversed(book.model.pair)) if number % 2 else book.model.pair
    waiting = tuple(option for option, file in book.options.items() if not file.rank)
    between = tuple(option for option in book.ranked if option not in pair)
    return (*waiting, *between, *pair)


def seen(newest: Draft) -> None:
    """The consultation as the store gave it back: what the person at the tablet sees next."""
    st.session_state["last_seen"] = newest


def keep(new: Mapping[str, Json], how: str) -> None:
    """Saves answers of the open consultation (None = unanswered again). What fails stays on screen and is tried again."""
    draft = _drawn()
    if draft is None:
        return
    _waiting(draft.id).update({question: (answer, how) for question, answer in new.items()})
    st.session_state["taps"] = st.session_state.get("taps", 0) + 1
    save_waiting()


def save_waiting() -> bool:
    """Tries to put everything that waits on the disk. True when nothing waits any more."""
    draft = _drawn()
    if draft is None:
        return True
    waiting = _waiting(draft.id)
    for how in dict.fromkeys(how for _, how in waiting.values()):
        group = {question: answer for question, (answer, one_how) in waiting.items() if one_how == how}
        if not _saved(draft, group, how):
            return False
        for question in group:
            del waiting[question]
        draft = _drawn() or draft
    return True


def undo() -> None:
    """Takes back the last answer, or the last start-again."""
    _step(records.undo)


def start_again() -> None:
    """Makes every answer unanswered; one undo brings them back."""
    _step(records.clear_answers)


def has_notice() -> bool:
    """Whether the last save or step had something to say."""
    return "notice" in st.session_state


def notice() -> str:
    """What the last save or step had to say, once."""
    return st.session_state.pop("notice", "")


def _saved(draft: Draft, group: Mapping[str, Json], how: str) -> bool:
    revision = draft.revision
    for _ in range(3):
        try:
            newest = records.save_answers(
                core_access.store(), draft.id, group, surroundings.now(), how, expected_revision=revision
            )
        except records.DraftMoved as moved:
            if any(moved.draft.answers.get(q) != draft.answers.get(q) for q in group):
                _give_up(moved.draft, str(moved), group)
                return False
            revision = moved.draft.revision  # changed elsewhere, but not what is being answered here
        except records.DraftFinished as problem:
            _give_up(draft, str(problem), group)
            return False
        except records.StoreProblem:
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
    _tell(message)


def _step(verb: Callable[..., Draft]) -> None:
    draft = _drawn()
    if draft is None or not save_waiting():
        return
    try:
        newest = verb(core_access.store(), draft.id, surroundings.now(), (_drawn() or draft).revision)
    except records.DraftMoved as moved:
        st.session_state["last_seen"] = moved.draft
        _tell(str(moved))
    except records.StoreProblem as problem:
        _tell(str(problem))
    else:
        st.session_state["last_seen"] = newest


def _drawn() -> Draft | None:
    """The consultation as last loaded or saved by this session: what the person at the tablet was looking at."""
    return _last_seen(st.query_params.get(ADDRESS_KEY, ""))


def _last_seen(draft_id: str) -> Draft | None:
    draft = st.session_state.get("last_seen")
    return replace(draft) if draft is not None and draft.id == draft_id else None


def _waiting(draft_id: str) -> dict[str, tuple[Json, str]]:
    everything: dict[str, dict[str, tuple[Json, str]]] = st.session_state.setdefault("waiting", {})
    return everything.setdefault(draft_id, {})


def _tell(message: str) -> None:
    st.session_state["notice"] = message
