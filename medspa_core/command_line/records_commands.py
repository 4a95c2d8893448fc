"""The commands that look after the records: backup, restore, verify, move, keys. Lines come back, and the exit status."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from medspa_core.records.audit.log import Doer
from medspa_core.records.backups import accepted_loss
from medspa_core.records.backups.backup import make_backup
from medspa_core.records.backups.engine_move import move_clinic
from medspa_core.records.backups.restoring import find_backup, restore_backup, restore_instead
from medspa_core.records.database.checks import verify
from medspa_core.records.database.key_rotation import finish_rotation, rotate_key
from medspa_core.records.database.postgres import is_postgres
from medspa_core.records.database.store import Clock, Store
from medspa_core.records.database.store_location import FilePlace, Place, place_of, store_file
from medspa_core.records.keys import Keys, has_keys, keys_from_sheet, load_keys, recovery_sheet, write_keys
from medspa_core.records.opening import ID_FILE, open_store
from medspa_core.records.problems import KeyProblem, StoreMissing, StoreProblem

AT_THE_DESK = Doer("command line", "system")
Told = tuple[int, list[str]]
"""The exit status and the lines to print."""


@dataclass(frozen=True, slots=True)
class Here:
    """The clinic that a command is about."""

    home: Path
    keys_folder: Path
    clock: Clock
    url: str | None = None
    backups: Path | None = None
    head: Path | None = None

    @property
    def where(self) -> str | Path:
        """Its store's address."""
        return self.url or store_file(self.home)

    @property
    def place(self) -> Place:
        """Its store's place."""
        return place_of(self.where)

    @property
    def copies(self) -> Path:
        """Where its backups go."""
        return self.backups or self.home / "backups"

    @property
    def second(self) -> Path:
        """The second place of the head of the audit log."""
        return self.head or self.copies

    def open(self) -> Store:
        """Its open store."""
        return open_store(self.where, self.keys(), self.clock, self.copies, self.second)

    def keys(self) -> Keys:
        """Its keys; none are made."""
        if not has_keys(self.keys_folder) and isinstance(self.place, FilePlace) and not self.place.path.exists():
            raise StoreMissing(
                f"{self.home}: there are no records here. `make run` begins with new ones; if there were some, name their "
                "folder in MEDSPA_HOME and that of their keys in MEDSPA_KEYS, or bring a backup back: restore FOLDER --keys SHEET"
            )
        finish_rotation(self.keys_folder, self.place)
        return load_keys(self.keys_folder)


def backup(here: Here, into: Path) -> Told:
    """A backup in a folder of its own in `into`, proven by a trial restore."""
    with here.open() as store:
        made = make_backup(store.by(AT_THE_DESK), into)
    return 0, [f"{made.folder}: proven by a trial restore, {made.bytes:,} bytes, audit log up to {made.audit_seq}"]


def restore(here: Here, folder: Path, sheet: Path | None, *, instead: bool = False) -> Told:
    """A backup into an empty home, or `instead` of a store that is kept under another name.

    `sheet`: the recovery sheet, where the keys themselves are gone.
    """
    find_backup(folder)
    if isinstance(here.place, FilePlace) and not instead:
        _refuse_what_is_there(here.home)
    if sheet is not None:
        restore_keys(here, sheet)
    elif not has_keys(here.keys_folder):
        raise KeyProblem(
            f"{here.keys_folder}: the keys are missing, and no backup opens without them. Name the file of the recovery "
            "sheet, or the folder of the keys: restore FOLDER --keys SHEET"
        )
    if instead:
        return _restore_instead(here, folder)
    restored = restore_backup(folder, here.where, here.keys(), here.clock, AT_THE_DESK, here.second)
    return 0, [f"{here.place.name}: restored as of {restored.made_at.isoformat(timespec='seconds')} and checked"]


def _restore_instead(here: Here, folder: Path) -> Told:
    restored, kept = restore_instead(folder, here.place, here.keys(), here.clock, AT_THE_DESK, here.second)
    as_of = restored.made_at.isoformat(timespec="seconds")
    return 0, [f"{here.place.name}: restored as of {as_of} and checked. What was there is kept: {kept}"]


def _refuse_what_is_there(home: Path) -> None:
    there = sorted(path.name for path in home.iterdir()) if home.is_dir() else []
    there = [name for name in there if name not in (ID_FILE, "backups") and not name.endswith(".lock")]
    if there:
        raise StoreProblem(
            f"{home}: not empty ({there[0]}). Nothing was changed. With --instead the backup takes the place of the records "
            "that are there, and they are kept; or move what is there away first."
        )


def check(here: Here) -> Told:
    """Status 0, or 1 with a line for each finding."""
    try:
        found = verify(here.place, here.keys())
    except StoreProblem as problem:
        found = [str(problem)]
    return (
        (1, found) if found else (0, [f"{here.place.name}: pages, rows, audit log and facts are as they were written"])
    )


def accept_loss(here: Here, doer: Doer) -> Told:
    """Goes on with what is left of damaged records; what is missing is said, and what was found is kept."""
    lines = accepted_loss.accept_loss(here.place, here.keys(), here.clock, here.second, doer)
    return 0, [*lines, "It is in the audit log who went on without it. Start the program, and make a backup."]


def move(here: Here, to: str) -> Told:
    """Copies the clinic to another store, a file or a server, and proves it there."""
    if to == "file":
        to = f"sqlite:///{store_file(here.home)}"
    if not is_postgres(to) and not to.startswith("sqlite:///"):  # what it is stays unsaid: it may hold a password
        raise StoreProblem(
            "move: expected postgresql://user:password@host/database, sqlite:////folder/file or the word file, found "
            "something else. Nothing was copied."
        )
    with here.open() as store:
        moved = move_clinic(store.by(AT_THE_DESK), to, here.clock)
    rows, target = sum(count for count, _ in moved.values()), place_of(to)
    return 0, [
        f"{target.name}: {rows:,} rows in {len(moved)} tables, counted and verified.",
        f"{_how_to_use(here, target)} Once the new records are used, the old ones are refused as an older copy; they stay "
        "where they are.",
    ]


def _how_to_use(here: Here, target: Place) -> str:
    if isinstance(target, FilePlace) and target.path == store_file(here.home):
        return "Start the program without MEDSPA_DATABASE_URL from now on."
    address = (
        f"sqlite:///{target.path}" if isinstance(target, FilePlace) else "this address, with its user and password"
    )
    return f"Start the program with MEDSPA_DATABASE_URL set to {address} from now on."


def rotate(here: Here, name: str) -> Told:
    """A fresh key in place of an old one; the program must be stopped."""
    rotate_key(name, here.place, here.keys())
    lines = [f"The key of the {NAMED[name]} is replaced. Print the recovery sheet again: recovery-sheet"]
    if name == "backup":
        lines.append("Backups made so far open with the old sheet only: keep it with them, and make a backup now.")
    return 0, lines


NAMED = {"store": "records", "backup": "backups"}


def sheet(here: Here) -> Told:
    """The recovery sheet, to be printed and locked away."""
    return 0, recovery_sheet(here.keys()).splitlines()


def restore_keys(here: Here, sheet: Path) -> Told:
    """Keys from a recovery sheet (or a folder of keys) into a key folder that has none."""
    keys = load_keys(sheet) if sheet.is_dir() else _keys_of_sheet(sheet)
    if not has_keys(here.keys_folder):
        write_keys(keys, here.keys_folder)
    elif load_keys(here.keys_folder).by_name() != keys.by_name():
        raise KeyProblem(f"{here.keys_folder}: there are other keys already. They were left as they are.")
    return 0, [f"{here.keys_folder}: the four keys are there"]


def _keys_of_sheet(sheet: Path) -> Keys:
    try:
        return keys_from_sheet(sheet.read_text("utf-8"))
    except UnicodeDecodeError:
        raise KeyProblem(f"{sheet}: this is not a recovery sheet. Type its four lines into a text file.") from None
    except KeyProblem as problem:
        raise KeyProblem(f"{sheet}: {problem} Correct it after the printed sheet, and try again.") from None
