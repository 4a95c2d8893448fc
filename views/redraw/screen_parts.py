"""A screen in parts: a tap draws again only the parts that would now show something else.

    screen_parts.part(consultation, "who", shows=_who_shows, draw=_draw_who)     # `shows` is cheap: a text, a number, a tuple
    screen_parts.fixed(consultation, "waiting", shows=_waits)                    # drawn outside any part: a change draws it all

A tap that saves is `on_change=screen_parts.tap(consultation, save)`: it saves, then draws what it changed. A screen that does not
say `in_parts` is drawn whole, and so is every first run of a session: after a restart nothing here is known, and no tap
depends on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from views.context import per_run_cache
from views.elements import notices
from views.session import open_consultation, signed_in
from views.session.open_consultation import Consultation

SAME_FOR_A_TAP = (signed_in.SIGN_IN, signed_in.TRIAL, "rulebook")
"""What a tap that goes on in another run need not look up again: who is there, and what the program runs on."""
Shows = Callable[[Consultation], object]
Draw = Callable[[Consultation], None]
Line = Callable[[Callable[..., None]], None]


@dataclass
class Part:
    """What a part shows, and what it showed when it was drawn last."""

    shows: Shows
    shown: object
    within: tuple[str, ...] = ()
    fixed: bool = False


@dataclass
class Board:
    """The parts of the screen that is on the tablet, and the consultation as they show it."""

    in_parts: bool = False
    parts: dict[str, Part] = field(default_factory=dict)
    newest: Consultation | None = None
    drawing: tuple[str, ...] = ()  # the part that is being drawn, and those around it

    def forget(self, name: str) -> None:
        """A part is drawn afresh: what was within it may be gone."""
        self.parts = {key: part for key, part in self.parts.items() if key != name and name not in part.within}


def begin(consultation: Consultation, *, in_parts: bool) -> None:
    """A screen begins; `in_parts`: all that an answer can change on it is in a part, or said to be fixed."""
    consultation.board = Board(in_parts, newest=consultation)


def part(consultation: Consultation, name: str, shows: Shows, draw: Draw) -> None:
    """Draws a part, now and whenever a tap has changed what it shows."""
    board = _board(consultation)
    within = board.drawing

    @st.fragment(key=f"part_{name}")
    def drawn() -> None:
        signed_in.look_again()
        now = board.newest or consultation
        board.forget(name)
        board.parts[name] = Part(shows, shows(now), within)
        board.drawing = (*within, name)
        draw(now)
        board.drawing = within

    drawn()


def fixed(consultation: Consultation, name: str, shows: Shows) -> None:
    """Something that stands outside the parts: if a tap changes it, the whole screen is drawn again."""
    _board(consultation).parts[name] = Part(shows, shows(consultation), fixed=True)


def line(consultation: Consultation, text: Callable[[Consultation], str]) -> Line:
    """A line that follows the answers, for whoever draws it."""
    return lambda draw: part(consultation, "line", text, lambda now: draw(text(now)))


def tap(consultation: Consultation, do: Callable[[], object]) -> Callable[[], None]:
    """What a widget that is being drawn does when it is tapped: `do`, then what that changed is drawn again."""
    board = _board(consultation)
    around = board.drawing[-1:]

    def tapped() -> None:
        do()
        redraw(consultation, around)

    return tapped


def redraw(consultation: Consultation, around: tuple[str, ...] = ()) -> None:
    """The end of a tap: the parts that have changed are drawn again, and nothing else; or the whole screen.

    Streamlit draws the part `around` the widget again by itself, in the same run; any other part costs a second run, which
    draws only what has changed.
    """
    board = _board(consultation)
    if not board.in_parts or notices.waits(open_consultation.NOTICE):
        st.rerun()
    board.newest = now = open_consultation.latest(consultation)
    now.board = board
    changed = [name for name, part in board.parts.items() if part.shows(now) != part.shown]
    if any(board.parts[name].fixed for name in changed):
        st.rerun()
    others = [name for name in changed if name not in around and not set(around) & set(board.parts[name].within)]
    if others or not around:
        per_run_cache.goes_on(*SAME_FOR_A_TAP)
        st.rerun([f"part_{name}" for name in changed or _smallest(board)])


def _smallest(board: Board) -> list[str]:
    """A part that is quickly drawn, for a tap outside all parts that changed nothing."""
    return [name for name, part in board.parts.items() if not part.fixed and not part.within][:1]


def _board(consultation: Consultation) -> Board:
    if consultation.board is None:
        consultation.board = Board(newest=consultation)
    board: Board = consultation.board
    return board
