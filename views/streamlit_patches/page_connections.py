"""Middleware that hears what a page and the server say to each other; all else passes through untouched."""

from __future__ import annotations

from abc import ABC, abstractmethod

from starlette.types import ASGIApp, Receive, Scope, Send


class OfPages(ABC):
    """ASGI middleware of one kind of message; who derives from it says in `page` what happens to them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request, or the connection of an open page."""
        await (self.page if scope["type"] == "websocket" else self._app)(scope, receive, send)

    @abstractmethod
    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from its beginning to its end."""
