"""What a program that was killed left lying: a store's file goes in, its half-made copies and half-written notes are gone.

Only names that this program gives, only what nobody has touched for an hour (a copy that is being made is touched all the
time), and nothing that a store could be brought back from.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

LEFT_SECONDS = 3_600
BESIDE_STORE = re.compile(r"(\.[\w.-]+)?\.(part|restoring|rotating)(\.part)?(-wal|-shm|-journal)?", re.ASCII)
NOTE = re.compile(
    r"\.(audit-head\.json|erased\.json|discarded\.json|(store|audit|pepper|backup)\.key(\.next)?)\.[0-9a-f]{8}",
    re.ASCII,
)


def sweep(store: Path, folders: Iterable[Path], now: datetime) -> list[Path]:
    """Removes what is left beside the store, and in the folders of keys and heads. Says what."""
    beside = [path for path in _files(store.parent) if path.name.startswith(store.name)]
    left = [path for path in beside if BESIDE_STORE.fullmatch(path.name.removeprefix(store.name))]
    left += [path for folder in {store.parent, *folders} for path in _files(folder) if NOTE.fullmatch(path.name)]
    return [path for path in left if _removed(path, now)]


def _files(folder: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return [path for path in folder.iterdir() if path.is_file() and not path.is_symlink()]
    return []


def _removed(path: Path, now: datetime) -> bool:
    with contextlib.suppress(OSError):
        if now.timestamp() - path.stat().st_mtime > LEFT_SECONDS:
            path.unlink()
            return True
    return False
