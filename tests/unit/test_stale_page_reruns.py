"""A message of a page that was left is not run for the page that is there."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests

from views.streamlit_patches import stale_page_reruns


class Runner:
    """Stands for Streamlit's runner of a session whose tablet shows the page "new"."""

    def __init__(self) -> None:
        self.done: list[RerunData] = []

    def _get_script_run_ctx(self) -> SimpleNamespace:
        return SimpleNamespace(page_script_hash="new")


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    monkeypatch.setattr(stale_page_reruns, "_streamlits_own", lambda runner, asked: runner.done.append(asked))
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)
    stale_page_reruns.install()
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


# --- while the tap on a link waits for its run ----------------------------------------------------------------------


def asked_for(monkeypatch: pytest.MonkeyPatch, *messages: RerunData) -> RerunData:
    """What is run next of messages that came while another run was not over."""
    monkeypatch.setattr(ScriptRunner, "_run_script", ScriptRunner._run_script)
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", ScriptRequests._request_rerun_locked)
    stale_page_reruns.install()
    requests = ScriptRequests()
    assert all([requests.request_rerun(one) for one in messages])
    return requests._rerun_data


LINK = RerunData(page_script_hash="new", query_string="c=1")


def test_a_tap_on_a_link_is_not_lost_to_a_look_of_the_page_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    look = RerunData(page_script_hash="old", query_string="", fragment_id="look", is_auto_rerun=True)
    found = asked_for(monkeypatch, LINK, look)
    assert (found.page_script_hash, found.query_string, found.fragment_id_queue) == ("new", "c=1", [])


def test_a_tap_on_a_link_is_not_lost_to_a_run_that_asks_to_be_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stale_page_reruns, "get_script_run_ctx", lambda **_: SimpleNamespace(page_script_hash="old"))
    for again in (RerunData(page_script_hash="old"), RerunData(page_script_hash="old", fragment_id_queue=["part"])):
        assert asked_for(monkeypatch, LINK, again).page_script_hash == "new"
    elsewhere = RerunData(page_script_hash="home")  # st.switch_page
    assert asked_for(monkeypatch, LINK, elsewhere).page_script_hash == "home"


def test_a_part_of_the_page_that_waits_is_run_with_it_and_a_later_link_leads_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    part = RerunData(page_script_hash="new", fragment_id="look", query_string="c=2")
    assert asked_for(monkeypatch, LINK, part).query_string == "c=2"
    assert asked_for(monkeypatch, LINK, RerunData(page_script_hash="other")).page_script_hash == "other"
    parts = [RerunData(page_script_hash=page, fragment_id=page) for page in ("old", "new")]
    assert asked_for(monkeypatch, *parts).fragment_id_queue == ["old", "new"]


def test_streamlit_itself_still_folds_a_look_of_the_page_that_is_left_into_the_tap_on_a_link(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Once this fails, the half of stale_page_reruns.py that holds requests back can go."""
    monkeypatch.setattr(ScriptRequests, "_request_rerun_locked", stale_page_reruns._streamlits_own_request)
    requests = ScriptRequests()
    look = RerunData(page_script_hash="old", query_string="", fragment_id="look", is_auto_rerun=True)
    assert all([requests.request_rerun(one) for one in (LINK, look)])
    assert requests._rerun_data.page_script_hash == "old"
