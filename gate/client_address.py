"""Where a request comes from: the address of the connection. What a proxy says instead is believed from a proxy that the
settings name, and from nobody else; uvicorn by itself believes everybody on this computer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.types import Scope

Network = IPv4Network | IPv6Network
FOR = b"x-forwarded-for"
SAID_BY_A_PROXY = (b"x-forwarded-", b"x_forwarded_")
SAID_IN_FULL = frozenset({b"forwarded", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"via"})


def put_right(scope: Scope, transport: asyncio.Transport | None, proxies: Iterable[Network], *, tls: bool) -> None:
    """Sets who asks and how in the scope, and takes away what was said about it: nobody further in is to believe it."""
    said = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == FOR]
    scope["headers"] = [one for one in scope["headers"] if not _is_said(one[0].lower())]
    scope["scheme"] = {"http": "http", "websocket": "ws"}[scope["type"]] + ("s" if tls else "")
    peer = transport.get_extra_info("peername") if transport is not None else None
    if isinstance(peer, tuple) and len(peer) >= 2:
        scope["client"] = (asker(str(peer[0]), said, proxies), int(peer[1]))


def asker(peer: str, said: Iterable[str], proxies: Iterable[Network]) -> str:
    """The last address that is none of our proxies, of the line of those who passed the request on."""
    ours = tuple(proxies)
    if not _is_in(peer, ours):
        return peer
    line = [one.strip() for one in ",".join(said).split(",")]
    for one in reversed(line):
        if not _is_address(one):
            return peer
        if not _is_in(one, ours):
            return one
    return peer


def _is_said(name: bytes) -> bool:
    return name.startswith(SAID_BY_A_PROXY) or name in SAID_IN_FULL


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(text: str, networks: tuple[Network, ...]) -> bool:
    return _is_address(text) and any(ip_address(text) in one for one in networks)
