"""A column of a form in; out whether it has to be read in a way of its own: as one choice that is ticked, or as a birth date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from medspa_core.mapping.birth_dates import gives
from medspa_core.mapping.date_orders import orders_of
from medspa_core.mapping.first_mapping.seen_columns import SeenColumn
from medspa_core.mapping.first_mapping.title_matching import Likeness, Questions, plain
from medspa_core.mapping.form_tools import BIRTH, CHOSEN, NOT_TICKED, TICKED, UNTICKED, split_title
from medspa_core.mapping.rules import SKIP, UNDECIDED
from medspa_core.mapping.texts import folded
from medspa_core.mapping.tick_rules import is_box
from medspa_core.tables.row_blocks import ID

TICK, BIRTH_DATE = "ticked", "birth_date"  # as the keys of a mapping that say so


def read_otherwise(seen: SeenColumn, like: Likeness, questions: Questions) -> Likeness:
    """The same, with the way in which the column is read, if it is one of these."""
    if _holds_birth_dates(seen, like, questions):
        ages = tuple(name for name, column in questions.columns.items() if gives(column))
        return Likeness(UNDECIDED, likely=ages, reads=BIRTH_DATE)
    if like.fills in (SKIP, ID) or like.entry or not _is_one_choice(seen):
        return like
    label = next(iter(_parts(seen.about)), seen.about)
    said = questions.asked(label)
    names = [like.fills, said.fills, *said.likely, *like.likely]
    kinds = {name: questions.columns[name].kind for name in names if name in questions.columns}
    likely = tuple(name for name in dict.fromkeys(names) if kinds.get(name) in ("choice", "several"))
    certain = like.fills if kinds.get(like.fills) == "choice" else UNDECIDED
    return replace(like, fills=certain, likely=() if certain != UNDECIDED else likely, reads=TICK)


def also_never_ticked(columns: Sequence[tuple[SeenColumn, Likeness]]) -> list[Likeness]:
    """What each column asks, where a choice that nobody took is known by the question that it shares with others."""
    groups = {stem for seen, like in columns if like.reads == TICK for stem in _stems(seen)}
    return [
        replace(like, reads=TICK)
        if not seen.cells and like.fills == UNDECIDED and not like.reads and groups.intersection(_stems(seen))
        else like
        for seen, like in columns
    ]


def _stems(seen: SeenColumn) -> set[str]:
    return {before for title in (seen.title, seen.about) for before, _ in split_title(title)}


def _holds_birth_dates(seen: SeenColumn, like: Likeness, questions: Questions) -> bool:
    if any(BIRTH.search(plain(title)) for title in (seen.title, seen.about)):
        return True
    column = questions.columns.get(like.fills)
    days = [cell for cell in seen.cells if orders_of(cell)]
    return column is not None and gives(column) and 2 * len(days) > len(seen.cells)


def _is_one_choice(seen: SeenColumn) -> bool:
    """By REDCap's or Qualtrics' title of a box; or as all that stands in it are the words at the end of its title."""
    if is_box(seen.title) or is_box(seen.about):
        return True
    cells = {folded(cell) for cell in seen.cells}
    if cells & UNTICKED and cells <= TICKED | NOT_TICKED:
        return True
    cells -= NOT_TICKED
    if len(cells) != 1:
        return False
    labels = {folded(part) for title in (seen.title, seen.about) for part in (title, *_parts(title))}
    is_choice = any(CHOSEN.search(title) and len(_parts(title)) for title in (seen.about, seen.title))
    return bool(cells & (labels - TICKED)) or (is_choice and bool(cells & TICKED))


def label_of(seen: SeenColumn) -> str:
    """What stands in a ticked cell, where neither the title nor the form tool's habit says it."""
    parts = {folded(part): part for part in _parts(seen.about)}
    said = {folded(part) for part in (seen.title, *_parts(seen.title))} | TICKED | NOT_TICKED
    own = [cell for cell in (seen.cells or parts.values()) if folded(cell) not in said]
    return " ".join(own[0].split()) if len(own) == 1 and folded(own[0]) in parts else ""


def _parts(title: str) -> tuple[str, ...]:
    return tuple(part for _, part in split_title(title))
