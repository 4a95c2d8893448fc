"""One consultation's result as screens 4 to 6 see it: the client's own answers, or one that is just being tried.

out = outcome.of(consultation)
out.result, out.told, out.timeline          # the core's objects
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from medspa_core.intake import IntakeProblem
from medspa_core.result import Recommendation
from medspa_core.rulebook import Rulebook
from medspa_core.timeline import Timeline, timeline
from medspa_core.wording.words import Told, read_words
from views.context import core_access, per_run_cache
from views.elements import draw
from views.result import reviewed_options
from views.session import saved_answers, signed_in
from views.session.open_consultation import Consultation

TRYING = "trying"


@dataclass
class Outcome:
    """What the core says of the answers on screen."""

    consultation: Consultation
    answers: Mapping[str, Any]
    trying: str  # the change being tried, in words; "" for the client's own answers
    found: Recommendation  # by the answers alone
    result: Recommendation  # after the clinician's review, if there is one
    refused: tuple[str, ...]  # what only the clinician's word rules out

    @property
    def book(self) -> Rulebook:
        """The rulebook it was made with."""
        return self.consultation.book

    @cached_property
    def told(self) -> Told:
        """The result, ready to be put into words."""
        return Told(self.result, self.answers, self.book, read_words(), self.found)

    @cached_property
    def timeline(self) -> Timeline:
        """The result in dates."""
        return timeline(self.result, self.answers, self.book, self.consultation.options)

    @property
    def shared(self) -> bool:
        """Whether first change and redness are the same for all options."""
        rows = self.timeline.rows
        return (
            len(self.timeline.first_change) <= 1
            and len({row.redness.model_dump_json() for row in rows if row.redness}) <= 1
        )


def of(consultation: Consultation) -> Outcome:
    """The result of the answers on screen; stops the page with what is wrong if they can't be used."""
    return _made_once(consultation, _tried(consultation))


def own(consultation: Consultation) -> Outcome:
    """The result of the client's own answers, also while another is being tried."""
    return _made_once(consultation, {})


def _made_once(consultation: Consultation, tried: Mapping[str, Any]) -> Outcome:
    """Once a run, for all its parts; after a tap that changed something the consultation is another."""
    name = f"outcome {id(consultation)} {tried.get('change', '')}"
    return per_run_cache.once(name, lambda: _with(consultation, tried))


def _with(consultation: Consultation, tried: Mapping[str, Any]) -> Outcome:
    answers = {**consultation.answers, **tried.get("answers", {})}
    try:
        found = core_access.recommended(answers, consultation.as_of, consultation.book)
    except IntakeProblem as problem:
        for line in problem.problems:
            draw.note(line)
        st.stop()
    review = reviewed_options.after_the_review(signed_in.person(), consultation.id, answers, found, consultation.book)
    return Outcome(consultation, answers, tried.get("change", ""), found, review.result, review.refused)


def shows(consultation: Consultation) -> object:
    """What all that is drawn of a result follows: the answers, and the change that is being tried."""
    return consultation.answers, _tried(consultation)


def try_out(draft_id: str, answers: Mapping[str, Any], change: str) -> None:
    """Shows what one other answer would do. Nothing is saved."""
    st.session_state[TRYING] = {"draft": draft_id, "answers": dict(answers), "change": change}


def come_back() -> None:
    """Back to the client's own answers."""
    st.session_state.pop(TRYING, None)


def keep_tried(consultation: Consultation) -> None:
    """The client means it: the tried answer is saved."""
    tried = st.session_state.pop(TRYING, None)
    if tried and tried["draft"] == consultation.id:
        saved_answers.keep(consultation, tried["answers"], "tried on screen 4")


def _tried(consultation: Consultation) -> dict[str, Any]:
    tried = st.session_state.get(TRYING)
    if not tried or tried["draft"] != consultation.id or consultation.finished:
        return {}
    return tried  # type: ignore[no-any-return]
