"""Who asks for a file that a button offers, and where it waits for them.

Streamlit makes a button's file for whichever page asks for it, also for one of somebody else, and keeps it under an address made
from its content, for whoever has that address. Here what makes the file hears whose page asks (`ASKED`), and the answer names
the address where it put the file.

Relied on: the messages `backend_operation_request` and `backend_operation_response` with a `deferred_file`.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from views.streamlit_patches.page_connections import OfPages

PLACE = "/media/"
SID = b"x-spa-sid"
MOST_ASKED = 16
"""Files that one page can have asked for and not been told of yet."""


@dataclass(slots=True)
class Asked:
    """One request for a file: the sign-in of the page that asks, and the address once it is made."""

    sign_in: str
    address: str = ""


ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""Set while a request for a file is passed on; what makes the file runs within it, in a thread of its own."""


class FilesToWhoAsked(OfPages):
    """ASGI middleware next to Streamlit: says who asks for a file, and tells them where it waits."""

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection; everything but a websocket passes through untouched."""
        sid = next((value.decode("latin-1") for name, value in scope["headers"] if name == SID), "")
        waiting: dict[str, Asked] = {}

        async def asks() -> Message:
            message = await receive()
            request = _request_for_a_file(message)
            if request:
                waiting[request] = Asked(sid)
                for old in list(waiting)[:-MOST_ASKED]:
                    del waiting[old]
            ASKED.set(waiting.get(request))
            return message

        async def tells(message: Message) -> None:
            await send(_with_address(message, waiting))

        await self._app(scope, asks, tells)


def _request_for_a_file(message: Message) -> str:
    """The name a browser gave its request; nothing where it asks for something else."""
    asked = BackMsg.FromString(message.get("bytes") or b"") if message["type"] == "websocket.receive" else BackMsg()
    its = asked.backend_operation_request
    return str(its.request_id) if its.WhichOneof("payload") == "deferred_file" else ""


def _with_address(message: Message, waiting: dict[str, Asked]) -> Message:
    """The answer to such a request, with the address where the file waits in place of Streamlit's own."""
    if message["type"] != "websocket.send" or PLACE.encode() not in (message.get("bytes") or b""):
        return message
    told = ForwardMsg.FromString(message["bytes"])
    if told.WhichOneof("type") != "backend_operation_response":
        return message
    answer = told.backend_operation_response
    asked = waiting.pop(answer.request_id, None)
    if asked is not None and answer.WhichOneof("payload") == "deferred_file":
        answer.deferred_file.url = asked.address
    return {**message, "bytes": told.SerializeToString()}
