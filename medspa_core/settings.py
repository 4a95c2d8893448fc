"""Where the program keeps what, from the environment or a file beside the program, the environment winning."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

SETTINGS_FILE = "medspa.toml"
KEYS = (
    *(
        "home",
        "database_url",
        "keys",
        "backups",
        "keep_backups",
        "head",
        "rulebook",
        "facts",
        "port",
        "public_url",
        "proxy",
    ),
    *("streamlit_patches", "oidc_issuer", "oidc_client_id", "oidc_client_secret"),
)
NAMES = {key: f"MEDSPA_{key.upper()}" for key in KEYS}
"""As the file names a setting -> as the environment does: MEDSPA_HOME."""
YES, NO = "yes", "no"
DEFAULT_PORT = 8501
DEFAULT_KEEP_BACKUPS = 14
CONFIG = Path("~/.config")
THIS_COMPUTER = "127.0.0.1, ::1"
Network = IPv4Network | IPv6Network


class SettingsProblem(Exception):
    """A setting that cannot be used; one line."""


@dataclass(frozen=True)
class Settings:
    """`home`: everything the clinic writes but its keys, which lie in `keys` if that is named, else below `config`.

    `backups`: where the nightly backups go, best another disk; the newest `keep_backups` stay. `head`: where the head of
    the audit log is noted a second time. `facts`: the folder of Parquet that managers' figures are read from, if not the store.

    `public_url`: the address tablets use, once a proxy with TLS stands in front; empty on this computer alone. `proxies`:
    where that proxy is, whose word on where a request comes from is believed. `streamlit_patches`: whether Streamlit is
    patched (views/streamlit_patches), as a version that was not tried may need. `home_from_file`: whether medspa.toml names
    `home`, and not the environment.
    """

    home: Path
    rulebook: Path
    database_url: str | None
    port: int
    keys: Path | None = None
    config: Path = CONFIG
    public_url: str = ""
    proxies: tuple[Network, ...] = ()
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    backups_named: Path | None = None
    keep_backups: int = DEFAULT_KEEP_BACKUPS
    head_named: Path | None = None
    streamlit_patches: bool = True
    home_from_file: bool = False
    facts: Path | None = None

    @property
    def backups(self) -> Path:
        """Where the nightly backups go."""
        return self.backups_named or self.home / "backups"

    @property
    def head(self) -> Path:
        """The second place for the head of the audit log."""
        return self.head_named or self.backups

    @property
    def clinic_settings(self) -> Path:
        """The clinic's own keys over the rulebook's clinic.toml, if there is such a file."""
        return self.home / "clinic.toml"


def settings_from(environ: Mapping[str, str], program: Path) -> Settings:
    """Settings for a program that stands in the folder `program`. Raises SettingsProblem."""
    written = _written(program / SETTINGS_FILE)
    found = {key: environ.get(name) or written.get(key) for key, name in NAMES.items()}
    return Settings(
        home=_named(found["home"]) or own_home(program),
        rulebook=_named(found["rulebook"]) or (program / "data").absolute(),
        database_url=found["database_url"],
        port=_whole(found, "port", DEFAULT_PORT, 65535),
        keys=_named(found["keys"]),
        config=CONFIG.expanduser(),
        backups_named=_named(found["backups"]),
        keep_backups=_whole(found, "keep_backups", DEFAULT_KEEP_BACKUPS, 1000),
        head_named=_named(found["head"]),
        public_url=_public_url(found["public_url"] or ""),
        proxies=_proxies(found["proxy"] or (THIS_COMPUTER if found["public_url"] else "")),
        streamlit_patches=_yes(found, "streamlit_patches"),
        facts=_named(found["facts"]),
        home_from_file="home" in written and not environ.get(NAMES["home"]),
        **{key: found[key] or "" for key in NAMES if key.startswith("oidc_")},
    )


def own_home(program: Path) -> Path:
    """Where the clinic's records lie while nobody names another folder."""
    return (program / "var").absolute()


def _public_url(given: str) -> str:
    parts = urlsplit(given)
    if given and (parts.scheme != "https" or not parts.hostname or parts.path not in ("", "/") or parts.query):
        raise SettingsProblem("MEDSPA_PUBLIC_URL: expected https:// and a name, as https://spa.example.internal")
    return given.rstrip("/")


def _proxies(given: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in given.split(",") if one.strip())
    except ValueError:
        expected = "addresses or networks, as 10.0.0.2 or 10.0.0.0/24"
        raise SettingsProblem(f"MEDSPA_PROXY: expected {expected}, found {given!r}") from None


def _named(given: str | None) -> Path | None:
    return Path(given).expanduser().absolute() if given else None


def _yes(found: Mapping[str, str | None], key: str) -> bool:
    given = found[key] or YES
    if given not in (YES, NO):
        raise SettingsProblem(f"{NAMES[key]}: expected yes or no, found {given!r}")
    return given == YES


def _whole(found: Mapping[str, str | None], key: str, otherwise: int, most: int) -> int:
    given = found[key] or str(otherwise)
    if not given.isdecimal() or not 1 <= int(given) <= most:
        raise SettingsProblem(f"{NAMES[key]}: expected 1-{most}, found {given!r}")
    return int(given)


def _written(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsProblem(f"{path.name}: cannot be read: {error}") from None
    unknown = sorted(set(found) - set(NAMES))
    if unknown:
        raise SettingsProblem(f"{path.name}: {', '.join(unknown)}: not a setting. Known: {', '.join(NAMES)}")
    return {key: str(value) for key, value in found.items()}
