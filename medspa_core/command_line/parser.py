"""The one parser of `python -m medspa_core`: each command with its arguments, and the module that has a function of its name."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NoReturn

from medspa_core.answer_codes import date_of
from medspa_core.command_line.here import UNUSABLE
from medspa_core.intake import EARLIEST_AS_OF, LATEST_AS_OF

PEOPLE_ACTS = ("list", "code", "disable", "enable", "no-second-factor")
MOST_WEEKS = 52
SHEET = "which sheet of a workbook; the first one with rows if left out"


class _OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; `--help` shows the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(UNUSABLE, f"{self.prog}: {message}\n")


AddParser = Callable[..., argparse.ArgumentParser]


def command_parser() -> argparse.ArgumentParser:
    """What is parsed says in `module` and `verb` which function does it."""
    parser = _OneLineParser(prog="python -m medspa_core", description="MedSpa Consult on the command line.")
    add_parser = parser.add_subparsers(required=True, metavar="command").add_parser
    _add_tables(add_parser)
    _add_starts(add_parser)
    _add_figures(add_parser)
    _add_records(add_parser)
    return parser


def _add(add_parser: AddParser, module: str, name: str, told: str) -> argparse.ArgumentParser:
    one = add_parser(name, help=told)
    one.set_defaults(module=f"medspa_core.command_line.{module}", verb=name.replace("-", "_"))
    return one


def _add_tables(add_parser: AddParser) -> None:
    told = "one client (JSON), or a table of clients (CSV, Parquet or .xlsx)"
    one = _add(add_parser, "table_commands", "recommend", told)
    one.add_argument("file", type=Path)
    one.add_argument("--as-of", type=_as_of, help="the day of the consultation, YYYY-MM-DD; today if left out")
    one.add_argument("--out", type=Path, help="where a table's results go, .csv or .parquet")
    one.add_argument("--map", type=Path, help="how a form tool's own titles and answers are read (see `mapping`)")
    one.add_argument("--sheet", help=SHEET)
    one.add_argument("--strict", action="store_true", help="refuse a table whole if any of its rows is bad")
    told = "a first mapping from a form tool's own table, to be looked over"
    one = _add(add_parser, "table_commands", "mapping", told)
    one.add_argument("file", type=Path)
    one.add_argument("--out", type=Path, help="where it goes; the screen if left out")
    one.add_argument("--sheet", help=SHEET)


def _add_starts(add_parser: AddParser) -> None:
    one = _add(add_parser, "start_commands", "demo", "fill an empty MEDSPA_HOME with the invented practice")
    told = "instead: about N invented facts as Parquet into an empty folder, for trying the figures with very many"
    one.add_argument("--facts", nargs=2, metavar=("N", "DIR"), help=told)
    told = "on the first start: the store, and the invented practice in it"
    one = _add(add_parser, "start_commands", "first-start", told)
    one.add_argument("--empty", action="store_true", help="without the invented practice")


def _add_figures(add_parser: AddParser) -> None:
    one = _add(
        add_parser,
        "figures_commands",
        "mix",
        "what was recommended and chosen, or other numbers of metrics.toml, as CSV",
    )
    one.add_argument("--by", action="append", default=[], help="a cut of metrics.toml, as month; may be given again")
    one.add_argument("--where", action="append", default=[], help="what counts, as concern=texture; may be given again")
    one.add_argument("--metric", action="append", default=[], help="a number of metrics.toml; may be given again")
    one.add_argument("--first", type=_as_of, help="the first day that counts, YYYY-MM-DD")
    one.add_argument("--last", type=_as_of, help="the last day that counts, YYYY-MM-DD")
    told = "hours that the weeks ahead need, beside what is open, as CSV"
    one = _add(add_parser, "capacity_commands", "capacity", told)
    one.add_argument("--location", default="", help="one location by its name; each and all together if left out")
    one.add_argument("--weeks", type=_weeks, default=0, help=f"so many weeks ahead, 1 to {MOST_WEEKS}")
    one = _add(add_parser, "figures_commands", "facts", "the nameless facts as Parquet by month, for an encrypted disk")
    one.add_argument("folder", type=Path)
    _add_imports(add_parser)


def _add_imports(add_parser: AddParser) -> None:
    told = "visits or sales from a booking system's file (CSV, Parquet or .xlsx), as nameless facts"
    one = _add(add_parser, "import_commands", "import-sales", told)
    one.add_argument("file", type=Path)
    one.add_argument(
        "--map", type=Path, required=True, help="how the file's columns and words are read, see docs/IMPORTS.md"
    )
    one.add_argument("--kind", choices=("visits", "sales"), help="what is in it, where the mapping does not say so")
    one.add_argument("--sheet", help=SHEET)
    one.add_argument("--dry-run", action="store_true", help="only tell what would become of it")
    _add(add_parser, "import_commands", "imports", "the list of all imports, the newest first")
    one = _add(add_parser, "import_commands", "undo-import", "take an import back, the newest of its kind first")
    one.add_argument("number", type=int)


def _add_records(add_parser: AddParser) -> None:
    records, people = "records_commands", "people_commands"
    _add(add_parser, records, "verify", "store, audit chain and facts: 0, or 1 with a line for each finding")
    one = _add(add_parser, records, "backup", "an encrypted backup, proven by a trial restore")
    one.add_argument("folder", type=Path)
    one = _add(add_parser, records, "restore", "a backup into an empty MEDSPA_HOME")
    one.add_argument("folder", type=Path)
    one.add_argument("--keys", type=Path, help="the recovery sheet (or a folder of keys), where the keys are gone")
    one.add_argument("--instead", action="store_true", help="in place of a store that is there, which is kept")
    told = "go on without saves or keys that are gone: an owner's name, then the password"
    one = _add(add_parser, people, "accept-loss", told)
    one.add_argument("name", nargs="?", default="", help="the owner's sign-in name; none during the trial")
    one = _add(add_parser, records, "move", "copy the clinic to postgresql://... or sqlite:///..., or back to `file`")
    one.add_argument("to")
    one = _add(add_parser, records, "rotate-key", "a fresh key in place of an old one; stop the program first")
    one.add_argument("key", choices=("store", "backup"), nargs="?", default="store")
    _add(add_parser, records, "recovery-sheet", "the keys on one page, to print and lock away")
    one = _add(add_parser, people, "people", "who may sign in; a new code for an owner who is locked out")
    one.add_argument("act", choices=PEOPLE_ACTS, nargs="?", default="list")
    one.add_argument("name", nargs="?", default="", help="the sign-in name")
    one = _add(add_parser, records, "restore-keys", "write the keys again from a recovery sheet")
    one.add_argument("sheet", type=Path)


def _weeks(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {MOST_WEEKS}")
    return int(text)


def _as_of(text: str) -> date:
    day = date_of(text)
    if day is None or not EARLIEST_AS_OF <= day <= LATEST_AS_OF:
        raise argparse.ArgumentTypeError(f"expected a date (YYYY-MM-DD) from {EARLIEST_AS_OF} to {LATEST_AS_OF}")
    return day
