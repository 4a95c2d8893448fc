"""The safety questions as a client sees them: one thing at a time, each tap saved, how it was asked kept with it.

Going to another card changes title, card, line and the bar below, so they are one part: one run draws it, where the bar in
Streamlit's own place below would be a second.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from views import draw, parts, shell, summary, taps
from views.answers import no_answer
from views.consultation import Consultation
from views.last_time import texts_of
from views.safety_asked import SEEN, SINGLY, TOLD_NURSE, go_to, tapped, taps_so_far
from views.safety_cards import LAYERS, SafetyCard, safety_cards
from views.safety_progress import dashes
from views.safety_several import draw_several
from views.words import counted, entry, say

Tab = tuple[str, str, str, str]  # a part of the form: its layer, its state, its words, its first card
LINES = {
    "first": ("safety.exam", "info"),
    "history": ("safety.never_stop", "info"),
    "last_days": ("safety.again_on_the_day", "clock"),
}  # the quiet line under a card of this layer, and its sign


def here(consultation: Consultation) -> tuple[list[SafetyCard], int]:
    """The cards, and which is shown: the one gone to, else the first that is not done."""
    cards = safety_cards(consultation)
    ids = [card.id for card in cards]
    place = st.session_state.get("safety_at", {}).get(consultation.id)
    if place in ids:
        return cards, ids.index(place)
    undone = (n for n, card in enumerate(cards) if not card.is_done(consultation.answers))
    return cards, next(undone, len(cards) - 1)


def form(consultation: Consultation) -> None:
    """The whole screen: the heading, the card that is shown now, a quiet line and the bar below; then the answers so far."""
    parts.part(consultation, "form", _shows, _draw)
    summary.strip(consultation)
    draw.html(draw.tag("div", cls="mc-room"))
    shell.drawn_to_the_end()


def _shows(consultation: Consultation) -> object:
    """A single question shows its taps by itself, and how far the singles are; a card of several is in parts again."""
    cards, place = here(consultation)
    dashes = [card.is_done(consultation.answers) for card in cards if card.single and cards[place].single]
    return cards[place], _beside(cards, place), dashes, _tabs(consultation, cards, cards[place])


def _draw(consultation: Consultation) -> None:
    cards, place = here(consultation)
    drawn = _drawn(consultation, cards, place)
    _tell_new_cards_whole(consultation, drawn)
    _heading(consultation, _tabs(consultation, cards, cards[place]), turn=place % 2)
    draw.html(draw.tag("p", say("safety.lead"), cls="mc-lead"))
    single = cards[place].single
    with st.container(key=f"card_safety_{'first' if single else cards[place].id}", gap="small"):
        if single:
            _singles(consultation, cards, drawn)
        else:
            draw_several(consultation, cards, cards[place], _beside(cards, place)[1])
    if cards[place].layer in LINES:
        words, sign = LINES[cards[place].layer]
        draw.note(say(words), kind=sign)
    _bar(consultation, cards, place)


def _drawn(consultation: Consultation, cards: list[SafetyCard], place: int) -> list[SafetyCard]:
    """The card that is shown; and after a single question that is open the next, unseen, for the moment it is answered."""
    is_open = cards[place].single and not cards[place].is_done(consultation.answers)
    ahead = cards[place + 1 : place + 2] if is_open else []
    return [cards[place], *(card for card in ahead if card.single)]


def _tell_new_cards_whole(consultation: Consultation, drawn: list[SafetyCard]) -> None:
    """The browser forgets what the taps of a card showed when another card takes its place, the session does not: unless it
    is told again when the card is back, it names nothing, which would take the answers back."""
    before = st.session_state.get("safety_drawn", [])
    st.session_state["safety_drawn"] = [card.id for card in drawn]
    new = [card for card in drawn if card.id not in before]
    texts = {card.id: texts_of(consultation.book, card.id) for card in new}
    taps.tell_again([name for card in new for name in (card.id, *card.questions, *texts[card.id])])


def _beside(cards: list[SafetyCard], place: int) -> tuple[str, str]:
    """The cards before and after; at the ends the card itself."""
    return cards[max(place - 1, 0)].id, cards[min(place + 1, len(cards) - 1)].id


def _heading(consultation: Consultation, tabs: list[Tab], turn: int) -> None:
    """The title with the four parts beside it; a tap goes to the first card of one. It says which card is shown (`place`),
    and where, for single questions (`turn`)."""
    with st.container(key="bar_heading", horizontal=True, vertical_alignment="center"):
        gone_to = st.session_state.get("safety_at", {}).get(consultation.id, "")
        title = draw.tag("h1", say("safety.title"), cls="mc-title", data_place=gone_to, data_turn=turn)
        draw.html(title, width="content")
        with st.container(key="bar_tabs", horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
            for layer, state, words, first in tabs:
                _tab(consultation, layer, state, words, first)


def _tabs(consultation: Consultation, cards: list[SafetyCard], shown: SafetyCard) -> list[Tab]:
    """Each part of the form."""
    tabs = []
    for layer in LAYERS:
        within = [card for card in cards if card.layer == layer]
        if within:
            tabs.append((layer, *_tab_state(consultation, layer, within, shown), within[0].id))
    return tabs


def _tab_state(consultation: Consultation, layer: str, within: list[SafetyCard], shown: SafetyCard) -> tuple[str, str]:
    words = say(f"safety.layer.{layer}")
    if shown in within:
        return "now", words
    return "done" if all(card.is_done(consultation.answers) for card in within) else "open", words


def _tab(consultation: Consultation, layer: str, state: str, words: str, first: str) -> None:
    icon = ":material/check:" if state == "done" else None
    kind = "primary" if state == "now" else "secondary"
    st.button(words, key=f"part_{layer}", icon=icon, type=kind, on_click=_move(consultation, first))  # type: ignore[arg-type]


def _move(consultation: Consultation, card_id: str) -> Callable[[], None]:
    """What a tap does that goes to another card."""
    return parts.tap(consultation, lambda: go_to(consultation.id, card_id))


def _bar(consultation: Consultation, cards: list[SafetyCard], place: int) -> None:
    """Back and next card; at the ends, the screens before and after."""
    back, ahead = shell.Way(say("shell.back"), "you"), shell.Way(say("shell.next.what_matters"), "what_matters")
    if place:
        back = shell.Way(say("shell.back"), do=_move(consultation, cards[place - 1].id))
    if place + 1 < len(cards):
        ahead = shell.Way(say("safety.next_card"), do=_move(consultation, cards[place + 1].id))
    shell.bar(parts.line(consultation, _foot_line), back, ahead)


def _foot_line(consultation: Consultation) -> str:
    number = taps_so_far(consultation)
    return counted("safety.foot", number) if number else say("safety.foot.none")


# --- one question that stands alone ----------------------------------------------------------------------------------


def _singles(consultation: Consultation, cards: list[SafetyCard], drawn: list[SafetyCard]) -> None:
    """The question that is shown and the one that lies ready, in two places that take turns: so each stays where it is until
    it is answered, and what somebody is about to tap is not made anew while the server catches up."""
    if drawn[0].is_done(consultation.answers):  # nothing lies ready
        _single(consultation, cards, drawn[0], ahead=False)
        return
    in_turn = {cards.index(card) % 2: card for card in drawn}
    for turn in (0, 1):
        with st.container(key=f"single_{turn}", gap="small"):
            if turn in in_turn:
                _single(consultation, cards, in_turn[turn], ahead=in_turn[turn] is not drawn[0])


def _single(consultation: Consultation, cards: list[SafetyCard], card: SafetyCard, *, ahead: bool) -> None:
    words = consultation.book.questions[card.id].words
    draw.html(
        dashes(consultation, [one for one in cards if one.single], card, ahead=ahead),
        draw.asked(words.client, words.help, cls="mc-single"),
        *([draw.tag("p", words.note, cls="mc-lead")] if words.note else []),
    )
    _single_taps(consultation, card.id, _beside(cards, cards.index(card))[1])


def _single_taps(consultation: Consultation, question_id: str, after: str) -> None:
    question = consultation.book.questions[question_id]
    offered = [
        answer
        for answer in question.answers
        if answer != "not_applicable" or question_id in entry("safety.offer_does_not_apply")
    ]
    labels = {**question.words.answers, "tell": f":material/chat_bubble: {say('safety.tell')}"}
    told = consultation.how_asked.get(question_id) == TOLD_NURSE
    stored = "tell" if told else consultation.answers.get(question_id)
    if stored == "not_applicable" and stored not in offered:
        stored = no_answer(consultation.book, question_id)  # counts as no, and looks so

    def save(chosen: str | None) -> None:
        answer = "not_sure" if chosen == "tell" else chosen
        if tapped(consultation, {question_id: answer}, TOLD_NURSE if chosen == "tell" else SINGLY):
            go_to(consultation.id, question_id if chosen is None else after)

    wide = "two_" if any(len(labels[answer]) > 28 for answer in offered) else "wide_"
    key = f"tap_{wide}{question_id}"
    taps.one_of(consultation, key, question.words.client, [*offered, "tell"], labels, stored, save)


def staff_taps(consultation: Consultation, card: SafetyCard) -> None:
    """What staff see and fill in themselves, in short."""
    for question_id in card.questions:
        question = consultation.book.questions[question_id]
        answers = [answer for answer in question.answers if answer != "not_applicable"]
        short = {a: a if a.isdigit() else question.words.answers[a] for a in answers}

        def save(chosen: str | None, question_id: str = question_id) -> None:
            tapped(consultation, {question_id: chosen}, SEEN)

        draw.html(draw.tag("p", question.words.staff, cls="mc-small mc-strong"))
        stored = consultation.answers.get(question_id)
        key = f"tap_staff_{question_id}"
        taps.one_of(consultation, key, question.words.staff, answers, short, stored, save)
