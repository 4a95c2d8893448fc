"""Drawing: the only place that puts SVG or HTML on a page. Both are built as elements, so text is escaped by construction.

SVG, for charts a client sees:

    picture = draw.svg(960, 240, "Redness after each visit, in days")
    draw.add(picture, "text", "12 June", x=40, y=20, fill=theme.INK)
    table = draw.as_table(rows, "calendar")        # [{"Option": ..., "First visit": ...}, ...]
    draw.html(draw.picture(picture), table)        # scales to the width of its place

HTML, for text that needs more than a label:

    draw.html(draw.tag("p", draw.tag("b", "3 visits"), " 3 to 5", cls="muted"))
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import SubElement, tostring

import streamlit as st

from medspa_core.formats.xml_characters import held
from views.context.words import say
from views.elements import theme
from views.elements.page_scripts import SCRIPTS

Element = ElementTree.Element
Piece = Element | str


def svg(width: float, height: float, alt: str) -> Element:
    """An empty picture with its description for readers who don't see it."""
    return Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": "100%",
            "role": "img",
            "aria-label": " ".join(alt.split()),
            "font-family": theme.FONT,
            "font-size": "13",
            "style": "display:block",
        },
    )


def add(parent: Element, name: str, text: str = "", **attributes: object) -> Element:
    """One more element. `stroke_width=2` becomes stroke-width="2"."""
    child = SubElement(parent, name, {key.strip("_").replace("_", "-"): _text(v) for key, v in attributes.items()})
    child.text = text or None
    return child


def mark(parent: Element, option: str, x: float, y: float, size: float = 16, *, hollow: bool = False) -> Element:
    """The option's mark, centred at (x, y): circle, diamond, square, open circle. Hollow: the clinic's own plan."""
    look = theme.option_look(option)
    half = size / 2
    open_mark = hollow or look.hollow
    paint = {"fill": theme.CARD if open_mark else look.colour, "stroke": look.colour, "stroke-width": "2.2"}
    if look.mark == "circle":
        return SubElement(parent, "circle", {"cx": _text(x), "cy": _text(y), "r": _text(half - 1), **paint})
    if look.mark == "diamond":
        points = f"{x:g},{y - half:g} {x + half:g},{y:g} {x:g},{y + half:g} {x - half:g},{y:g}"
        return SubElement(parent, "polygon", {"points": points, **paint})
    box = {"x": _text(x - half + 1), "y": _text(y - half + 1), "width": _text(size - 2), "height": _text(size - 2)}
    return SubElement(parent, "rect", {**box, **paint})


def picture(root: Element, upright: Element | None = None, cls: str = "") -> Element:
    """An SVG as a piece of HTML. `upright`: the same for a tablet held upright; the look shows the one that fits.

    It is sent as text, and one of our scripts puts it in place (scripts/draw_before_paint.js): a page that draws has
    that script.
    """
    shapes = {"": root} if upright is None else {"land": root, "port": upright}
    places = [_undrawn(shape, one) for shape, one in shapes.items()]
    return tag("div", *places, cls=f"mc-picture {cls}".strip())


def _undrawn(shape: str, root: Element) -> Element:
    shaped = {"data_shape": shape} if shape else {}
    return tag("div", _written(root), data_undrawn="yes", **shaped)


def kept(name: str) -> Element:
    """The place of a large piece of HTML in which a tap changes little. What stands in it comes as text (`into`), and one of our
    scripts changes only what is another than before (scripts/draw_before_paint.js): a page that draws it has that script.
    """
    return tag("div", data_kept=name)


def into(name: str, root: Element) -> Element:
    """What stands in the place `name`, for any piece of HTML in the same part of the screen; unseen where it is."""
    return tag("div", _as_text(root), data_into=name, data_changed="yes")


def at_once(root: Element) -> Element:
    """A piece of many elements that one of our scripts puts in place as it is, as it does a picture: Streamlit's own way is to
    sift each of them. A page that draws it has that script."""
    return tag("div", _as_text(root), data_undrawn="yes")


def _as_text(root: Element) -> str:
    root.set("xmlns", "http://www.w3.org/1999/xhtml")
    return _written(root)


def _written(root: Element, method: Literal["xml", "html"] = "xml") -> str:
    """An element as text, without the characters that XML cannot hold: with one of them, in a name that somebody typed, a
    browser would draw none of it."""
    return held(tostring(root, encoding="unicode", method=method))


def as_table(rows: Sequence[Mapping[str, object]], name: str, below: Sequence[str] = ()) -> Element:
    """The same content as a table, one tap away, and what else is to be said of it. Columns are the keys of the first row."""
    return folded(say("shell.as_table"), [table(rows), *(tag("p", text, cls="rr-small") for text in below)], name)


def folded(title: str, pieces: Sequence[Element], name: str) -> Element:
    """Something that is one tap away, without the server."""
    return tag("details", tag("summary", title), *pieces, cls=f"mc-fold mc-fold-{name}")


def turned(rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """A table with many columns as one with many rows, which a tablet held upright has room for."""
    first, *names = rows[0]
    return [{first: name} | {row[first]: row[name] for row in rows} for name in names]


def table(rows: Sequence[Mapping[str, object]]) -> Element:
    """Rows as an HTML table; the first column is the row's heading."""
    root = Element("table", {"class": "mc-table"})
    names = list(rows[0]) if rows else []
    head = SubElement(SubElement(root, "thead"), "tr")
    for name in names:
        SubElement(head, "th", {"scope": "col"}).text = name
    body = SubElement(root, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        for number, name in enumerate(names):
            cell = SubElement(line, "td") if number else SubElement(line, "th", {"scope": "row"})
            cell.text = str(row[name])
    return root


def tag(name: str, *pieces: Piece, cls: str = "", **attributes: object) -> Element:
    """An HTML element of pieces of text and other elements; text is always text."""
    root = Element(name, {key.strip("_").replace("_", "-"): _text(value) for key, value in attributes.items()})
    if cls:
        root.set("class", cls)
    for piece in pieces:
        if isinstance(piece, Element):
            root.append(piece)
        elif len(root):
            root[-1].tail = (root[-1].tail or "") + piece
        else:
            root.text = (root.text or "") + piece
    return root


def asked(question: str, help_line: str = "", cls: str = "mc-question") -> Element:
    """A question. Its line of help lies behind it: a tap on the question shows it, without the server."""
    heading = tag("h2", question, cls=cls)
    if not help_line:
        return heading
    summary = tag("summary", heading, tag("span", "\u200b", cls="mc-icon mc-icon-help", aria_hidden="true"))
    return tag("details", summary, tag("p", help_line, cls="mc-help"), cls="mc-asked")


def explained(title: str, lines: Mapping[str, str]) -> Element:
    """What words mean, one tap away: the word, and what is said of it."""
    rows = [piece for word, text in lines.items() for piece in (tag("dt", word), tag("dd", text))]
    return folded(title, [tag("dl", *rows)], "words")


def icon(name: str) -> Element:
    """A small sign before words, hidden from screen readers. Names are classes of the theme: check, info, ask, stop."""
    return tag("span", "\u200b", cls=f"mc-icon mc-icon-{name}", aria_hidden="true")


def option_mark(option: str) -> Element:
    """The option's mark for use in HTML text."""
    return tag("span", "\u200b", cls=f"mc-mark mc-mark-{theme.option_look(option).css}", aria_hidden="true")


def html(*pieces: Element, width: int | Literal["stretch", "content"] = "stretch") -> None:
    """Puts HTML elements on the page."""
    st.html(_Html("".join(_written(piece, "html") for piece in pieces)), width=width)


class _Html:
    """HTML that is taken as it is: of a text Streamlit first asks whether it names a file, and evens its lines."""

    def __init__(self, text: str) -> None:
        self._text = text

    def _repr_html_(self) -> str:
        return self._text


def note(text: str, *, kind: str = "info") -> None:
    """One quiet line with a sign before it."""
    html(note_of(text, kind))


def note_of(text: str, kind: str) -> Element:
    """The same among other pieces."""
    return tag("p", icon(kind), tag("span", text), cls="mc-note")


def told(text: str, *, refused: bool = False) -> None:
    """What a tap led to, a line for each thing. It is shown beside what was tapped (scripts/notice_at_button.js).

    What was `refused` has another sign, colour and first words than what was done, and is read out at once. `data_said`: the
    same words a second time are said again."""
    first = [tag("p", tag("b", say("shell.not_done")))] if refused else []
    words = tag("div", *first, *[tag("p", line) for line in text.splitlines()])
    look, role = ("mc-told mc-told-no", "alert") if refused else ("mc-told", "status")
    html(tag("div", icon("no" if refused else "check"), words, cls=look, role=role, data_said=secrets.token_hex(4)))


def refused(text: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """Why what stands in a field can't be kept; it stands below that field."""
    html(tag("p", icon("no"), text, cls="mc-refused", role="alert"), width=width)


def way_out(text: str, address: str, *, cls: str = "mc-way", sign: str = "") -> None:
    """A way to one of the gate's own pages; it looks like a button."""
    html(tag("a", *([icon(sign)] if sign else []), text, href=address, target="_self", cls=cls), width="content")


def run_again_when_back() -> None:
    """The scripts of a consultation's screen, unseen.

    After the network or the server was gone the page runs once by itself: a screen whose session is lost loads its
    answers and says so, before anybody taps on it. Two more runs find what was tapped
    while the first was under way: the server does not listen to a part of a screen that it has not drawn yet."""
    with st.container(key="unseen_run_again"):
        st.button(f"Run again {secrets.token_hex(4)}", key="run_again")  # another word each time the page is drawn
        st.html("".join(f"<script>{text}</script>" for text in SCRIPTS), unsafe_allow_javascript=True)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
