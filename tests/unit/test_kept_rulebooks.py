"""A rulebook kept with a finished consultation opens as it is: what is asked of today's was not asked of it."""

from __future__ import annotations

import re

import pytest

from medspa_core.recommendation import recommend
from medspa_core.rulebook import RulebookProblem, load_whole, read_whole
from medspa_core.wording.headlines import headline
from medspa_core.wording.words import Told, read_words
from tests.conftest import AS_OF, DATA
from tests.older_rulebooks import load_as_kept, said_by_version_1
from tests.unit.test_said_of_entries import without_entry

LACKING = {
    "a place in status.toml": ("status.toml", "wait.kr", "status.toml, wait.kr: this key is missing. Add it"),
    "the criterion of what is reached": (
        "criteria.toml", "result", "criteria.toml, result: the screens need this criterion, by a table. Add it",
    ),
    "the criterion of evidence": (
        "criteria.toml", "evidence", "criteria.toml, evidence: the screens need this criterion, by a table. Add it",
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
        files["robustness_draws.csv"] = "".join(",".join(r[:column] + r[column + 1 :]) + "\n" for r in rows)
        files["claims.toml"] = re.sub(rf'"{entry}"(, )?', "", files["claims.toml"])
        only_there = ("shen-2022", "wang-scoping-2026") if entry == "evidence" else ("\n",)
        lines = files["sources.csv"].splitlines(keepends=True)
        files["sources.csv"] = "".join(line for line in lines if not line.startswith(only_there))
    return files


@pytest.mark.parametrize("what", LACKING)
def test_a_kept_rulebook_may_lack_what_today_is_asked_for(what: str) -> None:
    file, entry, line = LACKING[what]
    files = kept_without(file, entry)
    book = load_as_kept(files)
    for answers in (one["answers"] for one in said_by_version_1()[:12]):
        named = {key: how for key, how in (answers.get("importance") or {}).items() if key in book.criteria}
        given = {**answers, "importance": named} if "importance" in answers else answers
        told = Told(recommend(given, book, AS_OF), given, book, read_words())
        assert headline(told).lines or "concern" not in given
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
