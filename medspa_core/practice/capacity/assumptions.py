"""What the page of capacity assumes and shows: the numbers of `data/capacity.toml`, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from medspa_core.formats.shown import ManyProblems
from medspa_core.offer import OpeningHours
from medspa_core.rulebook.files import read_toml
from medspa_core.rulebook.problems import problem_lines
from medspa_core.rulebook.schema.entries import Entry, Share

FILE = "capacity.toml"


class InventedHours(Entry):
    """Opening hours of a location of the invented practice. `open`: hours on each day of the week, Monday first."""

    open: tuple[int, int, int, int, int, int, int]
    chairs: int = Field(ge=0)
    providers: int = Field(ge=0)
    draws: int = Field(ge=0)
    centrifuges: int = Field(ge=0)

    @property
    def hours(self) -> OpeningHours:
        """As they are entered for a real location."""
        minutes = tuple(60 * hours for hours in self.open)
        return OpeningHours(minutes, self.chairs, self.providers, self.draws, self.centrifuges)


class Assumptions(Entry):
    """All of the file.

    `weeks`: how many are shown. `band`: share of cases that lie in the band. `matters_from`: a draw or the
    centrifuge has a chart once it needs so much of what is open. `slips`: share of planned visits that come
    `slip_days` later than planned. `one_in`: choices of "if one in so many moved", 0 for nobody, and the one shown at once.
    """

    weeks: int = Field(ge=1, le=52)
    least_months: int = Field(ge=1, le=24)
    most_months: int = Field(ge=1, le=24)
    band: Share
    matters_from: Share
    slips: Share
    slip_days: int = Field(ge=1, le=28)
    one_in: tuple[int, ...] = Field(min_length=1)
    one_in_at_once: int
    invented: Mapping[str, InventedHours]


class CapacityProblem(ManyProblems):
    """Everything wrong with the file, or with what was asked; one line a problem."""


def assumptions_of(folder: Path, shipped: Path) -> Assumptions:
    """The file of this folder, or the shipped one: a rulebook folder of a practice's own may hold none."""
    return read_assumptions(folder if (folder / FILE).exists() else shipped)


@lru_cache(maxsize=4)
def read_assumptions(folder: Path) -> Assumptions:
    """The file of this folder. Raises CapacityProblem with every problem found."""
    problems: list[str] = []
    raw: dict[str, Any] = read_toml(folder / FILE, problems)
    if problems:
        raise CapacityProblem(problems)
    try:
        found = Assumptions.model_validate(raw)
    except ValidationError as error:
        raise CapacityProblem(problem_lines(FILE, "", error)) from None
    if not 0 < found.band < 1:
        raise CapacityProblem([f"{FILE}, band: expected a share between 0 and 1; found {found.band}. Correct it"])
    return found
