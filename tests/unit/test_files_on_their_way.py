"""A file that breaks off on its way can be fetched again; one that has arrived is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate.file_downloads import AFTER_A_LOOK, PIECE, Files
from gate.request_context import Office
from medspa_core.access import Person, Role, SignIn, SteadyClock
from medspa_core.settings import settings_from
from tests.loops import in_a_loop_of_its_own

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HERS = SignIn("s1", Person("p1", "dora", "Dora", frozenset({Role.OWNER}), frozenset()), None, "password", NOW, NOW, NOW)
CONTENT = bytes(range(256)) * (4 * PIECE // 256)


def no_store() -> Any:
    raise AssertionError("nothing is refused here")


@dataclass
class Browser:
    """Fetches; goes away after so many bytes, or breaks the connection there."""

    files: Files
    leaves_after: int = 10 * len(CONTENT)
    breaks: bool = False
    says: tuple[tuple[bytes, bytes], ...] = ()
    got: bytearray = field(default_factory=bytearray)
    status: int = 0

    async def fetch(self, path: str) -> None:
        self._left = asyncio.Event()
        self._asked = False
        scope = {"type": "http", "method": "GET", "path": path, "headers": list(self.says)}
        await self.files(HERS, scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.got += message.get("body", b"")
        if len(self.got) >= self.leaves_after:
            self._left.set()
            if self.breaks:
                raise ConnectionResetError


Setting = tuple[Files, Callable[[], str], Office]


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    office = Office(
        settings_from({"MEDSPA_HOME": str(tmp_path)}, tmp_path),
        no_store,
        lambda: SteadyClock(lambda: NOW, lambda: 0.0),
    )
    return Files(office), lambda: f"/media/{office.files.keep(HERS, 'a.bin', 'x/y', CONTENT, NOW)}.bin", office


def run(job: Awaitable[None]) -> None:
    in_a_loop_of_its_own(asyncio.wait_for(job, 60))  # type: ignore[arg-type]


def test_the_whole_arrives_in_pieces_once(setting: Setting) -> None:
    files, made, _ = setting
    path, browser = made(), Browser(files)
    run(browser.fetch(path))
    assert (browser.status, bytes(browser.got)) == (200, CONTENT)


@pytest.mark.parametrize("after", [0, 1, PIECE, 3 * PIECE])
@pytest.mark.parametrize("breaks", [False, True])
def test_what_broke_off_is_there_again(setting: Setting, after: int, breaks: bool) -> None:
    files, made, office = setting
    path = made()
    first = Browser(files, leaves_after=after, breaks=breaks)
    if breaks:
        with pytest.raises(ConnectionResetError):
            run(first.fetch(path))
    else:
        run(first.fetch(path))
    assert len(first.got) < len(CONTENT)
    again = Browser(files)
    run(again.fetch(path))
    assert bytes(again.got) == CONTENT
    assert not office.files.is_there(path.removeprefix("/media/").removesuffix(".bin"), HERS, NOW)


OLD = ((b"user-agent", b"Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X)"),)
NEW = (*OLD, (b"sec-fetch-mode", b"navigate"))


@pytest.mark.parametrize(("says", "again"), [(OLD, True), (NEW, False), ((), False)])
def test_only_a_browser_that_does_not_say_what_it_does_has_some_seconds_more(
    setting: Setting, says: tuple[tuple[bytes, bytes], ...], again: bool
) -> None:
    files, made, office = setting
    path = made()
    run(Browser(files, says=says).fetch(path))
    key = path.removeprefix("/media/").removesuffix(".bin")
    assert office.files.is_there(key, HERS, NOW) == again
    assert not office.files.is_there(key, HERS, NOW + AFTER_A_LOOK)
