"""Pages of figures on a folder of facts: as of when they are, the same numbers as from the store, and one line where it is not
whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from medspa_core.practice.facts_folder import STAMP, write_store
from medspa_core.records import Store
from tests.pages.conftest import NOW, program, text_of


def page_text() -> str:
    at = program().run()
    at.switch_page("pages/treatment_mix.py").run()
    assert not at.exception
    return text_of(at)


def test_the_page_reads_the_folder_says_as_of_when_and_says_so_where_it_is_not_whole(
    store_of: Callable[[int], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(60)
    folder = tmp_path / "facts"
    from_store = page_text()
    stamp = write_store(store, folder, NOW)
    monkeypatch.setenv("MEDSPA_FACTS", str(folder))
    text = page_text()
    line = f"Facts as of 10:00, up to number {stamp.seq} of the records."
    assert line in text and line not in from_store
    below = text.partition(line)[2].partition("</p>")[2].partition("<i data-drawn")[0].strip()
    assert "Recommended" in below and below in from_store
    (folder / STAMP).unlink()
    text = page_text()
    assert "The folder of facts cannot be read." in text and "python -m medspa_core facts" in text
    assert "Recommended" not in text.split("The folder of facts")[1]
