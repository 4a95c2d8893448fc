"""An answer's second part does not wait for the acknowledgement of its first."""

from __future__ import annotations

import socket

import pytest

from gate.connections.tcp_nodelay import send_at_once


class Watched(socket.socket):
    """Says what was asked of it."""

    def __init__(self, family: int) -> None:
        super().__init__(family, socket.SOCK_STREAM)
        self.asked: list[object] = []

    def setsockopt(self, *asked: object) -> None:  # type: ignore[override]
        self.asked.append(asked)
        super().setsockopt(*asked)  # type: ignore[call-overload]


class Transport:
    def __init__(self, found: socket.socket | None) -> None:
        self.found = found

    def get_extra_info(self, name: str) -> socket.socket | None:
        assert name == "socket"
        return self.found


class Cycle:
    """As uvicorn's: what receives has the connection beside it."""

    def __init__(self, found: socket.socket | None) -> None:
        self.transport = Transport(found)

    async def receive(self) -> dict[str, str]:
        return {}


async def bare() -> dict[str, str]:
    return {}


def test_nagles_algorithm_is_off_on_a_connection_that_came_without_it() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as made:
        send_at_once(Cycle(made).receive)  # type: ignore[arg-type]
        assert made.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_another_kind_of_connection_or_server_changes_nothing() -> None:
    with Watched(socket.AF_UNIX) as made:
        send_at_once(Cycle(made).receive)  # type: ignore[arg-type]
    assert made.asked == []
    gone = Watched(socket.AF_INET)
    gone.close()
    send_at_once(Cycle(gone).receive)  # type: ignore[arg-type]
    assert gone.asked == [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)], "asked, and passed over that it is gone"
    for receive in (Cycle(None).receive, bare):
        send_at_once(receive)  # type: ignore[arg-type]
        with pytest.raises(StopIteration) as received:  # what it waits for is there at once
            receive().send(None)
        assert received.value.value == {}, "the request is received as before"
