"""The parts of screen 4: the headline, the cards, what stands under them, and what to do when nothing is left."""

from __future__ import annotations

import streamlit as st

from medspa_core.safety import Verdict
from medspa_core.wording import headline as headline_of
from medspa_core.wording import state_of
from views import consultation as kept
from views import draw, shell
from views.cards import grid
from views.draw import tag
from views.outcome import Outcome, option_words, say


def headline(out: Outcome) -> None:
    """Two lines in one size: the pair, then what else fits. Then one sentence: what each basis alone says."""
    told = headline_of(out.told)
    pieces = [tag("h1", told.pair, cls="rh"), tag("p", told.rest, cls="rh")]
    if told.bases:
        pieces.append(tag("p", told.bases, cls="rh-bases"))
    draw.html(tag("div", *[piece for piece in pieces if "".join(piece.itertext())]))
    if not out.answers.get("concern"):
        with st.container(key="main_start", width="content"):
            if st.button(say("empty.action"), key="start_with_you", icon=":material/arrow_back:"):
                shell.go("you")


def cards(out: Outcome) -> None:
    """The four options, in equal detail."""
    draw.html(grid(out, with_points=bool(st.session_state.get("points"))))


def under_the_cards(out: Outcome) -> None:
    """Good and not so good, what each step feels like, the flag in words, and what is to ask or to know."""
    shown = bool(st.session_state.get("points"))
    with st.container(key="bar_under", horizontal=True, vertical_alignment="center"):
        with st.container(key="quiet_points", width="content"):
            label = say("under_cards.good_hide" if shown else "under_cards.good")
            st.button(label, key="points_button", icon=":material/balance:", on_click=_turn_points)
        with st.container(key="quiet_feels", width="content"):
            if st.button(say("under_cards.feels"), key="feels_button", icon=":material/spa:"):
                _feels(out)
        with st.container(key="quiet_why", width="content"):
            if st.button(say("under_cards.why"), key="why_button", icon=":material/menu_book:"):
                shell.go("why")
        flag = tag("p", draw.icon("flag"), tag("span", say("studied.plan")), cls="rc-flagnote")
        draw.html(flag, width="content")
    _notes(out)


def _turn_points() -> None:
    st.session_state["points"] = not st.session_state.get("points")


def _notes(out: Outcome) -> None:
    """What the client reads of the findings, each sentence once with the options it is about."""
    by_text: dict[str, list[str]] = {}
    for option in out.consultation.options:
        for text in state_of(out.told, option).detail:
            by_text.setdefault(text, []).append(option)
    lines = [
        tag("p", tag("span", *[draw.option_mark(option) for option in options]), tag("span", text))
        for text, options in by_text.items()
    ]
    lines = [*_refused(out), *_open_safety(out), *lines]
    if lines:
        with st.container(key="mist_notes"):
            draw.html(tag("div", *lines, cls="rc-notes"))


def _refused(out: Outcome) -> list[draw.Element]:
    """What only the clinician's word rules out, once for all of it."""
    marks = tag("span", *[draw.option_mark(option) for option in out.refused])
    return [tag("p", marks, tag("span", say("notes.clinician_no")))] if out.refused else []


def _open_safety(out: Outcome) -> list[draw.Element]:
    """While safety questions are open, that is why a clinician is asked first."""
    number = len(out.result.unanswered_safety)
    reviewed = [o for o in out.consultation.options if out.result.options[o].verdict is Verdict.NEEDS_REVIEW]
    if number and out.answers:
        return [tag("p", draw.icon("ask"), tag("span", say("notes.safety_open", number=number)))]
    marks = tag("span", *[draw.option_mark(option) for option in reviewed])
    return [tag("p", marks, tag("span", say("notes.ask_first")))] if reviewed and out.answers else []


def nothing_left(out: Outcome) -> None:
    """Everything is out: the kinds of reason, and each must that one tap makes softer."""
    if not out.result.why_none:
        return
    with st.container(key="card_none"):
        lines = [tag("p", say(f"none.{kind}"), cls="rr-text") for kind in out.result.why_none]
        draw.html(tag("h2", say("none.title"), cls="rr-h"), *lines)
        if out.result.musts_to_relax and not out.trying:
            draw.html(tag("p", say("none.relax_line"), cls="rr-small"))
            with st.container(key="bar_relax", horizontal=True):
                for criterion in out.result.musts_to_relax:
                    _relax(out, criterion)


def _relax(out: Outcome, criterion: str) -> None:
    st.button(
        say("none.relax", criterion=say(f"criterion.{criterion}")),
        key=f"relax_{criterion}",
        on_click=_make_a_lot,
        args=(dict(out.answers.get("importance") or {}), criterion),
        disabled=out.consultation.finished,
    )


def _make_a_lot(importance: dict[str, str], criterion: str) -> None:
    kept.keep({"importance": {**importance, criterion: "lot"}}, "made softer on screen 4")


@st.dialog(say("feels.title"), width="large")
def _feels(out: Outcome) -> None:
    """Each step of a visit, in order, and what it is like."""
    words, book = option_words(), out.consultation.book
    for option in (option for option in out.consultation.options if book.options[option].visit):
        visit = book.options[option].visit
        assert visit is not None
        steps = [step for part in visit.one_after_another for step in ((part,) if isinstance(part, str) else part)]
        lines = [tag("li", tag("b", _step(step)), ". ", words.say(f"feels.{step}")) for step in steps]
        title = tag("h3", draw.option_mark(option), " ", book.options[option].name, cls="rr-h")
        what = tag("p", words.say(f"{option}.what"), cls="rr-small") if words.has(f"{option}.what") else tag("p")
        draw.html(tag("div", title, what, tag("ol", *lines, cls="rr-steps")))
    draw.html(tag("p", words.say("feels.after"), cls="rr-text"))


def _step(step: str) -> str:
    name = say(f"visit.step.{step}")
    return name[:1].upper() + name[1:]
