"""The command line: `python -m medspa_core …`. The only place of the core that reads the clock and the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: blocks of clients run side by side, not each product

from medspa_core.command_line.here import UNUSABLE, Here
from medspa_core.command_line.parser import command_parser
from medspa_core.formats.shown import ManyProblems
from medspa_core.settings import SettingsProblem, settings_from

PROGRAM = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run one command; exit status 0 done, 2 unusable input (a line per problem), 3 some rows of a table refused."""
    given = command_parser().parse_args(arguments)
    verb = getattr(import_module(given.module), given.verb)
    try:
        status, lines = verb(Here(settings_from(os.environ, PROGRAM), PROGRAM, _now), given)
    except ManyProblems as problem:
        return _refuse(problem.problems)
    except SettingsProblem as problem:
        return _refuse([str(problem)])
    except _problems_of_records() as problem:
        return _refuse([str(problem)])
    except OSError as error:
        return _refuse([f"{error.filename or 'file'}: {_why(error)}"])
    for line in lines:
        print(line)
    return int(status)


def _problems_of_records() -> tuple[type[Exception], ...]:
    """Looked up only when something went wrong: `recommend` needs no store, and starts twice as fast without it."""
    from medspa_core.access import PersonProblem
    from medspa_core.records import StoreProblem

    return StoreProblem, PersonProblem


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder"
    return "a folder, not a file" if isinstance(error, IsADirectoryError) else error.strerror or str(error)


def _refuse(problems: Iterable[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return UNUSABLE


def _now() -> datetime:
    """This moment. No other line of the core reads a clock."""
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())
