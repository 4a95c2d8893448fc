"""A button that hands out a file. It is made at the tap, in the name of whoever tapped, and its address is for them alone.

    downloads.button(say("..."), lambda store, asker: as_csv(store, asker), "audit.csv", "text/csv", key="audit_file")

Streamlit makes a button's file for whichever page asks for it, also for one of somebody else, and keeps it under an address made
from its content. Here what makes the file hears whose page asks; the file waits with the gate, and Streamlit gets nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from medspa_core import access
from medspa_core.access import AccessRefused, SignIn
from medspa_core.records import Store
from views.context import core_access
from views.session import signed_in

Make = Callable[[Store, SignIn], bytes | str]
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


def button(words: str, make: Make, name: str, kind: str, key: str) -> None:
    """`make` is given the store in the hands of who tapped, and their sign-in; it asks for the rights and notes the file."""
    drawn_for = signed_in.sign_in()
    if drawn_for is not None:
        made = made_for(drawn_for.id, make, name, kind, key)
        st.download_button(words, made, file_name=name, mime=kind, key=key, on_click="ignore")


def made_for(sign_in_id: str, make: Make, name: str, kind: str, key: str) -> Callable[[], bytes]:
    """Makes the file for the page it was drawn on. Raises AccessRefused for every other, in the name of that one."""
    moment, files = core_access.clock(), core_access.files()

    def made() -> bytes:
        asked, now = ASKED.get(), moment.now()
        there = access.sign_in_of(core_access.store(), asked.sign_in, now) if asked is not None else None
        hands = core_access.store() if there is None else signed_in.in_the_hands_of(there)
        if asked is None or there is None or there.ended or there.person.held or there.id != sign_in_id:
            access.note_refused(hands, "file", key, now)
            raise AccessRefused("This was not found.")
        content = make(hands, there)
        kept = content.encode() if isinstance(content, str) else content
        asked.address = f"{PLACE}{files.keep(there, name, kind, kept, now)}.{name.rpartition('.')[2]}"
        return b""

    return made


class FilesToWhoAsked:
    """ASGI middleware next to Streamlit: says who asks for a file, and tells them where it waits."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection; everything but a websocket passes through untouched."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
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
