"""The director's approval of the rulebook as it stands. Until then, and after any change, it is *training only*."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, select

from medspa_core.access import Person, Verb
from medspa_core.exam import signing
from medspa_core.exam.schema import rulebook_approvals
from medspa_core.exam.signing import Signature, SigningContext, as_json
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.stored_forms import from_row
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.content import Change, changes_between, content_of


@dataclass(frozen=True, slots=True)
class Approval:
    """What a director said last of a rulebook: approved or withdrawn, which revision, signed by whom."""

    revision: str
    word: str
    note: str
    signed: Signature


def approve_rulebook(store: Store, person: Person, revision: str, note: str, context: SigningContext) -> Approval:
    """Approves the rulebook of this revision, as the director saw it. One that has changed since is refused."""
    return _say(store, person, "approved", revision, note, context)


def withdraw_approval(store: Store, person: Person, note: str, context: SigningContext) -> Approval:
    """Takes the approval back: training only from now on."""
    return _say(store, person, "withdrawn", context.book.revision, note, context)


def _say(store: Store, person: Person, word: str, revision: str, note: str, context: SigningContext) -> Approval:
    with signing.signing(store, person, Verb.APPROVE_RULEBOOK, context.now) as connection:
        signed = signing.sign(connection, person, context)
        if revision != context.book.revision:
            raise signing.ExamProblem("The rulebook has changed since this page was drawn. Look at it again.")
        said = {"revision": revision, "word": word, "note": signing.text(note, "The note", empty=word == "approved")}
        number = signing.next_number(connection, rulebook_approvals.c.number)
        kept = {"id": context.key, "number": number, "content": as_json(content_of(context.book))}
        if signing.add_once(connection, rulebook_approvals, said | kept | asdict(signed), tuple(said)):
            store.note(connection, context.now, CREATED, revision, {"what": f"rulebook {word}"})
        return signing.as_kept_now(_latest(connection))


def latest_approval(store: Store) -> Approval | None:
    """What was said last, or None."""
    with store.reading() as connection:
        return _latest(connection)


def _latest(connection: Connection) -> Approval | None:
    query = select(*_SHOWN).order_by(rulebook_approvals.c.number.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else from_row(Approval, row, signed=signing.signature_of(row))


_SHOWN = [column for column in rulebook_approvals.c if column.name != "content"]


def approves(approval: Approval | None, book: Rulebook) -> bool:
    """The last word is an approval, and of exactly this rulebook: nothing has changed since."""
    return approval is not None and approval.word == "approved" and approval.revision == book.revision


def is_approved_in(connection: Connection, book: Rulebook) -> bool:
    """The same inside a transaction."""
    return approves(_latest(connection), book)


def training_only(store: Store, book: Rulebook) -> bool:
    """Whether every page and paper says so. What the rulebook's own file says is for where no signatures are kept."""
    return not approves(latest_approval(store), book)


def what_changed(store: Store, book: Rulebook) -> tuple[Change, ...] | None:
    """Each line that is not as it was when a rulebook was last approved; None if none ever was."""
    approved = select(rulebook_approvals.c.content).where(rulebook_approvals.c.word == "approved")
    query = approved.order_by(rulebook_approvals.c.number.desc()).limit(1)
    with store.reading() as connection:
        before = connection.execute(query).scalar_one_or_none()
    return None if before is None else changes_between(json.loads(before), content_of(book))
