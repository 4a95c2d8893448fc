"""Each answer is on the disk before "Saved" is shown.

If a save fails, the answers wait in the session, stay on screen and are tried again; nothing claims to be saved before it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from medspa_core import records
from medspa_core.access import Person, Verb
from medspa_core.clients import consultations
from medspa_core.older_answers import older_ids
from medspa_core.records import Draft, Store
from views.context import environment
from views.context.words import say
from views.session import signed_in
from views.session.new_consultation import on_file
from views.session.open_consultation import Consultation, drawn, refuse, show, waiting_of

Json = Any
WHY_NOT = "why_not_saved"
WHY_NOT_SAVED = {records.StoreBusy: "busy", records.StoreFull: "full"}


def keep(consultation: Consultation, new: Mapping[str, Json], how: str) -> bool:
    """Saves answers of the open consultation (None = unanswered again). What fails stays on screen and is tried again.

    False: nothing to save. A tap can arrive twice: the browser names what was tapped until it has heard of the answer.
    """
    draft = drawn()
    if draft is None or not _is_new(_as_shown(consultation, draft), new, how):
        return False
    older = {one: None for question in new for one in older_ids(question, consultation.book) if one in draft.answers}
    waiting = waiting_of(draft.id)
    waited = bool(waiting)
    waiting.update({question: (answer, how) for question, answer in {**older, **new}.items()})
    st.session_state["taps"] = st.session_state.get("taps", 0) + 1
    save_waiting(just_tapped=not waited)
    return True


def _as_shown(consultation: Consultation, draft: Draft) -> Consultation:
    """The open consultation as it stands: what is drawn already knows the answers; a quick second tap may come before that."""
    shown: Consultation = consultation.board.newest if consultation.board is not None else consultation
    return shown if shown.draft is draft else Consultation(draft, fresh=False)


def _is_new(shown: Consultation, new: Mapping[str, Json], how: str) -> bool:
    stands = {q: shown.waiting.get(q) or (shown.answers.get(q), shown.how_asked.get(q)) for q in new}
    return any(stands[q][0] != answer or (answer is not None and stands[q][1] != how) for q, answer in new.items())


def save_waiting(*, just_tapped: bool = False) -> bool:
    """Tries to put everything that waits on the disk. True when nothing waits any more.

    `just_tapped`: nobody was told yet that it is kept. It was tapped in sight of what this screen shows; has another changed
    the consultation since, whatever it was, that is shown first and the tap does not count. What has waited was said to be
    kept on this screen: of that only another's newer answer to the very question stands over it.
    """
    draft = drawn()
    waiting = {} if draft is None else waiting_of(draft.id)
    for how in dict.fromkeys(how for _, how in waiting.values()):
        group = {question: answer for question, (answer, one_how) in waiting.items() if one_how == how}
        if not _saved(drawn(), group, how, just_tapped=just_tapped):
            return False
        for question in group:
            del waiting[question]
    return True


def why_not_saved() -> str:
    """Why what waits is not saved, and what to do next: a line for the screen."""
    return say(f"shell.waits_{st.session_state.get(WHY_NOT, 'other')}")


def undo() -> None:
    """Takes back the last answer, or the last start-again."""
    _step(consultations.undo, environment.now())


def start_again() -> None:
    """Makes every answer unanswered; one undo brings them back."""
    if _step(consultations.clear_answers, environment.now()):
        _back_on_file()


def _back_on_file() -> None:
    """What is recorded here stands again where it was cleared with what the client said beside it."""
    draft = drawn()
    if draft is None or draft.demo_of is not None or draft.client_id is None or draft.answers.get("since"):
        return

    def put_back(store: Store, who: Person, draft_id: str, now: datetime, *, expected_revision: int) -> Draft:
        since = {q: one for q, one in on_file(store, who, draft.client_id, draft.as_of).items() if q == "since"}
        how = records.ON_FILE
        return consultations.save_answers(store, who, draft_id, since, now, how, expected_revision) if since else draft

    _step(put_back, environment.now())


def _saved(draft: Draft | None, group: Mapping[str, Json], how: str, *, just_tapped: bool) -> bool:
    hands = signed_in.hands(draft.id) if draft is not None else None
    if draft is None or hands is None:
        return False
    revision = draft.revision
    for _ in range(3):
        try:
            show(consultations.save_answers(*hands, draft.id, group, environment.now(), how, revision))
        except records.DraftMoved as moved:
            if just_tapped or any(moved.draft.answers.get(q) != draft.answers.get(q) for q in group):
                return _given_up(moved.draft, moved, group)
            revision = moved.draft.revision  # changed elsewhere, but not what is being answered here
        except records.DraftFinished as problem:
            return _given_up(draft, problem, group)
        except records.StoreProblem as problem:
            st.session_state[WHY_NOT] = WHY_NOT_SAVED.get(type(problem), "other")
            return False
        else:
            return True
    return False


def _given_up(newest: Draft, why: records.StoreProblem, group: Mapping[str, Json]) -> bool:
    """Somebody else's newer answer stands; the page shows it and says so. Not saved."""
    for question in group:
        waiting_of(newest.id).pop(question, None)
    show(newest)
    refuse(str(why))
    return False


def _step(verb: Callable[..., Draft], *given: Any) -> bool:
    """Does it with the consultation as it stands, once nothing waits. False: it was not done."""
    draft = drawn() if drawn() is not None and save_waiting() else None
    return draft is not None and do(draft, verb, *given)


def do(draft: Draft, verb: Callable[..., Draft], *given: Any, **named: Any) -> bool:
    """Does it for who may, of the consultation as it stands; whatever stands in the way is told. False: it was not done."""
    hands = signed_in.hands(draft.id, Verb.CHANGE_CLIENTS)
    if hands is None:
        return False
    try:
        show(verb(*hands, draft.id, *given, expected_revision=draft.revision, **named))
    except records.DraftMoved as moved:
        show(moved.draft)
        refuse(str(moved))
    except records.StoreProblem as problem:
        refuse(str(problem))
    else:
        return True
    return False
