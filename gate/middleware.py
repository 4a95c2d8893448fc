"""The door itself: an ASGI middleware that each request and websocket passes, before Streamlit and before our own pages.

It drops identity headers from outside, refuses foreign hosts and origins, looks up the cookie, lets in who may pass and
adds our headers to every answer. In doubt it refuses.
"""

from __future__ import annotations

import logging
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gate.client_address import put_right
from gate.connections.connection_limits import Connections
from gate.connections.open_file_limit import MOST
from gate.connections.tcp_nodelay import send_at_once
from gate.connections.transport import transport_of
from gate.file_downloads import Files
from gate.request_context import Asking, Headers, Office, by_name
from gate.script_compression import Compressed
from gate.security_headers import with_ours
from gate.templates import page
from medspa_core.access import TRIAL_ID, SignIn
from medspa_core.records import StoreProblem

LOG = logging.getLogger("gate")
SID = b"x-spa-sid"
IDENTITY = (b"x-spa-", b"x_spa_", b"x-remote-user", b"remote-user")
OPEN = (
    "/signin",
    "/auth/alive",
    "/auth/out",
    "/auth/oidc",
    "/static",
    "/app/static",
    "/first-start",
    "/recover",
    "/device",
    "/gate",
)
OPEN_EXACTLY = frozenset({"/second-factor", "/lock.js", "/_stcore/health", "/favicon.png", "/robots.txt"})
CLOSED_TO_ALL = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
FIRST_SHEET = ("/recovery", "/step-up")
"""All that opens until the owner has put the first recovery sheet away."""
STAFF_ONLY = ("/own", "/pin", "/password", "/step-up", "/recovery", "/second-factor", "/break-glass")
"""Our own pages that stay shut while a client holds the tablet."""
NOT_PAGES = ("/_stcore", "/media", "/component", "/~/")
FILES = ("/media",)
"""What a page hands out. Streamlit would give it to whoever has the address, so none of it comes from there."""
UPLOADS = ("/_stcore/upload_file",)
"""Closed but for a page that takes a file, for its own session (views/session/uploads.py): /_stcore/upload_file/SESSION/FILE."""
SENDS = frozenset({"PUT", "DELETE"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOCK = b'<script src="/lock.js" defer></script>'


class Gate:
    """Stands before everything."""

    def __init__(
        self,
        app: ASGIApp,
        office: Office,
        scripts: tuple[str, ...] = (),
        first: str = "",
        connections: Connections | None = None,
    ) -> None:
        """`scripts`: what may run inline in a page, word for word; `first`: a script that stands in it before all others.
        `connections`: hears which of them is in use."""
        self._scripts = (*scripts, first) if first else scripts
        self._first = f"<script>{first}</script>".encode() if first else b""
        self._app = Compressed(app)
        self._office = office
        self._files = Files(office)
        self._connections = connections or Connections(MOST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        send_at_once(receive)
        transport, is_page = transport_of(receive), scope["type"] == "websocket"
        scope["headers"] = [one for one in scope["headers"] if not one[0].lower().startswith(IDENTITY)]
        put_right(scope, transport, self._office.settings.proxies, tls=self._is_public(by_name(scope["headers"])))
        with self._connections.request(transport, is_page=is_page):
            if is_page:
                await self._web_socket(scope, receive, send)
            else:
                await self._request(scope, receive, self._dressed(scope, send))

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        path = scope["path"]
        if path in OPEN_EXACTLY or _below(path, OPEN):
            await self._app(scope, receive, send)
            return
        try:
            asking = await self._asking(scope)
        except StoreProblem as problem:
            LOG.warning("closed: %s", type(problem).__name__)
            told = await to_thread.run_sync(self._office.what_is_wrong, problem)
            await page("no_records.html", status=503, **told)(scope, receive, send)
            return
        if asking.signed_in is not None and _below(path, FILES):
            await self._files(asking.signed_in, scope, receive, send)
        elif asking.signed_in is not None and _below(path, UPLOADS):
            refused = self._upload_refused(asking.signed_in, scope)
            await (refused or self._app)(scope, receive, send)
        elif asking.signed_in is not None:
            elsewhere = _first(scope, asking.signed_in)
            if elsewhere:
                await RedirectResponse(elsewhere, 303)(scope, receive, send)
                return
            scope["headers"].append((SID, asking.signed_in.id.encode()))
            await self._app(scope, receive, self._with_ours(scope, send, LOCK))
        elif asking.trial and not _below(path, FILES + UPLOADS):
            scope["headers"].append((SID, TRIAL_ID.encode()))
            await self._app(scope, receive, self._with_ours(scope, send))
        else:
            await self._signed_out(scope)(scope, receive, send)

    def _upload_refused(self, sign_in: SignIn, scope: Scope) -> Response | None:
        """Only a page that was drawn with a field for a file, in the hands of whom it was drawn for."""
        session, now = scope["path"].removeprefix(UPLOADS[0]).strip("/").partition("/")[0], self._office.now()
        if scope["method"] not in SENDS or not self._office.uploads.is_open(session, sign_in, now):
            return PlainTextResponse("No page takes a file.", 403)
        if scope["method"] == "PUT" and self._office.uploads.too_many(sign_in, now):
            return PlainTextResponse("Too many files in a short time.", 429)
        return None

    def _refused(self, scope: Scope) -> Response | None:
        """Foreign host, foreign origin, odd path, or what is closed to everybody."""
        headers, path = by_name(scope["headers"]), scope["path"]
        if not self._host_is_ours(headers):
            return PlainTextResponse("Unknown host.", 421)
        origin = headers.get(b"origin", [])
        if (origin or scope["method"] not in SAFE) and not self._origin_is_ours(scope, headers):
            return PlainTextResponse("This came from another page.", 403)
        if "//" in path or "\\" in path or ".." in path.split("/") or not path.isprintable():
            return PlainTextResponse("Not found.", 404)
        return PlainTextResponse("Not found.", 401) if _below(path, CLOSED_TO_ALL) else None

    def _signed_out(self, scope: Scope) -> Response:
        if not _is_page(scope):
            return PlainTextResponse("Signed out.", 401)
        query = scope["query_string"].decode("latin-1")
        back = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse("/signin" if back == "/" else f"/signin?next={quote(back, safe='')}", 303)

    async def _web_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ended token is let in, so that the page can draw the lock screen; an unknown one is not."""
        headers = by_name(scope["headers"])
        sid = None
        if self._host_is_ours(headers) and headers.get(b"origin") and self._origin_is_ours(scope, headers):
            try:
                asking = await self._asking(scope)
                sid = asking.sign_in.id if asking.sign_in is not None else TRIAL_ID if asking.trial else None
            except StoreProblem:
                sid = None
        if sid is None:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        scope["headers"].append((SID, sid.encode()))
        await self._app(scope, receive, send)

    async def _asking(self, scope: Scope) -> Asking:
        return await to_thread.run_sync(self._office.asking, by_name(scope["headers"]))

    def _host_is_ours(self, headers: Headers) -> bool:
        given = headers.get(b"host", [])
        try:
            parts = urlsplit(f"//{given[0].decode('ascii')}") if len(given) == 1 else None
            return (
                parts is not None
                and parts.port != 0
                and parts.username is None
                and (parts.netloc == given[0].decode() and (parts.hostname or "") in self._office.hosts)
            )
        except ValueError:
            return False

    def _is_public(self, headers: Headers) -> bool:
        """Was the address asked that tablets use, with TLS in front?"""
        public = self._office.settings.public_url
        return bool(public) and headers.get(b"host") == [urlsplit(public).netloc.encode()]

    def _origin_is_ours(self, scope: Scope, headers: Headers) -> bool:
        """Scheme and host of the page that sent this are those it was sent to."""
        given = [one.decode("latin-1") for one in headers.get(b"origin", [])]
        public = self._office.settings.public_url
        return given == [public if self._is_public(headers) else f"http://{headers[b'host'][0].decode('latin-1')}"]

    def _with_ours(self, scope: Scope, send: Send, last: bytes = b"") -> Send:
        """For a page; it is asked for unpacked, since nothing can be put into what Streamlit has packed."""
        if not _is_page(scope):
            return send
        scope["headers"] = [one for one in scope["headers"] if one[0].lower() != b"accept-encoding"]
        return _with_scripts(send, self._first, last)

    def _dressed(self, scope: Scope, send: Send) -> Send:
        host = next(iter(by_name(scope["headers"]).get(b"host", [b""]))).decode("latin-1")
        shown = host if self._host_is_ours(by_name(scope["headers"])) else "127.0.0.1"
        tls = self._is_public(by_name(scope["headers"]))

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = with_ours(
                    message.get("headers", []), scope["path"], shown, tls=tls, scripts=self._scripts
                )
            await send(message)

        return dressed


def _first(scope: Scope, sign_in: SignIn) -> str:
    """Where a request of somebody signed in must go first, if anywhere."""
    path = scope["path"]
    if sign_in.person.held and _below(path, STAFF_ONLY):
        return f"/take-back?next={quote(path, safe='')}"
    if sign_in.sheet_due and _is_page(scope) and not _below(path, FIRST_SHEET):
        return "/recovery"
    return ""


def _with_scripts(send: Send, first: bytes, last: bytes) -> Send:
    """Puts scripts of ours into a page of Streamlit's, before its own and after; anything else passes as it is."""
    start: list[Message] = []
    body = bytearray()

    async def inserting(message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = MutableHeaders(raw=list(message["headers"])).get("content-type", "")
            if kind.startswith("text/html"):
                start.append(message)
                return
        elif start:
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            whole = bytes(body).replace(b"<head>", b"<head>" + first, 1).replace(b"</head>", last + b"</head>", 1)
            await send(_sized(start.pop(), whole))
            message = {"type": "http.response.body", "body": whole}
        await send(message)

    return inserting


def _sized(message: Message, body: bytes) -> Message:
    headers = MutableHeaders(raw=list(message["headers"]))
    headers["content-length"] = str(len(body))
    return {**message, "headers": headers.raw}


def _below(path: str, starts: tuple[str, ...]) -> bool:
    return any(path == one.rstrip("/") or path.startswith(one.rstrip("/") + "/") for one in starts)


def _is_page(scope: Scope) -> bool:
    return scope["method"] in ("GET", "HEAD") and not _below(scope["path"], NOT_PAGES)
