"""All patches of Streamlit are put on at once, by app.py; a version that was not tried says so in a line."""

import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import streamlit

from medspa_core.settings import SettingsProblem, settings_from
from tests.conftest import ROOT
from views.streamlit_patches import installed
from views.streamlit_patches.installed import ALWAYS, PATCHES, TRIED, StreamlitProblem, install_all

FOLDER = ROOT / "views" / "streamlit_patches"


@pytest.fixture
def put_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Names of the patches as they are put on; Streamlit itself stays as it is."""
    names: list[str] = []
    for name in (*ALWAYS, *PATCHES):
        module = import_module(f"views.streamlit_patches.{name}")
        monkeypatch.setattr(module, "install", lambda name=name: names.append(name))
    yield names


def test_each_module_with_an_install_is_in_a_list_and_the_others_are_middleware_or_are_asked() -> None:
    with_install = {path.stem for path in FOLDER.glob("*.py") if "\ndef install()" in path.read_text("utf-8")}
    assert sorted(with_install) == sorted((*ALWAYS, *PATCHES))


def test_the_version_that_is_installed_was_tried() -> None:
    assert streamlit.__version__ in TRIED


def test_a_tried_version_is_patched_without_a_word(put_on: list[str], caplog: pytest.LogCaptureFixture) -> None:
    install_all(TRIED[0], wanted=True)
    assert put_on == [*ALWAYS, *PATCHES] and caplog.messages == []


def test_a_version_that_was_not_tried_is_patched_and_says_so_in_one_line(
    put_on: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    install_all("1.99.0", wanted=True)
    [line] = caplog.messages
    assert put_on == [*ALWAYS, *PATCHES]
    assert "1.99.0 was not tried" in line and TRIED[0] in line and "MEDSPA_STREAMLIT_PATCHES=no" in line


def test_where_they_are_not_wanted_what_keeps_pages_behind_the_door_is_put_on_all_the_same(
    put_on: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "medspa"):
        install_all("1.99.0", wanted=False)
    assert put_on == list(ALWAYS) and len(caplog.messages) == 1


def test_what_streamlit_no_longer_has_ends_the_start_with_one_line(
    put_on: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "PATCHES", (*PATCHES, "a_patch_of_what_is_gone"))
    with pytest.raises(
        StreamlitProblem, match=r"1\.99\.0 has not what .*a_patch_of_what_is_gone.*MEDSPA_STREAMLIT_PATCHES=no"
    ):
        install_all("1.99.0", wanted=True)


@pytest.mark.parametrize(("given", "patched"), [({}, True), ({"MEDSPA_STREAMLIT_PATCHES": "no"}, False)])
def test_a_setting_goes_on_without_them(given: dict[str, str], patched: bool, tmp_path: Path) -> None:
    assert settings_from(given, tmp_path).streamlit_patches is patched


def test_anything_but_yes_and_no_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="MEDSPA_STREAMLIT_PATCHES: expected yes or no"):
        settings_from({"MEDSPA_STREAMLIT_PATCHES": "maybe"}, tmp_path)
