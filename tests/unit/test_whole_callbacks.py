"""What a tap does is done to its end, however soon the next message comes."""

import pytest
from streamlit.runtime.state import SafeSessionState

from views.streamlit_patches import whole_callbacks


class Cut(Exception):
    """Streamlit ends a run for the next message."""


class State:
    """Stands for the session's state: its callback looks into the state twice."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails = False

    def on_script_will_rerun(self, _states: object, **_named: object) -> None:
        assert self.safe["shown"] == "shown"
        if self.fails:
            raise ValueError
        self.safe["saved"] = "yes"
        self.done.append("saved")

    def __getitem__(self, key: str) -> str:
        return key

    def __setitem__(self, key: str, value: str) -> None:
        self.done.append(f"{key} {value}")


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", whole_callbacks._streamlits_own)
    whole_callbacks.install()
    made = State()
    made.asked = 0  # type: ignore[attr-defined]

    def asks() -> None:
        made.asked += 1  # type: ignore[attr-defined]
        if made.asked > 1:  # type: ignore[attr-defined]
            raise Cut

    made.safe = SafeSessionState(made, asks)  # type: ignore[attr-defined, arg-type]
    return made


def test_a_callback_saves_what_was_tapped_though_the_next_message_is_there(state: State) -> None:
    state.safe.on_script_will_rerun(None)  # type: ignore[attr-defined]
    assert state.done == ["saved yes", "saved"]


def test_afterwards_a_run_can_be_ended_again_also_if_the_callback_failed(state: State) -> None:
    state.fails = True
    with pytest.raises(ValueError):
        state.safe.on_script_will_rerun(None)  # type: ignore[attr-defined]
    with pytest.raises(Cut):
        state.safe["shown"]  # type: ignore[attr-defined]


def test_a_run_that_is_to_end_before_its_callbacks_does_none_of_them(state: State) -> None:
    state.asked = 1  # type: ignore[attr-defined]
    with pytest.raises(Cut):
        state.safe.on_script_will_rerun(None)  # type: ignore[attr-defined]
    assert state.done == []


def test_streamlit_itself_still_ends_a_callback_for_the_next_message(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once this fails, whole_callbacks.py can go."""
    monkeypatch.setattr(SafeSessionState, "on_script_will_rerun", whole_callbacks._streamlits_own)
    with pytest.raises(Cut):
        state.safe.on_script_will_rerun(None)  # type: ignore[attr-defined]
    assert state.done == []
