"""The parts of screen 4: the headline, the cards, what stands under them, and what to do when nothing is left."""

from __future__ import annotations

import streamlit as st

from medspa_core.safety import Verdict, is_still_asked
from medspa_core.wording import capital, listed, state_of, too_young
from medspa_core.wording import headline as headline_of
from views import consultation as kept
from views import draw, outcome, parts, shell
from views.cards import grid
from views.consultation import Consultation
from views.draw import tag
from views.figures.calendar_words import too_late
from views.outcome import Outcome, option_words, say

AFTERWARDS = ("after_usual", "after_rare", "after_germs", "after_colour", "after_lumps", "after_tell")


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


def cards_show(consultation: Consultation) -> object:
    """What the cards follow: the answers on screen, and whether the good and not so good are open."""
    return outcome.shows(consultation), bool(st.session_state.get("points"))


def cards(consultation: Consultation) -> None:
    """The four options, in equal detail, and under them: good and not so good, what each step feels like, the flag."""
    out = outcome.of(consultation)
    shown = bool(st.session_state.get("points"))
    draw.html(grid(out, with_points=shown))
    with st.container(key="bar_under", horizontal=True, vertical_alignment="center"):
        label = say("under_cards.good_hide" if shown else "under_cards.good")
        st.button(label, key="points_button", icon=":material/balance:", on_click=parts.tap(consultation, _turn_points))
        if st.button(say("under_cards.feels"), key="feels_button", icon=":material/spa:"):
            _feels(out)
        if st.button(say("under_cards.why"), key="why_button", icon=":material/menu_book:"):
            shell.go("why", here="options")
        flag = tag("p", draw.icon("flag"), tag("span", say("studied.plan")), cls="rc-flagnote")
        draw.html(flag, width="content")


def _turn_points() -> None:
    st.session_state["points"] = not st.session_state.get("points")


def notes(out: Outcome) -> None:
    """What the client reads of the findings, each sentence once with the options it is about."""
    first = [*_refused(out), *_open_safety(out), *_date(out)]
    lines = [
        tag("p", tag("span", *[draw.option_mark(option) for option in options]), tag("span", text))
        for text, options in _found(out, said_already=bool(_open_safety(out))).items()
    ]
    if first or lines:
        draw.html(tag("div", *first, *lines, cls="rc-notes"))


def _found(out: Outcome, *, said_already: bool) -> dict[str, list[str]]:
    """Sentence -> options; that the clinician is asked first is said once, above all of them."""
    by_text: dict[str, list[str]] = {}
    for option in out.consultation.options:
        for text in state_of(out.told, option).detail:
            rest = text.replace(say("notes.said_already"), "").strip() if said_already else text
            if rest:
                by_text.setdefault(rest, []).append(option)
    return by_text


def _date(out: Outcome) -> list[draw.Element]:
    """A date that nothing can be sure to meet is said here too, however much it counts."""
    late = too_late(out)
    return [tag("p", draw.icon("clock"), tag("span", late))] if late else []


def _refused(out: Outcome) -> list[draw.Element]:
    """What only the clinician's word rules out, once for all of it."""
    marks = tag("span", *[draw.option_mark(option) for option in out.refused])
    return [tag("p", marks, tag("span", say("notes.clinician_no")))] if out.refused else []


def _open_safety(out: Outcome) -> list[draw.Element]:
    """While safety questions are open, that is why a clinician is asked first."""
    still_open = _open_questions(out)
    number = len(still_open)
    reviewed = [o for o in out.consultation.options if out.result.options[o].verdict is Verdict.NEEDS_REVIEW]
    if number and out.answers:
        one = "notes.age_open" if still_open == ["age"] else "notes.safety_open_one"  # the age stands on another screen
        words = say(one) if number == 1 else say("notes.safety_open", number=number)
        return [tag("p", draw.icon("ask"), tag("span", words))]
    marks = tag("span", *[draw.option_mark(option) for option in reviewed])
    return [tag("p", marks, tag("span", say("notes.ask_first")))] if reviewed and out.answers else []


def _open_questions(out: Outcome) -> list[str]:
    book, still_open = out.consultation.book, out.told.open_ranked
    return [one for one in out.result.unanswered_safety if is_still_asked(one, still_open, book)]


def nothing_left(out: Outcome) -> None:
    """Everything is out: the kinds of reason, and each way back that one tap takes."""
    kinds = _kinds(out)
    if not kinds:
        return
    with st.container(key="card_none"):
        lines = [tag("p", say(f"none.{kind}"), cls="rr-text") for kind in kinds]
        draw.html(tag("h2", say("none.title"), cls="rr-h"), *lines)
        if out.result.ways_back and not out.trying:
            draw.html(tag("p", say("none.relax_line"), cls="rr-small"))
            with st.container(key="bar_relax", horizontal=True):
                for musts in out.result.ways_back:
                    _relax(out, musts)


def _kinds(out: Outcome) -> list[str]:
    """Why nothing is left. That somebody is too young stands above already, and is nothing to look for among safety answers."""
    young = all(too_young(out.told, option) for option in out.consultation.book.ranked)
    return [kind for kind in out.result.why_none if not (kind == "safety" and young)]


def _relax(out: Outcome, musts: tuple[str, ...]) -> None:
    """One way back: one must, or several that have to be taken back together."""
    names = listed([say(f"criterion.{criterion}") for criterion in musts])
    importance = dict(out.answers.get("importance") or {})
    st.button(
        say("none.relax" if len(musts) == 1 else "none.relax_all", criteria=names),
        key=f"relax_{'_'.join(musts)}",
        on_click=parts.tap(out.consultation, lambda: _make_a_lot(importance, musts)),
        disabled=out.consultation.finished,
    )


def _make_a_lot(importance: dict[str, str], musts: tuple[str, ...]) -> None:
    kept.keep({"importance": {**importance, **dict.fromkeys(musts, "lot")}}, "made softer on screen 4")


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
    after = [tag("li", words.say(f"feels.{key}")) for key in AFTERWARDS]
    draw.html(tag("div", tag("h3", words.say("feels.after"), cls="rr-h"), tag("ul", *after, cls="rr-steps")))


def _step(step: str) -> str:
    return capital(say(f"visit.step.{step}"))
