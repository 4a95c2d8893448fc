"""A plain store of the first versions goes in, the same store encrypted comes out; the plain one goes after proof only."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

from medspa_core.records.database import encrypted_file
from medspa_core.records.database.encrypted_file import FileConnection, FileLock, check_pages, looking_at
from medspa_core.records.keys import sync_folder
from medspa_core.records.problems import StoreDamaged, StoreProblem, problems_as_sentences


def encrypt_in_place(path: Path, key: bytes) -> None:
    """Encrypts the store and its older copies. Cut short at any moment, there is a whole store to start from again."""
    with problems_as_sentences(), FileLock(path).alone():
        plain = encrypted_file.plain_copy(path)
        if encrypted_file.is_plain(path):  # else another process was quicker
            _encrypt(path, plain, key)
        _remove_after_proof(plain, path, key)
        for older in sorted(path.parent.glob(f"{path.name}.before-*")):
            if encrypted_file.is_plain(older):
                _encrypt(older, plain, key)
                _remove_after_proof(plain, older, key)


def _encrypt(path: Path, plain: Path, key: bytes) -> None:
    with looking_at(path, None) as source:
        if not source.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            raise StoreProblem(f"{path}: this file is not a MedSpa Consult store. It was left as it is.")
        if source.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise StoreDamaged(f"{path}: the store is damaged. It was left as it is; restore the last good backup.")
    fresh = path.with_name(f"{path.name}.encrypted")
    encrypted_file.encrypt_plain(path, fresh, key)
    _prove(path, fresh, key)
    plain.unlink(missing_ok=True)
    try:
        os.link(path, plain)
    except OSError:
        shutil.copy2(path, plain)
    plain.chmod(0o600)  # an older version may have let everybody on this computer read it
    fresh.replace(path)
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    sync_folder(path.parent)


def _remove_after_proof(plain: Path, path: Path, key: bytes) -> None:
    if plain.exists():
        _prove(plain, path, key)
        plain.unlink()
        sync_folder(path.parent)


def _prove(plain: Path, encrypted: Path, key: bytes) -> None:
    """Both hold the same rows in every table, and the encrypted one is sound; else nothing is removed."""
    with contextlib.ExitStack() as both:
        old = both.enter_context(looking_at(plain, None))
        new = both.enter_context(looking_at(encrypted, key))
        check_pages(new, encrypted.name)
        if _rows(old) != _rows(new):
            raise StoreProblem(f"{plain}: the encrypted copy does not hold the same rows. The plain file was kept.")


def _rows(connection: FileConnection) -> dict[str, tuple[int, str]]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    found = {}
    for (name,) in names:
        rows = sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))  # noqa: S608  (our own tables)
        found[name] = (len(rows), hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest())
    return found
