"""The safety questions in the order they are shown: eight singly, then cards. Decides what stands on which card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from medspa_core.rulebook import Rulebook
from medspa_core.safety import is_still_asked
from views.session.open_consultation import Consultation

NO_ITEMS = ("not_asked", "beside_an_answer", "typed")  # layers of what is no item of a card and needs no answer
LAYERS = ("first", "history", "together", "last_days")
_ORDER = {
    "history": "history",
    "one_option": "history",
    "last_days": "last_days",
}  # a card's layer -> where it is shown


@dataclass(frozen=True, slots=True)
class SafetyCard:
    """What is asked at once: a hard stop, or the items of a card."""

    id: str
    layer: str
    questions: tuple[str, ...]

    @property
    def single(self) -> bool:
        """One question that stands alone."""
        return self.layer == "first"

    def is_done(self, answers: Mapping[str, Any]) -> bool:
        """Whether everything on it is answered."""
        return all(question in answers for question in self.questions)

    def left_open(self, answers: Mapping[str, Any]) -> int:
        """How many of its questions are open where others are answered; 0 for a card that is done, or not begun."""
        still_open = sum(question not in answers for question in self.questions)
        return still_open if still_open < len(self.questions) else 0


def safety_cards(consultation: Consultation) -> list[SafetyCard]:
    """All cards for this client. An item of one option is asked only while that option is open, or was answered."""
    book = consultation.book
    asked = [question for question in book.questions if _is_asked(consultation, question)]
    found = _hard_stops(book, [one for one in asked if book.questions[one].layer == "hard_stop"])
    found += [_card(book, card, asked) for card in _cards_shown(book, "history")]
    together = tuple(question for question in asked if book.questions[question].layer == "staff_sees")
    found.append(SafetyCard("together", "together", together))
    found += [_card(book, card, asked) for card in _cards_shown(book, "last_days")]
    return [card for card in found if card.questions]


def _hard_stops(book: Rulebook, asked: list[str]) -> list[SafetyCard]:
    """One at a time; what one tap answers together is one."""
    together: dict[str, list[str]] = {}
    for question in asked:
        together.setdefault(book.questions[question].card or question, []).append(question)
    return [SafetyCard(card, "first", tuple(questions)) for card, questions in together.items()]


def _is_asked(consultation: Consultation, question_id: str) -> bool:
    question = consultation.book.questions[question_id]
    if question.part != "safety" or question.layer in NO_ITEMS:
        return False
    if question_id in consultation.answers or not question.only_while_open:
        return True
    return is_still_asked(question_id, consultation.open_options, consultation.book)


def _cards_shown(book: Rulebook, layer: str) -> list[str]:
    here = [card for card, entry in book.cards.items() if _ORDER.get(entry.layer) == layer]
    return sorted(here, key=lambda card: book.cards[card].order)


def _card(book: Rulebook, card: str, asked: list[str]) -> SafetyCard:
    layer = _ORDER[book.cards[card].layer]
    return SafetyCard(card, layer, tuple(question for question in asked if book.questions[question].card == card))
