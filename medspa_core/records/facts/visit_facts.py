"""The nameless facts of visits: booked, performed, missed or cancelled. Of a consultation they say how far it went."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from medspa_core.records.audit.log import read_head
from medspa_core.records.schema import consultation_facts, visit_facts

Status = Literal["booked", "performed", "no_show", "cancelled"]


@dataclass(frozen=True, slots=True)
class VisitFact:
    """One visit, on the day it is due or was. Nothing in it names anybody; what is None was not noted.

    `consultation`: the id of the fact of the consultation it comes from. `course`: a random word that the visits of one course
    share. `number`: which of the course's `planned_visits`. Minutes: planned, and as they really were.
    """

    day: date
    status: Status
    option: str | None = None
    location: str | None = None
    provider: str | None = None
    age_band: str | None = None
    is_returning: bool | None = None
    concern: str | None = None
    consultation: str | None = None
    course: str | None = None
    number: int | None = None
    planned_visits: int | None = None
    booked_on: date | None = None
    planned_chair_minutes: int | None = None
    planned_provider_minutes: int | None = None
    planned_draw_minutes: int | None = None
    planned_spin_minutes: int | None = None
    chair_minutes: int | None = None
    provider_minutes: int | None = None
    draw_minutes: int | None = None
    spin_minutes: int | None = None
    reactions: int | None = None
    demo: bool = False
    import_id: str | None = None


def keep_visits(connection: sa.Connection, visits: Sequence[VisitFact]) -> list[str]:
    """Keeps them in the transaction under way; their new ids, in order.

    Their sequence number is that of the audit row that this transaction wrote before. Consultations and courses that they
    belong to are brought up to date.
    """
    if not visits:
        return []
    seq = read_head(connection).seq
    rows = [row_of(one) | {"seq": seq} for one in visits]
    connection.execute(sa.insert(visit_facts), rows)
    bring_up_to_date(connection, seq)
    return [row["id"] for row in rows]


def forget_visit(connection: sa.Connection, fact_id: str) -> None:
    """It never was. Its course and its consultation are brought up to date, by the number of this transaction's audit row."""
    gone = connection.execute(sa.select(visit_facts).where(visit_facts.c.id == fact_id)).one()
    connection.execute(sa.delete(visit_facts).where(visit_facts.c.id == fact_id))
    seq = read_head(connection).seq
    mine = consultation_facts.c.id == gone.consultation
    connection.execute(sa.update(consultation_facts).where(mine).values(**how_far(), seq=seq))
    if gone.course is not None:
        rest = (visit_facts.c.status == "performed") & (visit_facts.c.course == gone.course)
        connection.execute(sa.update(visit_facts).where(rest).values(rebooked=_rebooked(), seq=seq))


def row_of(fact: Any) -> dict[str, Any]:
    """A fact of a visit or a sale as its table keeps it, with a new id."""
    row = asdict(fact)
    returning = row["is_returning"]
    return row | {
        "id": secrets.token_urlsafe(16),
        "option_id": row.pop("option"),
        "demo": int(fact.demo),
        "is_returning": None if returning is None else int(returning),
    }


def bring_up_to_date(connection: sa.Connection, seq: int) -> None:
    """What the visits of this number change in the others of their courses, and in their consultations."""
    mine = sa.select(visit_facts.c.course).where(visit_facts.c.seq == seq, visit_facts.c.course.is_not(None))
    performed = (visit_facts.c.status == "performed") & visit_facts.c.course.in_(mine.distinct())
    connection.execute(sa.update(visit_facts).where(performed).values(rebooked=_rebooked(), seq=seq))
    consulted = visit_facts.c.consultation
    touched = sa.select(consulted).where(visit_facts.c.seq == seq, consulted.is_not(None))
    these = consultation_facts.c.id.in_(touched.distinct())
    connection.execute(sa.update(consultation_facts).where(these).values(**how_far(), seq=seq))


def _rebooked() -> sa.Case[Any]:
    """When it was performed the next one stood in the book; not said of the last one, nor where no booking of its own is known:
    a practice that keeps its book elsewhere has not left anybody without a visit."""
    later = visit_facts.alias("later")
    follows = (later.c.course == visit_facts.c.course) & (later.c.day > visit_facts.c.day)
    booked = sa.exists().where(follows, later.c.booked_on <= visit_facts.c.day)
    unknown = sa.exists().where(follows, later.c.booked_on.is_(None))
    nothing_to_say = (visit_facts.c.number >= visit_facts.c.planned_visits) | visit_facts.c.booked_on.is_(None)
    return sa.case((nothing_to_say, None), (booked, 1), (unknown, None), else_=0)


def how_far() -> dict[str, Any]:
    """Of a consultation's visits: when one was booked first, the first and last that took place, the end of the course. One that
    took place and of which no booking is known says nothing of booking."""
    own = visit_facts.alias("own")
    mine = own.c.consultation == consultation_facts.c.id
    done = (mine, own.c.status == "performed")
    last = sa.select(sa.func.max(own.c.day)).where(*done).scalar_subquery()
    planned = sa.select(sa.func.max(own.c.planned_visits)).where(mine).scalar_subquery()
    number = sa.select(sa.func.count()).where(*done).scalar_subquery()
    booked = sa.func.min(sa.func.coalesce(own.c.booked_on, own.c.day))
    in_the_book = sa.or_(own.c.booked_on.is_not(None), own.c.status != "performed")
    return {
        "booked_on": sa.select(booked).where(mine, in_the_book).scalar_subquery(),
        "first_visit_on": sa.select(sa.func.min(own.c.day)).where(*done).scalar_subquery(),
        "last_visit_on": last,
        "finished_on": sa.case((number >= planned, last)),
        "open_visits": sa.select(sa.func.count()).where(mine, own.c.status == "booked").scalar_subquery(),
    }
