"""What is looked up once in a run is told to all its parts, and to no later run."""

import pytest

from views.context import per_run_cache


def test_the_parts_of_a_run_share_what_was_looked_up_and_the_next_run_looks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = iter(range(10))
    runs = [object(), object()]
    found = []
    for run in (runs[0], runs[0], runs[1]):
        monkeypatch.setattr(per_run_cache, "this_run", lambda run=run: run)
        found.append(per_run_cache.once("who", lambda: next(looks)))
    assert found == [0, 0, 1]
    per_run_cache.forget("who")
    assert per_run_cache.once("who", lambda: next(looks)) == 2


def run_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run begins."""
    run = object()
    monkeypatch.setattr(per_run_cache, "this_run", lambda: run)


def test_the_run_that_goes_on_with_a_tap_is_told_what_was_named_and_the_one_after_it_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = iter(range(10))
    found = []
    for goes_on in (True, False, False):
        run_of(monkeypatch)
        found += [per_run_cache.once(name, lambda: next(looks)) for name in ("who", "what")]
        if goes_on:
            per_run_cache.goes_on("who", "never looked up")
    assert found == [0, 1, 0, 2, 3, 4]


def test_what_a_tap_looked_up_is_not_told_to_a_run_that_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(per_run_cache.time, "monotonic", lambda: now[0])
    run_of(monkeypatch)
    per_run_cache.once("who", lambda: "ana")
    per_run_cache.goes_on("who")
    now[0] += per_run_cache.CARRIED_SECONDS
    run_of(monkeypatch)
    assert per_run_cache.once("who", lambda: "nobody") == "nobody"


def test_what_was_forgotten_is_not_told_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run_of(monkeypatch)
    per_run_cache.once("who", lambda: "ana")
    per_run_cache.forget("who")
    per_run_cache.goes_on("who")
    run_of(monkeypatch)
    assert per_run_cache.once("who", lambda: "nobody") == "nobody"


def test_outside_a_run_it_is_looked_up_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(per_run_cache, "this_run", lambda: None)
    looks = iter(range(2))
    assert [per_run_cache.once("who", lambda: next(looks)) for _ in range(2)] == [0, 1]
