"""What the drawings of Compare are made of: shapes and words put on together, and the options' marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

TYPE = 13
"""The size of all words, in pixels."""


@dataclass(frozen=True)
class Drawing:
    """A chart in progress. Its shapes and words are put on together: at each one added, Plotly checks all that are there."""

    figure: go.Figure
    shapes: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)

    def shape(self, **look: Any) -> None:
        self.shapes.append(look)

    def word(self, **look: Any) -> None:
        self.words.append(look)

    def done(self) -> go.Figure:
        self.figure.update_layout(shapes=self.shapes, annotations=self.words)
        return self.figure


def paint(drawing: Drawing, path: str, place: float, left: int, **look: Any) -> None:
    """A small sign `left` of the plot; its path in pixels from there and from the middle of its line, upwards."""
    shifted = " ".join(str(float(one) - left) if number % 3 == 1 else one for number, one in enumerate(path.split()))
    drawing.shape(
        type="path", path=shifted, xref="paper", yref="y", xanchor=0, yanchor=place, xsizemode="pixel",
        ysizemode="pixel", **{"line": {"width": 0}, **look},
    )  # fmt: skip


def mark_path(mark: str) -> str:
    """Diamond or square as it is; a circle by sixteen corners."""
    corners = {"diamond": [(7, 8), (15, 0), (7, -8), (-1, 0)], "square": [(1, 6), (13, 6), (13, -6), (1, -6)]}
    round_one = [
        (7 + 7 * x, 7 * y)
        for x, y in ((1, 0), (0.92, 0.38), (0.71, 0.71), (0.38, 0.92), (0, 1), (-0.38, 0.92), (-0.71, 0.71), (-0.92, 0.38))
    ]  # fmt: skip
    points = corners.get(mark) or round_one + [(14 - x, -y) for x, y in round_one]
    return " ".join(f"{'L' if number else 'M'} {x:g} {y:g}" for number, (x, y) in enumerate(points))
