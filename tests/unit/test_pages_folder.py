"""A folder pages/ beside the program is no list of pages that an address opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.runtime.pages_manager import PagesManager

from views.streamlit_patches import pages_folder


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A program with a folder pages/, in a server that has opened no page yet."""
    (tmp_path / "pages").mkdir()
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)
    return str(tmp_path / "app.py")


def test_no_page_is_opened_past_the_door(program: str) -> None:
    pages_folder.install()
    assert PagesManager(program).uses_pages_directory is False


def test_streamlit_itself_opens_them(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it does not, the patch can go."""
    monkeypatch.setattr(PagesManager, "__init__", PagesManager.__init__)
    assert PagesManager(program).uses_pages_directory is True
