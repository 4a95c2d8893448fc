"""How the columns of a found table are read as those of the intake: by titles that are its ids, or as a mapping has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from medspa_core.answer_codes import Column
from medspa_core.rulebook import Rulebook
from medspa_core.tables.cell_values import cell_value
from medspa_core.tables.files.found_table import FoundTable
from medspa_core.tables.header import columns_named
from medspa_core.tables.row_blocks import Block, TableReport


class Columns:
    """Columns under the ids of the rulebook; a mapping has them otherwise. What is skipped or missing is told in the report.

    `found`: the table whose rows are read. `places`: where in it stands what each column of a block holds. Raises IntakeProblem.
    """

    def __init__(self, found: FoundTable, rulebook: Rulebook, report: TableReport) -> None:
        self.found = found
        self.places: Mapping[str, int] = columns_named(found, rulebook, report)

    def block(self, block: Block) -> Block:
        """A block by `places` as a block by the names of the intake."""
        return block

    def value(self, column: Column, cell: str, as_of: date) -> Any:
        """What a cell stands for, as a client's JSON has it; None is unanswered. Raises NotAccepted."""
        return cell_value(column, cell)

    def title(self, name: str) -> str:
        """What the file calls a column of the intake."""
        return name

    def told(self) -> list[str]:
        """What can be said of the cells once all are read, as notices."""
        return []


ColumnsOf = Callable[[FoundTable, Rulebook, TableReport], Columns]
