"""Where the program keeps what, from the environment or a file beside the program, the environment winning."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETTINGS_FILE = "medspa.toml"
NAMES = {
    "home": "MEDSPA_HOME",
    "database_url": "MEDSPA_DATABASE_URL",
    "keys": "MEDSPA_KEYS",
    "rulebook": "MEDSPA_RULEBOOK",
    "port": "MEDSPA_PORT",
}
DEFAULT_PORT = 8501


class SettingsProblem(Exception):
    """A setting that cannot be used; one line."""


@dataclass(frozen=True)
class Settings:
    """`home`: everything the clinic writes but its keys, which lie in `keys` if that is named.

    `clinic_settings`: the clinic's own keys over the rulebook's clinic.toml.
    """

    home: Path
    rulebook: Path
    database_url: str | None
    port: int
    keys: Path | None = None

    @property
    def clinic_settings(self) -> Path:
        return self.home / "clinic.toml"


def settings_from(environ: Mapping[str, str], program: Path) -> Settings:
    """Settings for a program that stands in the folder `program`. Raises SettingsProblem."""
    written = _written(program / SETTINGS_FILE)
    found = {key: environ.get(name) or written.get(key) for key, name in NAMES.items()}
    port = found["port"] or str(DEFAULT_PORT)
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise SettingsProblem(f"MEDSPA_PORT: expected 1-65535, found {port!r}")
    return Settings(
        home=_folder(found["home"], program / "var"),
        rulebook=_folder(found["rulebook"], program / "data"),
        database_url=found["database_url"],
        port=int(port),
        keys=None if found["keys"] is None else Path(found["keys"]).expanduser().absolute(),
    )


def _folder(given: str | None, default: Path) -> Path:
    return (Path(given) if given else default).expanduser().absolute()


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
