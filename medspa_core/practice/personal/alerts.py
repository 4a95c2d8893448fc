"""What somebody wants to be told of: the alerts of `data/alerts.toml`, and which of them each person has switched on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import delete, insert, select

from medspa_core.access import Person, Verb
from medspa_core.access.rights import AccessRefused, require_everywhere
from medspa_core.formats.shown import ManyProblems
from medspa_core.practice.personal.schema import alerts_on
from medspa_core.records import Store
from medspa_core.records.audit.log import UPDATED
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.files import read_toml
from medspa_core.rulebook.problems import problem_lines
from medspa_core.rulebook.schema.entries import Entry

FILE = "alerts.toml"
KINDS = ("changed", "outside", "short_week", "backup", "reviews", "entries")
"""What the program can find. The file says each in words."""


class Alert(Entry):
    """One kind: what its switch says, what it means, and the page on which more stands."""

    name: str = Field(min_length=1)
    words: str = Field(min_length=1)
    page: str = Field(min_length=1)


class _AlertsFile(Entry):
    review_after_months: int = Field(ge=1, le=120)
    alerts: Mapping[str, Alert]


class AlertProblem(ManyProblems):
    """Everything wrong with the file, one line a problem."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """All of the file, checked; kinds in their order."""

    review_after_months: int
    kinds: Mapping[str, Alert]


def read_alerts(folder: Path) -> Alerts:
    """The file of this folder. Raises AlertProblem with every problem found."""
    problems: list[str] = []
    raw = read_toml(folder / FILE, problems)
    try:
        found = _AlertsFile.model_validate(raw)
    except ValidationError as error:
        raise AlertProblem([*problems, *problem_lines(FILE, "", error)]) from None
    problems += [f"{FILE}: expected an entry [alerts.{kind}]. Add it" for kind in KINDS if kind not in found.alerts]
    problems += [f"{FILE}, alerts.{kind}: not known. Remove it" for kind in found.alerts if kind not in KINDS]
    if problems:
        raise AlertProblem(problems)
    months = str(found.review_after_months)
    told = {kind: one.words.replace("{months}", months) for kind, one in found.alerts.items()}
    return Alerts(
        found.review_after_months, {kind: found.alerts[kind].model_copy(update={"words": told[kind]}) for kind in KINDS}
    )


def switched_on(store: Store, person: Person) -> frozenset[str]:
    """The kinds that this person is told of."""
    with store.reading() as connection:
        mine = select(alerts_on.c.kind).where(alerts_on.c.person_id == person.id)
        return frozenset(connection.execute(mine).scalars()) & {*KINDS}


def switch(store: Store, person: Person, kind: str, on: bool, now: datetime) -> None:
    """Tells this person of a kind from now on, or no more. Twice is once. Raises AccessRefused for who sees own figures alone."""
    require_everywhere(person, Verb.SEE_FIGURES)
    if kind not in KINDS:
        raise AccessRefused("This is not open to you.")
    with store.writing() as connection:
        this = (alerts_on.c.person_id == person.id) & (alerts_on.c.kind == kind)
        was_on = connection.execute(select(alerts_on.c.kind).where(this)).first() is not None
        if was_on == on:
            return
        store.note(connection, now, UPDATED, f"alerts of {person.id}", {"what": kind, "on": on})
        if on:
            connection.execute(insert(alerts_on).values(person_id=person.id, kind=kind, at=now))
        else:
            connection.execute(delete(alerts_on).where(this))


def entries_due(book: Rulebook, months: int, on: date) -> int:
    """How many entries of the rulebook were last looked at longer ago than that."""
    before = (pd.Timestamp(on) - pd.DateOffset(months=months)).date()
    return sum(looked_at < before for looked_at in _looked_at(list(vars(book).values())))


def _looked_at(thing: object) -> Iterator[date]:
    """The day of each entry inside that says when it was last looked at."""
    if isinstance(thing, BaseModel):
        looked_at = getattr(thing, "reviewed", None)
        if isinstance(looked_at, date):
            yield looked_at
        thing = [getattr(thing, name) for name in type(thing).model_fields]
    elif isinstance(thing, Mapping):
        thing = list(thing.values())
    if isinstance(thing, list | tuple):
        for one in thing:
            yield from _looked_at(one)
