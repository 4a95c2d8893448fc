"""Many connections at once, where the system allows 1,024 of them: half-sent requests, and every tablet coming back."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from medspa_core import records
from medspa_core.access import Role
from tests.bench.raw_tablets import Tablet
from tests.faults.conftest import Server, free_port
from tests.loops import in_a_loop_of_its_own
from tests.practice import hire, opened

HALF_SENT, TABLETS, BACK_AGAIN, DESCRIPTORS = 1_200, 200, 2, 1_024
PRESSES = 6
AT_ONCE = 40
"""Tablets whose page is being drawn: the rest wait for their turn, here as they would in the server."""
LONGEST = 120
HALVES = (b"", b"GET /", b"GET /signin HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: a", b"POST /signin HTTP/1.1\r\nX: y\r\n")
LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS}, {DESCRIPTORS}))
from streamlit.web.cli import main
sys.argv[0] = "streamlit"
main()
"""
"""The soft limit and the hard one: else the program would ask for more, and get it."""


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    resource = pytest.importorskip("resource")
    here, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * HALF_SENT
    if most != resource.RLIM_INFINITY and most < needed:
        pytest.skip(f"this system allows {most} connections, fewer than are to be opened")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(here, needed), most))
    running = Server(tmp_path_factory.mktemp("limited") / "home", free_port(), program=("-c", LIMITED))
    hire(running.home, "ana", [Role.AESTHETICIAN])
    hire(running.home, "mara", [Role.MANAGER])
    running.start()
    yield running
    running.stop()
    resource.setrlimit(resource.RLIMIT_NOFILE, (here, most))


@contextlib.asynccontextmanager
async def half_sent(port: int) -> AsyncIterator[list[socket.socket]]:
    """Connections that send a part of a request, and then nothing."""
    loop, opened_here = asyncio.get_running_loop(), []
    try:
        for number in range(HALF_SENT):
            one = socket.socket()
            one.setblocking(False)
            opened_here.append(one)
            await asyncio.wait_for(loop.sock_connect(one, ("127.0.0.1", port)), LONGEST)
            with contextlib.suppress(ConnectionError):  # closed already
                await loop.sock_sendall(one, HALVES[number % len(HALVES)])
        yield opened_here
    finally:
        for one in opened_here:
            one.close()


def page_at(server: Server, cookie: str, session: str = "") -> connect:
    return connect(
        f"ws://127.0.0.1:{server.port}/_stcore/stream",
        origin=server.url,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie},
        subprotocols=["streamlit", "none", session] if session else ["streamlit"],  # type: ignore[list-item]
        max_size=None,
        open_timeout=LONGEST,
    )


def test_half_sent_requests_leave_an_open_tablet_saving_and_others_coming(limited: Server) -> None:
    with opened(limited.home) as store:
        now = datetime.now(UTC)
        draft = records.start_draft(store, "Client 7", now, now.date(), ("wait",)).id
    cookie = limited.cookie("ana")

    def age() -> object:
        with opened(limited.home) as store:
            found = records.load_draft(store, draft)
            return found.answers.get("age") if found is not None else None

    async def run() -> None:
        async with page_at(limited, cookie) as opened_before:
            tablet = Tablet(opened_before, "you", draft)
            await tablet.open()
            await tablet.press("more_age")
            first = age()
            async with half_sent(limited.port):
                for _ in range(PRESSES):
                    await tablet.press("more_age")
                async with page_at(limited, cookie) as opened_meanwhile:
                    await Tablet(opened_meanwhile, "you", draft).open()
                assert await asyncio.to_thread(lambda: limited.get("/signin").status) == 200
            assert isinstance(first, int) and age() == first + PRESSES

    in_a_loop_of_its_own(run())
    assert "connections closed: no room" in limited.log and "no descriptor is left" not in limited.log


def test_every_tablet_comes_back_twice(limited: Server) -> None:
    """Each is heard; one in ten has its page drawn again. Not all find the session they had: so many are not kept."""
    cookie = limited.cookie("mara")
    turn = asyncio.Semaphore(AT_ONCE)

    async def told(page: ClientConnection, kind: str) -> ForwardMsg:
        while True:
            one = ForwardMsg.FromString(await asyncio.wait_for(page.recv(), LONGEST))  # type: ignore[arg-type]
            if one.WhichOneof("type") == kind:
                return one

    async def drawn(page: ClientConnection) -> str:
        async with turn:
            asked = BackMsg()
            asked.rerun_script.page_name = "home"
            await page.send(asked.SerializeToString())
            session = (await told(page, "new_session")).new_session.initialize.session_id
            assert (await told(page, "script_finished")).script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            return str(session)

    async def there(session: str, number: int) -> tuple[str, ClientConnection]:
        page = await page_at(limited, cookie, session)
        if not session or number % 10 == 0:
            return await drawn(page), page
        await page.send(BackMsg(app_heartbeat=True).SerializeToString())
        await told(page, "heartbeat_ack")
        return session, page

    async def run() -> None:
        tablets = await asyncio.gather(*(there("", number) for number in range(TABLETS)))
        for _ in range(BACK_AGAIN):
            for _, page in tablets:
                page.transport.abort()
            sessions = [session for session, _ in tablets]
            tablets = await asyncio.gather(*(there(session, number) for number, session in enumerate(sessions)))
        assert len(tablets) == TABLETS and limited.get("/signin").status == 200
        for _, page in tablets:
            page.transport.abort()

    in_a_loop_of_its_own(run())
    assert "Too many open files" not in limited.log and "no descriptor is left" not in limited.log
