"""Answers leave at once. Streamlit opens its port without naming TCP, so asyncio does not turn Nagle's algorithm off, and the
second part of each answer waited 40 ms for the browser to acknowledge the first (measured; a kept connection, Linux)."""

from __future__ import annotations

import contextlib
import socket

from starlette.types import Receive

from gate.connections.transport import transport_of


def send_at_once(receive: Receive) -> None:
    """Turns it off on the connection of this request. Where the server is another than uvicorn, nothing happens."""
    transport = transport_of(receive)
    found = transport.get_extra_info("socket") if transport is not None else None
    if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError):  # the browser has gone meanwhile
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
