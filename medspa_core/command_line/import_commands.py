"""The commands that import visits and sales: a file is told of and kept, all imports are listed, one is taken back."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator

from medspa_core.command_line.here import DONE, SOME_REFUSED, Here, Told
from medspa_core.command_line.records_commands import opened
from medspa_core.formats.shown import shown_key
from medspa_core.intake import IntakeProblem
from medspa_core.practice.imports import keeping
from medspa_core.practice.imports.file_mapping import read_mapping_file
from medspa_core.practice.imports.keeping import Import, keep_import, known_here, look_over
from medspa_core.practice.imports.reconciliation import Reconciliation
from medspa_core.records.facts.imports import list_imports

MOST_LINES = 20


def import_sales(here: Here, given: Namespace) -> Told:
    """Keeps what a file brings that is new, or only tells of it; refused rows are told on stderr."""
    rulebook = here.rulebook()
    currency = rulebook.clinic.currency
    with opened(here) as store:
        known = known_here(store, rulebook)
        asked = Import(given.file, read_mapping_file(given.map, known, given.kind), here.today(), given.sheet)
        if given.dry_run:
            report = look_over(store, asked, known, _counted)
            if to_be_said := report.to_be_said(given.map.name):
                raise IntakeProblem(to_be_said)
            first = "Nothing was kept, as this is a dry run."
        else:
            made, report = keep_import(store, asked, known, here.clock(), _counted)
            first = (
                "Nothing new in it."
                if made is None
                else f"Kept as import {made.number}. Take it back: undo-import {made.number}"
            )
    for line in [*report.notices, *_refused(given.file.name, report)]:
        print(line, file=sys.stderr)
    return SOME_REFUSED if report.refused else DONE, [first, *reconciled(report, currency)]


def imports(here: Here, given: Namespace) -> Told:
    """All imports, one a line."""
    with opened(here) as store:
        return DONE, [
            f"{one.number}  {one.made_at:%Y-%m-%d}  {one.kind}  {shown_key(one.mapping)}  {one.first_day} to {one.last_day}: "
            f"{one.added} added, {one.updated} updated{'; undone' if one.undone_at else ''}"
            for one in list_imports(store)
        ]


def undo_import(here: Here, given: Namespace) -> Told:
    """Takes an import back."""
    with opened(here) as store:
        gone, put_back = keeping.undo_import(store, given.number, here.clock())
    return DONE, [f"Import {given.number} is undone: {gone} facts gone, {put_back} as they were before."]


def reconciled(report: Reconciliation, currency: str) -> list[str]:
    """What became of the rows and of the money, as lines."""
    of_kept = f"{report.added} new, {report.updated} updated, {report.unchanged} as before"
    kept = f"Rows: {report.rows_in} in, {report.kept} kept ({of_kept})"
    lines = [f"{kept}, {report.not_ours} not ours, {report.refused} refused"]
    if report.cents_in or report.worth_cents:
        money = {"in the file": report.cents_in, "kept": report.cents_kept, "not ours": report.cents_not_ours}
        money["refused"] = report.cents_refused
        said = ", ".join(f"{cents / 100:.2f} {what}" for what, cents in money.items())
        lines.append(f"Money, {currency}: {said}; {report.worth_cents / 100:.2f} used up of packages")
    if report.linked:
        lines.append(f"{report.linked} rows belong to consultations here")
    if report.recorded_here:
        lines.append(
            f"{report.recorded_here} visits of these days were recorded in the program: imported too, they count twice"
        )
    if report.same_file_on:
        lines.append(f"This very file was imported on {report.same_file_on}")
    return lines


def _refused(name: str, report: Reconciliation) -> Iterator[str]:
    for (column, reason), count in report.reasons.most_common(MOST_LINES):
        yield f"{name}: {count} x {f'{shown_key(column)}: ' if column else ''}{reason}"
    for cell in report.bad[:MOST_LINES]:
        yield f"{name}: line {cell.line}: {f'{shown_key(cell.column)}: ' if cell.column else ''}{cell.reason}"
    if report.refused > MOST_LINES:
        yield f"{name}: and more; {report.refused} rows in all"


def _counted(rows: int) -> None:
    """Tells on one line of a terminal how many rows were read."""
    if sys.stderr.isatty():
        print(f"\r{rows:,} rows ", end="", file=sys.stderr, flush=True)
