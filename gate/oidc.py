"""Single sign-on: the provider vouches for somebody, and the same row and cookie are made as on the sign-in page.

Only there where a provider is in the settings. State, nonce and PKCE are Authlib's; they wait in a short cookie of its own.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from typing import Any

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gate.request_context import Asking, Office
from gate.templates import page
from medspa_core import access

LOG = logging.getLogger("gate")
LetIn = Callable[[Response, access.NewSignIn, Asking], Response]
MINUTES = 10


def oidc_routes(office: Office, let_in: LetIn) -> list[BaseRoute]:
    """The way out to the provider and the way back; nothing where none is configured."""
    settings = office.settings
    if not settings.oidc_issuer:
        return []
    from authlib.integrations.starlette_client import OAuth, OAuthError  # late: only where it is configured

    provider = OAuth().register(
        "house",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
    )
    back_to = f"{settings.public_url or f'http://127.0.0.1:{settings.port}'}/auth/oidc/back"

    async def start(request: Request) -> Response:
        answer: Response = await provider.authorize_redirect(request, back_to)
        return answer

    async def back(request: Request) -> Response:
        try:
            claims = (await provider.authorize_access_token(request))["userinfo"]
            request.session.clear()
            return await to_thread.run_sync(_enter, office, let_in, request, claims)
        except (OAuthError, access.WrongSignIn, KeyError) as problem:
            LOG.warning("single sign-on refused: %s", type(problem).__name__)
            return page("closed.html", status=401, message="Single sign-on did not let you in. Ask the owner.")

    return [
        Mount(
            "/auth/oidc",
            routes=[Route("/start", start), Route("/back", back)],
            middleware=[Middleware(_Waiting, office=office)],
        )
    ]


def _enter(office: Office, let_in: LetIn, request: Request, claims: dict[str, Any]) -> Response:
    """The callback answers a page: a redirect from here would arrive without the strict cookie."""
    email = claims.get("email") if claims.get("email_verified") is True else None
    asking = office.asking_of(request)
    place = access.Place(request.client.host if request.client else "", asking.device)
    made = access.sign_in_with_oidc(office.store, claims["iss"], claims["sub"], email, place, office.now())
    return let_in(page("go_on.html"), made, asking)


class _Waiting:
    """Authlib's short memory between the way out and the way back, signed with a key made from the pepper."""

    def __init__(self, app: ASGIApp, office: Office) -> None:
        self._inner = app
        self._office = office
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._app is None:
            key = hmac.digest(self._office.pepper, b"single sign-on", "sha256").hex()
            name = "__Host-spa-oidc" if self._office.behind_tls else f"spa-oidc-{self._office.settings.port}"
            self._app = SessionMiddleware(
                self._inner,
                secret_key=key,
                session_cookie=name,
                max_age=MINUTES * 60,
                path="/",
                same_site="lax",
                https_only=self._office.behind_tls,
            )
        await self._app(scope, receive, send)
