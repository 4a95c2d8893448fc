"""What waits to be sent of a part is sent, though a tap begins to draw that part again."""

from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from views.streamlit_patches import message_queue


def drawn(place: int, part: str) -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, place])
    message.delta.fragment_id = part
    message.delta.new_element.text.body = f"place {place}"
    return message


def over() -> ForwardMsg:
    return ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A session of which a whole page waits to be sent."""
    monkeypatch.setattr(AppSession, "_clear_queue", message_queue._streamlits_own)
    message_queue.install()
    waiting = ForwardMsgQueue()
    for message in (drawn(0, "title"), drawn(1, "row"), over()):
        waiting.enqueue(message)
    return SimpleNamespace(_browser_queue=waiting)


def test_a_tap_on_a_part_leaves_what_waits_of_that_part(session: SimpleNamespace) -> None:
    AppSession._clear_queue(session, ["row"])  # type: ignore[arg-type]
    assert session._browser_queue.flush() == [drawn(0, "title"), drawn(1, "row"), over()]


def test_what_the_next_run_draws_comes_after_what_waits(session: SimpleNamespace) -> None:
    AppSession._clear_queue(session, ["row"])  # type: ignore[arg-type]
    session._browser_queue.enqueue(drawn(1, "row"))
    assert session._browser_queue.flush()[2:] == [over(), drawn(1, "row")]


def test_streamlit_itself_throws_it_away() -> None:
    """Once it does not, all of this can go."""
    waiting = ForwardMsgQueue()
    waiting.enqueue(drawn(1, "row"))
    message_queue._streamlits_own(SimpleNamespace(_browser_queue=waiting), ["row"])  # type: ignore[arg-type]
    assert waiting.is_empty()


def test_a_whole_page_replaces_what_waits_of_the_one_before(session: SimpleNamespace) -> None:
    AppSession._clear_queue(session, None)  # type: ignore[arg-type]
    (left,) = session._browser_queue.flush()
    assert left.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
