"""Pieces that the charts share: the two shapes, words, an option's name, a visit with its redness, months, the client's limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import TypeVar
from xml.etree.ElementTree import Element

from medspa_core.rulebook import Rulebook
from medspa_core.timeline import Row, Session
from views.charts.vertical_lines import Box, upright
from views.elements import draw, theme
from views.result.outcome import Outcome

R = TypeVar("R")
Place = Callable[[date], float]
"""Where a day lies."""

FLAG_LETTER, FLAG_AIR = 7.6, 24  # pixels: a letter of a flag's words, and what is left free beside them


@dataclass(frozen=True)
class Shape:
    """Sizes of one orientation, in pixels of a tablet."""

    name: str
    width: int
    left: int
    right: int
    short: bool


LANDSCAPE = Shape("land", 946, 232, 178, False)
PORTRAIT = Shape("port", 690, 150, 136, True)
SHAPES = (LANDSCAPE, PORTRAIT)


@dataclass
class Chart:
    """One drawing in progress: of whose result, and for which orientation."""

    out: Outcome
    shape: Shape

    @property
    def book(self) -> Rulebook:
        return self.out.book

    @property
    def right(self) -> float:
        return self.shape.width - self.shape.right

    def across(self, share: float) -> float:
        """Where a share of all that is drawn lies, from left to right."""
        return self.shape.left + (self.right - self.shape.left) * share


def stacked(rows: Sequence[R], height_of: Callable[[R], float], top: float) -> Iterator[tuple[R, float]]:
    """Each row with its upper edge."""
    return zip(rows, accumulate(map(height_of, rows), initial=top), strict=False)


def words(
    root: Element,
    text: str,
    x: float,
    y: float,
    *,
    size: float = 14,
    weight: int = 400,
    fill: str = theme.INK,
    anchor: str = "start",
) -> None:
    """A line of text on the base line y, in pixels; nothing where there is nothing to say."""
    if text:
        heavy: dict[str, object] = {"font_weight": weight} if weight != 400 else {}
        draw.add(root, "text", text, x=x, y=y, font_size=size, fill=fill, text_anchor=anchor, **heavy)


def option_name(root: Element, chart: Chart, option: str, y: float, size: float) -> None:
    """An option's mark and name, in two lines where there is little room: "PRP +", "microneedling"."""
    draw.mark(root, option, 9, y, 15)
    first, plus, rest = chart.book.options[option].name.partition(" + ")
    lines = [f"{first} +", rest] if plus and chart.shape.short else [first + plus + rest]
    for number, line in enumerate(lines):
        words(root, line, 26, y + 5 - 9 * (len(lines) - 1) + 18 * number, size=size, weight=600)


def redness(root: Element, x: Place, row: Row, session: Session, y: float, height: float, beyond: float = 0) -> None:
    """The days of redness after a visit, to scale; pale where the visit may be needed. `beyond`: so many pixels more."""
    days = (0, row.redness.low, row.redness.high) if row.redness else ()
    places = [x(session.day + timedelta(days=after)) for after in days]
    for (left, right), opacity in zip(pairwise(places), (0.55, 0.32), strict=False):
        draw.add(
            root, "rect", x=left, y=y - height / 2, width=right - left + beyond, height=height,
            fill=theme.REDNESS, opacity=opacity * (1.0 if session.usual else 0.45),
        )  # fmt: skip


def visit_mark(
    root: Element, x: Place, row: Row, session: Session, y: float, size: float, *, hollow: bool = False
) -> Element:
    """The mark of a visit; pale where it may be needed."""
    mark = draw.mark(root, row.option, x(session.day), y, size, hollow=hollow)
    if not session.usual:
        mark.set("opacity", "0.4")
    return mark


def month_starts(first: date, last: date) -> Iterator[date]:
    """The first days of the months after `first`, up to `last`."""
    month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def limit(root: Element, text: str, at: float, right: float, bottom: float, shape: Shape, among: Iterable[Box]) -> None:
    """What the client set (a date, minutes, money): a solid line with a flag; at the right edge with an arrow if beyond."""
    x, told = (right, f"{text} →") if at > right else (at, text)
    upright(root, x, 30, bottom, among, stroke=theme.INK, stroke_width=2.2)
    flag(root, told, x, (4, shape.width - 2), 28, 21)


def flag(root: Element, text: str, x: float, within: tuple[float, float], height: float, base: float) -> None:
    """Words on a dark ground above a line at x, from the left to the right end that are named."""
    width = FLAG_LETTER * len(text) + FLAG_AIR
    left = min(max(x - width / 2, within[0]), within[1] - width)
    draw.add(root, "rect", x=left, y=2, width=width, height=height, rx=7, fill=theme.INK)
    words(root, text, left + width / 2, base, weight=600, fill=theme.CARD, anchor="middle")


def tint(colour: str, share: float) -> str:
    """A colour mixed with white."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * share):02X}" for part in parts)
