"""What matters: the importance of each criterion, what a must rules out, and what is open now."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from statistics import mode

import streamlit as st

from medspa_core.recommendation import opens_again
from medspa_core.rulebook.schema.on_screens import CriterionSaid
from medspa_core.wording.states import state_of
from medspa_core.wording.words import small
from views.consultation.answers import answer_inputs
from views.consultation.answers.answer_words import answer_words
from views.context.words import counted, entry, say
from views.elements import draw
from views.redraw import screen_parts
from views.result import outcome
from views.session.open_consultation import Consultation


def rows(consultation: Consultation) -> None:
    """One row a criterion; a must opens a strip that says what it does. What the client has not spoken of is one tap away."""
    first = shown_first(consultation)
    with st.container(key="card_rows_weigh"):
        _rows(consultation, first)
    rest = [criterion for criterion in consultation.book.criteria if criterion not in first]
    if rest:
        with st.expander(say("what_matters.more"), key="folded_criteria"), st.container(key="card_rows_weigh_more"):
            _rows(consultation, rest)


def _rows(consultation: Consultation, criteria: Sequence[str]) -> None:
    for criterion in criteria:
        with st.container(key=f"weigh_{criterion}"):
            screen_parts.part(
                consultation,
                f"weigh_{criterion}",
                functools.partial(_shows, criterion),
                functools.partial(_criterion, criterion),
            )


def shown_first(consultation: Consultation) -> list[str]:
    """The criteria in sight, in the rulebook's order: those that the answers on You speak of, at most so many as the data
    say, limits before wishes; and each whose importance was stated."""
    criteria, most = list(consultation.book.criteria), entry("what_matters.most_shown")
    spoken_of = [criterion for criterion in criteria if _is_spoken_of(consultation, criterion)]
    spoken_of.sort(key=lambda criterion: not _limit(consultation, criterion))
    chosen = {*(spoken_of[:most] or criteria[:most]), *consultation.answers.get("importance", {})}
    return [criterion for criterion in criteria if criterion in chosen]


def _is_spoken_of(consultation: Consultation, criterion: str) -> bool:
    """Whether an answer asks something of this criterion; "any number is fine" asks nothing."""
    question = _limit(consultation, criterion) or _said(consultation, criterion).about
    answer = consultation.answers.get(question)
    return answer is not None and answer not in entry("what_matters.asks_nothing")


def _shows(criterion: str, consultation: Consultation) -> object:
    """The help follows the answer, and so does what a must rules out; the four steps show the tap by themselves."""
    given = _given(consultation, criterion)
    must = given == "must" and (
        _left(consultation),
        _out(consultation, criterion),
        _helps(consultation, criterion),
    )
    return _help(consultation, criterion), _needed(consultation, criterion), must


def _criterion(criterion: str, consultation: Consultation) -> None:
    _row(consultation, criterion)
    if _needed(consultation, criterion):
        _ask_limit(consultation, _limit(consultation, criterion))
    elif _given(consultation, criterion) == "must":
        _must(consultation, criterion)


def _row(consultation: Consultation, criterion: str) -> None:
    with st.container(key=f"half_{criterion}", horizontal=True, vertical_alignment="center"):
        draw.html(
            draw.tag("h2", _said(consultation, criterion).name, cls="mc-question"),
            draw.tag("p", _help(consultation, criterion), cls="mc-help"),
        )
        answer_inputs.weigh(consultation, criterion)


def _help(consultation: Consultation, criterion: str) -> str:
    """What it means, with the client's own limit where there is one, and how it counts until chosen."""
    question, given = _limit(consultation, criterion), _given(consultation, criterion)
    if not question or question not in consultation.answers:
        text = _said(consultation, criterion).help
        left_out = say("what_matters.not_said") if question else ""
    else:
        text, left_out = say("what_matters.you_said", answer=_told(consultation, question)), ""
    until = _until_chosen(consultation, criterion) if given is None and not left_out else ""
    return " ".join(part for part in (text, left_out, until) if part)


def _limit(consultation: Consultation, criterion: str) -> str:
    """The question whose answer says how much is enough, if there is one."""
    return _said(consultation, criterion).limit


def _said(consultation: Consultation, criterion: str) -> CriterionSaid:
    return consultation.book.criteria[criterion].said


def _told(consultation: Consultation, question: str) -> str:
    answer = consultation.answers[question]
    words = answer_words(consultation.book, question, answer, consultation.as_of)
    chosen = answer in consultation.book.questions[question].words.answers
    return small(words) if chosen else words


def _needed(consultation: Consultation, criterion: str) -> bool:
    """It matters, but how much is enough has not been said: then it can't count yet."""
    limit = _limit(consultation, criterion)
    return bool(limit) and limit not in consultation.answers and _given(consultation, criterion) not in (None, "none")


def _ask_limit(consultation: Consultation, question: str) -> None:
    with st.container(key=f"need_{question}"):
        answer_inputs.heading(consultation.book.questions[question])
        answer_inputs.draw_taps(consultation, question)


def lead(consultation: Consultation) -> str:
    """What the screen asks, and how most of what is skipped counts: said once, and in a row only where it differs."""
    return say("what_matters.lead", level=_level_words(consultation, _usual_default(consultation)))


def _usual_default(consultation: Consultation) -> str:
    return mode(criterion.default_importance for criterion in consultation.book.criteria.values())


def _until_chosen(consultation: Consultation, criterion: str) -> str:
    default = consultation.book.criteria[criterion].default_importance
    if default == _usual_default(consultation):
        return ""
    return say("what_matters.until_chosen", level=_level_words(consultation, default))


def _level_words(consultation: Consultation, level: str) -> str:
    return consultation.book.questions["importance"].words.answers[level].lower()


def _given(consultation: Consultation, criterion: str) -> str | None:
    given: dict[str, str] = consultation.answers.get("importance", {})
    return given.get(criterion)


def _must(consultation: Consultation, criterion: str) -> None:
    """What it rules out, what stays open, and one tap back; no such tap where it would open nothing."""
    out, helps = _out(consultation, criterion), _helps(consultation, criterion)
    left = ", ".join(consultation.book.options[option].name for option in _left(consultation))
    more = "" if helps else f" {say('what_matters.ruled_out_too')}"
    with st.container(key=f"sand_{criterion}", horizontal=True, vertical_alignment="center"):
        draw.html(
            draw.tag("p", draw.icon("no"), draw.tag("span", *_ruled_out(consultation, out), more), cls="mc-ruled"),
            draw.tag("p", say("what_matters.still_open", options=left), cls="mc-small mc-in"),
        )
        if helps and not consultation.finished:
            soften = screen_parts.tap(
                consultation, lambda: answer_inputs.set_importance(consultation, criterion, "lot")
            )
            st.button(say("what_matters.back_to_a_lot"), key=f"soften_{criterion}", on_click=soften)


def _helps(consultation: Consultation, criterion: str) -> bool:
    """Whether taking the must back opens something, or it shuts nothing."""
    out, options = _out(consultation, criterion), consultation.result.options
    if not any(len(options[option].failed_musts) == 1 for option in out):
        return not out  # what several musts shut, one alone does not open
    return bool(opens_again(consultation.answers, criterion, consultation.book, consultation.as_of))


def _out(consultation: Consultation, criterion: str) -> list[str]:
    options = consultation.result.options
    return [option for option in consultation.options if criterion in options[option].failed_musts]


def _ruled_out(consultation: Consultation, out: list[str]) -> list[draw.Piece]:
    if not out:
        return [say("what_matters.rules_nothing_out")]
    pieces: list[draw.Piece] = [f"{say('what_matters.rules_out')} "]
    for number, option in enumerate(out):
        comma = ", " if number + 1 < len(out) else "."
        pieces += [draw.option_mark(option), f" {consultation.book.options[option].name}{comma}"]
    return pieces


def _left(consultation: Consultation) -> list[str]:
    """The options that are still open, after the clinician's review."""
    told = outcome.own(consultation).told
    return [option for option in consultation.options if told.is_open(option)]


def open_shows(consultation: Consultation) -> object:
    """What stands in the list of what is open now."""
    told = outcome.own(consultation).told
    return [state_of(told, option) for option in consultation.options]


def open_now(consultation: Consultation) -> None:
    """The four options with their marks; what is ruled out is struck through, with the reason."""
    with st.container(key="card_open_now", gap="small"):
        draw.html(draw.tag("h2", say("what_matters.open_now"), cls="mc-small mc-strong"))
        told = outcome.own(consultation).told
        for option in consultation.options:
            state = state_of(told, option)
            name = draw.tag(
                "span", consultation.book.options[option].name, cls="mc-closed" if state.sign == "no" else ""
            )
            draw.html(
                draw.tag("p", draw.option_mark(option), " ", name, cls="mc-open"),
                draw.tag("p", state.in_full, cls="mc-help mc-in"),
            )


def how_we_use_this() -> None:
    """How the four steps count, for whoever asks."""
    with st.container(key="mist_how"):
        draw.html(draw.asked(say("what_matters.how_title"), say("what_matters.how_weights")))


def foot(consultation: Consultation) -> str:
    """How many are not chosen yet; once the talk is over, that nothing is chosen any more."""
    if consultation.finished:
        return say("you.lead_finished")
    given = consultation.answers.get("importance", {})
    left = sum(1 for criterion in consultation.book.criteria if criterion not in given)
    return counted("what_matters.left", left) if left else say("what_matters.all_chosen")
