"""What a tap changed reaches the browser at once.

Streamlit sends a run as it goes: it has begun, it is running, each change, it is done. The browser draws its whole page
again for each of them that arrives alone, and that is most of what a tap takes. Here the messages of a run wait for its
end, though never longer than `LONGEST_SECONDS`; their order and content stay as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

LONGEST_SECONDS = 0.05


class Together:
    """ASGI middleware; everything but a websocket passes through untouched."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        held = _Held(send)
        try:
            await self._app(scope, receive, held.send)
        finally:
            held.stop()


class _Held:
    """The messages of one connection that wait for the end of their run."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[Message] = []
        self._goes_on = False  # a tap whose callback asks for other parts ends one run early and begins the next
        self._limit: asyncio.TimerHandle | None = None
        self._late: asyncio.Task[None] | None = None
        self._in_order = asyncio.Lock()

    async def send(self, message: Message) -> None:
        """Takes a message of the server; hands it on now or with those that wait."""
        told = _told(message)
        self._waiting.append(message)
        if told is None or not (self._limit or told.WhichOneof("type") == "new_session") or self._ends(told):
            await self.let_go()
        elif self._limit is None:
            self._limit = asyncio.get_running_loop().call_later(LONGEST_SECONDS, self._too_long)

    def _ends(self, told: ForwardMsg) -> bool:
        kind = told.WhichOneof("type")
        if kind == "script_finished":
            self._goes_on = told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
        is_over = kind == "session_status_changed" and not told.session_status_changed.script_is_running
        return is_over and not self._goes_on

    def _too_long(self) -> None:
        self._late = asyncio.ensure_future(self.let_go())

    async def let_go(self) -> None:
        """Everything that waits goes out, in the order in which it came."""
        self.stop()
        async with self._in_order:
            waiting, self._waiting = self._waiting, []
            for message in waiting:
                await self._send(message)

    def stop(self) -> None:
        """Nothing is to be waited for any more."""
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None


def _told(message: Message) -> ForwardMsg | None:
    """What Streamlit says to the browser; None for anything else that goes over the socket."""
    packed = message.get("bytes") if message["type"] == "websocket.send" else None
    return ForwardMsg.FromString(packed) if packed else None
