"""The commands that look after the records: backup, restore, verify, move, keys. Lines come back, and the exit status."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from medspa_core.records.audit import Doer
from medspa_core.records.backup import make_backup
from medspa_core.records.checks import verify
from medspa_core.records.keys import Keys, has_keys, keys_from_sheet, load_keys, recovery_sheet, write_keys
from medspa_core.records.move import move_clinic
from medspa_core.records.opening import ID_FILE, open_store, ready_keys
from medspa_core.records.places import FilePlace, Place, place_of, store_file
from medspa_core.records.problems import KeyProblem, StoreProblem
from medspa_core.records.restoring import restore_backup, restore_instead
from medspa_core.records.rotation import finish_rotation, rotate_key
from medspa_core.records.store import Clock

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

    def keys(self) -> Keys:
        """Its keys; none are made."""
        finish_rotation(self.keys_folder, self.place)
        return load_keys(self.keys_folder)


def backup(here: Here, into: Path) -> Told:
    """A backup in a folder of its own in `into`, proven by a trial restore."""
    with open_store(here.where, here.keys(), here.clock, here.copies) as store:
        made = make_backup(store.by(AT_THE_DESK), into)
    return 0, [f"{made.folder}: proven by a trial restore, {made.bytes:,} bytes, audit log up to {made.audit_seq}"]


def restore(here: Here, folder: Path, sheet: Path | None, *, instead: bool = False) -> Told:
    """A backup into an empty home, or `instead` of a store that is kept under another name.

    `sheet`: the recovery sheet, where the keys themselves are gone.
    """
    if isinstance(here.place, FilePlace) and not instead:
        _refuse_what_is_there(here.home)
    if sheet is not None:
        restore_keys(here, sheet)
    if instead:
        return _restore_instead(here, folder)
    restored = restore_backup(folder, here.where, here.keys(), here.clock, AT_THE_DESK)
    return 0, [f"{here.place.name}: restored as of {restored.made_at.isoformat(timespec='seconds')} and checked"]


def _restore_instead(here: Here, folder: Path) -> Told:
    restored, kept = restore_instead(folder, here.place, here.keys(), here.clock, AT_THE_DESK)
    as_of = restored.made_at.isoformat(timespec="seconds")
    return 0, [f"{here.place.name}: restored as of {as_of} and checked. What was there is kept: {kept}"]


def _refuse_what_is_there(home: Path) -> None:
    there = sorted(path.name for path in home.iterdir()) if home.is_dir() else []
    there = [name for name in there if name not in (ID_FILE, "backups") and not name.endswith(".lock")]
    if there:
        raise StoreProblem(f"{home}: not empty ({there[0]}). Move what is there away first; nothing was changed.")


def check(here: Here) -> Told:
    """Status 0, or 1 with a line for each finding."""
    try:
        found = verify(here.place, here.keys())
    except StoreProblem as problem:
        found = [str(problem)]
    return (
        (1, found) if found else (0, [f"{here.place.name}: pages, rows, audit log and facts are as they were written"])
    )


def move(here: Here, to: str) -> Told:
    """Copies the clinic to another store, a file or a server, and proves it there."""
    if to == "file":
        to = str(store_file(here.home))
    keys = ready_keys(here.keys_folder, here.place)
    with open_store(here.where, keys, here.clock, here.copies) as store:
        moved = move_clinic(store.by(AT_THE_DESK), to, here.clock)
    rows = sum(count for count, _ in moved.values())
    return 0, [
        f"{place_of(to).name}: {rows:,} rows in {len(moved)} tables, counted and verified. Set MEDSPA_DATABASE_URL."
    ]


def rotate(here: Here, name: str) -> Told:
    """A fresh key in place of an old one; the program must be stopped."""
    rotate_key(name, here.place, here.keys())
    return 0, [f"The key that opens the {name} is replaced. Print the recovery sheet again (`recovery-sheet`)."]


def sheet(here: Here) -> Told:
    """The recovery sheet, to be printed and locked away."""
    return 0, recovery_sheet(here.keys()).splitlines()


def restore_keys(here: Here, sheet: Path) -> Told:
    """Keys from a recovery sheet (or a folder of keys) into a key folder that has none."""
    keys = load_keys(sheet) if sheet.is_dir() else keys_from_sheet(_text(sheet))
    if not has_keys(here.keys_folder):
        write_keys(keys, here.keys_folder)
    elif load_keys(here.keys_folder).by_name() != keys.by_name():
        raise KeyProblem(f"{here.keys_folder}: there are other keys already. They were left as they are.")
    return 0, [f"{here.keys_folder}: the four keys are there"]


def _text(sheet: Path) -> str:
    try:
        return sheet.read_text("utf-8")
    except UnicodeDecodeError:
        raise KeyProblem(f"{sheet}: this is not a recovery sheet.") from None
