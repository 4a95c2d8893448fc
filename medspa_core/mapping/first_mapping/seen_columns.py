"""A form's table in, its columns as somebody would look at them out: title, question and the different answers in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from medspa_core.mapping.date_orders import orders_of
from medspa_core.mapping.form_tools import ANSWER_ROW, BETWEEN_CHOICES, END_OF_CHOICES, IMPORT_ID, SEPARATORS
from medspa_core.mapping.texts import folded
from medspa_core.mapping.title_rows import first_rows, under_titles
from medspa_core.tables.files.found_table import ONE, SEVERAL, FoundTable

MOST_ROWS = 16_384  # of the file: what is looked at
FEW, SHORT = 8, 40  # answers that may be shown before anybody knows the question
MOST_CHOICES = 20  # of a list to tick

Choices = tuple[str, tuple[str, ...]]
"""What stands between several choices in one cell, and the choices."""


@dataclass(frozen=True)
class SeenColumn:
    """One column. `about`: what it asks, where that is not its title; `cells`: its different answers, the most frequent
    first; `why_not`: why it cannot be mapped."""

    title: str
    about: str
    cells: tuple[str, ...]
    filled: int
    why_not: str = ""

    @property
    def has_few_answers(self) -> bool:
        """Whether its answers are few and short."""
        return 0 < len(self.cells) <= FEW and all(len(cell) <= SHORT for cell in self.cells)

    @property
    def is_chosen(self) -> bool:
        """Whether answers come again, so that they were chosen from a few; else they may be what clients are called."""
        return 2 * self.filled >= 3 * len(self.cells)

    @property
    def choices(self) -> Choices:
        """What stands between several choices in one cell, and the choices; nothing where there are none."""
        if any(map(orders_of, self.cells)):  # March 14, 1982
            return "", ()
        if self.cells and all(END_OF_CHOICES.search(cell) for cell in self.cells):
            pieces = Counter(piece for cell in self.cells for piece in BETWEEN_CHOICES.split(cell.strip()) if piece)
            return ";", _in_order(pieces) if _are_choices(pieces) else ()
        for mark in SEPARATORS:
            pieces = self._pieces(mark)
            if len(pieces) < len(self.cells) and _are_choices(pieces):
                return mark, _in_order(pieces)
        return "", ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The different lines of cells of several short ones: choices, or an address."""
        pieces = self._pieces("\n")
        return _in_order(pieces) if any("\n" in cell.strip() for cell in self.cells) and _are_choices(pieces) else ()

    def _pieces(self, mark: str) -> Counter[str]:
        return Counter(piece.strip() for cell in self.cells for piece in cell.split(mark) if piece.strip())


def _are_choices(pieces: Counter[str]) -> bool:
    return 0 < len(pieces) < MOST_CHOICES and all(len(piece) <= SHORT for piece in pieces)


def _in_order(pieces: Counter[str]) -> tuple[str, ...]:
    return tuple(sorted(pieces, key=lambda piece: (-pieces[piece], piece)))


@dataclass(frozen=True)
class SeenForm:
    """A form's table: where its titles stand, what its first rows hold."""

    name: str
    title_rows: tuple[int, ...]
    skip_rows: int
    columns: tuple[SeenColumn, ...]
    rows: int


def seen_form(found: FoundTable) -> SeenForm:
    """The columns of a table, from its first rows."""
    first, rows = first_rows(found.rows, 2)
    title_rows, skip_rows, about = _layout(found.titles, first)
    found = under_titles(replace(found, rows=rows), title_rows, skip_rows)
    counted, looked_at = _counted(found)
    times = Counter(map(folded, found.titles))
    columns = [
        SeenColumn(
            title=title,
            about=about[place] if about else title,
            cells=_different(counted[place]),
            filled=counted[place].total(),
            why_not=_why_not(place, times[folded(title)], found),
        )
        for place, title in enumerate(found.titles)
    ]
    return SeenForm(found.name, title_rows, skip_rows, tuple(columns), looked_at)


def _layout(titles: Sequence[str], first: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], int, Sequence[str]]:
    """Rows of titles, rows to skip under them, and a row that says what is asked: as Qualtrics and SurveyMonkey have them."""
    for at, row in enumerate(first):
        if any(IMPORT_ID.match(cell) for cell in row):
            return (1,), at + 1, first[0] if at else titles
    if first and any(folded(cell) in ANSWER_ROW for cell in first[0]):
        return (1, 2), 0, ()
    return (1,), 0, ()


def _counted(found: FoundTable) -> tuple[list[Counter[str]], int]:
    """How often each cell stands in each column, blank ones aside, and how many rows were looked at."""
    counted: list[Counter[str]] = [Counter() for _ in found.titles]
    looked_at = 0
    for rows in found.rows:
        part = rows.cells.slice(0, MOST_ROWS - looked_at)
        looked_at += part.num_rows
        for counter, column in zip(counted, part.columns, strict=True):
            for one in column.value_counts().to_pylist():
                if one["values"] and one["values"].strip():
                    counter[one["values"]] += one["counts"]
        if looked_at >= MOST_ROWS:
            break
    return counted, looked_at


def _different(counter: Counter[str]) -> tuple[str, ...]:
    """The answers without those that differ only in case and blanks from one before."""
    ordered = sorted(counter, key=lambda cell: (-counter[cell], cell))
    return tuple({folded(cell): cell for cell in reversed(ordered)}.values())[::-1]


def _why_not(place: int, times: int, found: FoundTable) -> str:
    if not folded(found.titles[place]):
        return "has no title"
    if times > 1:
        return f"stands {times} times. Give each another title to map it"
    return "" if found.holds[place] in (ONE, SEVERAL) else f"holds {found.holds[place]}"
