"""The safety questions as a client sees them: one thing at a time, each tap saved, how it was asked kept with it.

Going to another card changes title, card, line and the bar below, so they are one part: one run draws it, where the bar in
Streamlit's own place below would be a second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from views.consultation.answers import answer_inputs, answer_summary, how_asked
from views.consultation.answers.answer_words import no_answer
from views.consultation.safety.item_details import texts_of
from views.consultation.safety.safety_cards import LAYERS, SafetyCard, safety_cards
from views.consultation.safety.safety_progress import dashes
from views.consultation.safety.several_questions import draw_several
from views.context.words import counted, say
from views.elements import draw
from views.frame import shell
from views.redraw import screen_parts
from views.session.open_consultation import Consultation

Choices = dict[str, tuple[str, dict[str, str]]]  # a tap -> its words, and what it answers
Tab = tuple[str, str, str, str]  # a part of the form: its layer, its state, its words, its first card
LINES = {
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


def begin(consultation: Consultation) -> None:
    """Where the address asks for it, at the first card with something open, whichever was shown before."""
    if st.query_params.pop(shell.FIRST_OPEN, ""):
        how_asked.from_the_first_card()
        cards, place = here(consultation)
        how_asked.go_to(consultation.id, cards[place].id)


def form(consultation: Consultation) -> None:
    """The whole screen: the heading, the card that is shown now, a quiet line and the bar below; then the answers so far."""
    screen_parts.part(consultation, "form", _shows, _draw)
    answer_summary.strip(consultation)
    draw.html(draw.tag("div", cls="mc-room"))
    shell.drawn_to_the_end()


def _shows(consultation: Consultation) -> object:
    """A single question shows its taps by itself, and how far the singles are; a card of several is in parts again."""
    cards, place = here(consultation)
    dashes = [card.is_done(consultation.answers) for card in cards if card.single and cards[place].single]
    return cards[place], _beside(cards, place), dashes, _tabs(cards, consultation.answers, cards[place])


def _draw(consultation: Consultation) -> None:
    cards, place = here(consultation)
    drawn = _drawn(consultation, cards, place)
    _tell_new_cards_whole(consultation, drawn)
    _heading(consultation, _tabs(cards, consultation.answers, cards[place]), turn=place % 2)
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
    answer_inputs.tell_again([name for card in new for name in (card.id, *card.questions, *texts[card.id])])


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


def _tabs(cards: list[SafetyCard], answers: Mapping[str, Any], shown: SafetyCard) -> list[Tab]:
    """Each part of the form."""
    tabs = []
    for layer in LAYERS:
        if within := [card for card in cards if card.layer == layer]:
            done = "done" if all(card.is_done(answers) for card in within) else "open"
            tabs.append((layer, "now" if shown in within else done, say(f"safety.layer.{layer}"), within[0].id))
    return tabs


def _tab(consultation: Consultation, layer: str, state: str, words: str, first: str) -> None:
    icon = ":material/check:" if state == "done" else None
    kind = "primary" if state == "now" else "secondary"
    st.button(words, key=f"part_{layer}", icon=icon, type=kind, on_click=_move(consultation, first))  # type: ignore[arg-type]


def _move(consultation: Consultation, card_id: str) -> Callable[[], None]:
    """What a tap does that goes to another card."""
    return screen_parts.tap(consultation, lambda: how_asked.go_to(consultation.id, card_id))


def _bar(consultation: Consultation, cards: list[SafetyCard], place: int) -> None:
    """Back and next card; at the ends, the screens before and after."""
    back, ahead = shell.Way(say("shell.back"), "you"), shell.Way(say("shell.next.what_matters"), "what_matters")
    if place:
        back = shell.Way(say("shell.back"), do=_move(consultation, cards[place - 1].id))
    if place + 1 < len(cards):
        ahead = shell.Way(say("safety.next_card"), do=_move(consultation, cards[place + 1].id))
    shell.bar(screen_parts.line(consultation, partial(_foot_line, cards[place])), back, ahead)


def _foot_line(card: SafetyCard, consultation: Consultation) -> str:
    """Beside Next: what a card that was begun leaves open, which holds nobody up; else how many taps it took so far."""
    if still_open := card.left_open(consultation.answers):
        return counted("safety.left_open", still_open)
    number = how_asked.taps_so_far(consultation)
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
    words, after = consultation.book.questions[card.questions[0]].words, _beside(cards, cards.index(card))[1]
    together = consultation.book.cards.get(card.id)
    ask, explained, note = (together.ask, "", "") if together else (words.client, words.help, words.note)
    draw.html(
        dashes(consultation, [one for one in cards if one.single], card, ahead=ahead),
        draw.asked(ask, explained, cls="mc-single"),
        *([draw.tag("p", note, cls="mc-lead")] if note else []),
    )
    if together:
        choices = {name: (one.words, dict(one.answers)) for name, one in together.choices.items()}
    else:
        choices = _choices_of(consultation, card.id)
    _single_taps(consultation, card, ask, choices, after)


def _choices_of(consultation: Consultation, question_id: str) -> Choices:
    """The answers of one question, each as a tap. "Does not apply" counts as no, and looks so."""
    words = consultation.book.questions[question_id].words.answers
    offered = [one for one in consultation.book.questions[question_id].answers if one != "not_applicable"]
    return {answer: (words[answer], {question_id: answer}) for answer in offered}


def _single_taps(consultation: Consultation, card: SafetyCard, ask: str, choices: Choices, after: str) -> None:
    """A tap answers every question of the card."""
    labels = {name: words for name, (words, _) in choices.items()} | {
        "tell": f":material/chat_bubble: {say('safety.tell')}"
    }
    unsure = dict.fromkeys(card.questions, "not_sure")

    def save(chosen: str | None) -> None:
        tells = chosen == "tell"
        answers = unsure if tells else choices[chosen][1] if chosen else dict.fromkeys(card.questions)
        if how_asked.tapped(consultation, dict(answers), how_asked.TOLD_NURSE if tells else how_asked.SINGLY):
            how_asked.go_to(consultation.id, card.id if chosen is None else after)

    wide = "two_" if any(len(words) > 28 for words, _ in choices.values()) else "wide_"
    answer_inputs.one_of(
        consultation, f"tap_{wide}{card.id}", ask, list(labels), labels, _chosen(consultation, card, choices), save
    )


def _chosen(consultation: Consultation, card: SafetyCard, choices: Choices) -> str | None:
    """The tap that says what is answered; none where the answers were given otherwise and are those of no tap."""
    given = {question: consultation.answers.get(question) for question in card.questions}
    if all(consultation.how_asked.get(one) == how_asked.TOLD_NURSE for one in given):
        return "tell"
    plain = {
        one: no_answer(consultation.book, one) if said == "not_applicable" else said for one, said in given.items()
    }
    exact = (name for name, (_, answers) in choices.items() if answers == given)
    counts_as = (name for name, (_, answers) in choices.items() if answers == plain)
    return next(exact, next(counts_as, None))


def staff_taps(consultation: Consultation, card: SafetyCard) -> None:
    """What staff see and fill in themselves, in short. Nothing is filled in before they tap: what a client says of their skin
    is no observation."""
    for question_id in card.questions:
        question = consultation.book.questions[question_id]
        answers = [answer for answer in question.answers if answer != "not_applicable"]
        short = {a: a if a.isdigit() else question.words.answers[a] for a in answers}

        def save(chosen: str | None, question_id: str = question_id) -> None:
            how_asked.tapped(consultation, {question_id: chosen}, how_asked.SEEN)

        draw.html(draw.tag("p", question.words.staff, cls="mc-small mc-strong"))
        stored = (
            consultation.answers.get(question_id) if consultation.how_asked.get(question_id) == how_asked.SEEN else None
        )
        key = f"tap_staff_{question_id}"
        answer_inputs.one_of(consultation, key, question.words.staff, answers, short, stored, save)
