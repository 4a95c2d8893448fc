"""The look: tokens, the four options' colours and marks, and one <style> for what the theme file cannot say.

Keys that carry a look (give your container or widget such a key and it is dressed):

    card_<x>      white card, hairline, radius 14
    tap_<x>       a pills or segmented widget, 48 px        tap_wide_<x>, tap_two_<x>   for longer answers
    card_rows_asked_<x>  each part a row: question left, taps right    sand_<x>, mist_<x>   quiet panels
    main_<x>      the filled button of a page               bar_<x>           a line of small things, wrapping
    quiet_<x>     a button that looks like a link

Classes for views.elements.draw.html: mc-title, mc-lead, mc-section, mc-question, mc-help, mc-note, mc-chip, mc-open, mc-mark,
mc-table, mc-finding, muted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

# What drawings need of the tokens; theme.css holds all of them, and config.toml those of Streamlit's own pieces.
INK, MUTED, PAGE, CARD = "#1C2927", "#55625F", "#F3F6F5", "#FFFFFF"
HAIRLINE, CONTROL, SAND = "#DAE1DF", "#828F8B", "#F3EFEA"
REDNESS, SHARED_BAND, GRID, AXIS = "#D79A98", "#46544F", "#E7ECEA", "#AAB5B2"
FONT = "Figtree, sans-serif"


@dataclass(frozen=True, slots=True)
class OptionLook:
    """An option's one colour and one mark, the same on every screen and paper."""

    css: str
    colour: str
    mark: str
    hollow: bool = False
    text_on_it: str = CARD


LOOKS = {
    "exosome_microneedling": OptionLook("exosomes", "#3169AF", "circle"),
    "prp_microneedling": OptionLook("prp", "#965B14", "diamond"),
    "microneedling_alone": OptionLook("needling", "#653A55", "square"),
    "wait": OptionLook("wait", "#87918F", "circle", hollow=True, text_on_it=INK),
}
ADDED_OPTION = OptionLook("added", "#46544F", "square", hollow=True)


DOTS_URL = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18' fill='%231C2927'%3E"
    "%3Ccircle cx='3' cy='9' r='2'/%3E%3Ccircle cx='9' cy='9' r='2'/%3E%3Ccircle cx='15' cy='9' r='2'/%3E%3C/svg%3E"
)
"""Three dots: not yet."""
_SHAPES = {
    "circle": "circle cx='9' cy='9' r='7'",
    "square": "rect x='2' y='2' width='14' height='14'",
    "diamond": "path d='M9 0.5 17.5 9 9 17.5 0.5 9z'",
}


def mark_url(option: str) -> str:
    """The option's mark as a picture for the look, where no element can stand."""
    look = option_look(option)
    fill, paint = ("none" if look.hollow else look.colour), look.colour
    shape = f"<{_SHAPES[look.mark]} fill='{fill}' stroke='{paint}' stroke-width='{2.4 if look.hollow else 0}'/>"
    root = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18'>{shape}</svg>"
    return "data:image/svg+xml," + root.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")


def option_look(option: str) -> OptionLook:
    """The look of an option; one that a clinic added is drawn in grey with an open square."""
    return LOOKS.get(option, ADDED_OPTION)


RESULT, FINISHED = "result.css", "finished.css"
"""Sheets of some pages: of screens 4 to 6, the claims and the mix; of a finished consultation, which is only read. As rules of
every page, `:has()` would make a browser look at all of a page with each tap."""


def put_on(sheet: str = "theme.css") -> None:
    """Dresses the page with a style sheet of ours: theme.css once a run, by app.py, the others by the pages that need them."""
    st.html(_style(sheet))


@st.cache_resource(show_spinner=False)
def _style(sheet: str) -> str:
    return f"<style>{Path(__file__).with_name(sheet).read_text('utf-8')}</style>"
