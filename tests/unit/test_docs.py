"""What is written for people: links lead somewhere, the newest version stands in the change log, commands exist."""

import re
import tomllib
from pathlib import Path

import pytest

import medspa_core
from tests.conftest import ROOT
from tests.unit.test_house import kept_files

TEXTS = sorted(path for path in kept_files() if path.suffix == ".md")


def anchors(text: str) -> set[str]:
    """What a link may name behind `#`: each heading, as Git hosts write it."""
    headings = re.findall(r"(?m)^#+ (.*)$", text)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def links(text: str) -> list[str]:
    """Where the links and pictures of a Markdown text lead, without those to another server and those in code."""
    outside_code = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return [to for to in re.findall(r"\]\(([^)\s]+)\)", outside_code) if not re.match(r"[a-z]+:", to)]


@pytest.mark.parametrize("page", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    for link in links(page.read_text("utf-8")):
        to, _, heading = link.partition("#")
        target = (page.parent / to).resolve() if to else page
        assert target.exists(), f"{page.name}: {link}"
        if heading:
            assert heading in anchors(target.read_text("utf-8")), f"{page.name}: {link}"


def test_a_link_that_leads_nowhere_would_be_found() -> None:
    text = "[one](gone.md) [two](https://example.org/x) ![three](a/b.png#c) `[four](not.md)`"
    assert links(text) == ["gone.md", "a/b.png#c"]
    assert anchors("# A form tool's own, *told*\n## Next") == {"a-form-tools-own-told", "next"}


def test_the_programs_version_is_the_newest_one_in_the_change_log() -> None:
    log = (ROOT / "CHANGELOG.md").read_text("utf-8")
    titles = re.findall(r"(?m)^## (.*)$", log)
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert medspa_core.__version__ == stated
    assert titles[0] == "Unreleased"
    assert re.fullmatch(rf"{re.escape(stated)} \(\d{{4}}-\d\d-\d\d\)", titles[1])
