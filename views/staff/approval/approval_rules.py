"""On the page Approval: the whole rulebook to read and to search in, and what has changed since it was approved."""

from __future__ import annotations

from functools import partial

import streamlit as st

from medspa_core import exam
from views.context import core_access
from views.context.words import plain, say
from views.elements import draw
from views.elements.draw import Element, tag
from views.frame import shell
from views.staff import lists
from views.staff.approval.changes_in_words import Changed, changes_in_words
from views.staff.approval.rule_lines import Rule
from views.staff.approval.rules_in_words import Part, found_in, parts

SHOWN_FOUND, SHOWN_CHANGES = 40, 80


def rules() -> None:
    """Every part of the rulebook, drawn once it is opened; or the rules that hold what was typed."""
    book = core_access.rulebook()
    with st.container(key="card_rules"):
        shell.section(say("staff.rules.title"), say("staff.rules.lead"))
        typed = st.text_input(say("staff.rules.find"), max_chars=80, key="find_rules", live=True)
        if typed and typed.strip():
            _found(found_in(book, typed))
            return
        for part in parts(book):
            _part(part)


def _part(part: Part) -> None:
    label = say("staff.rules.group", title=part.title, number=len(part.rules))
    rules = part.rules
    lists.folded(plain(label), f"rules_{part.key}", lambda: draw.html(*(_drawn(one, "h3") for one in rules)))


def _found(found: list[tuple[Part, Rule]]) -> None:
    if not found:
        draw.html(tag("p", say("staff.rules.found_none"), cls="mc-text", role="status"))
        return
    told = say("staff.rules.found_one") if len(found) == 1 else say("staff.rules.found", number=len(found))
    draw.html(tag("p", told, cls="mc-help", role="status"))
    pieces, last = [], None
    for part, one in found[:SHOWN_FOUND]:
        if part is not last:
            pieces.append(tag("h3", part.title, cls="mc-section"))
        pieces.append(_drawn(one, "h4"))
        last = part
    draw.html(*pieces)
    if len(found) > SHOWN_FOUND:
        draw.html(tag("p", say("staff.rules.found_more", shown=SHOWN_FOUND), cls="mc-help"))


def _drawn(one: Rule, heading: str) -> Element:
    """A rule, under a heading of the level below what stands above it."""
    lines = [tag("p", line, cls="mc-small") for line in one.lines]
    return tag("section", tag(heading, one.title, cls="mc-question"), *lines, cls="mc-rule")


def changes() -> None:
    """What is not as it was approved last, part by part. Nothing where nothing was ever approved."""
    book = core_access.rulebook()
    found = exam.what_changed(core_access.store(), book)
    if not found:
        return
    draw.html(tag("h3", say("staff.changes.title", number=len(found)), cls="mc-question"))
    draw.html(tag("p", say("staff.changes.lead"), cls="mc-help"))
    told = changes_in_words(found, book)
    for number, (part, lines) in enumerate(told.items()):
        label = say("staff.rules.group", title=part, number=len(lines))
        lists.folded(plain(label), f"changes_{number}", partial(_changed, lines), expanded=number == 0)


def _changed(lines: list[Changed]) -> None:
    draw.html(draw.table([_row(one) for one in lines[:SHOWN_CHANGES]]))
    if len(lines) > SHOWN_CHANGES:
        draw.html(tag("p", say("staff.changes.more", number=len(lines) - SHOWN_CHANGES), cls="mc-small"))


def _row(one: Changed) -> dict[str, str]:
    return {
        say("staff.changes.what"): one.what,
        say("staff.changes.before"): one.before,
        say("staff.changes.after"): one.after,
    }
