"""What makes a file hears whose page asks, through Streamlit's own handling; the answer names where the file waits with us."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from google.protobuf.message import Message as Proto
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.backend_operation_handler import BackendOperationDispatcher, DeferredFileHandler
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from tests.loops import in_a_loop_of_its_own
from views.streamlit_patches.file_messages import ASKED, MOST_ASKED, FilesToWhoAsked


class Streamlit:
    """As AppSession does it: each request is a task of its own, and what makes the file runs in another thread."""

    def __init__(self) -> None:
        self.manager = MediaFileManager(MemoryMediaFileStorage("/media"))
        self.dispatcher = BackendOperationDispatcher()
        self.dispatcher.register("deferred_file", DeferredFileHandler(lambda: self.manager))
        self.file_id = self.manager.add_deferred(self.make, "text/csv", "1.2", "a.csv")
        self.made_for: list[str] = []

    def make(self) -> bytes:
        asked = ASKED.get()
        assert asked is not None
        self.made_for.append(asked.sign_in)
        asked.address = f"/media/{asked.sign_in}-{len(self.made_for)}.csv"
        return b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        tasks = []
        while (message := await receive())["type"] != "websocket.disconnect":
            asked = BackMsg.FromString(message["bytes"]).backend_operation_request
            tasks.append(asyncio.create_task(self._answer(asked, send)))
        await asyncio.gather(*tasks)

    async def _answer(self, asked: Any, send: Any) -> None:
        told = ForwardMsg()
        if asked.request_id:
            told.backend_operation_response.CopyFrom(await self.dispatcher.dispatch(asked, "a session"))
        else:
            told.delta.new_element.text.body = "no file: /media/x"
        await send({"type": "websocket.send", "bytes": told.SerializeToString()})


def wants(file_id: str, request: str) -> dict[str, Any]:
    asked = BackMsg()
    asked.backend_operation_request.request_id = request
    asked.backend_operation_request.deferred_file.file_id = file_id
    return sent(asked)


def sent(asked: Proto) -> dict[str, Any]:
    return {"type": "websocket.receive", "bytes": asked.SerializeToString()}


async def page_of(streamlit: Streamlit, sid: str, said: list[dict[str, Any]]) -> list[ForwardMsg]:
    """One page says all this, and hears these answers."""
    told: list[ForwardMsg] = []
    waiting = iter([*said, {"type": "websocket.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(waiting)

    async def send(message: Any) -> None:
        told.append(ForwardMsg.FromString(message["bytes"]))

    scope = {"type": "websocket", "headers": [(b"x-spa-sid", sid.encode())] if sid else []}
    await FilesToWhoAsked(streamlit)(scope, receive, send)
    return told


def addresses(told: list[ForwardMsg]) -> dict[str, str]:
    answers = [one.backend_operation_response for one in told]
    return {one.request_id: one.deferred_file.url for one in answers}


def test_each_tap_makes_a_fresh_file_for_the_page_that_asks_whoever_it_was_drawn_for() -> None:
    async def run() -> None:
        streamlit = Streamlit()
        asked = [wants(streamlit.file_id, one) for one in ("r1", "r2")]
        hers, theirs = await asyncio.gather(page_of(streamlit, "hers", asked), page_of(streamlit, "theirs", asked))
        assert sorted(streamlit.made_for) == ["hers", "hers", "theirs", "theirs"]
        both = [*addresses(hers).values(), *addresses(theirs).values()]
        assert set(addresses(hers)) == set(addresses(theirs)) == {"r1", "r2"}
        assert len(set(both)) == 4 and all("/media/hers-" in one for one in addresses(hers).values())

    in_a_loop_of_its_own(run())


def test_what_is_no_request_for_a_file_is_nobodys_and_passes_as_it_is() -> None:
    async def run() -> None:
        streamlit = Streamlit()
        asked = [wants(streamlit.file_id, "r1"), sent(BackMsg()), wants("no such file", "r2")]
        told = await page_of(streamlit, "hers", asked)
        texts = [one.delta.new_element.text.body for one in told if one.WhichOneof("type") == "delta"]
        answers = {one.backend_operation_response.request_id: one.backend_operation_response for one in told}
        assert texts == ["no file: /media/x"] and answers["r2"].error_msg
        assert streamlit.made_for == ["hers"]

    in_a_loop_of_its_own(run())


def test_a_page_nobody_is_signed_in_on_asks_for_nobody() -> None:
    async def run() -> None:
        streamlit = Streamlit()
        await page_of(streamlit, "", [wants(streamlit.file_id, "r1")])
        assert streamlit.made_for == [""]

    in_a_loop_of_its_own(run())


@pytest.mark.parametrize("number", [MOST_ASKED + 3])
def test_a_page_that_asks_without_end_is_told_of_its_last(number: int) -> None:
    async def run() -> None:
        streamlit = Streamlit()
        told = await page_of(streamlit, "hers", [wants(streamlit.file_id, f"r{one}") for one in range(number)])
        ours = [one for one in addresses(told).values() if one.startswith("/media/hers-")]
        assert len(told) == number and len(ours) == MOST_ASKED

    in_a_loop_of_its_own(run())


def test_http_is_no_page() -> None:
    seen: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    in_a_loop_of_its_own(FilesToWhoAsked(app)({"type": "http"}, app, app))  # type: ignore[arg-type]
    assert seen == [{"type": "http"}]


def test_streamlit_itself_keeps_a_file_under_one_address_for_whoever_asks() -> None:
    """Once it asks who asks, the middleware can go."""

    async def run() -> None:
        manager, dispatcher = MediaFileManager(MemoryMediaFileStorage("/media")), BackendOperationDispatcher()
        dispatcher.register("deferred_file", DeferredFileHandler(lambda: manager))
        file_id = manager.add_deferred(lambda: b"one client's", "text/csv", "1.2", "a.csv")
        asked = [BackMsg.FromString(wants(file_id, one)["bytes"]).backend_operation_request for one in ("r1", "r2")]
        hers, theirs = [await dispatcher.dispatch(one, session) for one, session in zip(asked, ("a", "b"), strict=True)]
        assert hers.deferred_file.url == theirs.deferred_file.url != ""

    in_a_loop_of_its_own(run())
