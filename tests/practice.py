"""An invented practice for tests: people made through the verbs of access, signed in through the sign-in page.

hire(home, "olga", [Role.OWNER, Role.AESTHETICIAN])
cookie = sign_in("http://127.0.0.1:8741", "olga")        # {"name": ..., "value": ...}
"""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from medspa_core import access
from medspa_core.access import Person, Role
from medspa_core.records import open_clinic

PASSWORD = "a quiet Tuesday by the sea"


@contextmanager
def opened(home: Path):
    """The practice's store, beside a server that may be running on it."""
    with open_clinic(home, keys_of(home), lambda: datetime.now(UTC)) as store:
        yield store


def keys_of(home: Path) -> Path:
    """Where the keys of a practice of tests lie."""
    return home.with_name(f"{home.name}-keys")


def hire(home: Path, name: str, roles: Iterable[Role]) -> Person:
    """Somebody of the first location, with PASSWORD."""
    now = datetime.now(UTC)
    with opened(home) as store:
        there = access.list_locations(store)
        place = there[0] if there else access.add_location(store, "Main street", now, state="CA")
        return access.add_person(store, name, name.title(), roles, [place.id], now, password=PASSWORD)


def sign_in(url: str, name: str, password: str = PASSWORD, cookies: str = "") -> dict[str, str]:
    """The sign-in cookie, as the page gives it to a browser."""
    answer = post(url, "/signin", {"name": name, "password": password}, cookies)
    assert answer.status == 303, f"not signed in: {answer.status}"
    return cookie_of(answer)


def post(url: str, path: str, form: dict[str, str], cookies: str = "") -> http.client.HTTPResponse:
    """Sends a form as a page of ours would."""
    asked = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": url, "Cookie": cookies}
    asked.request("POST", path, urlencode(form), headers)
    return asked.getresponse()


def cookie_of(answer: http.client.HTTPResponse) -> dict[str, str]:
    """The cookie of an answer."""
    name, _, value = (answer.getheader("Set-Cookie") or "").split(";")[0].partition("=")
    return {"name": name, "value": value}
