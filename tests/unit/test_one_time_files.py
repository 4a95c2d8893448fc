"""A file that was made goes out once, to the sign-in it was made for, in nobody else's hands, while its time lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medspa_core.access import MadeFiles, Person, Role, SignIn
from medspa_core.access.sign_in.one_time_files import LASTS, MOST_EACH

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SHORT = timedelta(seconds=1)
DIRECTOR = Person("p1", "dora", "Dora", frozenset({Role.MEDICAL_DIRECTOR}), frozenset({"here"}))
HERS = SignIn("s1", DIRECTOR, None, "password", NOW, NOW, NOW)
OTHERS = {
    "another sign-in of hers": replace(HERS, id="s2"),
    "somebody else": replace(HERS, id="s3", person=replace(DIRECTOR, id="p2")),
    "after sign-out": replace(HERS, ended="signed out"),
    "idle": replace(HERS, ended="idle"),
    "in a client's hands": replace(HERS, person=replace(DIRECTOR, held=True), held_to="d1"),
    "with another role": replace(HERS, person=replace(DIRECTOR, roles=frozenset({Role.MANAGER}))),
    "with one role more": replace(HERS, person=replace(DIRECTOR, roles=DIRECTOR.roles | {Role.OWNER})),
}


def kept(files: MadeFiles, sign_in: SignIn = HERS, name: str = "a.csv", now: datetime = NOW) -> str:
    return files.keep(sign_in, name, "text/csv", name.encode(), now)


def test_it_is_given_once_to_whom_it_was_made_for() -> None:
    files = MadeFiles()
    key = kept(files)
    assert files.is_there(key, HERS, NOW) and files.is_there(key, HERS, NOW)
    file = files.take(key, HERS, NOW + LASTS - SHORT)
    assert file is not None and (file.name, file.content) == ("a.csv", b"a.csv")
    assert not files.is_there(key, HERS, NOW) and files.take(key, HERS, NOW) is None
    assert files.was_there(key, HERS, NOW) and not files.was_there(kept(files), HERS, NOW)
    assert not any(files.was_there(key, other, NOW) for other in OTHERS.values())
    files.forget(NOW + LASTS)
    assert not files.was_there(key, HERS, NOW)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_gets_it_or_takes_it_away(who: str) -> None:
    files = MadeFiles()
    key = kept(files)
    assert not files.is_there(key, OTHERS[who], NOW) and files.take(key, OTHERS[who], NOW) is None
    assert files.take(key, HERS, NOW) is not None


def test_it_waits_for_minutes_and_what_did_not_arrive_for_the_rest_of_them() -> None:
    files = MadeFiles()
    key = kept(files)
    file = files.take(key, HERS, NOW)
    assert file is not None
    files.put_back(key, file)
    assert files.is_there(key, HERS, NOW + LASTS - SHORT) and not files.is_there(key, HERS, NOW + LASTS)


def test_nothing_stays_in_memory_past_its_time_or_its_sign_in() -> None:
    files = MadeFiles()
    mine, late, other = kept(files), kept(files, now=NOW + LASTS), kept(files, OTHERS["somebody else"])
    files.forget(NOW, "s3")
    assert files.is_there(mine, HERS, NOW) and not files.is_there(other, OTHERS["somebody else"], NOW)
    files.forget(NOW + LASTS)
    assert not files.is_there(mine, HERS, NOW) and files.is_there(late, HERS, NOW + LASTS)


@given(st.lists(st.sampled_from(["s1", "s2", "s3"]), max_size=20))
def test_of_each_sign_in_the_newest_few_wait(made: list[str]) -> None:
    files = MadeFiles()
    keys = [(one, kept(files, replace(HERS, id=one))) for one in made]
    for sid in set(made):
        mine = [key for one, key in keys if one == sid]
        there = [files.is_there(key, replace(HERS, id=sid), NOW) for key in mine]
        assert there == [place >= len(mine) - MOST_EACH for place in range(len(mine))]


def test_no_two_keys_are_alike_also_of_the_same_content() -> None:
    files = MadeFiles()
    assert kept(files) != kept(files)
