"""What a run says reaches the server's loop when the run is over: all of it, in its order; that of a long run in pieces."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunnerEvent as Event

from tests.loops import in_a_loop_of_its_own
from views.streamlit_patches import event_batching

CHANGE, BEGUN, AGAIN = Event.ENQUEUE_FORWARD_MSG, Event.SCRIPT_STARTED, Event.SCRIPT_STOPPED_FOR_RERUN
STREAMLITS_OWN = AppSession._on_scriptrunner_event
DONE, PART_DONE = Event.SCRIPT_STOPPED_WITH_SUCCESS, Event.FRAGMENT_STOPPED_WITH_SUCCESS


class Session:
    """Stands for Streamlit's session: it notes what its loop is told, and when, and fails at "broken"."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._event_loop = loop
        self.wakes = 0
        self.told: list[object] = []

    def _call_soon_on_event_loop(self, do: Callable[[], None]) -> None:
        self.wakes += 1
        self._event_loop.call_soon_threadsafe(do)

    def _handle_scriptrunner_event_on_event_loop(self, sender: object, event: Event, words: str = "") -> None:
        if words == "broken":
            raise ValueError(words)
        self.told.append(words or event)


class Runner:
    """Stands for the runner of a script; `inside` says whether it speaks from its own thread."""

    def __init__(self, *, inside: bool = True) -> None:
        self._is_in_script_thread = lambda: inside


def heard(session: Session, *said: tuple[Event, str], sender: Any = None) -> None:
    for event, words in said:
        event_batching._heard(session, sender or Runner(), event, words)  # type: ignore[arg-type]


async def soon() -> None:
    """The loop has done what was called soon, and no more: 50 ms have not passed."""
    for _ in range(3):
        await asyncio.sleep(0)


def on_a_loop(check: Callable[[Session], Any]) -> Session:
    async def run() -> Session:
        session = Session(asyncio.get_running_loop())
        await check(session)
        return session

    return in_a_loop_of_its_own(run())


@pytest.mark.parametrize("end", [DONE, PART_DONE, Event.SCRIPT_STOPPED_WITH_COMPILE_ERROR, Event.SHUTDOWN])
def test_a_run_is_told_when_it_is_over_all_of_it_in_its_order(end: Event) -> None:
    async def check(session: Session) -> None:
        heard(session, (BEGUN, ""), (CHANGE, "a"), (CHANGE, "b"))
        await soon()
        assert session.told == []
        heard(session, (CHANGE, "c"), (end, ""))
        await soon()
        assert session.told == [BEGUN, "a", "b", "c", end]

    assert on_a_loop(check).wakes == 2  # one that begins to wait, and the end


def test_a_tap_that_goes_on_with_another_run_is_told_at_the_end_of_that_one() -> None:
    async def check(session: Session) -> None:
        heard(session, (BEGUN, ""), (AGAIN, ""), (BEGUN, ""), (CHANGE, "a"))
        await soon()
        assert session.told == []
        heard(session, (DONE, ""))
        await soon()
        assert session.told == [BEGUN, AGAIN, BEGUN, "a", DONE]

    on_a_loop(check)


def test_a_long_run_is_told_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_batching, "LONGEST_SECONDS", 0.005)

    async def check(session: Session) -> None:
        for piece in ("a", "b"):
            heard(session, (CHANGE, piece), (CHANGE, piece))
            while session.told[-1:] != [piece]:
                await asyncio.sleep(0.001)
        assert session.told == ["a", "a", "b", "b"]

    on_a_loop(check)


def test_what_breaks_the_loop_says_and_the_rest_still_comes() -> None:
    broken: list[dict[str, Any]] = []

    async def check(session: Session) -> None:
        session._event_loop.set_exception_handler(lambda _, context: broken.append(context))
        heard(session, (BEGUN, ""), (CHANGE, "broken"), (CHANGE, "a"), (DONE, ""))
        await soon()
        assert session.told == [BEGUN, "a", DONE]

    on_a_loop(check)
    assert [str(one["exception"]) for one in broken] == ["broken"]


def test_what_is_said_from_elsewhere_comes_at_once_after_what_waits() -> None:
    async def check(session: Session) -> None:
        heard(session, (CHANGE, "a"))
        heard(session, (CHANGE, "b"), sender=Runner(inside=False))
        await soon()
        assert session.told == ["a", "b"]

    on_a_loop(check)


def test_a_run_that_has_ended_is_told_before_another_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tap in the very moment between the end of a run and the telling of it."""
    told: list[list[object]] = []
    monkeypatch.setattr(event_batching, "_streamlits_own", lambda session, _asked: told.append(list(session.told)))

    async def check(session: Session) -> None:
        heard(session, (BEGUN, ""), (CHANGE, "a"), (DONE, ""))
        event_batching._after_the_last(session, "the next tap")  # type: ignore[arg-type]
        await soon()

    assert on_a_loop(check).told == [BEGUN, "a", DONE]
    assert told == [[BEGUN, "a", DONE]]


def test_streamlit_is_wrapped_and_still_speaks_as_this_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for method in ("_on_scriptrunner_event", "_create_scriptrunner"):
        monkeypatch.setattr(AppSession, method, getattr(AppSession, method))
    event_batching.install()
    assert AppSession._on_scriptrunner_event is event_batching._heard
    assert AppSession._create_scriptrunner is event_batching._after_the_last
    assert {Event.SHUTDOWN, DONE, PART_DONE, Event.SCRIPT_STOPPED_WITH_COMPILE_ERROR} | event_batching.GOES_ON == set(
        Event
    )


def test_streamlit_itself_wakes_its_loop_for_each_change() -> None:
    """Once it does not, all of this can go."""

    async def check(session: Session) -> None:
        for event in (BEGUN, CHANGE, CHANGE, DONE):
            STREAMLITS_OWN(session, Runner(), event)  # type: ignore[arg-type]

    assert on_a_loop(check).wakes == 4
