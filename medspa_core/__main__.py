"""The command line: `python -m medspa_core …`. The only place of the core that reads the clock and the environment."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: blocks of clients run side by side, not each product

from medspa_core.command_line.client_file import read_client_file
from medspa_core.intake import EARLIEST_AS_OF, LATEST_AS_OF, IntakeProblem, date_of
from medspa_core.recommendation import recommend
from medspa_core.result import result_as_json
from medspa_core.rulebook import Rulebook, RulebookProblem, load_rulebook
from medspa_core.settings import SETTINGS_FILE, Settings, SettingsProblem, own_home, settings_from

if TYPE_CHECKING:
    from medspa_core.command_line.records_commands import Here
    from medspa_core.records import Store

PROGRAM = Path(__file__).resolve().parent.parent
DONE, UNUSABLE, SOME_REFUSED = 0, 2, 3
TABLES = (".csv", ".tsv", ".txt", ".parquet", ".xlsx")
PEOPLE_ACTS = ("list", "code", "disable", "enable", "no-second-factor")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; exit status 0 done, 2 unusable input (a line per problem), 3 some rows of a table refused."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given, settings_from(os.environ, PROGRAM)))
    except (RulebookProblem, IntakeProblem) as problem:
        return _refuse(problem.problems)
    except SettingsProblem as problem:
        return _refuse([str(problem)])
    except _store_problem() as problem:
        return _refuse([str(problem)])
    except FileNotFoundError as error:
        return _refuse([f"{error.filename or 'file'}: there is no such file or folder"])
    except IsADirectoryError as error:
        return _refuse([f"{error.filename or 'file'}: a folder, not a file"])
    except OSError as error:
        return _refuse([f"{error.filename or 'file'}: {error.strerror or error}"])


def _store_problem() -> type[Exception]:
    """Looked up only when something went wrong: `recommend` needs no store, and starts twice as fast without it."""
    from medspa_core.records import StoreProblem

    return StoreProblem


def _refuse(problems: list[str] | tuple[str, ...]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return UNUSABLE


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; `--help` shows the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _OneLineParser(prog="python -m medspa_core", description="MedSpa Consult on the command line.")
    commands = parser.add_subparsers(required=True, metavar="command")
    one = commands.add_parser("recommend", help="one client (JSON), or a table of clients (CSV, Parquet or .xlsx)")
    one.add_argument("file", type=Path)
    one.add_argument(
        "--as-of", type=_as_of, default=None, help="the day of the consultation, YYYY-MM-DD; today if left out"
    )
    one.add_argument("--out", type=Path, help="where a table's results go, .csv or .parquet")
    one.add_argument("--map", type=Path, help="how a form tool's own titles and answers are read (see `mapping`)")
    one.add_argument("--sheet", help="which sheet of a workbook; the first one with rows if left out")
    one.add_argument("--strict", action="store_true", help="refuse a table whole if any of its rows is bad")
    one.set_defaults(run=_recommend)
    first = commands.add_parser("mapping", help="a first mapping from a form tool's own table, to be looked over")
    first.add_argument("file", type=Path)
    first.add_argument("--out", type=Path, help="where it goes; the screen if left out")
    first.add_argument("--sheet", help="which sheet of a workbook; the first one with rows if left out")
    first.set_defaults(run=_mapping)
    demo = commands.add_parser("demo", help="fill an empty MEDSPA_HOME with the invented practice")
    demo.set_defaults(run=_demo)
    first = commands.add_parser("first-start", help="on the first start: the store, and the invented practice in it")
    first.add_argument("--empty", action="store_true", help="without the invented practice")
    first.set_defaults(run=_first_start)
    _add_record_commands(commands)
    return parser


def _add_record_commands(commands: argparse._SubParsersAction[_OneLineParser]) -> None:
    check = commands.add_parser("verify", help="store, audit chain and facts: 0, or 1 with a line for each finding")
    check.set_defaults(run=lambda given, settings: _told("check", settings))
    backup = commands.add_parser("backup", help="an encrypted backup, proven by a trial restore")
    backup.add_argument("folder", type=Path)
    backup.set_defaults(run=lambda given, settings: _told("backup", settings, given.folder.absolute()))
    restore = commands.add_parser("restore", help="a backup into an empty MEDSPA_HOME")
    restore.add_argument("folder", type=Path)
    restore.add_argument("--keys", type=Path, help="the recovery sheet (or a folder of keys), where the keys are gone")
    restore.add_argument("--instead", action="store_true", help="in place of a store that is there, which is kept")
    restore.set_defaults(
        run=lambda given, settings: _told(
            "restore", settings, given.folder.absolute(), given.keys, instead=given.instead
        )
    )
    accept = commands.add_parser(
        "accept-loss", help="go on without saves or keys that are gone: an owner's name, then the password"
    )
    accept.add_argument("name", nargs="?", default="", help="the owner's sign-in name; none during the trial")
    accept.set_defaults(run=_accept_loss)
    move = commands.add_parser("move", help="copy the clinic to postgresql://... or sqlite:///..., or back to `file`")
    move.add_argument("to")
    move.set_defaults(run=lambda given, settings: _told("move", settings, given.to))
    rotate = commands.add_parser("rotate-key", help="a fresh key in place of an old one; stop the program first")
    rotate.add_argument("key", choices=("store", "backup"), nargs="?", default="store")
    rotate.set_defaults(run=lambda given, settings: _told("rotate", settings, given.key))
    sheet = commands.add_parser("recovery-sheet", help="the keys on one page, to print and lock away")
    sheet.set_defaults(run=lambda given, settings: _told("sheet", settings))
    people = commands.add_parser("people", help="who may sign in; a new code for an owner who is locked out")
    people.add_argument("act", choices=PEOPLE_ACTS, nargs="?", default="list")
    people.add_argument("name", nargs="?", default="", help="the sign-in name")
    people.set_defaults(run=_people)
    keys = commands.add_parser("restore-keys", help="write the keys again from a recovery sheet")
    keys.add_argument("sheet", type=Path)
    keys.set_defaults(run=lambda given, settings: _told("restore_keys", settings, given.sheet))


def _accept_loss(given: argparse.Namespace, settings: Settings) -> int:
    from medspa_core.access import PersonProblem
    from medspa_core.command_line.people_commands import owner_who_decides

    try:
        here = _here(settings)
        doer = owner_who_decides(here.place, here.keys(), given.name, _typed_password)
    except PersonProblem as problem:
        return _refuse([str(problem)])
    return _told("accept_loss", settings, doer)


def _typed_password() -> str:
    """Typed unseen at a terminal, else the first line that comes in."""
    import getpass

    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _here(settings: Settings) -> Here:
    from medspa_core.command_line import records_commands

    folders = (settings.database_url, settings.backups, settings.head)
    return records_commands.Here(settings.home, keys_folder(settings), _now, *folders)


def _told(command: str, settings: Settings, *arguments: object, **named: object) -> int:
    from medspa_core.command_line import records_commands

    here = _here(settings)
    status, lines = getattr(records_commands, command)(here, *arguments, **named)
    print("\n".join(lines))
    return int(status)


def _as_of(text: str) -> date:
    day = date_of(text)
    if day is None or not EARLIEST_AS_OF <= day <= LATEST_AS_OF:
        raise argparse.ArgumentTypeError(f"expected a date (YYYY-MM-DD) from {EARLIEST_AS_OF} to {LATEST_AS_OF}")
    return day


def _rulebook(settings: Settings) -> Rulebook:
    return load_rulebook(settings.rulebook, settings.clinic_settings)


def _recommend(given: argparse.Namespace, settings: Settings) -> int:
    as_of = given.as_of or _today()
    ending = given.file.suffix.lower()
    if ending in TABLES:
        return _recommend_table(given, settings, as_of)
    if given.out is not None or given.map is not None:
        raise _only_with_a_table(given.file, "--out" if given.out is not None else "--map")
    try:
        result = recommend(read_client_file(given.file), _rulebook(settings), as_of)
    except IntakeProblem as problem:
        raise IntakeProblem([f"{given.file.name}: {line}" for line in problem.problems]) from None
    sys.stdout.buffer.write(f"{result_as_json(result)}\n".encode())  # the same bytes whatever the terminal's encoding
    sys.stdout.flush()
    return DONE


def _only_with_a_table(file: Path, option: str) -> IntakeProblem:
    from medspa_core.tables.files.opening import no_table

    if file.suffix.lower() != ".json":
        return no_table(file)
    return IntakeProblem([f"{file.name}: {option} goes with a table, a file ending in .csv, .parquet or .xlsx"])


def _recommend_table(given: argparse.Namespace, settings: Settings, as_of: date) -> int:
    from medspa_core.mapping import MappedForm, read_mapping
    from medspa_core.tables import OwnColumns, recommend_table, rejected_beside

    if given.out is None:
        raise IntakeProblem([f"{given.file.name}: a table needs --out, a name ending in .csv or .parquet"])
    _check_files(given)
    rulebook = _rulebook(settings)
    report = recommend_table(
        given.file,
        given.out,
        rulebook,
        as_of,
        strict=given.strict,
        sheet=given.sheet,
        columns_of_file=OwnColumns if given.map is None else partial(MappedForm, read_mapping(given.map, rulebook)),
    )
    for notice in report.notices:
        print(notice, file=sys.stderr)
    if report.refused:
        rejected = rejected_beside(given.out)
        print(f"{given.file.name}: {report.refused} rows refused; see {rejected.name}", file=sys.stderr)
    return SOME_REFUSED if report.refused else DONE


def _mapping(given: argparse.Namespace, settings: Settings) -> int:
    from medspa_core.mapping.first_mapping.mapping_text import first_mapping
    from medspa_core.tables.files.opening import open_table

    found = open_table(given.file, given.sheet)
    text = first_mapping(found, _rulebook(settings)).encode()
    for notice in found.notices:
        print(notice, file=sys.stderr)
    if given.out is None:
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
        return DONE
    try:
        with os.fdopen(os.open(given.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
    except FileExistsError:
        raise IntakeProblem(
            [f"{given.out}: there is such a file already, perhaps looked over. Choose another --out"]
        ) from None
    return DONE


def _check_files(given: argparse.Namespace) -> None:
    """The intakes can be opened, and the results take neither their place nor that of the mapping."""
    from medspa_core.tables import rejected_beside

    with given.file.open("rb"):
        pass
    for written in (given.out, rejected_beside(given.out)):
        if written.exists() and written.samefile(given.file):
            raise IntakeProblem(
                [f"{given.file.name}: the results would take the place of the intakes. Choose another --out"]
            )
        if written.exists() and given.map is not None and given.map.exists() and written.samefile(given.map):
            raise IntakeProblem([f"{given.map.name}: the results would take its place. Choose another --out"])


def _demo(given: argparse.Namespace, settings: Settings) -> int:
    if settings.home.exists() and any(settings.home.iterdir()):
        return _refuse([f"{settings.home}: not empty. The invented practice needs an empty MEDSPA_HOME"])
    return _fill(settings)


def _first_start(given: argparse.Namespace, settings: Settings) -> int:
    from medspa_core import records

    if not settings.database_url and not records.store_file(settings.home).exists():
        left = _left_in_the_programs_own_folder(settings)
        if left is not None:
            return _refuse(
                [
                    f"{SETTINGS_FILE} names {settings.home}, which has no records, and {left} has records: move everything in "
                    f"{left} to {settings.home}, or take the line `home` out of {SETTINGS_FILE}. Nothing was started."
                ]
            )
        if given.empty:
            open_clinic(settings).close()
        else:
            _fill(settings)
    return _first_code(settings)


def _left_in_the_programs_own_folder(settings: Settings) -> Path | None:
    """The program's own folder, where it has a store and medspa.toml names another: until version 0.3 `make run` kept records
    there all the same. Who names a folder in the environment means that one."""
    from medspa_core import records

    own = own_home(PROGRAM)
    elsewhere = settings.home_from_file and settings.home != own
    return own if elsewhere and records.store_file(own).exists() else None


def _first_code(settings: Settings) -> int:
    """Prints the one-time code while nobody is there to sign in."""
    from medspa_core.command_line.people_commands import first_start_lines

    with open_clinic(settings) as store:
        address = settings.public_url or f"http://127.0.0.1:{settings.port}"
        print(first_start_lines(store, address, _now()), end="", flush=True)
    return DONE


def _people(given: argparse.Namespace, settings: Settings) -> int:
    from medspa_core.access import PersonProblem
    from medspa_core.command_line.people_commands import people_lines
    from medspa_core.command_line.records_commands import AT_THE_DESK

    try:
        with open_clinic(settings) as store:
            lines = people_lines(store.by(AT_THE_DESK), given.act, given.name, _now())
    except PersonProblem as problem:
        return _refuse([str(problem)])
    print("\n".join(lines))
    return DONE


def _fill(settings: Settings) -> int:
    from medspa_core.command_line.demo import create_demo

    rulebook = _rulebook(settings)
    print("Inventing a practice of two years (once, some seconds) ...", flush=True)
    with open_clinic(settings) as store:
        number = create_demo(store, rulebook, _today())
    print(f"{number} invented consultations in {settings.home}")
    return DONE


def keys_folder(settings: Settings) -> Path:
    """Where this clinic's keys lie: MEDSPA_KEYS, else under the user's configuration."""
    from medspa_core import records

    return records.keys_folder(settings.home, settings.keys, settings.config)


def open_clinic(settings: Settings) -> Store:
    """The clinic's open store; made with its keys where there is neither."""
    from medspa_core import records

    folders = (settings.database_url, settings.backups, settings.head)
    return records.open_clinic(settings.home, keys_folder(settings), _now, *folders)


def _now() -> datetime:
    """This moment. No other line of the core reads a clock."""
    return datetime.now(UTC)


def _today() -> date:
    """The day on this computer's calendar."""
    return _now().astimezone().date()


if __name__ == "__main__":
    sys.exit(main())
