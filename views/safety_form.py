"""The safety questions as a client sees them: one thing at a time, each tap saved, how it was asked kept with it.

Going to another card changes title, card, line and the bar below, so they are one part: one run draws it, where the bar in
Streamlit's own place below would be a second.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from views import consultation as kept
from views import draw, parts, shell, summary
from views.consultation import Consultation
from views.safety_cards import LAYERS, SafetyCard, safety_cards
from views.safety_taps import go_to, on_card, taps_so_far
from views.words import counted, say

Tab = tuple[str, str, str, str]  # a part of the form: its layer, its state, its words, its first card
LINES = {
    "first": ("safety.exam", "info"),
    "history": ("safety.never_stop", "info"),
    "together": ("safety.together_line", "eye"),
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
    kept.all_drawn()


def _shows(consultation: Consultation) -> object:
    """A single question shows its taps by itself, and how far the singles are; a card of several is in parts again."""
    cards, place = here(consultation)
    dashes = [card.is_done(consultation.answers) for card in cards if card.single and cards[place].single]
    return cards[place], _beside(cards, place), dashes, _tabs(consultation, cards, cards[place])


def _draw(consultation: Consultation) -> None:
    cards, place = here(consultation)
    _heading(consultation, _tabs(consultation, cards, cards[place]))
    draw.html(draw.tag("p", say("safety.lead"), cls="mc-lead"))
    with st.container(key=f"card_safety_{cards[place].id}", gap="small"):
        on_card(consultation, cards, cards[place], _beside(cards, place)[1])
    words, sign = LINES[cards[place].layer]
    draw.note(say(words), kind=sign)
    _bar(consultation, cards, place)


def _beside(cards: list[SafetyCard], place: int) -> tuple[str, str]:
    """The cards before and after; at the ends the card itself."""
    return cards[max(place - 1, 0)].id, cards[min(place + 1, len(cards) - 1)].id


def _heading(consultation: Consultation, tabs: list[Tab]) -> None:
    """The title with the four parts beside it; a tap goes to the first card of one."""
    with st.container(key="bar_heading", horizontal=True, vertical_alignment="center"):
        gone_to = st.session_state.get("safety_at", {}).get(consultation.id, "")
        draw.html(draw.tag("h1", say("safety.title"), cls="mc-title", data_place=gone_to), width="content")
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
    if shown not in within:
        done = all(card.is_done(consultation.answers) for card in within)
        return "done" if done else "open", words
    if len(within) > 1:
        words = say("safety.layer.place", layer=words, number=within.index(shown) + 1, total=len(within))
    return "now", words


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
