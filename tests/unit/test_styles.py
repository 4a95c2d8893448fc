"""What our style sheets and scripts call by Streamlit's own names is still called so by the Streamlit that is installed.

Which of our selectors answer to something on a screen is looked at in the browser (tests/browser/test_screens.py).
"""

import re
from functools import cache
from pathlib import Path

import pytest
import streamlit

from tests.conftest import ROOT

BUNDLE = Path(streamlit.__file__).parent / "static"
NAMED = re.compile(r'data-testid="?(\w+)"?\]|\.(st[A-Z]\w+)')
"""A test id in brackets, or a class of Streamlit's; one of ours begins `st-key-`."""
OURS = sorted(path for path in (ROOT / "views").rglob("*") if path.suffix in (".css", ".js", ".py"))


@cache
def streamlits_words() -> set[str]:
    """Each word of the scripts that a browser gets from Streamlit: names of elements stand in them as they are."""
    return {word for path in BUNDLE.rglob("*.js") for word in re.findall(r"\w+", path.read_text("utf-8"))}


def streamlits_names(text: str) -> set[str]:
    return {first or second for first, second in NAMED.findall(text)}


def test_each_name_of_streamlits_in_our_sheets_and_scripts_is_one_it_has() -> None:
    wrong = {
        path.relative_to(ROOT).as_posix(): missing
        for path in OURS
        if (missing := sorted(streamlits_names(path.read_text("utf-8")) - streamlits_words()))
    }
    assert wrong == {}


@pytest.mark.parametrize("sheet", ["theme.css", "result.css", "finished.css"])
def test_the_sheets_are_read_with_their_names(sheet: str) -> None:
    [path] = [path for path in OURS if path.name == sheet]
    assert streamlits_names(path.read_text("utf-8"))


def test_a_name_that_streamlit_has_not_is_found() -> None:
    assert streamlits_names('[data-testid="stGone"] > .stLost:hover, .st-key-steps') == {"stGone", "stLost"}
    assert "stGone" not in streamlits_words() and "stButtonGroup" in streamlits_words()
