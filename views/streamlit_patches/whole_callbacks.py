"""What a tap does is done to its end.

Streamlit ends a run for the next message whenever the run looks into the session's state, also within the callback of a tap: an
answer followed at once by another message was then not saved, and the run that followed no longer saw it as new. From here
on such a request waits until the callbacks are over. They save and return; drawing may be cut short as before.
"""

from __future__ import annotations

from typing import Any

from streamlit.runtime.state import SafeSessionState

_streamlits_own = SafeSessionState.on_script_will_rerun


def install() -> None:
    """For the whole process, once; again changes nothing."""
    SafeSessionState.on_script_will_rerun = _callbacks_to_their_end  # type: ignore[method-assign, assignment]


def _callbacks_to_their_end(state: SafeSessionState, *given: Any, **named: Any) -> None:
    asked = state._yield_callback
    asked()  # before anything was done a run may end
    object.__setattr__(state, "_yield_callback", _nothing)  # its own setter would keep it as an answer
    try:
        _streamlits_own(state, *given, **named)
    finally:
        object.__setattr__(state, "_yield_callback", asked)


def _nothing() -> None:
    return None
