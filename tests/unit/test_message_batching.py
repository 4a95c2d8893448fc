"""The messages of a run reach the browser together: in their order, all of them, and never much later."""

import asyncio
import gc
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.loops import in_a_loop_of_its_own
from views.streamlit_patches import message_batching

Steps = Callable[[message_batching.Send, list[Any]], Awaitable[None]]


def packed(message: ForwardMsg) -> dict[str, Any]:
    return {"type": "websocket.send", "bytes": message.SerializeToString()}


def begun() -> dict[str, Any]:
    message = ForwardMsg()
    message.new_session.name = "app.py"
    return packed(message)


def changed() -> dict[str, Any]:
    message = ForwardMsg()
    message.delta.new_element.html.body = "<p>new</p>"
    return packed(message)


def finished(how: "ForwardMsg.ScriptFinishedStatus") -> dict[str, Any]:
    message = ForwardMsg()
    message.script_finished = how
    return packed(message)


def running(runs: bool) -> dict[str, Any]:
    message = ForwardMsg()
    message.session_status_changed.script_is_running = runs
    return packed(message)


EARLY, DONE = ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
ONE_RUN = (begun, lambda: running(True), changed, lambda: finished(DONE), lambda: running(False))
TOLD = (begun, changed, lambda: running(True), lambda: finished(DONE), lambda: running(False))
CALLBACK_RUN = (begun, lambda: running(True), lambda: finished(EARLY), lambda: running(False))


def sent(steps: Steps, kind: str = "websocket", query: bytes = b"") -> list[Any]:
    """What went to the browser. `steps` is the program: it sends, and sees what has gone out so far."""
    out: list[Any] = []

    async def browser(message: Any) -> None:
        out.append(message)

    async def program(_scope: Any, _receive: Any, send: message_batching.Send) -> None:
        await steps(send, out)

    async def nothing() -> Any:
        raise AssertionError("nobody asked for a message")

    in_a_loop_of_its_own(message_batching.Together(program)({"type": kind, "query_string": query}, nothing, browser))
    return out


def all_at_the_end(said: tuple[Callable[[], Any], ...], query: bytes = b"") -> list[Any]:
    """What goes out, having made sure that nothing does before the last word."""

    async def steps(send: message_batching.Send, out: list[Any]) -> None:
        for one in said:
            assert out == []
            await send(one())

    return sent(steps, query=query)


def opened(message: dict[str, Any]) -> list[Any]:
    """What our script in the browser finds in a message."""
    data, at, found = message["bytes"], 1, []
    assert data[:1] == message_batching.PACK
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        found.append({"type": "websocket.send", "bytes": data[at + 4 : at + 4 + length]})
        at += 4 + length
    return found


def test_a_run_is_sent_when_it_is_over_all_of_it_and_in_its_order_but_that_it_is_running_is_said_with_its_end() -> None:
    """Said first, the browser would grey what is about to change in the same moment."""
    assert all_at_the_end(ONE_RUN) == [one() for one in TOLD]


@pytest.mark.parametrize("times", [1, 2])
def test_a_run_that_a_callback_cut_short_before_it_drew_anything_is_not_told(times: int) -> None:
    """The browser would draw its whole page again for it, twice."""
    assert all_at_the_end((*CALLBACK_RUN * times, *ONE_RUN)) == [one() for one in TOLD]


def test_a_run_that_drew_something_before_it_was_cut_short_is_told_whole() -> None:
    drew = (begun, lambda: running(True), changed, lambda: finished(EARLY), lambda: running(False))
    told = (begun, changed, lambda: running(True), lambda: finished(EARLY), lambda: running(False))
    assert all_at_the_end((*drew, *ONE_RUN)) == [one() for one in (*told, *TOLD)]


def test_a_cut_run_after_one_that_drew_is_left_out_alone() -> None:
    drew = (begun, lambda: running(True), changed, lambda: finished(EARLY), lambda: running(False))
    told = (begun, changed, lambda: running(True), lambda: finished(EARLY), lambda: running(False))
    assert all_at_the_end((*drew, *CALLBACK_RUN, *ONE_RUN)) == [one() for one in (*told, *TOLD)]


def test_a_cut_run_whose_beginning_has_gone_out_already_is_told_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_batching, "LONGEST_SECONDS", 0.01)

    async def steps(send: message_batching.Send, out: list[Any]) -> None:
        await send(begun())
        while not out:
            await asyncio.sleep(0.01)
        for one in (*CALLBACK_RUN[1:], *ONE_RUN):
            await send(one())

    assert sent(steps) == [one() for one in (*CALLBACK_RUN, *TOLD)]


def test_a_long_run_goes_out_in_pieces_of_which_none_waits_longer_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(message_batching, "LONGEST_SECONDS", 0.01)
    told: list[int] = []

    async def steps(send: message_batching.Send, out: list[Any]) -> None:
        for one in (begun, changed, changed, changed):
            await send(one())
            if one is begun or len(told) == 2:
                continue
            before = len(out)
            while len(out) == before:
                await asyncio.sleep(0.005)
            told.append(len(out))
        await send(finished(DONE))
        await send(running(False))

    assert [ForwardMsg.FromString(one["bytes"]).WhichOneof("type") for one in sent(steps)] == [
        "new_session",
        "delta",
        "delta",
        "delta",
        "script_finished",
        "session_status_changed",
    ]
    assert told == [2, 3]


def test_a_browser_that_goes_during_a_long_run_leaves_no_failed_task_and_the_next_message_says_that_it_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(message_batching, "LONGEST_SECONDS", 0.01)
    failed: list[dict[str, Any]] = []

    async def gone(_message: Any) -> None:
        raise ConnectionResetError

    async def program(_scope: Any, _receive: Any, send: message_batching.Send) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, told: failed.append(told))
        await send(begun())
        await asyncio.sleep(0.1)
        gc.collect()  # a task that failed and that nobody asked is told when it goes
        with pytest.raises(ConnectionResetError):
            for one in ONE_RUN[1:]:
                await send(one())

    async def nothing() -> Any:
        raise AssertionError("nobody asked for a message")

    in_a_loop_of_its_own(message_batching.Together(program)({"type": "websocket"}, nothing, gone))
    gc.collect()
    assert failed == []


@pytest.mark.parametrize("query", [b"whole-runs", b"a=b&whole-runs"])
def test_a_browser_that_takes_packs_gets_a_run_as_one_message_with_each_of_its_parts_unchanged(query: bytes) -> None:
    (pack,) = all_at_the_end(ONE_RUN, query)
    assert opened(pack) == [one() for one in TOLD]


def test_what_belongs_to_no_run_is_never_packed() -> None:
    said = ({"type": "websocket.accept"}, changed(), {"type": "websocket.close"})

    async def steps(send: message_batching.Send, out: list[Any]) -> None:
        for message in said:
            await send(message)

    assert sent(steps, query=b"whole-runs") == list(said)


def test_a_run_in_whose_middle_the_line_is_closed_is_told_as_it_came() -> None:
    said = (begun(), changed(), {"type": "websocket.close"})

    async def steps(send: message_batching.Send, out: list[Any]) -> None:
        for message in said:
            await send(message)

    assert sent(steps, query=b"whole-runs") == list(said)


@pytest.mark.parametrize(
    "message", [begun(), changed(), finished(DONE), finished(EARLY), running(True), running(False)]
)
def test_no_message_of_streamlits_begins_like_a_pack(message: dict[str, Any]) -> None:
    assert not message["bytes"].startswith(message_batching.PACK)


def test_what_belongs_to_no_run_is_sent_at_once() -> None:
    async def steps(send: message_batching.Send, out: list[Any]) -> None:
        for number, message in enumerate(({"type": "websocket.accept"}, changed(), {"type": "websocket.close"})):
            await send(message)
            assert len(out) == number + 1

    sent(steps)


def test_a_page_that_is_no_socket_passes_untouched() -> None:
    async def steps(send: message_batching.Send, out: list[Any]) -> None:
        await send({"type": "http.response.start", "status": 200})

    assert sent(steps, kind="http") == [{"type": "http.response.start", "status": 200}]


class Connection:
    """As uvicorn's: what receives has the transport beside it."""

    def __init__(self, found: socket.socket) -> None:
        self.transport = self
        self._found = found

    def get_extra_info(self, name: str) -> socket.socket:
        assert name == "socket"
        return self._found

    async def receive(self) -> dict[str, Any]:
        return {}


@pytest.mark.skipif(not hasattr(socket, "TCP_CORK"), reason="only Linux knows how")
def test_the_messages_of_a_run_leave_in_one_piece() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:

        def is_held() -> bool:
            return bool(made.getsockopt(socket.IPPROTO_TCP, socket.TCP_CORK))

        held = []

        async def browser(_message: Any) -> None:
            held.append(is_held())

        async def program(_scope: Any, _receive: Any, send: message_batching.Send) -> None:
            for one in ONE_RUN:
                await send(one())

        in_a_loop_of_its_own(
            message_batching.Together(program)({"type": "websocket"}, Connection(made).receive, browser)
        )
        assert held == [True] * len(ONE_RUN)
        assert not is_held()
