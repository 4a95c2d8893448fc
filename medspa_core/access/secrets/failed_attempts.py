"""Wrong tries: five, then a growing wait in which even the right one is refused. Counted before the hash is checked.

A try counts for the person on that device, and, from a device that is not enrolled, for the address it came from. So
nobody can lock a colleague out of another enrolled tablet, and two tabs at once get no more tries than one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from medspa_core.access.schema import sign_in_tries

FREE_TRIES = {"person": 5, "address": 20}
"""A whole clinic shares an address, so it has more."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


class TooManyTries(Exception):
    """Refused without looking at what was typed; `seconds` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many tries. Wait a little, then try again.")
        self.seconds = seconds


def wait_after(wrong: int, free: int) -> timedelta:
    """How long the next try must wait after so many wrong ones."""
    if wrong < free:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(wrong - free, 10)), LONGEST_WAIT)


def count_try(connection: Connection, counters: Iterable[str], now: datetime) -> None:
    """Counts a try as wrong, before it is looked at. Raises TooManyTries, and then counts nothing."""
    before = {counter: _wrong_so_far(connection, counter, now) for counter in counters}
    for counter, wrong in before.items():
        free = FREE_TRIES[counter.split(":", 1)[0]]
        until = now + wait_after(wrong + 1, free)
        values = {"wrong": wrong + 1, "last_at": now, "refused_until": until if until > now else None}
        changed = connection.execute(update(sign_in_tries).where(sign_in_tries.c.what == counter).values(values))
        if not changed.rowcount:
            connection.execute(insert(sign_in_tries).values(what=counter, **values))


def forgive(connection: Connection, counters: Iterable[str]) -> None:
    """After a right one: the person's count is nothing again, the address gets this one try back."""
    for counter in counters:
        mine = sign_in_tries.c.what == counter
        if counter.startswith("person:"):
            connection.execute(update(sign_in_tries).where(mine).values(wrong=0, refused_until=None))
        else:
            fewer = mine & (sign_in_tries.c.wrong > 0)
            connection.execute(
                update(sign_in_tries).where(fewer).values(wrong=sign_in_tries.c.wrong - 1, refused_until=None)
            )


def _wrong_so_far(connection: Connection, counter: str, now: datetime) -> int:
    row = connection.execute(select(sign_in_tries).where(sign_in_tries.c.what == counter)).first()
    if row is None or now - row.last_at > FORGOTTEN_AFTER:
        return 0
    if row.refused_until is not None and row.refused_until > now:
        raise TooManyTries(max(1, round((row.refused_until - now).total_seconds())))
    return int(row.wrong)
