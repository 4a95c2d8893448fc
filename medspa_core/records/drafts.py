"""Drafts of consultations: an answer goes in, and is on the disk before the verb returns.

A draft is a row, its current answers, and one step for each save, undo or start-again. Every step carries the draft's
next revision. The store keeps answers as JSON; what may be answered is `intake`'s to say.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    bindparam,
    delete,
    false,
    func,
    insert,
    select,
    update,
)

from medspa_core.records.audit import CREATED, READ, UPDATED
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import answers, changes, choices, consultation_facts, drafts, steps
from medspa_core.records.store import Store

Json = Any
"""What JSON can hold: null, true, 3, "text", lists and objects of these."""

LONGEST_ANSWER = 20_000
LONGEST_TEXT = 2_000


class DraftMoved(StoreProblem):
    """The draft was changed elsewhere since the page was drawn."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("This consultation was changed on another screen. Look at it again before you go on.")
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
class ChoiceFacts:
    """What was recommended when the client chose, for the manager's charts. Nothing in it names anybody."""

    concern: str | None
    recommended: str | None
    standing: str
    pair_best: str | None = None
    pair_standing: str | None = None


def start_draft(
    store: Store,
    code_name: str,
    now: datetime,
    as_of: date,
    option_order: Sequence[str],
    demo_of: str | None = None,
    draft_id: str | None = None,
    *,
    client_id: str | None = None,
    location_id: str | None = None,
    started_by: str | None = None,
) -> Draft:
    """A new consultation, without answers. Its id is random: it may stand in an address and leads to nobody."""
    new_id = plain_text(draft_id, "id") if draft_id is not None else secrets.token_urlsafe(16)
    row = {
        "id": new_id,
        "code_name": plain_text(code_name, "code name"),
        "as_of": as_of,
        "created_at": in_utc(now),
        "saved_at": in_utc(now),
        "revision": 0,
        "option_order": _json([plain_text(option, "option") for option in option_order], "option order"),
        "demo_of": None if demo_of is None else plain_text(demo_of, "demo"),
        "client_id": client_id,
        "location_id": location_id,
        "started_by": started_by,
    }
    with store.writing() as connection:
        connection.execute(insert(drafts).values(row))
        store.note(connection, in_utc(now), CREATED, new_id)
        return _load(connection, new_id)


def save_answer(
    store: Store,
    draft_id: str,
    question: str,
    answer: Json,
    now: datetime,
    how_asked: str,
    expected_revision: int | None = None,
) -> Draft:
    """Keeps one answer; None takes it back to unanswered. On the disk when this returns."""
    return save_answers(store, draft_id, {question: answer}, now, how_asked, expected_revision)


def save_answers(
    store: Store,
    draft_id: str,
    new_answers: Mapping[str, Json],
    now: datetime,
    how_asked: str,
    expected_revision: int | None = None,
) -> Draft:
    """Keeps several answers as one step: all or none. Undo takes them back together."""
    how = plain_text(how_asked, "how it was asked")
    after = {
        plain_text(question, "question"): (None, None) if answer is None else (_json(answer, question), how)
        for question, answer in new_answers.items()
    }
    with changing(store, draft_id, now) as connection:
        if _already_done(connection, draft_id, "save", expected_revision, after):
            return _load(connection, draft_id)
        _change(store, connection, draft_id, "save", now, after)
        return _load(connection, draft_id)


def clear_answers(store: Store, draft_id: str, now: datetime, expected_revision: int | None = None) -> Draft:
    """Starts the questions again: every answer becomes unanswered. One step, so one undo brings them back."""
    with changing(store, draft_id, now) as connection:
        if _already_done(connection, draft_id, "clear", expected_revision, None):
            return _load(connection, draft_id)
        asked = connection.execute(select(answers.c.question).where(answers.c.draft_id == draft_id)).scalars().all()
        _change(store, connection, draft_id, "clear", now, dict.fromkeys(asked, (None, None)))
        return _load(connection, draft_id)


def undo(store: Store, draft_id: str, now: datetime, expected_revision: int | None = None) -> Draft:
    """Takes back the last step that has not been taken back. With none left, nothing happens."""
    with changing(store, draft_id, now) as connection:
        if _already_done(connection, draft_id, "undo", expected_revision, None):
            return _load(connection, draft_id)
        last = _last_step_to_undo(connection, draft_id)
        if last is None:
            return _load(connection, draft_id)
        rows = connection.execute(
            select(changes.c.question, changes.c.answer_before, changes.c.how_asked_before).where(
                changes.c.draft_id == draft_id, changes.c.revision == last
            )
        ).all()
        before = {row.question: (row.answer_before, row.how_asked_before) for row in rows}
        undone_by = _change(store, connection, draft_id, "undo", now, before)
        connection.execute(
            update(steps).where(steps.c.draft_id == draft_id, steps.c.revision == last).values(undone_by=undone_by)
        )
        return _load(connection, draft_id)


def record_choice(
    store: Store,
    draft_id: str,
    choice: str,
    now: datetime,
    facts: ChoiceFacts,
    *,
    reason: str = "",
    rulebook_revision: str | None = None,
    shown: Json = None,
    expected_revision: int | None = None,
    also: Callable[[Connection], object] | None = None,
) -> Draft:
    """Keeps what the client chose (an option, `wait`, `not_yet` or `no`), why, what was shown, and the nameless fact.

    One transaction, with what `also` does. A changed mind before the finish replaces choice and fact: one consultation
    counts once.
    """
    kept = {
        "choice": plain_text(choice, "choice"),
        "reason": plain_text(reason, "reason", empty=True),
        "rulebook_revision": rulebook_revision,
        "shown": None if shown is None else _json(shown, "result", longest=2_000_000),
    }
    with changing(store, draft_id, now) as connection:
        draft = open_draft(connection, draft_id)
        if expected_revision is not None and draft.revision != expected_revision:
            current = _load(connection, draft_id)
            if (
                draft.revision > expected_revision
                and current.choice == choice
                and current.choice_reason == kept["reason"]
            ):
                return current
            raise DraftMoved(current)
        if also is not None:
            also(connection)
        _new_step(store, connection, draft, "choice", now, ("choice", "reason", "shown"))
        fact = {
            "month": draft.as_of.isoformat()[:7],
            "created_on": in_utc(now).date(),
            "demo": int(draft.demo_of is not None),
            "concern": facts.concern,
            "recommended": facts.recommended,
            "standing": facts.standing,
            "pair_best": facts.pair_best,
            "pair_standing": facts.pair_standing,
            "chosen": kept["choice"],
        }
        fact_id = connection.execute(select(choices.c.fact_id).where(choices.c.draft_id == draft_id)).scalar()
        if fact_id is None:
            fact_id = secrets.token_urlsafe(16)
            connection.execute(insert(consultation_facts).values(id=fact_id, **fact))
            connection.execute(
                insert(choices).values(draft_id=draft_id, fact_id=fact_id, chosen_at=in_utc(now), **kept)
            )
        else:
            connection.execute(update(consultation_facts).where(consultation_facts.c.id == fact_id).values(**fact))
            connection.execute(
                update(choices).where(choices.c.draft_id == draft_id).values(chosen_at=in_utc(now), **kept)
            )
        return _load(connection, draft_id)


def finish(store: Store, draft_id: str, now: datetime, require: Callable[[Draft], None] | None = None) -> Draft:
    """Ends the consultation: from now on it never changes. It needs a choice (`not_yet` is one). Twice is once.

    `require` raises where something else is missing; it is asked in the same transaction, of what stands there then.
    """
    with changing(store, draft_id, now) as connection:
        draft = _load(connection, draft_id)
        if draft.finished_at is not None:
            return draft
        if require is not None:
            require(draft)
        if draft.choice is None:
            raise StoreProblem('Before the end, note what the client chose. "Not yet" is a choice.')
        _new_step(store, connection, open_draft(connection, draft_id), "finish", now, ("finished_at",))
        connection.execute(update(drafts).where(drafts.c.id == draft_id).values(finished_at=in_utc(now)))
        return _load(connection, draft_id)


def load_draft(store: Store, draft_id: str) -> Draft | None:
    """The consultation as it stands, or None if there is no such id. Opening it leaves a row in the audit log."""
    try:
        with store.opening(safe_id(draft_id)) as connection:
            require_open(store, connection, draft_id)
            return _load(connection, draft_id)
    except DraftMissing as refusal:
        store.refused(store.now(), READ, safe_id(draft_id), refusal)
        return None


@dataclass(frozen=True, slots=True)
class Given:
    """One question touched by one tap: when, what it became (None: taken back), and whether that is how it stands now."""

    revision: int
    question: str
    at: datetime
    how_asked: str | None
    stands: bool


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


def read_draft(connection: Connection, draft_id: str) -> Draft:
    """The consultation inside a transaction of the caller, who leaves the audit row. Raises DraftMissing."""
    return _load(connection, draft_id)


def list_drafts(
    store: Store, limit: int = 50, *, at: Collection[str | None] | None = None, unfinished: bool = False
) -> list[DraftLine]:
    """The consultations saved last, newest first. Looking at the list leaves a row in the audit log.

    `at`: those of these locations only, None standing for those without one.
    """
    answered = select(func.count()).where(answers.c.draft_id == drafts.c.id).scalar_subquery().label("answered")
    query = (
        select(drafts, answered, choices.c.choice)
        .select_from(drafts.outerjoin(choices, choices.c.draft_id == drafts.c.id))
        .order_by(drafts.c.saved_at.desc(), drafts.c.id)
        .limit(limit)
    )
    if at is not None:
        query = query.where(drafts.c.location_id.in_([one for one in at if one]) | _without_location(at))
    if unfinished:
        query = query.where(drafts.c.finished_at.is_(None))
    with store.opening("list of consultations") as connection:
        return [
            DraftLine(
                id=row.id,
                code_name=row.code_name,
                as_of=row.as_of,
                saved_at=row.saved_at,
                answered=row.answered,
                choice=row.choice,
                finished_at=row.finished_at,
                demo_of=row.demo_of,
                location_id=row.location_id,
            )
            for row in connection.execute(query)
        ]


def _without_location(at: Collection[str | None]) -> ColumnElement[bool]:
    return drafts.c.location_id.is_(None) if None in at else false()


def count_drafts(store: Store) -> int:
    """How many consultations there are: the two main options swap places from one to the next."""
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(drafts)).scalar_one()


FACT_COLUMNS = (
    "month",
    "created_on",
    "demo",
    "concern",
    "recommended",
    "standing",
    "pair_best",
    "pair_standing",
    "chosen",
)


def read_facts(store: Store) -> dict[str, list[Any]]:
    """The facts as columns of equal length, by month. `demo` is true for the invented practice."""
    table = consultation_facts
    query = select(*(table.c[name] for name in FACT_COLUMNS)).order_by(table.c.month, table.c.created_on, table.c.id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    columns: dict[str, list[Any]] = {name: [row[i] for row in rows] for i, name in enumerate(FACT_COLUMNS)}
    columns["demo"] = [bool(demo) for demo in columns["demo"]]
    return columns


# The statements of every save, built once: building them anew takes as long as running them.
_THIS: BindParameter[str] = bindparam("this_draft")
_DRAFT = select(drafts).where(drafts.c.id == _THIS)
_LOCATION = select(drafts.c.location_id).where(drafts.c.id == _THIS)
_ANSWERS = select(answers).where(answers.c.draft_id == _THIS).order_by(answers.c.question)
_CHOICE = select(choices).where(choices.c.draft_id == _THIS)
_LAST_STEP = select(func.max(steps.c.revision)).where(
    steps.c.draft_id == _THIS, steps.c.kind.in_(("save", "clear")), steps.c.undone_by.is_(None)
)
_NEXT_REVISION = (
    update(drafts)
    .where(drafts.c.id == _THIS)
    .values(revision=bindparam("next_revision"), saved_at=bindparam("this_moment"))
)
_NEW_STEP, _NEW_CHANGE, _NEW_ANSWER = insert(steps), insert(changes), insert(answers)
_OLD_ANSWER = delete(answers).where(answers.c.draft_id == _THIS, answers.c.question == bindparam("this_question"))

# A stored answer and how it was asked; (None, None) is unanswered.
Kept = tuple[str | None, str | None]


def _change(
    store: Store, connection: Connection, draft_id: str, kind: str, now: datetime, after: Mapping[str, Kept]
) -> int:
    """One step: the answers become `after`, and before and after are kept with it. The new revision comes back."""
    revision = _new_step(store, connection, open_draft(connection, draft_id), kind, now, after)
    before: dict[str, Kept] = {
        row.question: (row.answer, row.how_asked) for row in connection.execute(_ANSWERS, {"this_draft": draft_id})
    }
    if after:
        connection.execute(
            _NEW_CHANGE,
            [
                {
                    "draft_id": draft_id,
                    "revision": revision,
                    "question": question,
                    "answer_before": before.get(question, (None, None))[0],
                    "how_asked_before": before.get(question, (None, None))[1],
                    "answer_after": answer,
                    "how_asked_after": how,
                }
                for question, (answer, how) in after.items()
            ],
        )
        answered = [question for question in after if question in before]
        if answered:
            connection.execute(_OLD_ANSWER, [{"this_draft": draft_id, "this_question": one} for one in answered])
    kept = [
        {"draft_id": draft_id, "question": question, "answer": answer, "how_asked": how}
        for question, (answer, how) in after.items()
        if answer is not None
    ]
    if kept:
        connection.execute(_NEW_ANSWER, kept)
    return revision


def _new_step(
    store: Store, connection: Connection, draft: Row[Any], kind: str, now: datetime, fields: Iterable[str]
) -> int:
    """The next revision, its step and its audit row: names of fields, no content."""
    revision = int(draft.revision) + 1
    moment = in_utc(now)
    connection.execute(_NEXT_REVISION, {"this_draft": draft.id, "next_revision": revision, "this_moment": moment})
    connection.execute(_NEW_STEP, {"draft_id": draft.id, "revision": revision, "kind": kind, "at": moment})
    detail = {"step": kind, "revision": revision, "fields": sorted(fields)}
    store.note(connection, moment, UPDATED, draft.id, detail)
    return revision


@contextlib.contextmanager
def changing(store: Store, draft_id: str, now: datetime) -> Iterator[Connection]:
    """One transaction on one draft. A refusal leaves its own audit row."""
    try:
        with store.writing() as connection:
            require_open(store, connection, draft_id)
            yield connection
    except (DraftMissing, DraftFinished, DraftMoved) as refusal:
        store.refused(in_utc(now), UPDATED, safe_id(draft_id), refusal)
        raise


def require_open(store: Store, connection: Connection, draft_id: str) -> None:
    """A consultation that is not open to who holds the store is missing, like one that never was."""
    if store.guard is not None:
        found = connection.execute(_LOCATION, {"this_draft": draft_id}).one_or_none()
        if found is None or not store.shows(connection, found.location_id):
            raise DraftMissing


def safe_id(draft_id: str) -> str:
    """An id as the log may hold it: what only looks like one may be anything that somebody typed."""
    return draft_id if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(draft_id)) else "no such id"


def _already_done(
    connection: Connection, draft_id: str, kind: str, expected: int | None, after: Mapping[str, Kept] | None
) -> bool:
    """True if this very step was done before (a double tap, a retry). DraftMoved if another one was."""
    if expected is None:
        return False
    revision = open_draft(connection, draft_id).revision
    if revision == expected:
        return False
    done = connection.execute(
        select(steps.c.kind).where(steps.c.draft_id == draft_id, steps.c.revision == expected + 1)
    ).scalar()
    if done == kind:
        rows = connection.execute(
            select(changes).where(changes.c.draft_id == draft_id, changes.c.revision == expected + 1)
        ).all()
        if after is None or {row.question: (row.answer_after, row.how_asked_after) for row in rows} == dict(after):
            return True
    raise DraftMoved(_load(connection, draft_id))


def _last_step_to_undo(connection: Connection, draft_id: str) -> int | None:
    return connection.execute(_LAST_STEP, {"this_draft": draft_id}).scalar()


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


def _load(connection: Connection, draft_id: str) -> Draft:
    row = _row(connection, draft_id)
    kept = connection.execute(_ANSWERS, {"this_draft": draft_id}).all()
    chosen = connection.execute(_CHOICE, {"this_draft": draft_id}).one_or_none()
    return Draft(
        id=row.id,
        code_name=row.code_name,
        as_of=row.as_of,
        created_at=row.created_at,
        saved_at=row.saved_at,
        revision=row.revision,
        answers={one.question: json.loads(one.answer) for one in kept},
        how_asked={one.question: one.how_asked for one in kept},
        option_order=tuple(json.loads(row.option_order)),
        demo_of=row.demo_of,
        choice=None if chosen is None else chosen.choice,
        choice_reason="" if chosen is None else chosen.reason,
        chosen_at=None if chosen is None else chosen.chosen_at,
        rulebook_revision=None if chosen is None else chosen.rulebook_revision,
        shown=None if chosen is None or chosen.shown is None else json.loads(chosen.shown),
        finished_at=row.finished_at,
        can_undo=row.finished_at is None and _last_step_to_undo(connection, draft_id) is not None,
        client_id=row.client_id,
        location_id=row.location_id,
        started_by=row.started_by,
    )


def in_utc(now: datetime) -> datetime:
    """The moment in UTC; one without a zone is a mistake of the caller's."""
    if now.tzinfo is None:
        raise ValueError("now: a time with its zone is needed")
    return now.astimezone(UTC)


def _json(value: Json, what: str, longest: int = LONGEST_ANSWER) -> str:
    """JSON in plain ASCII with sorted keys: the same answer is always the same text."""
    try:
        text = json.dumps(value, sort_keys=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise StoreProblem(f"{what}: this answer can't be kept; it is not plain data.") from None
    if len(text) > longest:
        raise StoreProblem(f"{what}: this is too long to be kept (at most {longest} characters).")
    return text


def plain_text(value: str, what: str, *, empty: bool = False) -> str:
    """Text as typed; what a database can't hold (NUL, half a character) is refused. The message never repeats it."""
    if not isinstance(value, str) or not (empty or value.strip()):
        raise StoreProblem(f"{what}: expected some text.")
    if len(value) > LONGEST_TEXT:
        raise StoreProblem(f"{what}: this is too long to be kept (at most {LONGEST_TEXT} characters).")
    if any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in value):
        raise StoreProblem(f"{what}: it holds a character that can't be kept.")
    return value
