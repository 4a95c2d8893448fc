"""The commands that look after the records: backup, restore, verify, move, keys. Lines come back, and the exit status."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from medspa_core import records
from medspa_core.command_line.here import DONE, Here, Told
from medspa_core.records import Keys, Store
from medspa_core.records.audit.log import Doer
from medspa_core.records.backups import accepted_loss, engine_move, restoring
from medspa_core.records.backups.backup import make_backup
from medspa_core.records.database import checks, key_rotation
from medspa_core.records.database.postgres import is_postgres
from medspa_core.records.database.store_location import FilePlace, Place, place_of, store_file
from medspa_core.records.keys import has_keys, keys_from_sheet, load_keys, write_keys
from medspa_core.records.opening import ID_FILE, open_store
from medspa_core.records.problems import KeyProblem, StoreMissing, StoreProblem

AT_THE_DESK = Doer("command line", "system")


def open_clinic(here: Here) -> Store:
    """The clinic's open store; made with its keys where there is neither."""
    settings = here.settings
    folders = (settings.database_url, settings.backups, settings.head)
    return records.open_clinic(settings.home, keys_folder(here), here.clock, *folders)


def keys_folder(here: Here) -> Path:
    """Where the clinic's keys lie: MEDSPA_KEYS, else under the user's configuration."""
    return records.keys_folder(here.settings.home, here.settings.keys, here.settings.config)


def where(here: Here) -> str | Path:
    """The address of the clinic's store."""
    return here.settings.database_url or store_file(here.settings.home)


def place(here: Here) -> Place:
    """The place of the clinic's store."""
    return place_of(where(here))


def keys_of(here: Here) -> Keys:
    """The clinic's keys; none are made."""
    folder, at = keys_folder(here), place(here)
    if not has_keys(folder) and isinstance(at, FilePlace) and not at.path.exists():
        raise StoreMissing(
            f"{here.settings.home}: there are no records here. `make run` begins with new ones; if there were some, name "
            "their folder in MEDSPA_HOME and that of their keys in MEDSPA_KEYS, or bring a backup back: restore FOLDER "
            "--keys SHEET"
        )
    key_rotation.finish_rotation(folder, at)
    return load_keys(folder)


def opened(here: Here) -> Store:
    """The store, by hand: it must be there."""
    return open_store(where(here), keys_of(here), here.clock, here.settings.backups, here.settings.head).by(AT_THE_DESK)


def backup(here: Here, given: Namespace) -> Told:
    """A backup in a folder of its own in the one named, proven by a trial restore."""
    with opened(here) as store:
        made = make_backup(store, given.folder.absolute())
    return DONE, [f"{made.folder}: proven by a trial restore, {made.bytes:,} bytes, audit log up to {made.audit_seq}"]


def restore(here: Here, given: Namespace) -> Told:
    """A backup into an empty home, or `instead` of a store that is kept under another name; with the keys of a recovery sheet,
    where the keys themselves are gone."""
    folder, at, home = given.folder.absolute(), place(here), here.settings.home
    restoring.find_backup(folder)
    if isinstance(at, FilePlace) and not given.instead:
        _refuse_what_is_there(home)
    if given.keys is not None:
        _write_keys(here, given.keys)
    elif not has_keys(keys_folder(here)):
        raise KeyProblem(
            f"{keys_folder(here)}: the keys are missing, and no backup opens without them. Name the file of the recovery "
            "sheet, or the folder of the keys: restore FOLDER --keys SHEET"
        )
    of_the_clinic = (keys_of(here), here.clock, AT_THE_DESK, here.settings.head)
    if given.instead:
        restored, left = restoring.restore_instead(folder, at, *of_the_clinic)
        kept = f". What was there is kept: {left}"
    else:
        restored, kept = restoring.restore_backup(folder, where(here), *of_the_clinic), ""
    return DONE, [f"{at.name}: restored as of {restored.made_at.isoformat(timespec='seconds')} and checked{kept}"]


def _refuse_what_is_there(home: Path) -> None:
    there = sorted(path.name for path in home.iterdir()) if home.is_dir() else []
    there = [name for name in there if name not in (ID_FILE, "backups") and not name.endswith(".lock")]
    if there:
        raise StoreProblem(
            f"{home}: not empty ({there[0]}). Nothing was changed. With --instead the backup takes the place of the records "
            "that are there, and they are kept; or move what is there away first."
        )


def verify(here: Here, given: Namespace) -> Told:
    """Status 0, or 1 with a line for each finding."""
    at = place(here)
    try:
        found = checks.verify(at, keys_of(here))
    except StoreProblem as problem:
        found = [str(problem)]
    return (1, found) if found else (DONE, [f"{at.name}: pages, rows, audit log and facts are as they were written"])


def accepted(here: Here, doer: Doer) -> Told:
    """Goes on with what is left of damaged records; what is missing is said, and what was found is kept."""
    lines = accepted_loss.accept_loss(place(here), keys_of(here), here.clock, here.settings.head, doer)
    return DONE, [*lines, "It is in the audit log who went on without it. Start the program, and make a backup."]


def move(here: Here, given: Namespace) -> Told:
    """Copies the clinic to another store, a file or a server, and proves it there."""
    own = store_file(here.settings.home)
    to = f"sqlite:///{own}" if given.to == "file" else given.to
    if not is_postgres(to) and not to.startswith("sqlite:///"):  # what it is stays unsaid: it may hold a password
        raise StoreProblem(
            "move: expected postgresql://user:password@host/database, sqlite:////folder/file or the word file, found "
            "something else. Nothing was copied."
        )
    with opened(here) as store:
        moved = engine_move.move_clinic(store, to, here.clock)
    rows, target = sum(count for count, _ in moved.values()), place_of(to)
    return DONE, [
        f"{target.name}: {rows:,} rows in {len(moved)} tables, counted and verified.",
        f"{_how_to_use(own, target)} Once the new records are used, the old ones are refused as an older copy; they stay "
        "where they are.",
    ]


def _how_to_use(own: Path, target: Place) -> str:
    if isinstance(target, FilePlace) and target.path == own:
        return "Start the program without MEDSPA_DATABASE_URL from now on."
    in_a_file = f"sqlite:///{target.path}" if isinstance(target, FilePlace) else ""
    address = in_a_file or "this address, with its user and password"
    return f"Start the program with MEDSPA_DATABASE_URL set to {address} from now on."


def rotate_key(here: Here, given: Namespace) -> Told:
    """A fresh key in place of an old one; the program must be stopped."""
    key_rotation.rotate_key(given.key, place(here), keys_of(here))
    lines = [f"The key of the {NAMED[given.key]} is replaced. Print the recovery sheet again: recovery-sheet"]
    if given.key == "backup":
        lines.append("Backups made so far open with the old sheet only: keep it with them, and make a backup now.")
    return DONE, lines


NAMED = {"store": "records", "backup": "backups"}


def recovery_sheet(here: Here, given: Namespace) -> Told:
    """The recovery sheet, to be printed and locked away."""
    return DONE, records.recovery_sheet(keys_of(here)).splitlines()


def restore_keys(here: Here, given: Namespace) -> Told:
    """Keys from a recovery sheet (or a folder of keys) into a key folder that has none."""
    _write_keys(here, given.sheet)
    return DONE, [f"{keys_folder(here)}: the four keys are there"]


def _write_keys(here: Here, sheet: Path) -> None:
    keys, folder = load_keys(sheet) if sheet.is_dir() else _keys_of_sheet(sheet), keys_folder(here)
    if not has_keys(folder):
        write_keys(keys, folder)
    elif load_keys(folder).by_name() != keys.by_name():
        raise KeyProblem(f"{folder}: there are other keys already. They were left as they are.")


def _keys_of_sheet(sheet: Path) -> Keys:
    try:
        return keys_from_sheet(sheet.read_text("utf-8"))
    except UnicodeDecodeError:
        raise KeyProblem(f"{sheet}: this is not a recovery sheet. Type its four lines into a text file.") from None
    except KeyProblem as problem:
        raise KeyProblem(f"{sheet}: {problem} Correct it after the printed sheet, and try again.") from None
