"""Where a request comes from: what is said about it counts from a proxy that the settings name, and from nobody else."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from gate.client_address import asker, put_right
from medspa_core.settings import SettingsProblem, settings_from

PROXY = (ip_network("127.0.0.1"), ip_network("10.0.0.0/24"))
PUBLIC = {"MEDSPA_PUBLIC_URL": "https://spa.example.internal"}


@pytest.mark.parametrize(
    ("peer", "said", "expected"),
    [
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["192.168.1.20"], "192.168.1.20"),
        ("127.0.0.1", ["6.6.6.6, 192.168.1.20"], "192.168.1.20"),
        ("127.0.0.1", ["6.6.6.6", "192.168.1.20"], "192.168.1.20"),
        ("127.0.0.1", ["192.168.1.20, 10.0.0.7"], "192.168.1.20"),
        ("127.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("127.0.0.1", ["192.168.1.20, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["", ","], "127.0.0.1"),
        ("127.0.0.1", ["10.0.0.7"], "127.0.0.1"),
        ("192.168.1.20", ["6.6.6.6"], "192.168.1.20"),
    ],
)
def test_the_last_that_is_no_proxy_of_ours_asks(peer: str, said: list[str], expected: str) -> None:
    assert asker(peer, said, PROXY) == expected
    assert asker(peer, said, ()) == peer


class Transport:
    def __init__(self, peer: object) -> None:
        self.peer = peer

    def get_extra_info(self, name: str) -> object:
        return self.peer if name == "peername" else None


SAID = [
    (b"X-Forwarded-For", b"6.6.6.6"),
    (b"x-forwarded-proto", b"https"),
    (b"x-forwarded-host", b"evil.example"),
    (b"X-Forwarded-User", b"owner"),
    (b"forwarded", b"for=6.6.6.6;proto=https"),
    (b"x-real-ip", b"6.6.6.6"),
]


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(("kind", "scheme"), [("http", "http"), ("websocket", "ws")])
def test_what_was_said_goes_no_further_and_uvicorns_belief_is_put_right(kind: str, scheme: str, tls: bool) -> None:
    scope: dict[str, Any] = {
        "type": kind,
        "scheme": "https",
        "client": ("6.6.6.6", 0),  # as uvicorn has it by now, which believes this computer
        "headers": [(b"host", b"127.0.0.1:8501"), *SAID],
    }
    put_right(scope, Transport(("127.0.0.1", 4321)), (), tls=tls)  # type: ignore[arg-type]
    assert scope["client"] == ("127.0.0.1", 4321)
    assert scope["headers"] == [(b"host", b"127.0.0.1:8501")]
    assert scope["scheme"] == scheme + ("s" if tls else "")


def test_without_a_connection_to_ask_the_address_stays() -> None:
    scope: dict[str, Any] = {"type": "http", "scheme": "http", "client": ("9.9.9.9", 1), "headers": []}
    for transport in (None, Transport(None), Transport("/run/a.socket")):
        put_right(scope, transport, PROXY, tls=False)  # type: ignore[arg-type]
        assert scope["client"] == ("9.9.9.9", 1)


def test_a_proxy_is_believed_once_the_settings_say_that_there_is_one(tmp_path: Path) -> None:
    assert settings_from({}, tmp_path).proxies == ()
    assert settings_from(PUBLIC, tmp_path).proxies == (ip_network("127.0.0.1"), ip_network("::1"))
    named = settings_from(PUBLIC | {"MEDSPA_PROXY": "10.0.0.2, 10.1.0.0/16"}, tmp_path)
    assert named.proxies == (ip_network("10.0.0.2"), ip_network("10.1.0.0/16"))


@pytest.mark.parametrize("given", ["everybody", "*", "10.0.0.300", "10.0.0.1/16"])
def test_a_proxy_that_is_no_address_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(SettingsProblem, match="MEDSPA_PROXY"):
        settings_from({"MEDSPA_PROXY": given}, tmp_path)
