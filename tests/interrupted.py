"""A store whose bringing up to date is interrupted in the middle, again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event

from medspa_core.records.database.store_location import FilePlace, ServerPlace

WRITES = ("CREATE", "INSERT", "UPDATE", "DELETE", "DROP", "ALTER")
FILLED_IN = ("INSERT INTO KNOWN_OUTSIDE", "DELETE FROM KNOWN_OUTSIDE")
"""What each start of a store fills in that is not there yet, when the store is up to date already."""
LATER_STEPS = 10
"""Of the steps after the next one every tenth statement: each of them is the next step of a later version, all tried there."""


class Interruption:
    """Interrupts the n-th statement that writes; knows whether the first step was complete by then."""

    def __init__(self, at: int) -> None:
        self.left, self.first_step_done = at, False

    def hear(self, statement: str) -> None:
        """Each statement, just before it is carried out."""
        written = statement.lstrip().upper()
        if written.startswith(FILLED_IN):
            return
        self.left -= written.startswith(WRITES)
        if self.left == 0:
            self.left = -1
            raise KeyboardInterrupt
        self.first_step_done |= written.startswith("UPDATE ALEMBIC_VERSION")

    def engine(self, engine_of: Callable[..., Engine]) -> Callable[..., Engine]:
        """What makes engines that can be interrupted."""

        def made(*given: Any, **options: Any) -> Engine:
            engine = engine_of(*given, **options)

            @event.listens_for(engine, "before_cursor_execute")
            def heard(connection: object, cursor: object, statement: str, *_: object) -> None:
                self.hear(statement)

            return engine

        return made


def interrupt_each(
    monkeypatch: pytest.MonkeyPatch,
    place: type[FilePlace] | type[ServerPlace],
    attempt: Callable[[], None],
    afterwards: Callable[[], None],
) -> int:
    """Attempts it until it succeeds, interrupted at one statement after the other; how often it was interrupted."""
    at, times = 1, 0
    while at < 1000:
        interruption = Interruption(at)
        with monkeypatch.context() as broken:
            broken.setattr(place, "engine", interruption.engine(place.engine))
            try:
                attempt()
            except KeyboardInterrupt:
                afterwards()
            else:
                return times
        times += 1
        at += LATER_STEPS if interruption.first_step_done else 1
    pytest.fail("it never came to its end")
