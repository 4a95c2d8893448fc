"""TLS for the clinic's own network: the shipped Caddyfile with a real Caddy, its local authority, and the program behind it."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from medspa_core.access import Role
from tests.faults.conftest import ROOT, Server, Tab, free_port
from tests.practice import PASSWORD, hire

CADDYFILE = ROOT / "deploy" / "Caddyfile"


@pytest.fixture(scope="module")
def caddy() -> str:
    found = os.environ.get("MEDSPA_CADDY") or shutil.which("caddy")
    if found is None:
        pytest.skip("NO CADDY: TLS was NOT tested (apt-get install caddy, or set MEDSPA_CADDY)")
    return found


class Proxy:
    """A Caddy of the test's own."""

    def __init__(self, caddy: str, folder: Path, behind: Server) -> None:
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self.root = folder / "data" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        here = {
            "MEDSPA_NAME": f"localhost:{self.port}",
            "MEDSPA_PORT": str(behind.port),
            "MEDSPA_HTTP_PORT": str(free_port()),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "HOME": str(folder),
        }
        self._given = {"env": {"PATH": os.environ["PATH"], **here}, "cwd": folder}
        self._caddy = caddy
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [self._caddy, "run", "--adapter", "caddyfile", "--config", str(CADDYFILE)]
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._given,  # type: ignore[call-overload]
        )
        until = time.monotonic() + 120
        while time.monotonic() < until and not self._answers():
            assert self._process.poll() is None, "Caddy refused the Caddyfile"
            time.sleep(0.1)

    def _answers(self) -> bool:
        with socket.socket() as asked:
            return self.root.exists() and asked.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)

    @property
    def trust(self) -> ssl.SSLContext:
        """Trusts the local authority, and nothing else."""
        return ssl.create_default_context(cafile=str(self.root))


@pytest.fixture(scope="module")
def both(caddy: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Proxy, Server]]:
    folder = tmp_path_factory.mktemp("tls")
    server = Server(folder / "home", free_port())
    hire(server.home, "ana", [Role.CLINICIAN])
    proxy = Proxy(caddy, folder, server)
    server.extra = {"MEDSPA_PUBLIC_URL": proxy.url}
    server.start()
    proxy.start()
    yield proxy, server
    proxy.stop()
    server.stop()


def test_the_caddyfile_is_as_caddy_writes_it(caddy: str) -> None:
    told = subprocess.run(
        [caddy, "fmt", str(CADDYFILE)], capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    )
    assert told.stdout == CADDYFILE.read_text("utf-8")


def test_a_tablet_that_trusts_the_local_authority_signs_in_and_works(both: tuple[Proxy, Server]) -> None:
    proxy, _ = both
    with httpx.Client(base_url=proxy.url, verify=proxy.trust, headers={"Origin": proxy.url}, timeout=120) as tablet:
        assert tablet.get("/").headers["location"] == "/signin"
        answer = tablet.post("/signin", data={"name": "ana", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert answer.status_code == 303 and cookie.startswith("__Host-spa=") and "; Secure" in cookie
        page = tablet.get("/")
        assert page.status_code == 200 and "max-age" in page.headers["strict-transport-security"]
        assert (
            "server" not in page.headers and f"wss://localhost:{proxy.port}" in page.headers["content-security-policy"]
        )
    with Tab(
        connect(
            f"{proxy.url.replace('https', 'wss')}/_stcore/stream",
            ssl=proxy.trust,
            origin=proxy.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie.split(";")[0]},
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            legacy=True,
        )
    ) as tab:
        assert "you" in tab.run().pages


def test_who_does_not_trust_the_authority_is_warned(both: tuple[Proxy, Server]) -> None:
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(both[0].url, timeout=120)


def test_wrong_tries_are_counted_by_the_tablets_address_not_the_proxys(both: tuple[Proxy, Server]) -> None:
    """Caddy names the address it sees and believes nobody who names another."""
    proxy, _ = both
    with httpx.Client(base_url=proxy.url, verify=proxy.trust, headers={"Origin": proxy.url}, timeout=120) as tablet:
        seen = [
            tablet.post(
                "/signin",
                data={"name": f"nobody{number}", "password": "wrong wrong"},
                headers={"X-Forwarded-For": f"192.0.2.{number}"},
            ).status_code
            for number in range(22)
        ]
    assert seen.count(429) == 2
