"""A rulebook kept with a finished consultation opens as it is: what is asked of today's was not asked of it."""

from __future__ import annotations

import re

import pytest

from medspa_core.rulebook import RulebookProblem, load_whole, read_whole
from tests.conftest import DATA
from tests.older_rulebooks import load_as_kept
from tests.unit.test_said_of_entries import without_entry

LACKING = {
    "a place in status.toml": ("status.toml", "wait.kr", "status.toml, wait.kr: this key is missing. Add it"),
    "a criterion that screens name": (
        "criteria.toml", "visit_time",
        'criteria.toml, visit_time: the screens need this criterion, with chance = "visit_within_minutes". Add it',
    ),
    "a word explained": ("glossary.toml", "in_vitro", None),
}  # fmt: skip
"""What a rulebook of before may lack: its file, the entry, and what today's loader says of a folder of today."""


def kept_without(file: str, entry: str) -> dict[str, str]:
    files = read_whole(DATA)
    files[file] = without_entry(files[file], entry)
    if file == "criteria.toml":
        rows = [line.split(",") for line in files["robustness_draws.csv"].splitlines()]
        column = rows[0].index(entry)
        files["robustness_draws.csv"] = "\n".join(",".join(r[:column] + r[column + 1 :]) for r in rows) + "\n"
        for name in ("claims.toml", "options/prp_microneedling.toml"):
            files[name] = re.sub(rf'"{entry}"(, )?', "", files[name])
    return files


@pytest.mark.parametrize("what", LACKING)
def test_a_kept_rulebook_may_lack_what_today_is_asked_for(what: str) -> None:
    file, entry, line = LACKING[what]
    files = kept_without(file, entry)
    assert load_as_kept(files).revision
    if line is not None:
        with pytest.raises(RulebookProblem) as refused:
            load_whole(files)
        assert line in refused.value.problems


def test_a_kept_rulebook_may_lack_the_step_that_today_has_a_name_in_the_program() -> None:
    files = {
        name: re.sub(r"\bneedling\b(?=\"[],])", "pricking", text) if name.startswith("options/") else text
        for name, text in read_whole(DATA).items()
    }
    files["protocol.toml"] = files["protocol.toml"].replace("[steps.needling", "[steps.pricking")
    for name in [key for key in files if key.startswith("options/")]:
        files[name] = re.sub(
            r"licences = \[[^\]]*\]", lambda found: found[0].replace("pricking", "needling"), files[name]
        )
    assert "pricking" in load_as_kept(files).protocol.steps
    with pytest.raises(RulebookProblem) as refused:
        load_whole(files)
    assert "protocol.toml, steps: step 'needling' is not known. Correct it, or add it" in refused.value.problems


def test_a_kept_rulebook_with_a_sign_that_no_screen_can_hold_opens() -> None:
    files = read_whole(DATA)
    files["gates.toml"] = files["gates.toml"].replace('\nclient = "', '\nclient = "\\u000b', 1)
    assert load_as_kept(files).gates
    with pytest.raises(RulebookProblem):
        load_whole(files)


def test_what_the_program_fills_in_is_no_part_of_the_revision() -> None:
    files = read_whole(DATA)
    files["glossary.toml"] = without_entry(files["glossary.toml"], "in_vitro")
    book = load_whole(files)
    assert "in_vitro" in book.glossary and book.filled_in == {"glossary.in_vitro"}
    assert book.revision != load_whole(read_whole(DATA)).revision
