"""What is looked up once in a run is told to all its parts, and to no later run."""

from types import SimpleNamespace

import pytest

from views import this_run


def test_the_parts_of_a_run_share_what_was_looked_up_and_the_next_run_looks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Streamlit gives each part of a screen cursors of its own; what stays for the run is its coordinator."""
    looks = iter(range(10))
    runs = [SimpleNamespace(parallel_coordinator=object(), cursors={}) for _ in range(2)]
    found = []
    for run in (runs[0], runs[0], runs[1]):
        run.cursors = {}  # another part
        monkeypatch.setattr(this_run, "get_script_run_ctx", lambda suppress_warning, run=run: run)
        found.append(this_run.once("who", lambda: next(looks)))
    assert found == [0, 0, 1]
    this_run.forget("who")
    assert this_run.once("who", lambda: next(looks)) == 2


def test_outside_a_run_it_is_looked_up_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(this_run, "get_script_run_ctx", lambda suppress_warning: None)
    looks = iter(range(2))
    assert [this_run.once("who", lambda: next(looks)) for _ in range(2)] == [0, 1]
