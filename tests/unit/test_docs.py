"""What is written for people: links lead somewhere, the newest version stands in the change log, commands exist."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

import medspa_core
from medspa_core.settings import NAMES
from tests.conftest import ROOT
from tests.unit.test_house import fenced, kept_files
from tests.unit.test_packages import LISTS, pinned

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


# --- commands and packages ------------------------------------------------------------------------------------------


def commands() -> set[str]:
    """Each command line that a page tells somebody to type: in fenced blocks and in code within a sentence."""
    said = set()
    for page in TEXTS:
        text = page.read_text("utf-8")
        said |= set(fenced(text)) | set(re.findall(r"`((?:make|\S*python -m) [^`\n]+)`", text))
    return said


def test_every_make_target_in_the_docs_is_there() -> None:
    targets = set(re.findall(r"(?m)^([a-z][\w-]*):", (ROOT / "Makefile").read_text("utf-8")))
    named = {line.split()[1] for line in commands() if line.startswith("make ")}
    assert {"run", "check", "test", "bench"} <= named <= targets


def test_every_command_of_the_program_in_the_docs_is_there() -> None:
    asked = [sys.executable, "-m", "medspa_core", "--help"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    there = set(re.findall(r"(?m)^\W{2,}([a-z][\w-]*)", told.stdout))
    named = {found[1] for line in commands() if (found := re.match(r"\S*python -m medspa_core ([a-z][\w-]*)", line))}
    assert {"recommend", "mapping", "backup", "restore", "people"} <= named <= there


def test_every_setting_is_told_with_its_name_in_the_settings_file() -> None:
    page = (ROOT / "docs" / "OPERATING.md").read_text("utf-8")
    told = dict(re.findall(r"`(MEDSPA_\w+)` \(`(\w+)`\)", page))
    told |= {f"MEDSPA_{key.upper()}": key for key in ("oidc_issuer", "oidc_client_id", "oidc_client_secret")}
    assert told == {variable: key for key, variable in NAMES.items()}
    assert all(variable in page for variable in told)


def test_every_test_that_the_docs_run_is_there() -> None:
    named = {found[1] for line in commands() if (found := re.search(r"-m pytest .*?(tests/\S+)", line))}
    assert named
    assert [file for file in named if not (ROOT / file).exists()] == []


def test_each_package_has_a_line_that_says_what_for_and_what_else_was_considered() -> None:
    page = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    table = page.partition("## Packages")[2]
    told = [canonicalize_name(one) for row in re.findall(r"(?m)^\| ([^|]+) \|", table)[1:] for one in row.split(", ")]
    named = {package for file in LISTS for source in LISTS[file] for package in pinned(source)}
    assert named <= set(told), named - set(told)
    assert len(told) == len(set(told))
    assert set(told) - named == {"newsreader", "figtree"}


def test_each_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    indexed = links((folder / "README.md").read_text("utf-8"))
    files = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert files and {link for link in indexed if link.startswith("20")} == files
    assert all(re.match(r"\d{4}-\d\d-\d\d-[a-z-]+\.md$", file) for file in files)


# --- make and the settings file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "asked", "expected"),
    [({}, [], ""), ({"MEDSPA_HOME": "there"}, [], "there"), ({}, ["MEDSPA_HOME=asked"], "asked")],
    ids=["nowhere", "environment", "make"],
)
def test_make_names_no_folder_of_its_own_that_would_stand_over_the_one_in_the_settings_file(
    named: dict[str, str], asked: list[str], expected: str
) -> None:
    """Else `make run` keeps records in one folder, and `backup` on the command line looks into another."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEDSPA_", "MAKE", "MFLAGS"))}
    shown = 'shown: ; @echo "$$MEDSPA_HOME"'
    asking = ["make", "--no-print-directory", f"--eval={shown}", "shown", *asked]
    told = subprocess.run(asking, cwd=ROOT, env=kept | named, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == expected


def test_make_run_gives_the_program_no_folder_either() -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEDSPA_", "MAKE", "MFLAGS"))}
    told = subprocess.run(["make", "-n", "run"], cwd=ROOT, env=kept, capture_output=True, text=True, check=True)
    assert "streamlit run app.py" in told.stdout and "MEDSPA_HOME" not in told.stdout
