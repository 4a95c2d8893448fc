"""A clinic's folder and the place of its keys go in, its open store comes out; the very first time both are made."""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from medspa_core.records import migration
from medspa_core.records.audit import log
from medspa_core.records.audit.outside_head import OutsideHead
from medspa_core.records.backups.proven_copy import make_copy
from medspa_core.records.database import encrypted_file, key_check_values, leftover_files, opening_check, postgres
from medspa_core.records.database.conversion import encrypt_in_place
from medspa_core.records.database.key_rotation import finish_rotation
from medspa_core.records.database.row_copy import build_if_empty
from medspa_core.records.database.store import Clock, Store
from medspa_core.records.database.store_location import (
    FilePlace,
    Place,
    ServerPlace,
    looking,
    make_file,
    place_of,
    store_file,
)
from medspa_core.records.erasure import discarded_consultations, erased_clients
from medspa_core.records.keys import NAMES, Keys, has_keys, load_keys, make_keys, new_keys
from medspa_core.records.problems import KeyProblem, StoreBusy, StoreMissing, StoreProblem, problems_as_sentences
from medspa_core.records.schema import REVISIONS

ID_FILE = "clinic-id"


def clinic_id(home: Path) -> str:
    """A random name of this folder, made once and moving with it. It is no secret: it says which keys belong here."""
    path = home / ID_FILE
    with problems_as_sentences():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
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


def open_clinic(
    home: Path,
    keys: Path,
    clock: Clock,
    url: str | None = None,
    backups: Path | None = None,
    head: Path | None = None,
) -> Store:
    """The clinic's store in its folder, or at `url`. Where there is neither store nor keys, both are made.

    `backups`: where the clinic's backups go, else a folder in `home`; a server's copy before an update goes there too.
    `head`: the second place of the head of the audit log, else where the backups go.
    """
    where, copies = url or store_file(home), backups or home / "backups"
    return create_store(where, ready_keys(keys, place_of(where)), clock, copies, head or copies)


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
    with problems_as_sentences():
        return not _is_empty(place, new_keys())


def _is_empty(place: Place, keys: Keys) -> bool:
    """Only looked at: a file that is opened for writing takes over what its log has left, and forgets the rest."""
    if isinstance(place, FilePlace) and not place.path.stat().st_size:
        return True
    with looking(place, keys) as connection:
        return migration.has_no_tables(connection)


def create_store(
    url_or_path: str | Path, keys: Keys, clock: Clock, copies: Path | None = None, second: Path | None = None
) -> Store:
    """Opens the store there, making it (and a file's folder) if there is none. Only this makes a store. The rest: see open_store.

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
            return open_store(place.path, keys, clock, copies, second)
    with problems_as_sentences(place.near):
        if _is_empty(place, keys):
            _refuse_a_new_one_where_one_was(place, outside)
            build_if_empty(place, keys)
    return open_store(url_or_path, keys, clock, copies, second)


def _refuse_a_new_one_where_one_was(place: Place, outside: OutsideHead | None) -> None:
    if outside is not None and outside.read() is not None:
        raise StoreMissing(
            f"{place.name}: the store is gone. Its keys are still in {outside.path.parent}, so none is made in its place."
        )


def open_store(
    url_or_path: str | Path, keys: Keys, clock: Clock, copies: Path | None = None, second: Path | None = None
) -> Store:
    """Opens an existing store, encrypting a plain one and bringing an older one up to date first.

    Before that a proven copy is made: of a file beside it, of a server in `copies` (without it a server's goes uncopied).
    `second`: the folder asked for the head of the audit log where the note beside the keys is gone.
    """
    place = place_of(url_or_path)
    if isinstance(place, FilePlace):
        encrypted_file.refuse_old_sqlite()
        if not place.path.is_file():
            raise StoreMissing(
                f"{place.path}: there is no store. Start the program with `make run`, or restore a backup."
            )
        if encrypted_file.is_plain(place.path) or encrypted_file.plain_copy(place.path).exists():
            with problems_as_sentences(place.near):
                opening_check.refuse_a_damaged_log(place.path)
            encrypt_in_place(place.path, keys.store)
    with problems_as_sentences(place.near):
        opening_check.refuse_what_is_amiss(place, keys, second)
        if isinstance(place, FilePlace):
            leftover_files.sweep(place.path, [one for one in (keys.folder, second) if one is not None], clock())
            with encrypted_file.looking_at(place.path, keys.store) as raw:
                encrypted_file.check_seals(raw, place.name)
        bring_up_to_date(place, keys, None if copies is None else (copies, clock()))
        return _opened(place, keys, clock, second)


def _opened(place: Place, keys: Keys, clock: Clock, second: Path | None) -> Store:
    heads = opening_check.read_heads(keys, second)
    store = Store(place, keys, clock)
    try:
        with store.reading() as connection:
            for amiss in opening_check.against_outside(connection, place, keys, heads):
                raise amiss.problem
        # what can't be written is found now, at once
        with contextlib.suppress(StoreBusy), store.writing() as connection:
            key_check_values.note_new(connection, keys, head=keys.folder is not None)
        if store.outside_head() is None:
            _note_anew(store, heads)
        # should the program have been stopped between an erasure and its note outside
        erased_clients.note_outside(store)
        discarded_consultations.note_outside(store)
    except BaseException:
        store.close(note_head=False)  # what is refused is not taken for right by its head
        raise
    return store


def _note_anew(store: Store, heads: opening_check.Heads) -> None:
    """The head beside the keys, of a new store or of one whose second head said that nothing is missing; the log says which."""
    if heads.noted is not None:
        with store.writing() as connection:
            detail = {"noted anew": opening_check.Kind.HEAD.value, "second head": heads.noted.seq}
            store.by(log.THE_PROGRAM).note(connection, store.now(), log.EXECUTED, "audit head", detail)
    store.publish_head()


def bring_up_to_date(place: Place, keys: Keys, copy: tuple[Path, datetime] | None = None) -> None:
    """Makes a store of an older version one of this. A copy is made, proven and kept first: of a file beside it, of a server
    in the folder named, with the time."""
    engine = place.engine(keys, foreign_keys=False)
    try:
        with engine.connect() as connection, connection.begin():
            found = migration.known_revision(connection, place.name)
        if found == REVISIONS[-1]:
            return
        if isinstance(place, FilePlace):
            _copy_beside(place, keys, found)
        else:
            _copy_of_server(place, engine, keys, found, copy)
        migration.migrate(engine, place.name)
    finally:
        engine.dispose()


def _copy_beside(place: FilePlace, keys: Keys, found: str) -> None:
    with contextlib.closing(encrypted_file.connect(place.path, keys.store)) as source:
        encrypted_file.check_pages(source, place.name)
        kept = place.path.with_name(f"{place.path.name}.before-{found}")
        encrypted_file.copy_encrypted(source, kept, keys.store)
        with encrypted_file.looking_at(kept, keys.store) as copy:
            encrypted_file.check_pages(copy, kept.name)


def _copy_of_server(
    place: ServerPlace, engine: Engine, keys: Keys, found: str, copy: tuple[Path, datetime] | None
) -> None:
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            if not postgres.may_make_tables(connection):
                raise StoreProblem(
                    f"{place.name}: the records are of an older version ({found}), and the program's role may not bring "
                    "them up to date. Nothing was changed. Do it as the role that owns them: steps 2 and 3 of "
                    "deploy/postgres.sql."
                )
            if copy is not None:
                make_copy(contextlib.nullcontext(connection), place, keys, *copy, why=f"before-{found}-")
