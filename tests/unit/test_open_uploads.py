"""The way for a file: open for the page that asks for one, in the hands it was drawn for, for a while and not too often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from medspa_core.access import OpenUploads, Person, Role, SignIn, Verb
from medspa_core.access.sign_in.open_uploads import LASTS, MOST_FILES, MOST_OPEN, WITHIN

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
MANAGER = Person("p1", "mira", "Mira", frozenset({Role.MANAGER}), frozenset({"here"}))
HERS = SignIn("s1", MANAGER, None, "password", NOW, NOW, NOW)
OTHERS = {
    "another sign-in of hers": replace(HERS, id="s2"),
    "in a client's hands": replace(HERS, person=replace(MANAGER, held=True), held_to="d1"),
    "with a PIN": replace(HERS, person=replace(MANAGER, by_pin=True)),
    "without the role": replace(HERS, person=replace(MANAGER, roles=frozenset({Role.AESTHETICIAN}))),
}


@pytest.mark.parametrize("who", OTHERS.values(), ids=OTHERS)
def test_a_page_takes_a_file_from_whom_it_was_drawn_for_while_its_time_lasts(who: SignIn) -> None:
    uploads = OpenUploads()
    uploads.open("page", HERS, Verb.IMPORT_FIGURES, NOW)
    assert uploads.is_open("page", HERS, NOW) and not uploads.is_open("another page", HERS, NOW)
    assert not uploads.is_open("page", who, NOW)
    assert not uploads.is_open("page", HERS, NOW + LASTS)


def test_the_oldest_page_gives_way_to_many_others() -> None:
    uploads = OpenUploads()
    for number in range(MOST_OPEN + 1):
        uploads.open(f"page {number}", HERS, Verb.IMPORT_FIGURES, NOW)
    assert not uploads.is_open("page 0", HERS, NOW) and uploads.is_open("page 1", HERS, NOW)


def test_too_many_files_at_once_are_refused_until_a_minute_has_gone() -> None:
    uploads, other = OpenUploads(), replace(HERS, id="s2")
    assert [uploads.too_many(HERS, NOW) for _ in range(MOST_FILES + 2)] == [*[False] * MOST_FILES, True, True]
    assert not uploads.too_many(other, NOW)
    assert uploads.too_many(HERS, NOW) and not uploads.too_many(HERS, NOW + WITHIN)
