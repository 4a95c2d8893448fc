"""What a browser may ask of a running page: to be drawn, to stop, a sign of life, a file that a button offers, and where to send
one (which the gate takes only for a page that asks for it).

Streamlit takes more from whoever has a socket: to forget its memory, which every page of every person works with and in
which the open records are, to tell about the program's repository, to write files beside the program. None of it is a tap.
"""

from __future__ import annotations

import logging

from google.protobuf.message import DecodeError
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from views.streamlit_patches.page_connections import OfPages

LOG = logging.getLogger("medspa")

TAPS = frozenset({"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"})
FILES = frozenset({"deferred_file", "dataframe_chunk"})


class OnlyTaps(OfPages):
    """Of what a page asks."""

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection: what is no tap is dropped, and its kind is written down."""

        async def taps() -> Message:
            while True:
                message = await receive()
                kind = kind_of(message)
                if kind is None or kind in TAPS | FILES:
                    return message
                LOG.warning("no tap, dropped: %s", kind)

        await self._app(scope, taps, send)


def kind_of(message: Message) -> str | None:
    """What the browser asks for, "unknown" for what can't be read; None for what is no message of a page, as its end."""
    if message["type"] != "websocket.receive":
        return None
    asked = BackMsg()
    try:
        asked.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return "unknown"
    kind = asked.WhichOneof("type") or "unknown"
    if kind == "backend_operation_request":
        return str(asked.backend_operation_request.WhichOneof("payload") or kind)
    return str(kind)
