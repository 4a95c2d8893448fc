"""The four secrets of a clinic: read from, made in or restored to a folder that is never the store's own.

`store` opens the file, `audit` signs the log, `pepper` guards PINs, `backup` opens backups. A lost key is lost data, so
there is a recovery sheet to print; its lines carry a check, so that a slip of the pen is noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from medspa_core.records.problems import KeyProblem, problems_as_sentences

KEY_BYTES = 32
NAMES = ("store", "audit", "pepper", "backup")
WHAT_FOR = {
    "store": "opens the store",
    "audit": "signs the audit log",
    "pepper": "guards the PINs",
    "backup": "opens the backups",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Four 32-byte secrets. They are in no text that is made of this object. `folder` is where they were read from."""

    store: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    pepper: bytes = field(repr=False)
    backup: bytes = field(repr=False)
    folder: Path | None = None

    def __post_init__(self) -> None:
        found = self.by_name()
        if any(len(key) != KEY_BYTES for key in found.values()):
            raise KeyProblem(f"Each key has {KEY_BYTES} bytes; one of these has not.")
        if len(set(found.values())) != len(NAMES):
            raise KeyProblem("The four keys must differ from each other.")

    def by_name(self) -> dict[str, bytes]:
        """The secrets, each under its name."""
        return {name: getattr(self, name) for name in NAMES}


def new_keys(folder: Path | None = None) -> Keys:
    """Four fresh secrets, written nowhere."""
    return keys_of({name: secrets.token_bytes(KEY_BYTES) for name in NAMES}, folder)


def keys_of(found: Mapping[str, bytes], folder: Path | None = None) -> Keys:
    """Keys from secrets by name."""
    return Keys(found["store"], found["audit"], found["pepper"], found["backup"], folder)


def make_keys(folder: Path) -> Keys:
    """Makes the keys in a folder that has none. All four appear at once; of two processes one wins, both use its keys."""
    return write_keys(new_keys(), folder)


def write_keys(keys: Keys, folder: Path) -> Keys:
    """Puts keys into a folder that has none (0700, files 0600). Keys that are there already are kept and come back."""
    making = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    with problems_as_sentences():
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        making.mkdir(mode=0o700)
        try:
            for name, key in keys.by_name().items():
                write_secret(making / f"{name}.key", key.hex() + "\n")
            with contextlib.suppress(OSError):  # somebody was quicker: theirs count
                making.rename(folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return load_keys(folder)


def load_keys(folder: Path) -> Keys:
    """The keys of this folder. A missing or damaged one is said by name; nothing is made in its place."""
    found: dict[str, bytes] = {}
    for name in NAMES:
        path = folder / f"{name}.key"
        try:
            found[name] = _bytes(path.read_text("ascii"))
        except FileNotFoundError:
            raise KeyProblem(
                f"{path}: the key that {WHAT_FOR[name]} is missing. Bring the folder back, or write the keys "
                "again from the recovery sheet: python -m medspa_core restore-keys SHEET"
            ) from None
        except (OSError, UnicodeDecodeError, ValueError):
            raise KeyProblem(f"{path}: this is not a key ({KEY_BYTES} bytes as 64 hexadecimal digits).") from None
    return keys_of(found, folder)


def has_keys(folder: Path) -> bool:
    """Any key at all: then none is ever made there again."""
    return any((folder / f"{name}.key").exists() for name in NAMES)


def write_secret(path: Path, text: str) -> None:
    """Writes a small file for its owner only, on the disk and whole or not at all."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """A new name in a folder survives a power cut only after this (where the system can)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def recovery_sheet(keys: Keys) -> str:
    """The page to print and lock away: each key in groups of four, with a check at the end of its line."""
    lines = [
        "MedSpa Consult: recovery sheet",
        "",
        "Print this, lock it away, and keep no copy on a computer.",
        "Without these keys neither the store nor a backup can ever be opened again.",
        "",
    ]
    for name, key in keys.by_name().items():
        digits = key.hex()
        groups = " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
        lines.append(f"{name:<7} {groups} / {_check(name, key)}   ({WHAT_FOR[name]})")
    return "\n".join(lines) + "\n"


def keys_from_sheet(text: str) -> Keys:
    """The keys that a recovery sheet holds. A slip of the pen is noticed and said by the key's name."""
    found: dict[str, bytes] = {}
    for line in text.splitlines():
        name, _, rest = line.strip().partition(" ")
        if name in NAMES and "/" in rest:
            found[name] = _key_of_line(name, rest)
    missing = [name for name in NAMES if name not in found]
    if missing:
        raise KeyProblem(f"Recovery sheet: no line for {', '.join(missing)}.")
    return keys_of(found)


def _key_of_line(name: str, rest: str) -> bytes:
    digits, _, check = rest.partition("/")
    try:
        key = _bytes(digits.replace(" ", ""))
    except ValueError:
        raise KeyProblem(f"Recovery sheet, {name}: expected 16 groups of 4 hexadecimal digits.") from None
    if check.split()[:1] != [_check(name, key)]:
        raise KeyProblem(f"Recovery sheet, {name}: a digit is wrong; the check at the end of the line does not fit.")
    return key


def _check(name: str, key: bytes) -> str:
    return hashlib.sha256(b"medspa sheet " + name.encode() + key).hexdigest()[:6]


def _bytes(text: str) -> bytes:
    key = bytes.fromhex(text.strip())
    if len(key) != KEY_BYTES:
        raise ValueError("not a key")
    return key


def with_new(keys: Keys, name: str) -> Keys:
    """The same keys with one of them fresh; written nowhere yet."""
    if name not in NAMES:
        raise KeyProblem(f"There is no key named {name}. There are: {', '.join(NAMES)}.")
    return keys_of(keys.by_name() | {name: secrets.token_bytes(KEY_BYTES)}, keys.folder)
