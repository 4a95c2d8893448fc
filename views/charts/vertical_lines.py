"""Upright lines that stop before words and go on below them, so that no line runs through a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from views.elements import draw

ASCENT, DESCENT, AIR = 0.86, 0.34, 4  # of the size of the type; around it, in pixels
WIDTHS = {
    0.25: " ',.`il",
    0.30: ":;Ij|",
    0.35: "![]",
    0.40: '"()frt{}',
    0.45: "-/\\_",
    0.50: "*sz",
    0.55: "?FJLackvx",
    0.60: "EPT^bdeghnopquy",
    0.65: "$0123456789#&+<=>BKRSYZ~",
    0.70: "ADX",
    0.75: "CGHUV",
    0.80: "NOQ",
    0.85: "%w",
    0.90: "Mm",
    1.00: "@W",
}
"""How wide a letter of Figtree is at weight 600, of the size of the type: its advance, up to the next twentieth."""
ANY_OTHER = 0.60
NO_BREAK = "\u00a0"
_LETTERS = {letter: width for width, letters in WIDTHS.items() for letter in letters}


@dataclass(frozen=True)
class Box:
    """Where words stand, with some air around them."""

    left: float
    top: float
    right: float
    bottom: float


def width_of(text: str, size: float = 14) -> float:
    """About how wide a line of text is, in pixels; rather too wide than too narrow."""
    return size * sum(_LETTERS.get(letter, ANY_OTHER) for letter in text)


def in_lines(text: str, room: float, size: float = 14) -> list[str]:
    """The text in as many lines as its room asks for; none breaks within a word, or between two that NO_BREAK holds together.
    Nothing to say is no line."""
    lines: list[str] = []
    for word in text.split(" ") if text else ():
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line.replace(NO_BREAK, " ") for line in lines]


def box_of(text: str, x: float, y: float, size: float = 14, *, ends: bool = False) -> Box:
    """The place of a line of text that begins at x on the base line y, or ends there."""
    width = width_of(text, size)
    x = x - width if ends else x
    return Box(x - AIR, y - ASCENT * size - AIR / 2, x + width + AIR, y + DESCENT * size + AIR / 2)


def upright(root: Element, x: float, top: float, bottom: float, words: Iterable[Box], **look: Any) -> None:
    """A line from top to bottom in as many pieces as the words in its way ask for."""
    for box in sorted(words, key=lambda box: box.top):
        if box.left < x < box.right and box.bottom > top and box.top < bottom:
            _piece(root, x, top, box.top, look)
            top = max(top, box.bottom)
    _piece(root, x, top, bottom, look)


def _piece(root: Element, x: float, top: float, bottom: float, look: dict[str, Any]) -> None:
    if bottom - top >= 1:
        draw.add(root, "line", x1=x, x2=x, y1=top, y2=bottom, **look)
