"""What somebody typed is text in a label: no mark of Markdown, and no address that Streamlit would make a link of."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.context.words import calm, field_label, plain

LINKS = (
    re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE),
    re.compile(r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)"),
)
"""As Streamlit's page finds them, in the text that is left once Markdown is read."""
ADDRESSES = (
    "http://evil.example/x",
    "HTTPS://evil.example",
    "www.evil.example",
    "WWW.evil.example",
    "a.b+c@evil.example",
)


def pieces(label: str) -> list[str]:
    """The pieces of text in a label, as a browser shows them, once its marks are read."""
    return [re.sub(r"\\([^\w\s])", r"\1", piece) for piece in label.split(":small[]")]


def links(label: str) -> list[str]:
    return [piece for piece in pieces(label) for one in LINKS if one.search(piece)]


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("around", ["{}", "Ana {} Doe", "({})", "see:{}", "{},{}"])
@pytest.mark.parametrize("label", [plain, field_label])
def test_an_address_in_a_name_is_no_link_and_stands_as_it_was_typed(
    label: Callable[[str], str], name: str, around: str
) -> None:
    typed = around.format(name, name)
    assert links(label(typed)) == [] and "".join(pieces(label(typed))) == typed


@given(st.text(alphabet="ahtpsw:/.@-[]smal \u2060\u200b\0A1", max_size=40))
def test_none_that_can_be_typed_is(typed: str) -> None:
    assert links(plain(typed)) == []
    assert "".join(pieces(plain(typed))) == " ".join(calm(typed).split())


@pytest.mark.parametrize(
    "name", ["Ana Doe", "O'Neil-Smith", "Dr. Ng", "24/7 care", "Tom @ the desk", "a.m.", "x:small[]"]
)
def test_an_ordinary_name_gets_nothing_in_between(name: str) -> None:
    assert ":small[]" not in plain(name) + field_label(name)
