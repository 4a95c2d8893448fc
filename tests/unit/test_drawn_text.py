"""A text with a character that XML cannot hold is drawn without it: nothing of a screen vanishes for it."""

from xml.etree.ElementTree import fromstring

import pytest

from medspa_core.formats.xml_characters import held, not_held
from views.elements import draw

TYPED = "Ann\x0b Lee\x00 \ufffe\ud800"
READ = "Ann Lee "


@pytest.mark.parametrize("way", [draw.at_once, lambda piece: draw.into("cards", piece)])
def test_a_piece_that_a_script_puts_in_place_holds_the_rest_of_a_typed_text(way) -> None:  # type: ignore[no-untyped-def]
    piece = draw.tag("div", draw.tag("p", TYPED, aria_label=TYPED), TYPED)
    drawn = fromstring(way(piece).text)  # noqa: S314  # our own drawing
    assert "".join(drawn.itertext()) == READ * 2
    assert drawn[0].get("aria-label") == READ


def test_a_picture_and_a_table_hold_the_rest_of_a_typed_text() -> None:
    root = draw.svg(10, 10, TYPED)
    draw.add(root, "text", TYPED, x=1)
    drawn = fromstring(draw.picture(root)[0].text or "")  # noqa: S314  # our own drawing
    assert " ".join((drawn.get("aria-label") or "").split()) == "Ann Lee" and drawn[0].text == READ
    table = fromstring(draw.at_once(draw.table([{TYPED: TYPED}])).text or "")  # noqa: S314  # our own drawing
    assert "".join(table.itertext()) == READ * 2


def test_html_is_sent_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(draw.st, "html", lambda body, width: sent.append(body._repr_html_()))
    draw.html(draw.tag("p", TYPED))
    assert sent == [f"<p>{READ}</p>"]


def test_every_character_that_xml_holds_stays() -> None:
    kept = "a\tb\nc\r \x7f\x85é中\ufffd😀\U0010ffff"
    assert held(kept) == kept and not_held(kept) == ()
    assert not_held("a\x0bb\x0b\x01") == ("U+000B", "U+0001")
