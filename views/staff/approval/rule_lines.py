"""What every part of the rules in words is made of: a rule, and names of options, sources and yes or no."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from medspa_core.rulebook import Rulebook
from views.context.words import say


@dataclass(frozen=True)
class Rule:
    """One rule in words."""

    title: str
    lines: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """All of it, to search in."""
        return "\n".join((self.title, *self.lines))


def listed(words: Iterable[str], joint: str = ", ") -> str:
    """One after another; "none" where there is none."""
    return joint.join(words) or say("staff.rules.none")


def yes_no(found: bool) -> str:
    """yes or no."""
    return say("staff.rules.yes" if found else "staff.rules.no")


def option_names(book: Rulebook, options: Iterable[str]) -> str:
    """Names of options, or "all treatments"."""
    named = tuple(options)
    if set(named) >= set(book.ranked):
        return say("staff.all_options")
    return listed(book.options[one].short_name for one in named)


def sources_line(book: Rulebook, sources: Iterable[str]) -> str:
    """The titles of what is cited, each once: two pages of one source may have one title."""
    found = [book.sources[one] for one in sources]
    titles = [f"{one.title} ({one.year})" if one.year.isdecimal() else one.title for one in found]
    return (
        say("staff.rules.source", sources="; ".join(dict.fromkeys(titles))) if titles else say("staff.rules.no_source")
    )
