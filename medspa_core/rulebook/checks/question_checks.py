"""Questions and cards: what they name is there, and each answer can be read."""

from __future__ import annotations

from collections.abc import Iterator

from medspa_core.rulebook.book import Rulebook
from medspa_core.rulebook.problems import unknown
from medspa_core.rulebook.schema import asked


def question_problems(book: Rulebook) -> Iterator[str]:
    """A line for each."""
    for card_id, card in book.cards.items():
        yield from _choices(f"cards.toml, {card_id}", card_id, card, book)
    for question_id, question in book.questions.items():
        where = f"questions.toml, {question_id}"
        if question.card:
            yield from unknown(where, "card", [question.card], book.cards)
        if question.only_while_open:
            yield from unknown(where, "option", [question.only_while_open], book.ranked)
        if question.kind in ("choice", "several", "importance") and not question.answers:
            yield f"{where}: a {question.kind} question needs answers. Add them"
        if question.kind == "text" and (question.use != "record_only" or question.high < 1):
            yield f'{where}: a text decides nothing and has a length (high). Write use = "record_only", and how long'
        worded = set(answers_with_words(question))
        for answer in sorted(worded - set(question.words.answers)):
            yield f"{where}.words.answers: the answer {answer!r} has no wording. Add it"
        yield from unknown(f"{where}.words.answers", "answer", question.words.answers, worded)
        yield from _older(where, question, book)
        yield from _window(where, question)


def _choices(where: str, card_id: str, card: asked.Card, book: Rulebook) -> Iterator[str]:
    """Each choice answers every question of its card, with an answer that the question has."""
    asked = {key: question for key, question in book.questions.items() if question.card == card_id}
    if (card.layer == "hard_stop") != bool(card.choices):
        yield f"{where}: choices stand on a card of hard stops, and such a card has them. Add or remove them"
    for name, choice in card.choices.items():
        if set(choice.answers) != set(asked):
            yield f"{where}.choices.{name}: one answer for each of {', '.join(asked)}. Make them the same"
        for key in sorted(set(choice.answers) & set(asked)):
            yield from unknown(f"{where}.choices.{name}", "answer", [choice.answers[key]], asked[key].answers)


def _window(where: str, question: asked.Question) -> Iterator[str]:
    if question.window_days is None:
        return
    if question.kind != "choice":
        yield f"{where}: window_days stands with a choice only. Remove it"
    if isinstance(question.window_days, dict):
        yield from unknown(f"{where}.window_days", "answer", question.window_days, question.answers)


def _older(where: str, question: asked.Question, book: Rulebook) -> Iterator[str]:
    """An earlier id is no question any more, and each answer to it reads as one of today's, or as none."""
    for older, read_as in question.older.items():
        if older in book.questions:
            yield f"{where}.older.{older}: that is a question still. Rename one of the two"
        yield from unknown(f"{where}.older.{older}", "answer", set(read_as.values()) - {""}, question.answers)


def answers_with_words(question: asked.Question) -> tuple[str, ...]:
    """Every answer a person may tap or read, so each has a wording."""
    if question.kind == "yes_no_setting":
        return ("true", "false")
    in_fields = (answer for answers in question.fields.values() for answer in answers)
    return (*question.answers, *question.also, *in_fields)
