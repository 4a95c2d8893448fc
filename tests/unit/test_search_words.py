"""Words of names: what is kept finds what is typed, whichever apostrophe, accent, gap or order somebody writes it with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medspa_core.clients.search_words import written_together
from medspa_core.records.search_words import (
    LONGEST_WORD,
    MOST_WORDS,
    code_key,
    folded,
    name_key,
    words_to_keep,
    words_typed,
)

APOSTROPHES = "'’‘ʻʼ´`＇"
PARTS = st.lists(
    st.sampled_from(
        ("anna", "de", "la", "cruz", "o", "brien", "zoë", "山田", "花子", "علی", "김철수", "fitz", "gerald", "7")
    ),
    min_size=1,
    max_size=4,
)
GAPS = st.lists(st.sampled_from(["", " ", "-", *APOSTROPHES]), min_size=4, max_size=4)
NAMES = st.text(max_size=120)


def written(parts: list[str], gaps: list[str]) -> str:
    return "".join(part + gap for part, gap in zip(parts, gaps, strict=False)).strip()


def finds(typed: str, kept: tuple[str, ...]) -> bool:
    """As the search looks: each word of one way to write them is the beginning of a kept one."""
    return any(
        all(any(one.startswith(word) for one in kept) for word in way) for way in written_together(words_typed(typed))
    )


@given(PARTS, GAPS, GAPS)
def test_a_name_is_found_with_other_gaps_and_marks_between_its_parts(
    parts: list[str], one: list[str], two: list[str]
) -> None:
    kept = words_to_keep("A-204", written(parts, one))
    assert finds(written(parts, two), kept), kept
    assert name_key(written(parts, one)) == name_key(written(parts, two))


@given(NAMES)
def test_any_text_is_found_by_itself_and_by_each_of_its_words(name: str) -> None:
    kept = words_to_keep(name)
    assert len(kept) <= MOST_WORDS and all(0 < len(word) <= LONGEST_WORD for word in kept)
    if words_typed(name) and len(words_typed(name)) < 20:
        assert finds(name, kept)
    for word in words_typed(name)[:10]:
        assert not kept or any(one.startswith(word) for one in kept)


@given(NAMES)
def test_folding_is_done_once_and_for_all(name: str) -> None:
    assert folded(folded(name)) == folded(name)
    assert name_key(folded(name)) == name_key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith Anna", "anna smith"),
        ("ANNA-SMITH", "Anna Smith"),
        ("Anna O'Brien", "OBRIEN ANNA"),
        ("Éloïse D´Angelo", "Eloise D’Angelo"),
        ("Maria Dela Cruz", "de la Cruz, Maria"),
        ("山田花子", "山田 花子"),
        ("علی", "علي"),
    ],
)
def test_names_that_one_person_may_have_are_compared_as_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_others_are_not() -> None:
    assert len({name_key(name) for name in ("Anna Smith", "Anna Smyth", "Ann Asmith B", "Smithe Nan")}) == 4
    assert code_key("A-204") == code_key("a 204") != code_key("204-A")
    assert code_key("C-12-21") != code_key("C-21-12")
