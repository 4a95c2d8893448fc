"""A message of a page that was left is not run for the page that is there."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from views import own_page


class Runner:
    """Stands for Streamlit's runner of a session whose tablet shows the page "new"."""

    def __init__(self) -> None:
        self.done: list[RerunData] = []

    def _get_script_run_ctx(self) -> SimpleNamespace:
        return SimpleNamespace(page_script_hash="new")


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr(own_page, "_streamlits_own", lambda runner, asked: runner.done.append(asked))
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)
    own_page.only_for_the_page_that_is_there()
    return Runner()


def ran(runner: Runner, asked: RerunData) -> bool:
    ScriptRunner._run_script(runner, asked)  # type: ignore[arg-type]
    return runner.done == [asked]


def test_a_part_of_the_page_that_was_left_is_not_drawn(runner: Runner) -> None:
    assert not ran(runner, RerunData(page_script_hash="old", fragment_id_queue=["look"]))


def test_a_part_of_the_page_that_is_there_is_drawn(runner: Runner) -> None:
    assert ran(runner, RerunData(page_script_hash="new", fragment_id_queue=["look"]))


def test_a_message_that_does_not_say_its_page_is_run(runner: Runner) -> None:
    assert ran(runner, RerunData(fragment_id_queue=["look"]))


def test_a_whole_page_is_drawn_whichever_it_is(runner: Runner) -> None:
    assert ran(runner, RerunData(page_script_hash="old"))
