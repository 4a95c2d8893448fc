"""Reasons as bars either side of one line, towards each option's mark; they add up to the difference."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from medspa_core.wording.reasons import ReasonList
from views.context.words import say
from views.elements import draw, theme

WIDTH, LEFT, TOP, STEP, BAR = 304, 104, 32, 46, 14
BAR_FROM_ROW = 21  # the bar stands beside the weight, below the reason, which may be as long as the panel is wide
NAME_FROM_LINE, LETTER = 28, 6.7  # of the option's name at the top


def reason_bars(reasons: ReasonList, names: tuple[str, str]) -> Element:
    """Bars of one contest. `names`: short names of the better option (right) and of the other (left)."""
    height = TOP + STEP * len(reasons.lines) + 6
    root = draw.svg(WIDTH, height, alt_text(reasons, names))
    middle = _middle(reasons, names[0])
    _sides(root, reasons, names, middle)
    most = max(abs(line.points) for line in reasons.lines)
    room = {True: WIDTH - middle - 8, False: middle - LEFT - 4}
    scale = min(room[side] / most for side in (True, False) if any((line.points > 0) == side for line in reasons.lines))
    for number, line in enumerate(reasons.lines):
        y = TOP + STEP * number
        draw.add(root, "text", line.text, x=0, y=y + 14, font_size=14.5, fill=theme.INK)
        draw.add(root, "text", line.weight, x=0, y=y + 33, font_size=13, fill=theme.MUTED)
        length = max(3.0, abs(line.points) * scale)
        x = middle if line.points > 0 else middle - length
        colour = theme.option_look(line.towards).colour
        top = y + BAR_FROM_ROW
        draw.add(root, "rect", x=x, y=top, width=length, height=BAR, rx=2.5, fill=colour, data_points=line.points)
        _line(root, middle, top - 4, top + BAR + 4)
    _line(root, middle, 4, TOP - 8)
    return root


def _line(root: Element, x: float, top: float, bottom: float) -> None:
    """A piece of the line between the two sides; the words of a reason may cross where it would be."""
    draw.add(root, "line", x1=x, x2=x, y1=top, y2=bottom, stroke=theme.INK, stroke_width=1.4)


def alt_text(reasons: ReasonList, names: tuple[str, str]) -> str:
    """The same in one sentence a line."""
    told = [f"{line.text}, {line.weight}: {_side(line.points, names)}." for line in reasons.lines]
    return f"{say('reasons.title', best=names[0], other=names[1])}. {' '.join(told)}"


def table_rows(reasons: ReasonList, names: tuple[str, str]) -> list[dict[str, str]]:
    """The bars as a table."""
    return [
        {
            say("reasons.table_reason"): line.text,
            say("reasons.table_weight"): line.weight,
            say("reasons.table_towards"): _side(line.points, names),
        }
        for line in reasons.lines
    ]


def _side(points: int, names: tuple[str, str]) -> str:
    return say("reasons.to", option=names[0] if points > 0 else names[1])


def _middle(reasons: ReasonList, right_name: str) -> float:
    """The line stands where both sides' longest bars fit at one scale; never so far out that a side's name is cut."""
    right = max([line.points for line in reasons.lines if line.points > 0], default=0)
    left = max([-line.points for line in reasons.lines if line.points < 0], default=0)
    share = left / (left + right) if left + right else 0.5
    furthest = WIDTH - NAME_FROM_LINE - LETTER * len(say("reasons.to", option=right_name))
    return min(LEFT + (WIDTH - LEFT) * min(0.62, max(0.38, share)), furthest)


def _sides(root: Element, reasons: ReasonList, names: tuple[str, str], middle: float) -> None:
    """Both options named at the top, each with its mark, on its side of the line."""
    draw.mark(root, reasons.best, middle + 15, 12, 12)
    draw.add(root, "text", say("reasons.to", option=names[0]), x=middle + 26, y=17, fill=theme.MUTED, font_size=13)
    draw.mark(root, reasons.other, middle - 15, 12, 12)
    text = say("reasons.to", option=names[1])
    draw.add(root, "text", text, x=middle - 26, y=17, fill=theme.MUTED, font_size=13, text_anchor="end")
