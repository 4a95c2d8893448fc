"""A clinic's folder and the place of its keys go in, its open store comes out; the very first time both are made."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path

from medspa_core.records import encrypted_file, upkeep
from medspa_core.records.keys import NAMES, Keys, has_keys, load_keys, make_keys, new_keys
from medspa_core.records.problems import KeyProblem, StoreProblem, problems_as_sentences
from medspa_core.records.rotation import finish_rotation
from medspa_core.records.store import Clock, FilePlace, Place, Store, create_store, place_of, store_file

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
