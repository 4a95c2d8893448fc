"""The safety questions as a client sees them: one thing at a time, each tap saved, how it was asked kept with it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from views import consultation as kept
from views import draw, parts, shell, taps
from views.answers import no_answer
from views.consultation import Consultation
from views.safety_asked import SEEN, SINGLY, TOLD_NURSE, go_to, tapped, taps_so_far
from views.safety_cards import LAYERS, SafetyCard, safety_cards
from views.safety_several import draw_several
from views.words import counted, entry, say


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
    """The heading, the card that is shown now, and a quiet line under it."""
    parts.part(consultation, "heading", _tab_words, _heading)
    draw.html(draw.tag("p", say("safety.lead"), cls="mc-lead"))
    parts.part(consultation, "card", _card_shows, _draw_card)
    parts.part(consultation, "card_line", _line, lambda now: draw.note(say(_line(now)[0]), kind=_line(now)[1]))


def _heading(consultation: Consultation) -> None:
    """The title with the four parts beside it; a tap goes to the first card of one."""
    with st.container(key="bar_heading", horizontal=True, vertical_alignment="center"):
        draw.html(draw.tag("h1", say("safety.title"), cls="mc-title"), width="content")
        with st.container(key="bar_tabs", horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
            for layer, state, words, first in _tab_words(consultation):
                _tab(consultation, layer, state, words, first)


def place_shown() -> str:
    """The card that was gone to, for the page to begin at its top."""
    return "_".join(st.session_state.get("safety_at", {}).values())


def _tab_words(consultation: Consultation) -> list[tuple[str, str, str, str]]:
    """Each part of the form: its layer, its state, its words, its first card."""
    cards, place = here(consultation)
    tabs = []
    for layer in LAYERS:
        within = [card for card in cards if card.layer == layer]
        if within:
            tabs.append((layer, *_tab_state(consultation, layer, within, cards[place]), within[0].id))
    return tabs


def _tab_state(consultation: Consultation, layer: str, within: list[SafetyCard], shown: SafetyCard) -> tuple[str, str]:
    words = say(f"safety.layer.{layer}")
    if shown not in within:
        done = all(card.is_done(consultation.answers) for card in within)
        return "done" if done else "open", words
    if len(within) > 1:
        words = say("safety.layer.place", layer=words, number=within.index(shown) + 1, total=len(within))
    return "now", words


def _tab(consultation: Consultation, layer: str, state: str, words: str, first: str) -> None:
    icon = ":material/check:" if state == "done" else None
    with st.container(key=f"tab_{state}_{layer}", width="content"):
        st.button(words, key=f"part_{layer}", icon=icon, on_click=_move(consultation, first))


def _move(consultation: Consultation, card_id: str) -> Callable[[], None]:
    """What a tap does that goes to another card."""
    return parts.tap(consultation, lambda: go_to(consultation.id, card_id))


def _card_shows(consultation: Consultation) -> object:
    """A single question shows its taps by itself, and how far the singles are; a card of several is in parts again."""
    cards, place = here(consultation)
    dashes = [card.is_done(consultation.answers) for card in cards if card.single and cards[place].single]
    return cards[place], _after(cards, place), dashes


def _after(cards: list[SafetyCard], place: int) -> str:
    return cards[min(place + 1, len(cards) - 1)].id


def _draw_card(consultation: Consultation) -> None:
    cards, place = here(consultation)
    card = cards[place]
    after = _after(cards, place)
    with st.container(key=f"card_safety_{card.id}", gap="small"):
        if card.single:
            _single(consultation, [c for c in cards if c.single], card, after)
        else:
            draw_several(consultation, card, after)


def _foot_line(consultation: Consultation) -> str:
    number = taps_so_far(consultation)
    return counted("safety.foot", number) if number else say("safety.foot.none")


# --- one question that stands alone ----------------------------------------------------------------------------------


def _single(consultation: Consultation, singles: list[SafetyCard], card: SafetyCard, after: str) -> None:
    words = consultation.book.questions[card.id].words
    number = singles.index(card)
    _progress(say("safety.single", number=number + 1, total=len(singles)), consultation, singles, number)
    draw.html(
        draw.tag("h2", words.client, cls="mc-single"),
        *([draw.tag("p", words.help, cls="mc-lead")] if words.help else []),
    )
    with st.container(key=f"answers_{card.id}"):
        _single_taps(consultation, card.id, after)


def _progress(line: str, consultation: Consultation, singles: list[SafetyCard], number: int) -> None:
    dashes = [
        draw.tag("i", "\u200b", cls="now" if n == number else "on" if card.is_done(consultation.answers) else "off")
        for n, card in enumerate(singles)
    ]
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="bar_dashes"
    ):
        draw.html(draw.tag("p", line, cls="mc-small mc-strong"))
        draw.html(draw.tag("div", *dashes, cls="mc-dashes", aria_hidden="true"), width=300)


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
        tapped(consultation, {question_id: answer}, TOLD_NURSE if chosen == "tell" else SINGLY)
        go_to(consultation.id, question_id if chosen is None else after)

    wide = "two_" if any(len(labels[answer]) > 28 for answer in offered) else "wide_"
    key = f"tap_{wide}{question_id}"
    taps.one_of(consultation, key, question.words.client, [*offered, "tell"], labels, stored, save)


LINES = {
    "first": ("safety.exam", "info"),
    "history": ("safety.never_stop", "info"),
    "together": ("safety.together_line", "eye"),
    "last_days": ("safety.again_on_the_day", "clock"),
}  # the quiet line under a card of this layer, and its sign


def _line(consultation: Consultation) -> tuple[str, str]:
    cards, place = here(consultation)
    return LINES[cards[place].layer]


def bottom(consultation: Consultation) -> None:
    """Back and next card; at the ends, the screens before and after."""
    with st.bottom:
        parts.part(consultation, "bottom", here, _bottom)
    kept.all_drawn()


def _bottom(consultation: Consultation) -> None:
    cards, place = here(consultation)
    back, ahead = shell.Way(say("shell.back"), "you"), shell.Way(say("shell.next.what_matters"), "what_matters")
    if place:
        back = shell.Way(say("shell.back"), do=_move(consultation, cards[place - 1].id))
    if place + 1 < len(cards):
        ahead = shell.Way(say("safety.next_card"), do=_move(consultation, cards[place + 1].id))
    shell.bar(parts.line(consultation, _foot_line), back, ahead)


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
