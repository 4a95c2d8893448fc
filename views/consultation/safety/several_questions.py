"""A card of several safety questions: an item is tapped where it applies, and the foot answers all the others at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from views.consultation.answers import answer_inputs
from views.consultation.answers.answer_words import no_answer, yes_answers
from views.consultation.answers.how_asked import NONE, ON_CARD, SEEN, TOLD_NURSE, UNSURE, WHICH_OPEN, go_to, tapped
from views.consultation.safety.item_details import draw_last_time, draw_text, last_time, texts_of
from views.consultation.safety.safety_cards import SafetyCard
from views.consultation.safety.safety_progress import dashes
from views.context.words import say
from views.elements import draw
from views.redraw import screen_parts
from views.session import open_consultation
from views.session.open_consultation import Consultation

_REST = {"none": NONE, "not_sure": UNSURE, "tell": TOLD_NURSE}


def draw_several(consultation: Consultation, cards: Sequence[SafetyCard], card: SafetyCard, after: str) -> None:
    """Title and question, what is looked at first, the items, and the foot. `after`: the card that comes next."""
    title, ask = _card_words(consultation, card)
    within = [one for one in cards if one.layer == card.layer]
    far = [dashes(consultation, within, card)] if len(within) > 1 else []
    draw.html(*far, draw.tag("h2", title, cls="mc-single"), draw.tag("p", ask, cls="mc-lead"))
    looked_at = [question for question in card.questions if not _is_item(consultation, question)]
    for question in looked_at:
        screen_parts.part(consultation, f"look_{question}", partial(_look_shows, question), partial(_look_at, question))
    items = [question for question in card.questions if question not in looked_at]
    screen_parts.part(consultation, "items", partial(_items_show, items, card), partial(_items, items, card, after))
    for question in texts_of(consultation.book, card.id):
        screen_parts.part(
            consultation, f"text_{question}", partial(_text_shows, question), partial(draw_text, question)
        )
    _explained(consultation, items)


def _explained(consultation: Consultation, items: Sequence[str]) -> None:
    """What the words of the card mean, once for all of them."""
    words = [consultation.book.questions[question].words for question in items]
    lines = {one.client: one.help for one in words if one.help}
    if lines:
        draw.html(draw.explained(say("safety.explained"), lines))


def _items_show(items: Sequence[str], card: SafetyCard, consultation: Consultation) -> object:
    foot = _touched(card, consultation), _foot_chosen(consultation, card)
    return [_item_shows(question, consultation) for question in items], foot


def _items(items: Sequence[str], card: SafetyCard, after: str, consultation: Consultation) -> None:
    """The items and the foot, which says "the others" as soon as one is tapped."""
    with st.container(key=f"items_{card.id}"):
        for question in items:
            if _stands_alone(question, consultation):
                _item(question, card, consultation)
            else:
                with st.container():
                    _item(question, card, consultation)
    _foot(card, after, consultation)


def _text_shows(question_id: str, consultation: Consultation) -> object:
    return consultation.answers.get(question_id)


def _card_words(consultation: Consultation, card: SafetyCard) -> tuple[str, str]:
    if card.id in consultation.book.cards:
        words = consultation.book.cards[card.id]
        return words.title, words.ask
    return say("safety.together_title"), say("safety.together_ask")


def _is_item(consultation: Consultation, question_id: str) -> bool:
    return any(answer in consultation.book.questions[question_id].answers for answer in ("no", "none", "never"))


def _look_at(question_id: str, consultation: Consultation) -> None:
    question, stored = consultation.book.questions[question_id], _look_shows(question_id, consultation)

    def save(chosen: str | None) -> None:
        tapped(consultation, {question_id: chosen}, ON_CARD)

    with st.container(key=f"look_{question_id}", gap="small"):
        answer_inputs.heading(question)
        words, key = question.words, f"tap_wide_{question_id}"
        answer_inputs.one_of(consultation, key, words.client, question.answers, words.answers, stored, save)


def _look_shows(question_id: str, consultation: Consultation) -> str | None:
    seen = consultation.how_asked.get(question_id) not in (UNSURE, TOLD_NURSE)
    return consultation.answers.get(question_id) if seen else None


def _item_shows(question_id: str, consultation: Consultation) -> object:
    stored = _shown_on_item(consultation, question_id, yes_answers(consultation.book, question_id))
    answer = consultation.answers.get(question_id) if stored == "yes" else None
    return stored, answer, last_time(consultation, question_id) if answer else None


def _item(question_id: str, card: SafetyCard, consultation: Consultation) -> None:
    """One item: its name, its own "Not sure", what nobody should miss; and which, where there is more than one yes."""
    question = consultation.book.questions[question_id]
    yes = yes_answers(consultation.book, question_id)
    stored = _shown_on_item(consultation, question_id, yes)

    def save(chosen: str | None) -> None:
        tapped(consultation, *_item_answer(open_consultation.latest(consultation), card, question_id, chosen, yes))

    labels = {"yes": question.words.client, "not_sure": say("safety.not_sure")}
    key = f"tap_item_{question_id}"
    answer_inputs.one_of(consultation, key, question.words.client, ["yes", "not_sure"], labels, stored, save)
    if question.words.note:
        draw.html(draw.tag("p", question.words.note, cls="mc-help"))
    if stored == "yes" and len(yes) > 1:
        _which(consultation, question_id, yes)
    draw_last_time(consultation, question_id)


def _stands_alone(question_id: str, consultation: Consultation) -> bool:
    """Whether nothing ever stands below the item: it needs no box of its own, which costs a browser a third of an item."""
    book = consultation.book
    more = len(yes_answers(book, question_id)) > 1 or question_id in book.dated_questions
    return not more and not book.questions[question_id].words.note


def _shown_on_item(consultation: Consultation, question_id: str, yes: tuple[str, ...]) -> str | None:
    answer, how = consultation.answers.get(question_id), consultation.how_asked.get(question_id)
    if answer in yes or how == WHICH_OPEN:
        return "yes"
    return "not_sure" if answer == "not_sure" and how not in (UNSURE, TOLD_NURSE) else None


def _item_answer(
    consultation: Consultation, card: SafetyCard, question_id: str, chosen: str | None, yes: tuple[str, ...]
) -> tuple[dict[str, str | None], str]:
    """A tapped item of several kinds counts as not sure until its kind is chosen; nothing is lost on the way."""
    if chosen == "yes":
        return ({question_id: yes[0]}, ON_CARD) if len(yes) == 1 else ({question_id: "not_sure"}, WHICH_OPEN)
    if chosen == "not_sure":
        return {question_id: "not_sure"}, ON_CARD
    rest = _foot_chosen(consultation, card)
    if rest is None:
        return {question_id: None}, ON_CARD
    return {question_id: _rest_answer(consultation, question_id, rest)}, _REST[rest]


def _which(consultation: Consultation, question_id: str, yes: tuple[str, ...]) -> None:
    question = consultation.book.questions[question_id]
    answer = consultation.answers.get(question_id)

    def save(chosen: str | None) -> None:
        tapped(consultation, {question_id: chosen or "not_sure"}, ON_CARD if chosen else WHICH_OPEN)

    with st.container(key=f"which_{question_id}"):
        draw.html(draw.tag("p", say("safety.which"), cls="mc-small mc-strong"))
        stored = answer if answer in yes else None
        key = f"tap_wide_which_{question_id}"
        answer_inputs.one_of(consultation, key, question.words.client, yes, question.words.answers, stored, save)


def _touched(card: SafetyCard, consultation: Consultation) -> bool:
    items = [question for question in card.questions if _is_item(consultation, question)]
    return any(_shown_on_item(consultation, q, yes_answers(consultation.book, q)) for q in items)


def _foot(card: SafetyCard, after: str, consultation: Consultation) -> None:
    """None of the others, not sure, or rather the nurse: answers everything on the card that is still open: all
    that was not tapped itself, nor filled in by staff."""
    labels = {
        "none": say("safety.none_of_the_others") if _touched(card, consultation) else say("safety.none"),
        "not_sure": say("safety.not_sure"),
        "tell": f":material/chat_bubble: {say('safety.tell')}",
    }

    def save(chosen: str | None) -> None:
        now = open_consultation.latest(consultation)
        rest = [q for q in _unshown(now, card) if now.how_asked.get(q) != SEEN]
        answers = {q: _rest_answer(now, q, chosen) for q in rest} if chosen else dict.fromkeys(rest)
        if chosen:
            answers = {q: answer for q, answer in answers.items() if answer is not None}
        new = tapped(consultation, answers, _REST.get(chosen or "", ON_CARD))
        if new and chosen and all(q in answers or q in now.answers for q in card.questions):
            go_to(consultation.id, after)

    chosen, key = _foot_chosen(consultation, card), f"tap_foot_{card.id}"
    answer_inputs.one_of(consultation, key, say("safety.the_others"), list(labels), labels, chosen, save)


def _unshown(consultation: Consultation, card: SafetyCard) -> list[str]:
    """What no item of the card shows as answered: unanswered, a plain no, or answered by the foot."""
    return [question for question in card.questions if not _shows_itself(consultation, question)]


def _shows_itself(consultation: Consultation, question_id: str) -> bool:
    if _is_item(consultation, question_id):
        return _shown_on_item(consultation, question_id, yes_answers(consultation.book, question_id)) is not None
    return _look_shows(question_id, consultation) is not None


def _foot_chosen(consultation: Consultation, card: SafetyCard) -> str | None:
    """What the foot says of the rest of the card; a plain no says "none", however it was asked.

    What we look at has no "none": as long as it is open, the foot still shows what it answered of the items.
    """
    given = [q for q in _unshown(consultation, card) if _is_item(consultation, q) or q in consultation.answers]
    chosen = {_foot_word(consultation, question) for question in given}
    return chosen.pop() if len(chosen) == 1 else None


def _foot_word(consultation: Consultation, question_id: str) -> str | None:
    how = consultation.how_asked.get(question_id)
    if question_id not in consultation.answers:
        return None
    return next((word for word, asked in _REST.items() if how == asked), "none")


def _rest_answer(consultation: Consultation, question_id: str, chosen: str) -> str | None:
    if chosen != "none":
        return "not_sure"
    return no_answer(consultation.book, question_id) if _is_item(consultation, question_id) else None
