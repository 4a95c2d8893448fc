"""Streamlit sends its own scripts uncompressed. They never change while the program runs, so each is packed once."""

from __future__ import annotations

import gzip
import threading

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PACKED = ("javascript", "text/css", "application/json", "image/svg", "wasm")
SMALLEST, ROOM = 1_000, 48_000_000


class Compressed:
    """Packs /static/ for browsers that take gzip, and keeps what it packed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[str, tuple[Message, bytes]] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _can_pack(scope):
            await self._app(scope, receive, send)
            return
        kept = self._kept.get(scope["path"])
        if kept is None:
            await self._app(scope, receive, _Collecting(self, scope["path"], send))
            return
        await send({**kept[0], "headers": list(kept[0]["headers"])})
        await send({"type": "http.response.body", "body": kept[1]})

    def keep(self, path: str, start: Message, body: bytes) -> None:
        """Keeps a packed file while there is room."""
        with self._lock:
            if sum(len(packed) for _, packed in self._kept.values()) + len(body) < ROOM:
                self._kept[path] = (start, body)


class _Collecting:
    """Waits for the whole file, packs it and sends it on."""

    def __init__(self, kept: Compressed, path: str, send: Send) -> None:
        self._kept, self._path, self._send = kept, path, send
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _worth_it(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body.extend(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        packed = await to_thread.run_sync(lambda: gzip.compress(bytes(self._body), 6, mtime=0))
        headers = MutableHeaders(raw=list(start["headers"]))
        headers["content-encoding"] = "gzip"
        headers["content-length"] = str(len(packed))
        headers.add_vary_header("Accept-Encoding")
        if "etag" in headers:
            del headers["etag"]
        start = {**start, "headers": headers.raw}
        self._kept.keep(self._path, {**start, "headers": list(headers.raw)}, packed)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": packed})


def _can_pack(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/static/"):
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and "range" not in headers


def _worth_it(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    if message["status"] != 200 or "content-encoding" in headers:
        return False
    kind = headers.get("content-type", "")
    return any(one in kind for one in PACKED) and int(headers.get("content-length", SMALLEST)) >= SMALLEST
