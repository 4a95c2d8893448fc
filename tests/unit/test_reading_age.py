"""The reading age of a text, and that every text for clients in the rulebook stays below the limit."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from medspa_core.rulebook.checks.client_texts import PLACEHOLDER
from tests.reading_age import count_syllables, hard_texts, reading_age
from tests.unit.client_texts import client_texts

DATA = Path(__file__).parents[2] / "data"
NONE_EASY: frozenset[str] = frozenset()


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("skin", 1), ("needle", 2), ("needles", 2), ("microneedling", 4), ("medicine", 3), ("treated", 2), ("used", 1),
        ("area", 3), ("idea", 3), ("sea", 1), ("people", 2), ("anaemia", 4), ("exosomes", 3), ("platelets", 2),
        ("serious", 3), ("injection", 3), ("special", 2), ("science", 2), ("diabetes", 4), ("being", 2), ("the", 1),
        ("PRP", 3), ("22", 1), ("doctor's", 2), ("patches", 2), ("device", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_the_reading_age_is_the_published_grade_plus_five() -> None:
    # 12 words, 2 sentences, 14 syllables: 0.39 * 6 + 11.8 * 14 / 12 - 15.59 = 0.5167, plus 5.
    text = "The skin is red for a day. Then it looks better again."
    assert reading_age(text, NONE_EASY) == pytest.approx(5.5167, abs=1e-4)


def test_longer_words_need_an_older_reader() -> None:
    easy = reading_age("We look at your skin before we start.", NONE_EASY)
    hard = reading_age("We evaluate dermatological contraindications before initiating anything.", NONE_EASY)
    assert easy < 11 < hard


def test_the_same_words_in_one_long_sentence_need_an_older_reader() -> None:
    short = "We clean the skin. We put on cream. We wait for it to work."
    long = "We clean the skin and we put on cream and we wait for it to work."
    assert reading_age(short, NONE_EASY) < reading_age(long, NONE_EASY)


def test_a_word_explained_on_screen_counts_for_less_but_not_for_nothing() -> None:
    text = "After microneedling the skin is red for a day."
    explained = reading_age(text, frozenset({"microneedling"}))
    assert reading_age(text.replace("microneedling", "that"), NONE_EASY) < explained < reading_age(text, NONE_EASY)


def test_a_decimal_number_does_not_end_a_sentence() -> None:
    whole, decimal = "It is 15 of that and no more", "It is 1.5 of that and no more"
    assert reading_age(decimal, NONE_EASY) == reading_age(whole, NONE_EASY)


def test_a_text_without_words_needs_no_age() -> None:
    assert reading_age("", NONE_EASY) == 0
    assert hard_texts({"help": ""}, NONE_EASY, 11) == []


def test_a_label_is_hard_when_one_word_has_four_syllables() -> None:
    assert hard_texts({"a": "Low platelets", "b": "Thrombocytopenia"}, NONE_EASY, 11) == [
        'b: words of more than 3 syllables: Thrombocytopenia. Found: "Thrombocytopenia"'
    ]


def test_a_label_may_hold_a_long_word_that_is_listed() -> None:
    assert hard_texts({"a": "Microneedling"}, NONE_EASY, 11)
    assert hard_texts({"a": "Microneedling"}, frozenset({"microneedling"}), 11) == []


def test_each_hard_text_gets_one_line_with_its_name_and_age() -> None:
    hard = "Please discontinue anticoagulant medication immediately before attending."
    lines = hard_texts({"x": hard, "y": "We look at your skin with you first.", "z": hard}, NONE_EASY, 11)
    assert [line.split(":")[0] for line in lines] == ["x", "z"]
    assert re.search(r"reading age \d+\.\d years, accepted up to 11", lines[0])


def test_every_text_for_clients_can_be_read_at_the_age_the_clinic_set() -> None:
    reading = load("reading.toml")
    assert reading["limit_age"] <= 11
    texts = {where: PLACEHOLDER.sub("that", text) for where, text in client_texts().items()}
    assert len(texts) > 300
    assert hard_texts(texts, frozenset(reading["easy_words"]), reading["limit_age"]) == []


def test_every_word_listed_as_easy_is_used_and_needs_to_be_listed() -> None:
    easy_words = frozenset(load("reading.toml")["easy_words"])
    used = {word for text in client_texts().values() for word in re.findall(r"[a-z]+", text.lower())}
    explained = set(load("glossary.toml"))
    assert sorted(easy_words - used - explained) == []
    assert [word for word in easy_words - explained if count_syllables(word) < 3] == []


def test_no_text_for_clients_tells_anyone_to_stop_a_medicine_or_uses_a_word_of_the_staff() -> None:
    stop = r"(?<!never )\bstop (a|your|the|taking|it|them)\b"
    forbidden = re.compile(stop + r"|\b(excluded|deferred|leans|suitable|contraindicat\w*)\b", re.IGNORECASE)
    assert {name: text for name, text in client_texts().items() if forbidden.search(text)} == {}
