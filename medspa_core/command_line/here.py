"""What every command is handed: the settings of the clinic it is about, where the program lies, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from medspa_core.rulebook import Rulebook, load_rulebook
from medspa_core.settings import Settings

DONE, UNUSABLE, SOME_REFUSED = 0, 2, 3
Told = tuple[int, list[str]]
"""The exit status and the lines to print."""


@dataclass(frozen=True, slots=True)
class Here:
    """The clinic that a command is about."""

    settings: Settings
    program: Path
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The day on this computer's calendar."""
        return self.clock().astimezone().date()

    def rulebook(self) -> Rulebook:
        """The clinic's rulebook."""
        return load_rulebook(self.settings.rulebook, self.settings.clinic_settings)
