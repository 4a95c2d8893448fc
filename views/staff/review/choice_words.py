"""What a client chose, in the words of the staff's lists."""

from __future__ import annotations

from medspa_core.rulebook import Rulebook
from views.context.words import say
from views.result.outcome import say as result_say


def choice_words(book: Rulebook, choice: str | None) -> str:
    """What the client chose; a word for nothing yet."""
    if choice is None:
        return say("staff.review.no_choice")
    if choice in book.options:
        return book.options[choice].name
    return result_say(f"choice.{choice}")
