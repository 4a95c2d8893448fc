"""The connection below a request, where the server is uvicorn; with another one there is none to ask."""

from __future__ import annotations

import asyncio

from starlette.types import Receive


def transport_of(receive: Receive) -> asyncio.Transport | None:
    """What the request came over."""
    found: asyncio.Transport | None = getattr(getattr(receive, "__self__", None), "transport", None)
    return found
