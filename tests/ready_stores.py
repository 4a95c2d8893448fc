"""An empty store that is ready: the migrations run once in a test process, and each test gets a copy under keys of its own.

A file as the migrations leave it holds nothing of any clinic: no row but the empty head of the audit log, which no key has
signed. So a copy differs from a store made on the spot in nothing, once it is encrypted with the test's own key. Tests of
the making itself (`create_store`, `open_clinic` on an empty folder, older stores) take no copy.
"""

from __future__ import annotations

import functools
import tempfile
from contextlib import closing
from pathlib import Path

from medspa_core.records import Keys, new_keys
from medspa_core.records.audit.outside_head import OutsideHead
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.row_copy import build_if_empty
from medspa_core.records.database.store_location import FilePlace, make_file


@functools.cache
def _ready() -> tuple[Keys, bytes]:
    """The file as the migrations leave it, and the keys that open it."""
    keys = new_keys()
    with tempfile.TemporaryDirectory(prefix="medspa-ready-") as folder:
        place = FilePlace(Path(folder) / "ready.sqlite3")
        make_file(place.path)
        build_if_empty(place, keys)
        return keys, place.path.read_bytes()


def put_ready_store(file: Path, keys: Keys) -> None:
    """A store without rows, under these keys. Where one is or was, nothing is put: that is for the program to judge."""
    if file.exists() or (keys.folder is not None and OutsideHead(keys.folder, keys.audit).path.exists()):
        return
    made_with, whole = _ready()
    make_file(file)
    file.write_bytes(whole)
    with closing(encrypted_file._unlock(file, made_with.store)) as raw:
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute(f"PRAGMA rekey=\"x'{keys.store.hex()}'\"")
