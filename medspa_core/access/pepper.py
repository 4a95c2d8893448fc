"""The pepper of the PINs: 32 random bytes that lie outside the store, so that the store alone gives no PIN away."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

SIZE = 32


class PepperProblem(Exception):
    """The pepper is missing or is none; the sentence says where it should be."""


def pepper_file(keys: Path) -> Path:
    """Where it lies in the folder of keys."""
    return keys / "pepper.key"


def make_pepper(keys: Path) -> None:
    """Makes it if there is none, readable by this user only, whole or not at all."""
    file = pepper_file(keys)
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as written:
        written.write(secrets.token_bytes(SIZE))
        written.flush()
        os.fsync(written.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(part, file)
    part.unlink()


def load_pepper(keys: Path) -> bytes:
    """Reads it. Raises PepperProblem."""
    file = pepper_file(keys)
    try:
        found = file.read_bytes()
    except OSError as problem:
        raise PepperProblem(f"{file}: the key of the PINs can't be read: {problem.strerror}.") from None
    if len(found) != SIZE:
        raise PepperProblem(f"{file}: expected {SIZE} bytes, found {len(found)}. Restore it from its copy.")
    return found
