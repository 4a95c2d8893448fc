"""A director reads the whole rulebook in words, and what has changed in it; no id of a file stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medspa_core.rulebook import Rulebook, load_rulebook, load_whole, read_whole
from medspa_core.rulebook.content import changes_between, content_of, lines_of
from tests.added_option import add_light, copy_of_data
from tests.conftest import DATA
from views.staff.approval.changes_in_words import changes_in_words
from views.staff.approval.rule_lines import sources_line
from views.staff.approval.rules_in_words import found_in, parts

ID = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


@pytest.fixture(scope="module")
def everything(rulebook: Rulebook) -> str:
    return "\n".join(f"{part.title}\n{rule.text}" for part in parts(rulebook) for rule in part.rules)


def texts_of(rulebook: Rulebook) -> Iterator[str]:
    """Every sentence that a client or the staff may read by the rulebook."""
    for rule in rulebook.contraindications.values():
        for case in rule.cases.values():
            yield from (case.client, case.staff)
    for gate in rulebook.gates.values():
        yield from (gate.client, gate.staff)
    for claim in rulebook.claims.values():
        yield from (claim.practice_says, claim.honest, claim.detail)
    for question in rulebook.questions.values():
        yield from (question.words.client, question.words.staff, *question.words.answers.values())
    for said in all_said(rulebook):
        yield from (text for place, text in lines_of("", said) if not NO_SENTENCE.search(place) and text not in EMPTY)
    for status in rulebook.status.values():
        yield from (status.approval_line, *(text.client for text in status.places.values()))
    for never in rulebook.never_say.values():
        yield from (never.never, never.say)
    for term in rulebook.glossary.values():
        yield term.client


NO_SENTENCE = re.compile(r"(under|first_tap|each_tap|fact|sources|limit|about)$")
EMPTY = ("", "null", "{}")


def all_said(rulebook: Rulebook) -> Iterator[Any]:
    """What screens say of each entry."""
    for entries in (rulebook.questions, rulebook.criteria, rulebook.protocol.steps, rulebook.options):
        yield from (said for one in entries.values() if (said := one.said) is not None)


def test_every_sentence_of_the_rulebook_stands_there(rulebook: Rulebook, everything: str) -> None:
    assert [one for one in texts_of(rulebook) if one not in everything] == []


def test_no_id_of_a_file_is_shown_raw(everything: str) -> None:
    allowed = re.sub(r"https?://\S+", "", everything)
    assert sorted(set(ID.findall(allowed))) == []


def test_the_rules_are_the_safety_rows_by_layer_the_protocol_prices_criteria_claims_and_wording(
    rulebook: Rulebook,
) -> None:
    titles = [part.title for part in parts(rulebook)]
    assert len(titles) == len(set(titles)) and len(titles) >= 12
    rows = sum(len(part.rules) for part in parts(rulebook) if part.key.startswith("safety"))
    assert rows == sum(bool(rule.cases) for rule in rulebook.contraindications.values())


def test_a_search_finds_rules_in_every_part(rulebook: Rulebook) -> None:
    found = {part.key for part, _ in found_in(rulebook, "Exosomes")}
    assert {"gates", "claims", "course", "prices"} <= found
    for typed in ("blood thinner", "blood thinners", "warfarin", "Anticoagulants"):
        assert "Anticoagulant" in {rule.title for _, rule in found_in(rulebook, typed)}, typed
    assert found_in(rulebook, "centrifuge NUMBING") and not found_in(rulebook, "centrifuge xylophone")


SWAPS: tuple[tuple[str, str, str, str, str], ...] = (
    ("contraindications.toml", "days = 14", "days = 21", "14", "21"),
    ("protocol.toml", "days = 28", "days = 35", "28", "35"),
    ("clinic.toml", "amount = 900", "amount = 950", "900", "950"),
    ("criteria.toml", "exosome_microneedling = 500", "exosome_microneedling = 450", "500", "450"),
    ("criteria.toml", '"a short visit"', '"a quick visit"', "a short visit", "a quick visit"),
    ("questions.toml", '"If you smoked"', '"If you smoke"', "If you smoked", "If you smoke"),
    ("protocol.toml", 'name = "numbing cream"', 'name = "the cream"', "numbing cream", "the cream"),
    (
        "options/wait.toml",
        '"You change nothing now. You',
        '"Nothing changes. You',
        "You change nothing now. You can start later, or not at all.",
        "Nothing changes. You can start later, or not at all.",
    ),
    ("criteria.toml", 'about = "concern"', 'about = "age"', "Concern", "Age"),
)


@pytest.mark.parametrize(("file", "old", "new", "before", "after"), SWAPS, ids=[one[1] for one in SWAPS])
def test_a_changed_number_is_told_in_words_and_is_in_the_rules(
    rulebook: Rulebook, file: str, old: str, new: str, before: str, after: str
) -> None:
    files = read_whole(DATA)
    assert old in files[file]
    changed = load_whole(files | {file: files[file].replace(old, new, 1)})
    told = [
        one
        for lines in changes_in_words(changes_between(content_of(rulebook), content_of(changed)), changed).values()
        for one in lines
    ]
    assert [(one.before, one.after) for one in told] == [(before, after)]
    assert not ID.search(told[0].what) and "." not in told[0].what
    assert [part.rules for part in parts(changed)] != [part.rules for part in parts(rulebook)]


def test_what_was_added_and_removed_is_told_as_such(rulebook: Rulebook) -> None:
    now = content_of(rulebook)
    gone = {place: line for place, line in now.items() if not place.startswith("contraindications.nsaid")}
    for before, after, side in ((now, gone, "after"), (gone, now, "before")):
        told: dict[str, Any] = changes_in_words(changes_between(before, after), rulebook)
        assert list(told) == ["Safety"]
        assert {getattr(one, side) for one in told["Safety"]} == {"not there"}


def test_an_option_of_the_clinics_own_is_among_the_rules(tmp_path: Path) -> None:
    book = load_rulebook(add_light(copy_of_data(tmp_path)))
    found = {part.key for part, rule in found_in(book, "Light needling") if rule.title == "Light needling"}
    assert {"course", "prices"} <= found


def test_one_title_is_cited_once(rulebook: Rulebook) -> None:
    titles = [one.title for one in rulebook.sources.values()]
    same = [key for key, one in rulebook.sources.items() if titles.count(one.title) > 1]
    assert same
    title = rulebook.sources[same[0]].title
    again = [key for key in same if rulebook.sources[key].title == title]
    years = {(one.year if one.year.isdecimal() else "") for key in again for one in [rulebook.sources[key]]}
    assert sources_line(rulebook, again).count(title) == len(years)


def test_a_key_that_the_program_knows_since_and_that_no_file_has_is_no_change() -> None:
    """An older approval has no line of it: a folder that stayed as it was has not changed since."""
    before = {"questions.age.words.client": "How old are you?", "questions.age.words.note": "Tell us."}
    after = before | {"questions.age.words.in_a_sentence": "", "questions.age.window_days": "null"}
    assert changes_between(before, after) == changes_between(after, before) == ()
    emptied = before | {"questions.age.words.note": ""}
    assert [one.place for one in changes_between(before, emptied)] == ["questions.age.words.note"]
