"""The mark of a list for a client whom something keeps from a treatment: a sign and the words."""

from __future__ import annotations

from collections.abc import Sequence

from medspa_core.exam import HeldBack
from views.context import core_access
from views.context.words import plain, say, short_date


def mark(found: HeldBack) -> str:
    """A last line for the label of a list's button; nothing where nothing is held back, and words where that is not known."""
    told = [say("staff.held_back.unread")] if found.unread else []
    if found.excluded:
        told.append(say("staff.held_back.stop", options=_options(found.excluded)))
    for day, options in found.waits:
        told.append(say("staff.held_back.wait", options=_options(options), day=short_date(day)))
    return f"  \n:material/block: **{plain(' '.join(told))}**" if told else ""


def _options(options: Sequence[str]) -> str:
    book = core_access.rulebook()
    if set(options) >= set(book.ranked):
        return say("staff.held_back.all")
    return ", ".join(book.options[one].name for one in book.ranked if one in options)
