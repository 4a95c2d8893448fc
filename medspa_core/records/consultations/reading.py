"""Consultations as they stand: an id goes in, the consultation, its answers in their order, or a list comes out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, exists, func, or_, select, true

from medspa_core.records.audit.log import LIST_OF_CONSULTATIONS, READ
from medspa_core.records.database.store import Store
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import answers, changes, choices, drafts, steps
from medspa_core.records.stored_forms import Json, from_row, safe_id


class DraftMoved(StoreProblem):
    """The draft was changed elsewhere since the page was drawn."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "This consultation was changed on another screen, so your tap did not count. Look at it again before you go on."
        )
        self.draft = draft


class DraftMissing(StoreProblem):
    """There is no such draft."""

    def __init__(self) -> None:
        super().__init__("This consultation was not found.")


class DraftFinished(StoreProblem):
    """A finished consultation never changes."""

    def __init__(self) -> None:
        super().__init__("This consultation is finished and can't be changed.")


@dataclass(frozen=True, slots=True)
class Draft:
    """One consultation as it stands."""

    id: str
    code_name: str
    as_of: date
    created_at: datetime
    saved_at: datetime
    revision: int
    answers: dict[str, Json]
    how_asked: dict[str, str]
    option_order: tuple[str, ...]
    demo_of: str | None = None
    choice: str | None = None
    choice_reason: str = ""
    chosen_at: datetime | None = None
    rulebook_revision: str | None = None
    shown: Json = None
    finished_at: datetime | None = None
    can_undo: bool = False
    client_id: str | None = None
    location_id: str | None = None
    started_by: str | None = None
    next_kind: str | None = None
    next_day: date | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One consultation in a list."""

    id: str
    code_name: str
    as_of: date
    saved_at: datetime
    answered: int
    choice: str | None
    finished_at: datetime | None
    demo_of: str | None
    location_id: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One question touched by one tap: when, what it became (None: taken back), and whether that is how it stands now."""

    revision: int
    question: str
    at: datetime
    how_asked: str | None
    stands: bool


INVENTED = "invented client"
"""How the answers were asked that a client of ours was made with."""
ON_FILE = "on file"
"""How an answer was asked that nobody was asked for: it stood on file when the consultation began."""

# The statements of every look, built once: building them anew takes as long as running them.
_THIS: BindParameter[str] = bindparam("this_draft")
_DRAFT = (
    select(drafts, choices)
    .join_from(drafts, choices, choices.c.draft_id == drafts.c.id, isouter=True)
    .where(drafts.c.id == _THIS)
)
_LOCATION = select(drafts.c.location_id).where(drafts.c.id == _THIS)
_ANSWERS = select(answers).where(answers.c.draft_id == _THIS).order_by(answers.c.question)
_MADE_UP = select(changes.c.revision).where(changes.c.draft_id == _THIS, changes.c.how_asked_after == INVENTED)
_FROM_FILE = select(changes.c.revision).where(changes.c.draft_id == _THIS, changes.c.how_asked_after == ON_FILE)
_LAST_STEP = select(func.max(steps.c.revision)).where(
    steps.c.draft_id == _THIS,
    steps.c.kind.in_(("save", "clear")),
    steps.c.undone_by.is_(None),
    steps.c.revision.not_in(_MADE_UP) | (steps.c.revision > 1),
    steps.c.revision.not_in(_FROM_FILE),
)


def load_draft(store: Store, draft_id: str) -> Draft | None:
    """The consultation as it stands, or None if there is no such id. Opening it leaves a row in the audit log."""
    try:
        with store.opening(safe_id(draft_id)) as connection:
            require_open(store, connection, draft_id)
            return read_draft(connection, draft_id)
    except DraftMissing as refusal:
        store.refused(store.now(), READ, safe_id(draft_id), refusal)
        return None


def answers_given(store: Store, draft_id: str) -> list[Given]:
    """Every saved answer of a consultation in the order it came, with its time. What was undone or cleared no longer stands."""
    query = (
        select(changes, steps.c.at, steps.c.kind, steps.c.undone_by)
        .join(steps, (steps.c.draft_id == changes.c.draft_id) & (steps.c.revision == changes.c.revision))
        .where(changes.c.draft_id == draft_id, steps.c.kind.in_(("save", "clear")))
        .order_by(changes.c.revision, changes.c.question)
    )
    with store.opening(safe_id(draft_id)) as connection:
        require_open(store, connection, draft_id)
        rows = connection.execute(query).all()
    last = {row.question: row.revision for row in rows if row.undone_by is None}
    return [
        Given(
            revision=row.revision,
            question=row.question,
            at=row.at,
            how_asked=row.how_asked_after,
            stands=row.answer_after is not None and last.get(row.question) == row.revision,
        )
        for row in rows
        if row.kind == "save"
    ]


def list_drafts(
    store: Store,
    limit: int = 50,
    *,
    at: Collection[str | None] | None = None,
    unfinished: bool = False,
    undecided: tuple[date, date] | None = None,
) -> list[DraftLine]:
    """The consultations saved last, newest first. Looking at the list leaves a row in the audit log.

    `at`: those of these locations only, None standing for those without one. `undecided`: real ones of
    these days with an answer and no treatment chosen, of each client only the newest; on the last day only those that
    said "not yet", as a talk may be under way.
    """
    given = (answers.c.draft_id == drafts.c.id) & (answers.c.how_asked != ON_FILE)
    answered = select(func.count()).where(given).scalar_subquery().label("answered")
    query = (
        select(drafts, answered, choices.c.choice)
        .select_from(drafts.outerjoin(choices, choices.c.draft_id == drafts.c.id))
        .where(located(drafts.c.location_id, at))
        .order_by(drafts.c.saved_at.desc(), drafts.c.id)
        .limit(limit)
    )
    if unfinished:
        query = query.where(drafts.c.finished_at.is_(None))
    if undecided is not None:
        query = query.where(*_undecided(*undecided))
    with store.opening(LIST_OF_CONSULTATIONS) as connection:
        return [from_row(DraftLine, row) for row in connection.execute(query)]


def _undecided(first: date, last: date) -> Iterator[ColumnElement[bool]]:
    later = drafts.alias("later")
    same = later.c.client_id == drafts.c.client_id
    yield drafts.c.demo_of.is_(None)
    yield drafts.c.as_of.between(first, last)
    said = choices.c.choice == "not_yet"
    yield or_(said, choices.c.choice.is_(None) & (drafts.c.as_of < last))
    yield exists().where(answers.c.draft_id == drafts.c.id)
    yield ~exists().where(same, later.c.created_at > drafts.c.created_at)


def located(column: ColumnElement[str | None], at: Collection[str | None] | None) -> ColumnElement[bool]:
    """Is the location in this column among these, None standing for those without one? Any is where `at` is None."""
    if at is None:
        return true()
    named = column.in_(sorted(one for one in at if one))
    return or_(named, column.is_(None)) if None in at else named


def count_drafts(store: Store) -> int:
    """How many consultations there are: the two main options swap places from one to the next."""
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(drafts)).scalar_one()


def require_open(store: Store, connection: Connection, draft_id: str) -> None:
    """A consultation that is not open to who holds the store is missing, like one that never was."""
    if store.guard is not None:
        found = connection.execute(_LOCATION, {"this_draft": draft_id}).one_or_none()
        if found is None or not store.shows(connection, found.location_id):
            raise DraftMissing


def _row(connection: Connection, draft_id: str) -> Row[Any]:
    row = connection.execute(_DRAFT, {"this_draft": draft_id}).one_or_none()
    if row is None:
        raise DraftMissing
    return row


def open_draft(connection: Connection, draft_id: str) -> Row[Any]:
    """The row of a consultation that may still change."""
    row = _row(connection, draft_id)
    if row.finished_at is not None:
        raise DraftFinished
    return row


def read_draft(connection: Connection, draft_id: str) -> Draft:
    """The consultation inside a transaction of the caller, who leaves the audit row. Raises DraftMissing."""
    row = _row(connection, draft_id)
    kept = answers_kept(connection, draft_id)
    return from_row(
        Draft,
        row,
        answers={one.question: json.loads(one.answer) for one in kept},
        how_asked={one.question: one.how_asked for one in kept},
        option_order=tuple(json.loads(row.option_order)),
        choice_reason=row.reason or "",
        shown=None if row.shown is None else json.loads(row.shown),
        can_undo=row.finished_at is None and last_step_to_undo(connection, draft_id) is not None,
    )


def answers_kept(connection: Connection, draft_id: str) -> Sequence[Row[Any]]:
    """The rows of its current answers, by question."""
    return connection.execute(_ANSWERS, {"this_draft": draft_id}).all()


def last_step_to_undo(connection: Connection, draft_id: str) -> int | None:
    """The revision of the last save or start-again that was not taken back. An invented client's answers were no tap."""
    return connection.execute(_LAST_STEP, {"this_draft": draft_id}).scalar()
