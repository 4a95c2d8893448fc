"""A clinic's folder and the place of its keys go in, its open store comes out; the very first time both are made."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from medspa_core.records import audit, encrypted_file, upkeep
from medspa_core.records.audit import Head, OutsideHead
from medspa_core.records.conversion import encrypt_in_place
from medspa_core.records.erasing import note_outside
from medspa_core.records.keys import NAMES, Keys, has_keys, load_keys, make_keys, new_keys
from medspa_core.records.places import FilePlace, Place, make_file, place_of, store_file
from medspa_core.records.problems import AuditRefused, KeyProblem, StoreMissing, StoreProblem, problems_as_sentences
from medspa_core.records.rotation import finish_rotation
from medspa_core.records.schema import REVISIONS
from medspa_core.records.store import Clock, Store

ID_FILE = "clinic-id"


def clinic_id(home: Path) -> str:
    """A random name of this folder, made once and moving with it. It is no secret: it says which keys belong here."""
    path = home / ID_FILE
    with problems_as_sentences():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as file:
            file.write(secrets.token_hex(8) + "\n")
        found = path.read_text("ascii").strip()
    if len(found) != 16 or not found.isalnum():
        raise StoreProblem(
            f"{path}: expected 16 letters and digits. Bring the file back, or name the folder of the keys."
        )
    return found


def keys_folder(home: Path, named: Path | None, config: Path) -> Path:
    """Where a clinic's keys lie: the folder named, else one of its own under the user's configuration. Never in `home`."""
    folder = named if named is not None else config / "medspa-consult" / clinic_id(home)
    if folder.absolute().is_relative_to(home.absolute()):
        raise KeyProblem(f"{folder}: the keys must lie outside the folder of the store, {home}.")
    return folder


def open_clinic(home: Path, keys: Path, clock: Clock, url: str | None = None) -> Store:
    """The clinic's store in its folder, or at `url`. Where there is neither store nor keys, both are made."""
    where = url or store_file(home)
    return create_store(where, ready_keys(keys, place_of(where)), clock)


def ready_keys(folder: Path, place: Place) -> Keys:
    """The keys there. They are made only where no store needs the ones that are missing."""
    if has_keys(folder):
        finish_rotation(folder, place)
        return load_keys(folder)
    if _needs_keys(place):
        raise KeyProblem(
            f"{folder}: the keys ({', '.join(NAMES)}) are missing, and {place.name} can't be opened without them. Bring the "
            "folder back, or write the keys again from the recovery sheet with `restore-keys`."
        )
    return make_keys(folder)


def _needs_keys(place: Place) -> bool:
    if isinstance(place, FilePlace):
        there = place.path.exists() and place.path.stat().st_size > 0
        return there and not encrypted_file.is_plain(place.path)
    engine = place.engine(new_keys())
    with problems_as_sentences(), engine.connect() as connection:
        empty = upkeep.has_no_tables(connection)
    engine.dispose()
    return not empty


def create_store(url_or_path: str | Path, keys: Keys, clock: Clock) -> Store:
    """Opens the store there, making it (and a file's folder) if there is none. Only this makes a store.

    Where a store once was and is gone, none is made: a missing store is a backup to restore, not a fresh start.
    """
    place = place_of(url_or_path)
    outside = OutsideHead(keys.folder, keys.audit) if keys.folder else None
    if isinstance(place, FilePlace):
        encrypted_file.refuse_old_sqlite()
        if not place.path.exists():
            _refuse_a_new_one_where_one_was(place, outside)
        make_file(place.path)
        if encrypted_file.is_plain(place.path):
            return open_store(place.path, keys, clock)
    with problems_as_sentences():
        build_if_empty(place, keys, outside)
    return open_store(url_or_path, keys, clock)


def build_if_empty(place: Place, keys: Keys, outside: OutsideHead | None = None) -> None:
    """Makes the tables where there are none. Refused if a log was noted outside: then there was a store."""
    engine = place.engine(keys, foreign_keys=False)
    try:
        with engine.connect() as connection, connection.begin():
            empty = upkeep.has_no_tables(connection)
        if empty:
            _refuse_a_new_one_where_one_was(place, outside)
            upkeep.migrate(engine, place.name)
    finally:
        engine.dispose()


def _refuse_a_new_one_where_one_was(place: Place, outside: OutsideHead | None) -> None:
    if outside is not None and outside.read() is not None:
        raise StoreMissing(
            f"{place.name}: the store is gone. Its keys are still in {outside.path.parent}, so none is made in its place."
        )


def open_store(url_or_path: str | Path, keys: Keys, clock: Clock) -> Store:
    """Opens an existing store, encrypting a plain one and bringing an older one up to date first (a copy is kept)."""
    place = place_of(url_or_path)
    if isinstance(place, FilePlace):
        encrypted_file.refuse_old_sqlite()
        if not place.path.is_file():
            raise StoreMissing(
                f"{place.path}: there is no store. Start the program with `make run`, or restore a backup."
            )
        if encrypted_file.is_plain(place.path) or encrypted_file.plain_copy(place.path).exists():
            encrypt_in_place(place.path, keys.store)
    with problems_as_sentences():
        if isinstance(place, FilePlace):
            with encrypted_file.looking_at(place.path, keys.store) as raw:
                encrypted_file.check_seals(raw, place.name)
        bring_up_to_date(place, keys)
        return _opened(place, keys, clock)


def _opened(place: Place, keys: Keys, clock: Clock) -> Store:
    store = Store(place, keys, clock)
    try:
        with store.writing() as connection:  # a store that can't be written is found now, not at the first answer
            head = audit.read_head(connection)
        if store.outside_head() is None:
            store.publish_head()
        _refuse_a_cut_log(head, store.outside_head())
        note_outside(store)  # should the program have been stopped between an erasure and its note outside
    except BaseException:
        store.close()
        raise
    return store


def _refuse_a_cut_log(head: Head, outside: Head | None) -> None:
    if outside is not None and head.seq < outside.seq:
        raise AuditRefused(
            f"The audit log ends at {head.seq}, the head outside at {outside.seq}: this is an older copy of the store, or "
            "the end of the log was cut off. Nothing is done with it; restore the last good backup with `restore`."
        )


def bring_up_to_date(place: Place, keys: Keys) -> None:
    """Makes a store of an older version one of this; on a file a copy is made, proven and kept first."""
    engine = place.engine(keys, foreign_keys=False)
    try:
        with engine.connect() as connection, connection.begin():
            found = upkeep.known_revision(connection, place.name)
        if found == REVISIONS[-1]:
            return
        if isinstance(place, FilePlace):
            with contextlib.closing(encrypted_file.connect(place.path, keys.store)) as source:
                encrypted_file.check_pages(source, place.name)
                kept = place.path.with_name(f"{place.path.name}.before-{found}")
                encrypted_file.copy_encrypted(source, kept, keys.store)
                with encrypted_file.looking_at(kept, keys.store) as copy:
                    encrypted_file.check_pages(copy, kept.name)
        upkeep.migrate(engine, place.name)
    finally:
        engine.dispose()
