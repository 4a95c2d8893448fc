"""What a run says is handed to the server's loop when the run is over, in one go.

Streamlit hands over each change by itself while the run goes on: each wakes the loop, which then takes turns with the run for
the one processor that Python has, sends what there is and rests for 5 ms, also when the end of the run comes meanwhile. All
of that is waited for. Here the words of a run wait beside it, in their order, until it is over; those of a long run go out
every `LONGEST_SECONDS`. And all of it is handed over before another run takes the place of one that has just ended: Streamlit
no longer listens to that one then, so a tap in this very moment would lose what the tap before it has drawn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner, ScriptRunnerEvent

LONGEST_SECONDS = 0.05
GOES_ON = frozenset(
    {
        ScriptRunnerEvent.SCRIPT_STARTED,
        ScriptRunnerEvent.ENQUEUE_FORWARD_MSG,
        ScriptRunnerEvent.SCRIPT_STOPPED_FOR_RERUN,
    }
)
"""After these more comes from the same run, or from the one that its tap goes on with."""
_SAID = "said_by_a_run"

Said = deque[Callable[[], None]]
_streamlits_own = AppSession._create_scriptrunner


def install() -> None:
    """For the whole process, once; again changes nothing."""
    AppSession._on_scriptrunner_event = _heard  # type: ignore[method-assign, assignment]
    AppSession._create_scriptrunner = _after_the_last  # type: ignore[method-assign, assignment]


def _heard(session: AppSession, sender: ScriptRunner | None, event: ScriptRunnerEvent, *told: Any, **more: Any) -> None:
    """What the runner says, mostly from its own thread."""
    said: Said = session.__dict__.setdefault(_SAID, deque())
    said.append(partial(session._handle_scriptrunner_event_on_event_loop, sender, event, *told, **more))
    if sender is None or event not in GOES_ON or not sender._is_in_script_thread():
        session._call_soon_on_event_loop(partial(_hand_over, session, said))
    elif len(said) == 1:
        session._call_soon_on_event_loop(partial(_hand_over_later, session, said))


def _hand_over_later(session: AppSession, said: Said) -> None:
    session._event_loop.call_later(LONGEST_SECONDS, _hand_over, session, said)


def _hand_over(session: AppSession, said: Said) -> None:
    """All that waits; if one of them fails, the loop says so and the others still come."""
    try:
        while said:
            said.popleft()()
    finally:
        if said:
            session._event_loop.call_soon(_hand_over, session, said)


def _after_the_last(session: AppSession, *given: Any, **named: Any) -> None:
    """A new runner, once the one before has been heard to its end."""
    _hand_over(session, session.__dict__.get(_SAID, deque()))
    _streamlits_own(session, *given, **named)
