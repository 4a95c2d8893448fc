"""Drafts of consultations: an answer goes in, and is on the disk before the verb returns.

A draft is a row, its current answers, and one step for each save, undo or start-again. Every step carries the draft's
next revision. The store keeps answers as JSON; what may be answered is `intake`'s to say.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, insert, select, update

from medspa_core.records.audit.log import CREATED, UPDATED
from medspa_core.records.consultations.reading import (
    ON_FILE,
    Draft,
    DraftFinished,
    DraftMissing,
    DraftMoved,
    answers_kept,
    last_step_to_undo,
    open_draft,
    read_draft,
    require_open,
)
from medspa_core.records.database.store import Store
from medspa_core.records.facts.consultation_facts import ChoiceFacts, forget_facts, keep_fact
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import answers, changes, choices, drafts, steps
from medspa_core.records.stored_forms import Json, as_json, in_utc, plain_text, safe_id

FIRST_VISIT, LOOK_AGAIN = "first_visit", "look_again"
NEXT_KINDS = (FIRST_VISIT, LOOK_AGAIN)
"""What a next date is for."""


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
    new_id = plain_text(draft_id, "the id") if draft_id is not None else secrets.token_urlsafe(16)
    moment = in_utc(now)
    shown = {
        "code_name": plain_text(code_name, "the code name"),
        "option_order": as_json([plain_text(option, "the option") for option in option_order], "option order"),
        "demo_of": None if demo_of is None else plain_text(demo_of, "the invented client"),
    }
    when = {"as_of": as_of, "created_at": moment, "saved_at": moment}
    whose = {"client_id": client_id, "location_id": location_id, "started_by": started_by}
    with store.writing() as connection:
        connection.execute(insert(drafts).values(id=new_id, revision=0, **shown, **when, **whose))
        store.note(connection, moment, CREATED, new_id)
        return read_draft(connection, new_id)


def save_answers(
    store: Store,
    draft_id: str,
    new_answers: Mapping[str, Json],
    now: datetime,
    how_asked: str,
    expected_revision: int | None = None,
) -> Draft:
    """Keeps answers as one step: all or none; None takes one back to unanswered. On the disk when this returns.

    Undo takes them back together.
    """
    how = plain_text(how_asked, "the way it was asked")
    after = {
        plain_text(question, "the question"): (None, None) if answer is None else (as_json(answer, question), how)
        for question, answer in new_answers.items()
    }
    with changing(store, draft_id, now) as connection:
        if not _already_done(connection, draft_id, "save", expected_revision, after):
            _change(store, connection, draft_id, "save", now, after)
        return read_draft(connection, draft_id)


def clear_answers(store: Store, draft_id: str, now: datetime, expected_revision: int | None = None) -> Draft:
    """Starts the questions again: every answer becomes unanswered, but what stands on file. One step, so one undo brings
    them back."""
    with changing(store, draft_id, now) as connection:
        if not _already_done(connection, draft_id, "clear", expected_revision, None):
            asked = [row.question for row in answers_kept(connection, draft_id) if row.how_asked != ON_FILE]
            _change(store, connection, draft_id, "clear", now, dict.fromkeys(asked, (None, None)))
        return read_draft(connection, draft_id)


def undo(store: Store, draft_id: str, now: datetime, expected_revision: int | None = None) -> Draft:
    """Takes back the last step that has not been taken back. With none left, nothing happens."""
    with changing(store, draft_id, now) as connection:
        again = _already_done(connection, draft_id, "undo", expected_revision, None)
        last = last_step_to_undo(connection, draft_id)
        if last is not None and not again:
            rows = _changed_by(connection, draft_id, last)
            before = {row.question: (row.answer_before, row.how_asked_before) for row in rows}
            undone_by = _change(store, connection, draft_id, "undo", now, before)
            this = (steps.c.draft_id == draft_id) & (steps.c.revision == last)
            connection.execute(update(steps).where(this).values(undone_by=undone_by))
        return read_draft(connection, draft_id)


def _changed_by(connection: Connection, draft_id: str, revision: int) -> Sequence[Row[Any]]:
    return connection.execute(
        select(changes).where(changes.c.draft_id == draft_id, changes.c.revision == revision)
    ).all()


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
    counts once. The next date of another choice goes with it.
    """
    kept: dict[str, Any] = {
        "choice": plain_text(choice, "the choice"),
        "reason": plain_text(reason, "the reason", empty=True),
        "rulebook_revision": rulebook_revision,
        "shown": None if shown is None else as_json(shown, "result", longest=2_000_000),
    }
    with changing(store, draft_id, now) as connection:
        draft = open_draft(connection, draft_id)
        if expected_revision is not None and draft.revision != expected_revision:
            return _same_choice(read_draft(connection, draft_id), choice, kept["reason"], expected_revision)
        if also is not None:
            also(connection)
        _new_step(store, connection, draft, "choice", now, ("choice", "reason", "shown"))
        kept |= {"fact_id": keep_fact(connection, draft, choice, facts, now), "chosen_at": in_utc(now)}
        _keep_choice(connection, draft_id, kept)
        return read_draft(connection, draft_id)


def _keep_choice(connection: Connection, draft_id: str, kept: dict[str, Any]) -> None:
    """In place of the choice that stands. The next date of another choice goes."""
    mine = choices.c.draft_id == draft_id
    before = connection.execute(select(choices.c.choice).where(mine)).scalar()
    if before != kept["choice"]:
        kept |= {"next_kind": None, "next_day": None}
    put = insert(choices).values(draft_id=draft_id) if before is None else update(choices).where(mine)
    connection.execute(put.values(**kept))


def _same_choice(now: Draft, choice: str, reason: str, expected: int) -> Draft:
    """The consultation, if this very choice was kept before (a double tap). DraftMoved if anything else was."""
    if now.revision > expected and now.choice == choice and now.choice_reason == reason:
        return now
    raise DraftMoved(now)


def _refuse_moved(stands: Draft, expected: int | None) -> None:
    if expected is not None and stands.revision != expected:
        raise DraftMoved(stands)


def take_back_choice(store: Store, draft_id: str, now: datetime, expected_revision: int | None = None) -> Draft:
    """Nothing is chosen any more: choice, next date and the nameless fact go, in one transaction. Twice is once."""
    with changing(store, draft_id, now) as connection:
        draft, stands = open_draft(connection, draft_id), read_draft(connection, draft_id)
        if stands.choice is None:
            return stands
        _refuse_moved(stands, expected_revision)
        _new_step(store, connection, draft, "choice", now, ("choice", "taken_back"))
        mine = choices.c.draft_id == draft_id
        fact = connection.execute(select(choices.c.fact_id).where(mine)).scalar_one()
        connection.execute(delete(choices).where(mine))
        forget_facts(connection, [fact])
        return read_draft(connection, draft_id)


def record_next_date(
    store: Store,
    draft_id: str,
    kind: str,
    day: date,
    now: datetime,
    expected_revision: int | None = None,
    require: Callable[[Draft], None] | None = None,
) -> Draft:
    """Keeps the day a client leaves with, beside the choice it belongs to: a first visit, or to look again. Twice is once.

    `require` raises where this day may not be; it is asked in the same transaction.
    A choice that was as new as the answers stays so.
    """
    if kind not in NEXT_KINDS:
        raise StoreProblem(f"A next date is one of {', '.join(NEXT_KINDS)}.")
    with changing(store, draft_id, now) as connection:
        draft, stands = open_draft(connection, draft_id), read_draft(connection, draft_id)
        if (stands.next_kind, stands.next_day) == (kind, day):
            return stands
        _refuse_moved(stands, expected_revision)
        if stands.choice is None:
            raise StoreProblem("Before a date, note what the client chose.")
        if require is not None:
            require(stands)
        _new_step(store, connection, draft, "choice", now, ("next_day", "next_kind"))
        kept: dict[str, Any] = {"next_kind": kind, "next_day": day}
        if stands.chosen_at is not None and stands.chosen_at >= stands.saved_at:
            kept["chosen_at"] = in_utc(now)
        connection.execute(update(choices).where(choices.c.draft_id == draft_id).values(**kept))
        return read_draft(connection, draft_id)


def finish(
    store: Store,
    draft_id: str,
    now: datetime,
    require: Callable[[Draft], None] | None = None,
    expected_revision: int | None = None,
) -> Draft:
    """Ends the consultation: from now on it never changes. It needs a choice (`not_yet` is one). Twice is once.

    `require` raises where something else is missing; it is asked in the same transaction, of what stands there then.
    """
    with changing(store, draft_id, now) as connection:
        draft = read_draft(connection, draft_id)
        if draft.finished_at is not None:
            return draft
        _refuse_moved(draft, expected_revision)
        if require is not None:
            require(draft)
        if draft.choice is None:
            raise StoreProblem('Before the end, note what the client chose. "Not yet" is a choice.')
        _new_step(store, connection, draft, "finish", now, ("finished_at",))
        connection.execute(update(drafts).where(drafts.c.id == draft_id).values(finished_at=in_utc(now)))
        return read_draft(connection, draft_id)


# The statements of every save, built once: building them anew takes as long as running them.
_THIS: BindParameter[str] = bindparam("this_draft")
_NEXT_REVISION = (
    update(drafts)
    .where(drafts.c.id == _THIS)
    .values(revision=bindparam("next_revision"), saved_at=bindparam("this_moment"))
)
_NEW_STEP, _NEW_CHANGE, _NEW_ANSWER = insert(steps), insert(changes), insert(answers)
_OLD_ANSWER = delete(answers).where(answers.c.draft_id == _THIS, answers.c.question == bindparam("this_question"))

# A stored answer and how it was asked; (None, None) is unanswered.
Kept = tuple[str | None, str | None]
_BEFORE_AND_AFTER = ("answer_before", "how_asked_before", "answer_after", "how_asked_after")


def _change(
    store: Store, connection: Connection, draft_id: str, kind: str, now: datetime, after: Mapping[str, Kept]
) -> int:
    """One step: the answers become `after`, and before and after are kept with it. The new revision comes back."""
    revision = _new_step(store, connection, open_draft(connection, draft_id), kind, now, after)
    before: dict[str, Kept] = {row.question: (row.answer, row.how_asked) for row in answers_kept(connection, draft_id)}
    changed = [
        {"draft_id": draft_id, "revision": revision, "question": question}
        | dict(zip(_BEFORE_AND_AFTER, (*before.get(question, (None, None)), *kept), strict=True))
        for question, kept in after.items()
    ]
    if changed:
        connection.execute(_NEW_CHANGE, changed)
    answered = [{"this_draft": draft_id, "this_question": one} for one in after if one in before]
    if answered:
        connection.execute(_OLD_ANSWER, answered)
    answers_now = [
        {"draft_id": draft_id, "question": question, "answer": answer, "how_asked": how}
        for question, (answer, how) in after.items()
        if answer is not None
    ]
    if answers_now:
        connection.execute(_NEW_ANSWER, answers_now)
    return revision


def _new_step(
    store: Store, connection: Connection, draft: Row[Any] | Draft, kind: str, now: datetime, fields: Iterable[str]
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
        rows = _changed_by(connection, draft_id, expected + 1)
        if after is None or {row.question: (row.answer_after, row.how_asked_after) for row in rows} == dict(after):
            return True
    raise DraftMoved(read_draft(connection, draft_id))
