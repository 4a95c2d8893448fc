"""Pieces that the charts share: the two shapes, words, an option's name, the client's own limit, a paler colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from views.charts.vertical_lines import Box, upright
from views.elements import draw, theme

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


def name_lines(name: str, shape: Shape) -> list[str]:
    """An option's name, in two lines where there is little room: "PRP +", "microneedling"."""
    if not shape.short or " + " not in name:
        return [name]
    first, rest = name.split(" + ", 1)
    return [f"{first} +", rest]


def limit(root: Element, text: str, at: float, right: float, bottom: float, shape: Shape, among: Iterable[Box]) -> None:
    """What the client set (a date, minutes, money): a solid line with a flag; at the right edge with an arrow if beyond."""
    beyond = at > right
    x, told = (right, f"{text} →") if beyond else (at, text)
    width = FLAG_LETTER * len(told) + FLAG_AIR
    left = min(max(x - width / 2, 4), shape.width - width - 2)
    upright(root, x, 30, bottom, among, stroke=theme.INK, stroke_width=2.2)
    draw.add(root, "rect", x=left, y=2, width=width, height=28, rx=7, fill=theme.INK)
    words(root, told, left + width / 2, 21, weight=600, fill=theme.CARD, anchor="middle")


def tint(colour: str, share: float) -> str:
    """A colour mixed with white."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * share):02X}" for part in parts)
