"""The parts of screen 4: the headline, the cards, what stands under them, and what to do when nothing is left."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from medspa_core.wording.headlines import has_answered
from medspa_core.wording.headlines import headline as headline_of
from medspa_core.wording.holds import causes, looked_at_first
from medspa_core.wording.of_entries import step_said
from medspa_core.wording.to_note import all_too_young, found_of, none_without_needles
from medspa_core.wording.words import capital, listed
from views.charts.calendar_words import too_late
from views.consultation.options.option_cards import grid
from views.context.words import say
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.redraw import screen_parts
from views.result import outcome
from views.result.outcome import Outcome
from views.session import saved_answers
from views.session.open_consultation import Consultation

AFTERWARDS = ("after_usual", "after_rare", "after_germs", "after_colour", "after_lumps", "after_tell")


def headline(out: Outcome) -> None:
    """The lines of the headline in one size; below them waiting, and what each basis alone says."""
    over = out.consultation.finished
    told = headline_of(out.told, over=over)
    pieces = [tag("p" if number else "h1", line, cls="rh") for number, line in enumerate(told.lines)]
    if told.all_below:
        pieces.append(tag("p", " ".join(told.all_below), cls="rh-bases"))
    draw.html(tag("div", *pieces))
    if not over and (not has_answered(out.told) or not out.answers.get("concern")):
        with st.container(key="main_start", width="content"):
            if st.button(say("empty.action"), key="start_with_you", icon=":material/arrow_back:"):
                shell.go("you")


def cards_show(consultation: Consultation) -> object:
    """What the cards follow: the answers on screen, and whether the good and not so good are open."""
    return outcome.shows(consultation), bool(st.session_state.get("points"))


def cards(consultation: Consultation) -> None:
    """The four options, in equal detail, and under them: good and not so good, what each step feels like, the flag."""
    out = outcome.of(consultation)
    shown = bool(st.session_state.get("points"))
    draw.html(draw.kept("cards"))
    with st.container(key="bar_under", horizontal=True, vertical_alignment="center"):
        label = say("under_cards.good_hide" if shown else "under_cards.good")
        st.button(
            label, key="points_button", icon=":material/balance:", on_click=screen_parts.tap(consultation, _turn_points)
        )
        if st.button(say("under_cards.feels"), key="feels_button", icon=":material/spa:"):
            _feels(out)
        if st.button(say("under_cards.why"), key="why_button", icon=":material/menu_book:"):
            shell.go("why", here="options")
        flag = tag("p", draw.icon("flag"), tag("span", say("studied.plan")), cls="rc-flagnote")
        draw.html(flag, draw.into("cards", grid(out, with_points=shown)), width="content")


def _turn_points() -> None:
    st.session_state["points"] = not st.session_state.get("points")


def notes(out: Outcome) -> None:
    """What the client reads of the findings, each sentence once with the options it is about."""
    first = [*_refused(out), *_asked_first(out), *_date(out)]
    lines = [_of_options(options, text) for text, options in found_of(out.told, out.consultation.options).items()]
    if first or lines:
        draw.html(tag("div", *first, *lines, cls="rc-notes"))


def _date(out: Outcome) -> list[draw.Element]:
    """A date that nothing can be sure to meet is said here too, however much it counts."""
    late = too_late(out)
    return [tag("p", draw.icon("clock"), tag("span", late))] if late else []


def _refused(out: Outcome) -> list[draw.Element]:
    """What only the clinician's word rules out, once for all of it."""
    return [_of_options(out.refused, say("notes.clinician_no"))] if out.refused else []


def _asked_first(out: Outcome) -> list[draw.Element]:
    """Why a clinician looks first, where neither the headline nor a finding's own words have said it."""
    said, by_cause = headline_of(out.told).causes, dict[str, list[str]]()
    for option in out.consultation.options:
        if text := looked_at_first(out.told, {option: causes(out.told, option, unexplained=True)}, said):
            by_cause.setdefault(text, []).append(option)
    return [_of_options(options, text) for text, options in by_cause.items()]


def _of_options(options: Iterable[str], text: str) -> draw.Element:
    return tag("p", tag("span", *[draw.option_mark(option) for option in options]), tag("span", text))


def nothing_left(out: Outcome) -> None:
    """Everything is out: the kinds of reason, and each way back that one tap takes."""
    kinds = _kinds(out)
    if not kinds:
        return
    with st.container(key="card_none"):
        lines = [tag("p", say(_why(out, kind)), cls="rr-text") for kind in kinds]
        draw.html(tag("h2", say("none.title"), cls="rr-h"), *lines)
        if out.result.ways_back and not out.trying and not out.consultation.finished:
            draw.html(tag("p", say("none.relax_line"), cls="rr-small"))
            with st.container(key="bar_relax", horizontal=True):
                for musts in out.result.ways_back:
                    _relax(out, musts)


def _why(out: Outcome, kind: str) -> str:
    """Who never wants needles is told kindly that nothing here is without them, and not to change an answer."""
    if kind != "preference":
        return f"none.{kind}"
    if none_without_needles(out.told):
        return "needles.never"
    return "none.preference_over" if out.consultation.finished else "none.preference"


def _kinds(out: Outcome) -> list[str]:
    """Why nothing is left. That somebody is too young stands above already, and is nothing to look for among safety answers."""
    young = all_too_young(out.told)
    return [kind for kind in out.result.why_none if not (kind == "safety" and young)]


def _relax(out: Outcome, musts: tuple[str, ...]) -> None:
    """One way back: one must, or several that have to be taken back together."""
    names = listed([out.told.criterion(criterion).in_a_sentence for criterion in musts])
    softer = {**(out.answers.get("importance") or {}), **dict.fromkeys(musts, "lot")}
    how, now = "made softer on screen 4", out.consultation
    st.button(
        say("none.relax" if len(musts) == 1 else "none.relax_all", criteria=names),
        key=f"relax_{'_'.join(musts)}",
        on_click=screen_parts.tap(now, lambda: saved_answers.keep(now, {"importance": softer}, how)),
    )


@st.dialog(say("feels.title"), width="large")
def _feels(out: Outcome) -> None:
    """Each step of a visit, in order, and what it is like."""
    book = out.book
    for option in (option for option in out.consultation.options if book.options[option].visit):
        visit = book.options[option].visit
        assert visit is not None
        told = [step_said(book, option, step) for step in visit.steps]
        lines = [tag("li", tag("b", capital(one.name)), ". ", one.feels) for one in told]
        title = tag("h3", draw.option_mark(option), " ", book.options[option].name, cls="rr-h")
        said = book.options[option].said
        what = tag("p", said.what, cls="rr-small") if said else tag("p")
        draw.html(tag("div", title, what, tag("ol", *lines, cls="rr-steps")))
    after = [tag("li", say(f"feels.{key}")) for key in AFTERWARDS]
    draw.html(tag("div", tag("h3", say("feels.after"), cls="rr-h"), tag("ul", *after, cls="rr-steps")))
