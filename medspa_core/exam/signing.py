"""What every signature needs: the right, a medical licence that is valid in that state on that day, and one row once."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, func, insert, select

from medspa_core.access import AccessRefused, Person, Verb, require
from medspa_core.access.people.people import read_licences
from medspa_core.access.people.states import as_kept
from medspa_core.access.rights import valid_licence
from medspa_core.exam import consultation_access
from medspa_core.records import Store, StoreProblem
from medspa_core.records.audit.log import CREATED, READ, REFUSED
from medspa_core.records.stored_forms import LONGEST_TEXT, can_be_kept, safe_id
from medspa_core.rulebook import Rulebook

KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
NOT_FOUND = "This was not found."
Kept = TypeVar("Kept")


class ExamProblem(StoreProblem):
    """What was asked can't be signed or recorded; a line for each reason, and `fields` for those of one field."""

    def __init__(self, *lines: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.fields = fields or {}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, under which licence of which state, and when."""

    person_id: str
    licence_number: str
    state: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class SigningContext:
    """What a signature rests on: the state of the licence, the rulebook, the moment, the day at the clinic, the form's key."""

    state: str
    book: Rulebook
    now: datetime
    on: date
    key: str


def signature_of(row: Row[Any]) -> Signature:
    """The signature under a row."""
    return Signature(row.person_id, row.licence_number, as_kept(row.state), row.signed_at)


@contextlib.contextmanager
def signing(store: Store, person: Person, verb: Verb, now: datetime, draft_id: str = "") -> Iterator[Connection]:
    """One transaction in which the person may do this, here. A refusal leaves its own audit row."""
    try:
        with store.writing() as connection:
            require_here(connection, person, verb, draft_id)
            yield connection
    except (AccessRefused, ExamProblem) as refusal:
        _note_refusal(store, now, draft_id or verb.value, refusal)
        raise


@contextlib.contextmanager
def looking(store: Store, person: Person, verb: Verb, draft_id: str) -> Iterator[Connection]:
    """Reads one consultation for who may; the look and a refused look each leave their audit row."""
    known = safe_id(draft_id)
    try:
        with store.opening(known) as connection:
            require_here(connection, person, verb, known)
            yield connection
    except AccessRefused as refusal:
        _note_refusal(store, store.now(), known, refusal, READ)
        raise


def require_here(connection: Connection, person: Person, verb: Verb, draft_id: str = "") -> None:
    """Raises AccessRefused. A consultation of another location is not found, exactly as one that is not there."""
    require(person, verb)
    if draft_id and not consultation_access.is_open_to(connection, person, verb, draft_id):
        raise AccessRefused(NOT_FOUND)


def _note_refusal(store: Store, now: datetime, about: str, why: Exception, action: str = CREATED) -> None:
    with contextlib.suppress(StoreProblem), store.writing() as connection:
        store.note(connection, now, action, safe_id(about), {"refused": type(why).__name__}, REFUSED)


def sign_for_client(connection: Connection, person: Person, draft_id: str, context: SigningContext) -> Signature:
    """The same for one client: the licence must be of the state in which the client is treated. Raises ExamProblem."""
    here = consultation_access.location_of(connection, draft_id)
    if here is not None and here.state is None:
        raise ExamProblem(
            f"Nobody has said yet in which state {here.name} is. The owner says it on the page People and tablets."
        )
    if here is not None and here.state != context.state:
        raise ExamProblem(
            f"{here.name} is in {here.state}. Signing for a client there needs a medical licence in {here.state}."
        )
    return sign(connection, person, context)


def sign(connection: Connection, person: Person, context: SigningContext) -> Signature:
    """The person's signature under a medical licence of that state, as it is on file now. Raises ExamProblem."""
    held = valid_licence(read_licences(connection, person.id), "medical", context.state, context.on)
    if held is None:
        raise ExamProblem(
            f"Signing needs a medical licence in {context.state or 'this state'} that is valid on the day of signing. "
            "The owner puts it on file."
        )
    return Signature(person.id, held.number, context.state, context.now)


def add_once(connection: Connection, table: Table, row: Mapping[str, Any], told: tuple[str, ...]) -> bool:
    """Adds a row under an id that the page made when it was drawn. The same again (a double tap, a retry) adds nothing.

    `told` are the columns that somebody decided; False if the row was there with the same. Raises ExamProblem.
    """
    if not KEY.fullmatch(str(row["id"])):
        raise ExamProblem("This can't be saved under this id. Open the page again.")
    there = connection.execute(select(table).where(table.c.id == row["id"])).one_or_none()
    if there is None:
        connection.execute(insert(table).values(**row))
        return True
    if any(getattr(there, name) != row[name] for name in told):
        raise ExamProblem("Something else was saved from this page before. Open it again and look.")
    return False


def as_kept_now(found: Kept | None) -> Kept:
    """What was added in this very transaction, so it is there."""
    assert found is not None
    return found


def next_number(connection: Connection, column: Column[int], *which: ColumnElement[bool]) -> int:
    """One more than the highest that was given so far."""
    return int(connection.execute(select(func.coalesce(func.max(column), 0)).where(*which)).scalar_one()) + 1


def text(typed: str, what: str, *, empty: bool = False) -> str:
    """Text as somebody typed it, without what a database can't hold. Raises ExamProblem, which never repeats it."""
    tidy = typed.strip()
    if not tidy and not empty:
        raise ExamProblem(f"{what} is missing.")
    if len(tidy) > LONGEST_TEXT or not can_be_kept(tidy):
        raise ExamProblem(f"{what}: at most {LONGEST_TEXT} characters, and none that can't be kept.")
    return tidy


def typed_fields(new: object, asked: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The texts of these fields as they are kept, and what is wrong with which of them; `asked`: what each is called."""
    kept, wrong = {}, {}
    for name, what in asked.items():
        try:
            kept[name] = text(getattr(new, name), what)
        except ExamProblem as problem:
            wrong[name] = str(problem)
    return kept, wrong


def as_json(value: Any) -> str:
    """Plain data as text that is the same each time."""
    return json.dumps(value, sort_keys=True, default=str, separators=(",", ":"))
