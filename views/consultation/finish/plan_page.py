"""The parts of screen 6, where the talk ends in the client's hands: what we looked at, what fits, the choice, the next date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from medspa_core.clients.ready_to_finish import NOTHING_PLANNED
from medspa_core.next_dates import is_treatment
from medspa_core.rulebook.schema.entries import NO, NOT_YET
from medspa_core.wording.headlines import headline
from medspa_core.wording.plan_words import facts, looked_at
from medspa_core.wording.states import why_not
from medspa_core.wording.to_note import why_none
from medspa_core.wording.words import capital
from views.consultation.finish import choice, next_date
from views.context import core_access
from views.context.words import plain, say
from views.elements import draw, theme
from views.elements.draw import tag
from views.frame import shell
from views.redraw import screen_parts
from views.redraw.stored_widgets import one_of
from views.result import outcome, reviewed_options
from views.result.outcome import Outcome
from views.session import open_consultation, saved_answers
from views.session.open_consultation import Consultation

ASKED, CLOSED = "plan_asked", "plan_closed"
"""In the session: the option for which a question is open, and the one that was tapped and is not open."""
DRAW = "blood_draw_comfort"
MAY_CHANGE_TO = ("fine", "uneasy", "rather_not")


def what_we_looked_at(consultation: Consultation) -> None:
    """The heading; below it the talk in a few lines, and beside them the headline of Your options, word for word."""
    out = outcome.own(consultation)
    examined = reviewed_options.is_examined(consultation.id)
    seen = examined and reviewed_options.has_seen_the_answers(consultation.id)
    looked = looked_at(out.told, examined=examined, seen=seen)
    lines = [tag("tr", tag("th", name, scope="row"), tag("td", text)) for name, text in looked]
    said = headline(out.told)
    large = [tag("p", line, cls="pl-fits") for line in said.lines]
    plain_lines = [*said.all_below, *why_none(out.told)]
    below = [tag("p", " ".join(plain_lines), cls="rr-text")] if plain_lines else []
    draw.html(
        tag("h1", say("plan.title"), " ", tag("span", say("plan.lead"), cls="mc-lead"), cls="mc-title pl-title"),
        tag(
            "div",
            tag("section", tag("h2", say("plan.looked_title"), cls="mc-section"), tag("table", tag("tbody", *lines))),
            tag("section", tag("h2", say("plan.fits_title"), cls="mc-section"), *large, *below),
            cls="pl-two",
        ),
    )


def tiles_show(consultation: Consultation) -> object:
    """What the tiles follow."""
    asked = st.session_state.get(ASKED), st.session_state.get(CLOSED)
    return consultation.answers, consultation.draft.choice, asked


def tiles(consultation: Consultation) -> None:
    """Five of one size with the same facts in the same order; nothing is chosen before the client does."""
    out = outcome.own(consultation)
    names = {option: _tile(out, option) for option in _options(out)} | {NOT_YET: _not_yet()}
    names |= {NO: plain(say("choice.no"))} if consultation.draft.choice == NO else {}
    draw.html(
        tag("style", _marks(list(names))),
        tag("h2", say("plan.choice_title"), " ", tag("span", say("plan.choice_lead"), cls="mc-help"), cls="mc-section"),
    )
    with st.container(key="plan_tiles"):
        stored = consultation.draft.choice
        key = f"tap_plan_{consultation.id}"
        one_of(consultation, key, say("plan.choice_title"), list(names), names, stored, lambda c: _tapped(out, c))
    if st.session_state.get(ASKED):
        _ask_about_the_draw(out, st.session_state[ASKED])
    elif option := st.session_state.get(CLOSED):
        words = say("plan.closed", Option=capital(out.told.name(option)), why=why_not(out.told, option))
        draw.note(words)


def _options(out: Outcome) -> Sequence[str]:
    chosen = out.consultation.draft.choice
    gone = chosen is not None and chosen not in (*out.consultation.options, *NOTHING_PLANNED)
    return [*out.consultation.options, *([chosen] if gone and chosen else [])]


def _tile(out: Outcome, option: str) -> str:
    if option not in out.book.options:
        return choice.words_of(out, option)
    closed = not choice.is_open(out, option) and not _only_the_draw(out, option)
    lines = facts(out.told, out.timeline.row(option), closed=closed)
    return "  \n".join([f"**{plain(out.book.options[option].name)}**", *map(plain, lines)])


def _not_yet() -> str:
    lines = [plain(say(f"plan.not_yet.{one}")) for one in ("one", "two", "three")]
    return "  \n".join([f"**{plain(say('choice.not_yet'))}**", *lines])


def _marks(choices: Sequence[str]) -> str:
    """Each tile's mark by its place: a label can hold no mark of its own."""
    rules = []
    for number, one in enumerate(choices, 1):
        drawn = theme.mark_url(one) if one not in NOTHING_PLANNED else theme.DOTS_URL
        rules.append(f'.st-key-plan_tiles button:nth-child({number}) {{ --mark: url("{drawn}"); }}')
    return " ".join(rules)


def _tapped(out: Outcome, chosen: str | None) -> None:
    """An option that is ruled out is not chosen by a tap: what stands in its way is said, or asked about."""
    for one in (ASKED, CLOSED):
        st.session_state.pop(one, None)
    if chosen is None or chosen in NOTHING_PLANNED or choice.is_open(out, chosen):
        choice.choose(out.consultation, chosen)
    else:
        st.session_state[ASKED if _only_the_draw(out, chosen) else CLOSED] = chosen


def _only_the_draw(out: Outcome, option: str) -> bool:
    """Whether nothing but "never" to a blood draw rules the option out."""
    book = out.book
    if out.answers.get(DRAW) != "never" or not book.options[option].blood_draw or option in out.refused:
        return False
    otherwise = {**out.answers, DRAW: MAY_CHANGE_TO[-1]}
    found = core_access.recommended(otherwise, out.consultation.as_of, book).options[option]
    return found.excluded_by is None


def _ask_about_the_draw(out: Outcome, option: str) -> None:
    """One question; what it changes is an answer of the client's, and only then the choice."""
    words = out.book.questions[DRAW].words.answers
    with st.container(key="sand_plan_draw"):
        draw.html(tag("p", say("plan.never_asked"), cls="mc-question"))
        with st.container(key="bar_plan_draw", horizontal=True):
            for answer in MAY_CHANGE_TO:
                changed = screen_parts.tap(out.consultation, partial(_changed, out, option, answer))
                st.button(words[answer], key=f"draw_{answer}", on_click=changed)
            still_never = screen_parts.tap(out.consultation, partial(st.session_state.pop, ASKED, None))
            st.button(say("plan.never_still"), key="draw_never", on_click=still_never)


def _changed(out: Outcome, option: str, answer: str) -> None:
    st.session_state.pop(ASKED, None)
    saved_answers.keep(out.consultation, {DRAW: answer}, "changed on screen 6")
    now = open_consultation.latest(out.consultation)
    if not now.waiting and outcome.own(now).told.is_open(option):
        choice.choose(now, option)


def dates_show(consultation: Consultation) -> object:
    """What the next date follows."""
    draft = consultation.draft
    return consultation.answers, draft.choice, draft.next_kind, draft.next_day, next_date.asked()


def dates(consultation: Consultation) -> None:
    """Appears after a choice; a treatment has a first visit, all else only a day to look again."""
    chosen = consultation.draft.choice
    if chosen is None or chosen == NO:
        return
    out = outcome.own(consultation)
    treatment = is_treatment(chosen, out.book) and out.told.is_open(chosen)
    next_date.ask(out, out.timeline.row(chosen) if treatment else None)


def line(consultation: Consultation) -> screen_parts.Line:
    """Beside Finish: what is still missing, which leads to where it is asked, or that a clinician comes first."""
    return lambda foot: screen_parts.part(consultation, "line", choice.missing, lambda now: _line(now, foot))


def _line(consultation: Consultation, foot: Callable[..., None]) -> None:
    found = choice.missing(consultation)
    if found is None:
        foot(say("plan.foot"))
    else:
        foot(found.text, _where(consultation, found.page))


def _where(consultation: Consultation, page: str) -> str:
    """The address of the screen; of Safety its first card with something open."""
    if not page:
        return ""
    at = {shell.FIRST_OPEN: "1"} if page == "safety" else {}
    return f"{page}?{urlencode({open_consultation.ADDRESS_KEY: consultation.id, **at})}"
