"""A fresh key in place of an old one: the store is copied under it, proven, and switched; cut short, either key fits."""

from __future__ import annotations

from pathlib import Path

from medspa_core.records import encrypted_file
from medspa_core.records.encrypted_file import FileLock, check_pages, looking_at
from medspa_core.records.keys import Keys, load_keys, sync_folder, with_new, write_secret
from medspa_core.records.places import FilePlace, Place
from medspa_core.records.problems import KeyProblem, StoreProblem, problems_as_sentences

ROTATED = ("store", "backup")
NEXT = ".next"


def rotate_key(name: str, place: Place, keys: Keys) -> Keys:
    """Replaces one key. Print a new recovery sheet afterwards; older backups need the older sheet."""
    if keys.folder is None or name not in ROTATED:
        raise KeyProblem(f"Only these keys are replaced: {', '.join(ROTATED)}. The others belong to what they signed.")
    fresh = with_new(keys, name)
    if name == "store":
        if not isinstance(place, FilePlace):
            raise StoreProblem(f"{place.name}: on a server the store's key opens nothing; there is nothing to replace.")
        _rotate_store(place.path, keys, fresh)
    else:
        write_secret(keys.folder / f"{name}.key", fresh.by_name()[name].hex() + "\n")
    return load_keys(keys.folder)


def _rotate_store(path: Path, old: Keys, fresh: Keys) -> None:
    assert old.folder is not None
    lock = FileLock(path)
    with problems_as_sentences(), lock.alone():
        beside = path.with_name(f"{path.name}.rotating")
        source = encrypted_file.connect(path, old.store)
        try:
            source.execute("PRAGMA journal_mode=DELETE")  # one file, and nobody else has it open
            source.execute("PRAGMA locking_mode=EXCLUSIVE")  # kept until it is closed, without a transaction
            source.execute("BEGIN EXCLUSIVE")
            source.execute("COMMIT")
            encrypted_file.copy_encrypted(source, beside, fresh.store)
            with looking_at(beside, fresh.store) as copy:
                check_pages(copy, beside.name)
            write_secret(old.folder / f"store.key{NEXT}", fresh.store.hex() + "\n")
            beside.replace(path)
            sync_folder(path.parent)
        finally:
            source.close()
            beside.unlink(missing_ok=True)
        _promote(old.folder)


def finish_rotation(folder: Path, place: Place) -> None:
    """After a rotation that was cut short: keeps the key that opens the store, and removes the other."""
    waiting = folder / f"store.key{NEXT}"
    if not waiting.exists() or not isinstance(place, FilePlace):
        return
    try:
        with looking_at(place.path, load_keys(folder).store):
            waiting.unlink()
    except KeyProblem:
        with looking_at(place.path, bytes.fromhex(waiting.read_text("ascii").strip())):
            _promote(folder)


def _promote(folder: Path) -> None:
    (folder / f"store.key{NEXT}").replace(folder / "store.key")
    sync_folder(folder)
