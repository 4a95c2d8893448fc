"""The taps of the safety questions, singly or the items of a card. Each is saved at once, with how it was asked."""

from __future__ import annotations

from functools import partial

import streamlit as st

from medspa_core import records
from views import consultation as kept
from views import draw, parts, taps
from views.answers import no_answer, yes_answers
from views.consultation import Consultation
from views.safety_cards import SafetyCard
from views.words import entry, say

# How an answer was asked, kept beside it; the staff view says it in words ([staff.how] in screens.toml).
SINGLY, ON_CARD, WHICH_OPEN, TOLD_NURSE = "single", "card", "card_which", "told_nurse"
NONE, UNSURE, SEEN = "card_none", "card_not_sure", "seen"
BY_A_TAP = (SINGLY, ON_CARD, WHICH_OPEN, TOLD_NURSE, NONE, UNSURE, SEEN, None)  # None: a tap that took an answer back
_REST = {"none": NONE, "not_sure": UNSURE, "tell": TOLD_NURSE}


def on_card(consultation: Consultation, cards: list[SafetyCard], card: SafetyCard, after: str) -> None:
    """What stands on a card; `after` is the card that an answer to a single question leads to."""
    if card.single:
        _single(consultation, [one for one in cards if one.single], card, after)
    else:
        _several(consultation, card, after)


def go_to(draft_id: str, card_id: str) -> None:
    """Shows this card."""
    st.session_state["safety_at"] = {draft_id: card_id}


def taps_so_far(consultation: Consultation) -> int:
    """How many taps the safety questions have taken. Asked of the store once a session: a reload forgets none."""
    counts: dict[str, int] = st.session_state.setdefault("safety_taps", {})
    if consultation.id not in counts:
        try:
            counts[consultation.id] = _taps_kept(consultation)
        except records.StoreProblem:
            return 0  # not known just now, so nothing is said of it
    return counts[consultation.id]


def _taps_kept(consultation: Consultation) -> int:
    """Each save of an answer to a safety question was one tap; answers that came in another way were none."""
    asked = set(consultation.book.safety_questions)
    given = kept.answers_given(consultation)
    return len({one.revision for one in given if one.question in asked and one.how_asked in BY_A_TAP})


def _tapped(consultation: Consultation, answers: dict[str, str | None], how: str) -> None:
    number = taps_so_far(consultation) + 1
    st.session_state["safety_taps"][consultation.id] = number
    kept.keep(answers, how)


# --- one question that stands alone ----------------------------------------------------------------------------------


def _single(consultation: Consultation, singles: list[SafetyCard], card: SafetyCard, after: str) -> None:
    words = consultation.book.questions[card.id].words
    draw.html(
        _progress(consultation, singles, singles.index(card)),
        draw.tag("h2", words.client, cls="mc-single"),
        *([draw.tag("p", words.help, cls="mc-lead")] if words.help else []),
    )
    _single_taps(consultation, card.id, after)


def _progress(consultation: Consultation, singles: list[SafetyCard], number: int) -> draw.Element:
    dashes = [
        draw.tag("i", "\u200b", cls="now" if n == number else "on" if card.is_done(consultation.answers) else "off")
        for n, card in enumerate(singles)
    ]
    line = say("safety.single", number=number + 1, total=len(singles))
    words = draw.tag("p", line, cls="mc-small mc-strong")
    return draw.tag("div", words, draw.tag("div", *dashes, cls="mc-dashes", aria_hidden="true"), cls="mc-progress")


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
        _tapped(consultation, {question_id: answer}, TOLD_NURSE if chosen == "tell" else SINGLY)
        go_to(consultation.id, question_id if chosen is None else after)

    wide = "two_" if any(len(labels[answer]) > 28 for answer in offered) else "wide_"
    key = f"tap_{wide}{question_id}"
    taps.one_of(consultation, key, question.words.client, [*offered, "tell"], labels, stored, save)


# --- a card of several -----------------------------------------------------------------------------------------------


def _several(consultation: Consultation, card: SafetyCard, after: str) -> None:
    title, ask = _card_words(consultation, card)
    draw.html(draw.tag("p", title, cls="mc-small mc-strong"), draw.tag("h2", ask, cls="mc-single"))
    looked_at = [question for question in card.questions if not _is_item(consultation, question)]
    for question in looked_at:
        parts.part(consultation, f"look_{question}", partial(_look_shows, question), partial(_look_at, question))
    with st.container(key=f"items_{card.id}"):
        for question in card.questions:
            if question not in looked_at:
                parts.part(
                    consultation, f"item_{question}", partial(_item_shows, question), partial(_item, question, card)
                )
    parts.part(consultation, "card_foot", partial(_foot_shows, card), partial(_foot, card, after))


def _card_words(consultation: Consultation, card: SafetyCard) -> tuple[str, str]:
    if card.id in consultation.book.cards:
        words = consultation.book.cards[card.id]
        return words.title, words.ask
    return say("safety.together_title"), say("safety.together_ask")


def _is_item(consultation: Consultation, question_id: str) -> bool:
    return any(answer in consultation.book.questions[question_id].answers for answer in ("no", "none", "never"))


def _look_at(question_id: str, consultation: Consultation) -> None:
    with st.container(key=f"look_{question_id}", gap="small"):
        taps.heading(consultation.book.questions[question_id])
        _look(consultation, question_id)


def _look_shows(question_id: str, consultation: Consultation) -> str | None:
    seen = consultation.how_asked.get(question_id) not in (UNSURE, TOLD_NURSE)
    return consultation.answers.get(question_id) if seen else None


def _look(consultation: Consultation, question_id: str) -> None:
    question = consultation.book.questions[question_id]

    def save(chosen: str | None) -> None:
        _tapped(consultation, {question_id: chosen}, ON_CARD)

    stored = _look_shows(question_id, consultation)
    key = f"tap_wide_{question_id}"
    taps.one_of(consultation, key, question.words.client, question.answers, question.words.answers, stored, save)


def _item_shows(question_id: str, consultation: Consultation) -> object:
    stored = _shown_on_item(consultation, question_id, yes_answers(consultation.book, question_id))
    return stored, consultation.answers.get(question_id) if stored == "yes" else None


def _item(question_id: str, card: SafetyCard, consultation: Consultation) -> None:
    """One item: its name, its own "Not sure", its line of help; and which, where there is more than one yes."""
    question = consultation.book.questions[question_id]
    yes = yes_answers(consultation.book, question_id)
    stored = _shown_on_item(consultation, question_id, yes)

    def save(chosen: str | None) -> None:
        _tapped(consultation, *_item_answer(kept.latest(consultation), card, question_id, chosen, yes))

    labels = {"yes": question.words.client, "not_sure": say("safety.not_sure")}
    key = f"tap_item_{question_id}"
    taps.one_of(consultation, key, question.words.client, ["yes", "not_sure"], labels, stored, save)
    if question.words.help:
        draw.html(draw.tag("p", question.words.help, cls="mc-help"))
    if stored == "yes" and len(yes) > 1:
        _which(consultation, question_id, yes)


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
        _tapped(consultation, {question_id: chosen or "not_sure"}, ON_CARD if chosen else WHICH_OPEN)

    with st.container(key=f"which_{question_id}"):
        draw.html(draw.tag("p", say("safety.which"), cls="mc-small mc-strong"))
        stored = answer if answer in yes else None
        key = f"tap_wide_which_{question_id}"
        taps.one_of(consultation, key, question.words.client, yes, question.words.answers, stored, save)


def _touched(card: SafetyCard, consultation: Consultation) -> bool:
    items = [question for question in card.questions if _is_item(consultation, question)]
    return any(_shown_on_item(consultation, q, yes_answers(consultation.book, q)) for q in items)


def _foot_shows(card: SafetyCard, consultation: Consultation) -> object:
    return _touched(card, consultation), _foot_chosen(consultation, card)


def _foot(card: SafetyCard, after: str, consultation: Consultation) -> None:
    """None of the others, not sure, or rather the nurse: answers everything on the card that is still open."""
    labels = {
        "none": say("safety.none_of_the_others") if _touched(card, consultation) else say("safety.none"),
        "not_sure": say("safety.not_sure"),
        "tell": f":material/chat_bubble: {say('safety.tell')}",
    }

    def save(chosen: str | None) -> None:
        now = kept.latest(consultation)
        rest = _rest(now, card)
        answers = {q: _rest_answer(now, q, chosen) for q in rest} if chosen else dict.fromkeys(rest)
        if chosen:
            answers = {q: answer for q, answer in answers.items() if answer is not None}
        _tapped(consultation, answers, _REST.get(chosen or "", ON_CARD))
        if chosen and all(q in answers or q in now.answers for q in card.questions):
            go_to(consultation.id, after)

    chosen, key = _foot_chosen(consultation, card), f"tap_foot_{card.id}"
    taps.one_of(consultation, key, say("safety.the_others"), list(labels), labels, chosen, save)


def _rest(consultation: Consultation, card: SafetyCard) -> list[str]:
    """What the foot of the card may answer: all that was not tapped itself, nor filled in by staff."""
    return [q for q in _unshown(consultation, card) if consultation.how_asked.get(q) != SEEN]


def _unshown(consultation: Consultation, card: SafetyCard) -> list[str]:
    """What no item of the card shows as answered: unanswered, a plain no, or answered by the foot."""
    return [question for question in card.questions if not _shows_itself(consultation, question)]


def _shows_itself(consultation: Consultation, question_id: str) -> bool:
    if _is_item(consultation, question_id):
        return _shown_on_item(consultation, question_id, yes_answers(consultation.book, question_id)) is not None
    return _look_shows(question_id, consultation) is not None


def _foot_chosen(consultation: Consultation, card: SafetyCard) -> str | None:
    """What the foot says of the rest of the card; a plain no says "none", however it was asked."""
    chosen = {_foot_word(consultation, question) for question in _unshown(consultation, card)}
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


def staff_taps(consultation: Consultation, card: SafetyCard) -> None:
    """What staff see and fill in themselves, in short."""
    for question_id in card.questions:
        question = consultation.book.questions[question_id]
        answers = [answer for answer in question.answers if answer != "not_applicable"]
        short = {a: a if a.isdigit() else question.words.answers[a] for a in answers}

        def save(chosen: str | None, question_id: str = question_id) -> None:
            _tapped(consultation, {question_id: chosen}, SEEN)

        draw.html(draw.tag("p", question.words.staff, cls="mc-small mc-strong"))
        stored = consultation.answers.get(question_id)
        key = f"tap_staff_{question_id}"
        taps.one_of(consultation, key, question.words.staff, answers, short, stored, save)
