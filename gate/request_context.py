"""What the gate works with: the store, the clock, the settings; and who asks, read from the cookies of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.requests import Request

from medspa_core import access
from medspa_core.records import AuditRefused, Store, StoreDamaged, StoreMissing, StoreProblem, keys_folder, load_keys
from medspa_core.records.backups.backup import list_backups
from medspa_core.settings import Settings, SettingsProblem

Headers = Mapping[bytes, list[bytes]]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NEEDS_A_BACKUP = (StoreDamaged, StoreMissing, AuditRefused)
"""Each takes 64 MiB and a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who a request comes from: the tablet, and the sign-in, which may be over. `trial`: nobody has been made yet."""

    device: access.Device | None
    sign_in: access.SignIn | None
    trial: bool = False

    @property
    def signed_in(self) -> access.SignIn | None:
        """The sign-in, if it still holds."""
        return self.sign_in if self.sign_in is not None and not self.sign_in.ended else None


@dataclass(frozen=True)
class Office:
    """Opened once a process by app.py. The store is asked for when needed: a missing one must not stop a page."""

    settings: Settings
    open_store: Callable[[], Store]
    open_clock: Callable[[], access.SteadyClock]
    files: access.MadeFiles = field(default_factory=access.MadeFiles)
    uploads: access.OpenUploads = field(default_factory=access.OpenUploads)

    @property
    def store(self) -> Store:
        """The open store. Raises StoreProblem."""
        return self.open_store()

    @property
    def pepper(self) -> bytes:
        """The pepper of PINs and counters. Raises StoreProblem."""
        return self.store.keys.pepper

    def now(self) -> datetime:
        """This moment, which is never before an earlier one."""
        return self.open_clock().now()

    def what_is_wrong(self, problem: StoreProblem) -> dict[str, str]:
        """What a page says while the store can't be opened. Folders are named only to somebody at this computer."""
        here = not self.behind_tls
        return {
            "heading": problem.title,
            "what_to_do": problem.what_to_do,
            "said": str(problem) if here else "",
            "backup": self._last_good_backup(here=here) if isinstance(problem, NEEDS_A_BACKUP) else "",
        }

    def _last_good_backup(self, *, here: bool) -> str:
        """When it was made, and where it lies; nothing where there is none, or no key to tell ours from a foreign one."""
        try:
            folder = keys_folder(self.settings.home, self.settings.keys, self.settings.config)
            found = list_backups(self.settings.backups, load_keys(folder))
        except StoreProblem:
            return ""
        if not found:
            return ""
        made = f"{found[0].made_at:%Y-%m-%d, %H:%M} UTC"
        return f"{made}, in {found[0].folder}" if here else made

    def refuse_an_open_address(self, address: str | None) -> None:
        """Nobody else's computer may reach this program without TLS. Raises SettingsProblem."""
        if address not in LOOPBACK and not self.behind_tls:
            raise SettingsProblem(
                f"server.address is {address or 'every address'}: tablets may reach the program only through a proxy with "
                "TLS. Put one in front and say its address in MEDSPA_PUBLIC_URL, or leave the address at 127.0.0.1."
            )

    @property
    def behind_tls(self) -> bool:
        """Is an address with TLS declared, so that cookies may be for TLS only?"""
        return bool(self.settings.public_url)

    @property
    def hosts(self) -> frozenset[str]:
        """The names this program answers to."""
        declared = urlsplit(self.settings.public_url).hostname
        return frozenset({"127.0.0.1", "localhost", *([declared] if declared else [])})

    @property
    def sign_in_cookie(self) -> str:
        """Under TLS a name that a browser accepts only with Secure, for this host and the whole of it."""
        return "__Host-spa" if self.behind_tls else f"spa-{self.settings.port}"

    @property
    def device_cookie(self) -> str:
        """The tablet's own."""
        return "__Host-spa-device" if self.behind_tls else f"spa-device-{self.settings.port}"

    def asking_of(self, request: Request) -> Asking:
        """Who asks for one of our own pages."""
        return self.asking(by_name(request.headers.raw))

    def asking(self, headers: Headers) -> Asking:
        """Reads the cookies and looks both up in the store."""
        found, store = cookies(headers), self.store
        device = access.device_of(store, found.get(self.device_cookie, ""))
        now = self.now()
        sign_in = access.look_up(store, found.get(self.sign_in_cookie, ""), now, device)
        self.files.forget(now, sign_in.id if sign_in is not None and sign_in.ended else "")
        trial = sign_in is None and not self.behind_tls and access.is_trial(store)
        return Asking(device, sign_in, trial)


def by_name(raw: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[bytes]]:
    """Headers as they came, each name in small letters with all that was sent under it."""
    found: dict[bytes, list[bytes]] = {}
    for name, value in raw:
        found.setdefault(name.lower(), []).append(value)
    return found


def cookies(headers: Headers) -> dict[str, str]:
    """The cookies of a request by name. A name sent twice counts as not sent: one of the two was slipped in."""
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for line in headers.get(b"cookie", []):
        for pair in line.decode("latin-1").split(";"):
            name, separator, value = pair.strip().partition("=")
            if separator:
                if name in found:
                    doubled.add(name)
                found[name] = _unquoted(value)
    return {name: value for name, value in found.items() if name not in doubled}


def _unquoted(value: str) -> str:
    try:
        return SimpleCookie(f"x={value}")["x"].value
    except (CookieError, KeyError):
        return ""
