"""A fresh key in place of an old one: the store is copied under it, proven, and switched; cut short, either key fits."""

from __future__ import annotations

from pathlib import Path

from medspa_core.records.database import encrypted_file
from medspa_core.records.database.encrypted_file import FileLock, check_pages, looking_at
from medspa_core.records.database.key_check_values import changed_keys, has_check_values, note_keys
from medspa_core.records.database.opening_check import refuse_what_is_amiss
from medspa_core.records.database.store_location import FilePlace, Place, connected, held_alone, looking
from medspa_core.records.keys import Keys, keys_of, load_keys, sync_folder, with_new, write_secret
from medspa_core.records.problems import KeyProblem, StoreProblem, problems_as_sentences

ROTATED = ("store", "backup")
NEXT = ".next"


def rotate_key(name: str, place: Place, keys: Keys) -> Keys:
    """Replaces one key. Print a new recovery sheet afterwards; older backups need the older sheet."""
    if keys.folder is None or name not in ROTATED:
        raise KeyProblem(f"Only these keys are replaced: {', '.join(ROTATED)}. The others belong to what they signed.")
    with problems_as_sentences():
        refuse_what_is_amiss(place, keys)
    fresh = with_new(keys, name)
    if name == "store":
        if not isinstance(place, FilePlace):
            raise StoreProblem(f"{place.name}: on a server the store's key opens nothing; there is nothing to replace.")
        _rotate_store(place.path, keys, fresh)
    else:
        _rotate_backup(place, keys, fresh)
    return load_keys(keys.folder)


def _rotate_backup(place: Place, keys: Keys, fresh: Keys) -> None:
    """The store says which key counts: cut short before it does, the old one stays; after it, the new one is taken."""
    assert keys.folder is not None
    with problems_as_sentences(), held_alone(place):
        with looking(place, keys) as connection:
            if not has_check_values(connection):
                raise StoreProblem(f"{place.name}: of an older version. Start the program once, then replace the key.")
        write_secret(keys.folder / f"backup.key{NEXT}", fresh.backup.hex() + "\n")
        try:
            _note_in(place, fresh, "backup")
        finally:
            finish_rotation(keys.folder, place)


def _rotate_store(path: Path, old: Keys, fresh: Keys) -> None:
    assert old.folder is not None
    with problems_as_sentences(), FileLock(path).alone():
        beside = path.with_name(f"{path.name}.rotating")
        source = encrypted_file.connect(path, old.store)
        try:
            source.execute("PRAGMA journal_mode=DELETE")  # one file, and nobody else has it open
            source.execute("PRAGMA locking_mode=EXCLUSIVE")  # kept until it is closed, without a transaction
            source.execute("BEGIN EXCLUSIVE")
            source.execute("COMMIT")
            encrypted_file.copy_encrypted(source, beside, fresh.store)
            _note_in(FilePlace(beside), fresh, "store")  # the one that is there knows the old key until it is replaced
            encrypted_file.make_single(beside, fresh.store)
            with looking_at(beside, fresh.store) as copy:
                check_pages(copy, beside.name)
            write_secret(old.folder / f"store.key{NEXT}", fresh.store.hex() + "\n")
            beside.replace(path)
            sync_folder(path.parent)
        finally:
            source.close()
            beside.unlink(missing_ok=True)
        _promote(old.folder, "store")


def _note_in(place: Place, keys: Keys, name: str) -> None:
    with connected(place, keys, writes=True) as connection:
        note_keys(connection, keys, (name,))


def finish_rotation(folder: Path, place: Place) -> None:
    """After a rotation that was cut short: keeps the key that fits the store, and removes the other."""
    if isinstance(place, FilePlace) and (folder / f"store.key{NEXT}").exists():
        _finish_store(folder, place)
    waiting = folder / f"backup.key{NEXT}"
    if waiting.exists():
        keys = load_keys(folder)
        with looking(place, keys) as connection:
            new = keys_of(keys.by_name() | {"backup": bytes.fromhex(waiting.read_text("ascii").strip())})
            taken = "backup" in changed_keys(connection, keys) and "backup" not in changed_keys(connection, new)
        if taken:
            _promote(folder, "backup")
        else:
            waiting.unlink()


def _finish_store(folder: Path, place: FilePlace) -> None:
    waiting = folder / f"store.key{NEXT}"
    try:
        with looking_at(place.path, load_keys(folder).store):
            waiting.unlink()
    except KeyProblem:
        with looking_at(place.path, bytes.fromhex(waiting.read_text("ascii").strip())):
            _promote(folder, "store")


def _promote(folder: Path, name: str) -> None:
    (folder / f"{name}.key{NEXT}").replace(folder / f"{name}.key")
    sync_folder(folder)
