"""Files that pages hand out: to the sign-in that asked for them, once. Whoever else asks hears that nothing is there, and stands
in the audit log with it.

Streamlit's page looks whether an address answers before it lets the browser fetch it. A look gets no content and uses nothing up.
What breaks off on its way can be fetched again, while its time lasts. A browser that does not say which of the two a request is
(iPadOS before 16.4) may have fetched it by the look: it can be fetched for some seconds more.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from gate.request_context import Office
from medspa_core.access import MadeFile, SignIn, doer_of, note_refused
from medspa_core.records import StoreProblem

LOG = logging.getLogger("gate")
PIECE = 65_536
AFTER_A_LOOK = timedelta(seconds=10)
MOST_NOTED = 100
"""Rows that one sign-in can make in the audit log by asking for files that are not there."""


class Files:
    """Answers for all of them, over one office."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._noted: dict[str, set[str]] = {}

    async def __call__(self, asker: SignIn, scope: Scope, receive: Receive, send: Send) -> None:
        """Gives the file, or says that there is none."""
        key, now, files = _key_of(scope["path"]), self._office.now(), self._office.files
        looks, is_there = scope["method"] != "GET" or _only_looks(scope), files.is_there(key, asker, now)
        if looks and (is_there or files.was_there(key, asker, now)):  # a look may come after what it was for
            await Response(status_code=204)(scope, receive, send)
        elif not is_there:
            await to_thread.run_sync(self._note, asker, key)
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
        else:
            await self._give(asker, key, scope, receive, send)

    async def _give(self, asker: SignIn, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        file = self._office.files.take(key, asker, self._office.now())
        if file is None:  # another request of theirs was quicker
            await PlainTextResponse("Not found.", 404)(scope, receive, send)
            return
        arrived = False
        try:
            arrived = await _arrives(file, receive, send)
        finally:
            if not arrived:
                self._office.files.put_back(key, file)
        if _may_have_looked(scope):
            until = min(file.until, self._office.now() + AFTER_A_LOOK)
            self._office.files.put_back(key, replace(file, until=until))

    def _note(self, asker: SignIn, key: str) -> None:
        noted = self._noted.setdefault(asker.id, set())
        if key in noted or len(noted) >= MOST_NOTED:
            return
        noted.add(key)
        try:
            note_refused(self._office.store.by(doer_of(asker)), "file", key, self._office.now())
        except StoreProblem as problem:
            LOG.warning("a refused file is not in the audit log: %s", type(problem).__name__)


def _key_of(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _only_looks(scope: Scope) -> bool:
    """A script of a page asks, not somebody who tapped: a browser says which it is."""
    return Headers(scope=scope).get("sec-fetch-mode", "navigate") != "navigate"


def _may_have_looked(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "sec-fetch-mode" not in headers and headers.get("user-agent", "").startswith("Mozilla/")


async def _arrives(file: MadeFile, receive: Receive, send: Send) -> bool:
    """Sends the file, whole and in pieces; whether the browser was there until its last."""
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await send(_start(file))
        for at in range(0, len(file.content), PIECE):
            await send({"type": "http.response.body", "body": file.content[at : at + PIECE], "more_body": True})
            await asyncio.sleep(0)  # else nobody hears that it has gone
            if gone.done():
                return False
        await send({"type": "http.response.body", "body": b""})
        return True
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue


def _start(file: MadeFile) -> Message:
    kind = f"{file.kind}; charset=utf-8" if file.kind.startswith("text/") else file.kind
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(file.content)).encode()),
        (b"content-disposition", f"attachment; filename*=utf-8''{quote(file.name, safe='')}".encode()),
    ]
    return {"type": "http.response.start", "status": 200, "headers": headers}
