"""The way a tablet comes in: Chromium, TLS by the shipped Caddyfile, the program behind it, a consultation over wss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from medspa_core.access import Role
from tests.browser.conftest import wait_until_settled
from tests.browser.screens import choose
from tests.faults.conftest import Server, free_port
from tests.faults.test_tls import Proxy, caddy
from tests.practice import PASSWORD, hire

__all__ = ["caddy"]


def test_a_tablet_works_through_the_proxy_with_tls(
    caddy: str, open_tablet: Callable[..., Page], tmp_path: Path
) -> None:
    """The local authority is not in this Chromium's store, so its errors are passed over here; see test_tls in faults."""
    server = Server(tmp_path / "home", free_port())
    hire(server.home, "ana", [Role.AESTHETICIAN])
    proxy = Proxy(caddy, tmp_path, server)
    server.extra = {"MEDSPA_PUBLIC_URL": proxy.url}
    try:
        server.start()
        proxy.start()
        page = open_tablet("/", url=proxy.url, who="", settle=False, ignore_https_errors=True)
        page.get_by_label("Sign-in name").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").tap()
        wait_until_settled(page)
        cookie = next(one for one in page.context.cookies() if one["name"] == "__Host-spa")
        assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
        page.locator(".st-key-code_name input").fill("T-1")
        page.locator(".st-key-start_new button").tap()
        expect(page.get_by_role("heading", name="About you")).to_be_visible()
        choose(page, "Texture and fine lines")
        expect(page.locator(".mc-answer-concern")).to_be_attached()
    finally:
        proxy.stop()
        server.stop()
