"""The scripts of a page, each a file in scripts/ that says what it is for: what Streamlit alone would do late or twice."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).with_name("scripts")
IN_A_PAGE = (
    "run_again",
    "open_inside",
    "hold_buttons",
    "typed_then_tapped",
    "leave_once",
    "next_question",
    "draw_before_paint",
)
"""In this order; each hears a tap after those before it."""


def script(name: str) -> str:
    """The text of one script, as it stands in a page."""
    return (FOLDER / f"{name}.js").read_text("utf-8")


SCRIPTS = tuple(script(name) for name in IN_A_PAGE)
"""Our scripts inside a page; app.py names them to the gate, which lets run nothing else that is inline."""
