"""What somebody typed is text in a label: no mark of Markdown, and no address that Streamlit would make a link of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.words import field_label, plain

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


def as_read(label: str) -> str:
    """The text of a label once its escapes are read."""
    return re.sub(r"\\([^\w\s])", r"\1", label)


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("around", ["{}", "Ana {} Doe", "({})", "see:{}", "{},{}"])
@pytest.mark.parametrize("label", [plain, field_label])
def test_an_address_in_a_name_is_no_link_and_looks_as_it_was_typed(label: object, name: str, around: str) -> None:
    typed = around.format(name, name)
    read = as_read(label(typed))  # type: ignore[operator]
    assert not [one for one in LINKS if one.search(read)]
    assert read.replace("\u2060", "") == typed


@given(st.text(alphabet="ahtpsw:/.@- \u2060\u200bA1", max_size=40))
def test_none_that_can_be_typed_is(typed: str) -> None:
    assert not [one for one in LINKS if one.search(as_read(plain(typed)))]


@pytest.mark.parametrize("name", ["Ana Doe", "O'Neil-Smith", "Dr. Ng", "24/7 care", "Tom @ the desk", "a.m."])
def test_an_ordinary_name_gets_nothing_in_between(name: str) -> None:
    assert "\u2060" not in plain(name) + field_label(name)
