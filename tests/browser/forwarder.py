"""A network cable that a test can pull: it passes bytes on to the server, until it is cut and joined again.

A browser that is told to be offline keeps an open WebSocket to its own machine; this closes it.
"""

from __future__ import annotations

import contextlib
import socket
import threading


class Cable:
    """Listens on a port of its own and passes everything on to `port`."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._joined = threading.Event()
        self._joined.set()
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Ends every connection and refuses new ones."""
        self._joined.clear()
        for one in list(self._open):
            _close(one)

    def join(self) -> None:
        """The network is back."""
        self._joined.set()

    def close(self) -> None:
        self.cut()
        _close(self._listening)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                tablet, _ = self._listening.accept()
                self._connect(tablet)

    def _connect(self, tablet: socket.socket) -> None:
        if not self._joined.is_set():
            _close(tablet)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._to), timeout=5)
        except OSError:
            _close(tablet)
            return
        server.settimeout(None)
        self._open |= {tablet, server}
        for one, other in ((tablet, server), (server, tablet)):
            threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for ended in (one, other):
            self._open.discard(ended)
            _close(ended)


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
