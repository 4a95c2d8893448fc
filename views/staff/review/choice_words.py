"""What a client chose, in the words of the staff's lists."""

from __future__ import annotations

from medspa_core.rulebook import Rulebook
from views.context.words import say


def choice_words(book: Rulebook, choice: str | None) -> str:
    """What the client chose; a word for nothing yet."""
    if choice is None:
        return say("staff.review.no_choice")
    if choice in book.options:
        return book.options[choice].name
    return say(f"choice.{choice}")
