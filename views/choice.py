"""What the client would like to do: this one, wait, not yet, or no. Kept at the tap, with what was shown."""

from __future__ import annotations

import streamlit as st

from medspa_core import records
from medspa_core.access import Verb, may
from medspa_core.clients import consultations
from views import consultation as kept
from views import core_access, draw, outcome, parts, shell, signed_in, surroundings
from views.consultation import Consultation
from views.draw import tag
from views.outcome import Outcome, say
from views.words import plain
from views.words import say as screen_words

NOT_YET, NO = "not_yet", "no"


def ask(consultation: Consultation) -> None:
    """The choice; a changed mind replaces it. Nothing can be chosen while an answer is only being tried."""
    parts.part(consultation, "choice", _shows, _ask)


def _shows(consultation: Consultation) -> object:
    return outcome.shows(consultation), consultation.draft.choice, consultation.finished


def _ask(consultation: Consultation) -> None:
    out = outcome.of(consultation)
    with st.container(key="card_choice"):
        title = [tag("h2", say("choice.title"), cls="rr-h"), tag("p", _state(out), cls="rr-small")]
        trying = [tag("p", say("choice.trying"), cls="rr-text rr-below")] if out.trying else []
        draw.html(*title, *trying)
        names = {choice: words_of(out, choice) for choice in _choices(out)}
        st.pills(
            say("choice.title"),
            list(names),
            default=out.consultation.draft.choice,
            format_func=names.__getitem__,
            key=_key(out),
            label_visibility="collapsed",
            width="stretch",
            disabled=out.consultation.finished or bool(out.trying),
            on_change=parts.tap(consultation, lambda: _keep(out)),
        )
        if shell.staff_view() and not out.consultation.finished and not out.trying:
            _ask_to_finish(out)


def _key(out: Outcome) -> str:
    return f"tap_wide_choice_{out.consultation.id}_{out.consultation.draft.choice}"


def _ask_to_finish(out: Outcome) -> None:
    """For staff: the end of the consultation, which can't be taken back."""
    with st.popover(screen_words("staff.clients.finish"), icon=":material/task_alt:"):
        draw.html(tag("p", screen_words("staff.clients.finish_line"), cls="rr-text"))
        with st.container(key="main_finish"):
            st.button(
                screen_words("staff.clients.finish_yes"),
                key="finish",
                on_click=parts.tap(out.consultation, lambda: _finish(out)),
            )


def _choices(out: Outcome) -> list[str]:
    """Every option that is open, in the order of the cards, then not yet and no."""
    options = [option for option in out.consultation.options if out.told.is_open(option)]
    chosen = out.consultation.draft.choice
    kept = [chosen] if chosen and chosen not in (*options, NOT_YET, NO) else []
    return [*options, *kept, NOT_YET, NO]


def words_of(out: Outcome, choice: str) -> str:
    """A choice in words."""
    if choice in (NOT_YET, NO):
        return say(f"choice.{choice}")
    return plain(out.consultation.book.options[choice].name)


def _state(out: Outcome) -> str:
    chosen = out.consultation.draft.choice
    if not chosen:
        return f"{say('choice.noted_none')} {say('choice.lead')}"
    key = "noted" if chosen in (NOT_YET, NO) or out.told.is_open(chosen) else "noted_closed"
    noted = say(f"choice.{key}", choice=words_of(out, chosen).replace("\\", ""))
    return f"{noted} {say('choice.lead')}"


def _keep(out: Outcome) -> None:
    chosen = st.session_state.get(_key(out))
    hands = signed_in.hands(out.consultation.id)
    if not chosen or out.trying or hands is None or not may(hands[1], Verb.CHANGE_CLIENTS):
        return
    result, draft = out.result, out.consultation.draft
    facts = records.ChoiceFacts(
        concern=out.answers.get("concern"),
        recommended=result.best,
        standing=result.standing,
        pair_best=result.pair.best if result.pair else None,
        pair_standing=result.pair.standing if result.pair else None,
    )
    try:
        newest = consultations.record_choice(
            *hands,
            draft.id,
            chosen,
            surroundings.now(),
            facts,
            rulebook_revision=result.rulebook_revision,
            files=core_access.rulebook_files(),
            shown=result.as_dict(),
            expected_revision=draft.revision,
        )
    except records.DraftMoved as moved:
        kept.show(moved.draft)
        kept.tell(str(moved))
    except records.StoreProblem as problem:
        kept.tell(str(problem))
    else:
        kept.show(newest)


def _finish(out: Outcome) -> None:
    hands = signed_in.hands()
    if hands is None or not may(hands[1], Verb.CHANGE_CLIENTS):
        return
    try:
        kept.show(consultations.finish(*hands, out.consultation.id, surroundings.now(), core_access.rulebook()))
    except records.StoreProblem as problem:
        kept.tell(str(problem))
    else:
        kept.tell(screen_words("staff.clients.finished_now"))
