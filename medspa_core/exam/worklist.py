"""The clinician's worklist: which consultations wait for what, and how far the review of each is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, or_, select, true

from medspa_core.access import Person, Verb, require
from medspa_core.access.rights import require_everywhere
from medspa_core.clients.client_access import open_locations
from medspa_core.exam import signing
from medspa_core.exam.exams import Exam, counts, latest_exam
from medspa_core.exam.held_back import UNREAD, HeldBack, held_back
from medspa_core.exam.orders import read_orders
from medspa_core.exam.rulings import findings_of, read_rulings, unanswered_in
from medspa_core.exam.schema import exams, rulings
from medspa_core.exam.signing import ExamProblem
from medspa_core.exam.verdicts import Ruling, is_refused, not_seen, ruling_on, still_open
from medspa_core.findings import Finding
from medspa_core.recommendation import not_wanted
from medspa_core.records import Draft, Store
from medspa_core.records.consultations.reading import located, read_draft
from medspa_core.records.schema import answers, choices, drafts
from medspa_core.rulebook import Rulebook
from medspa_core.safety import still_asked


class Waits(StrEnum):
    """What a consultation waits for next on its way to a treatment."""

    EXAM = "exam"
    WORD = "word"  # examined, and a finding is open: answers were changed since, or a word no longer counts. Ordered or not
    ORDER = "order"
    NOTHING = "nothing"


NEXT = tuple(Waits)
MOST = 200


@dataclass(frozen=True, slots=True)
class WorklistLine:
    """One consultation in the list: who it is, what it waits for, how many findings and safety questions are open.

    What is open about the product is not counted: it is settled by the product of the order. A question that a word has
    settled is not answered all the same; `needs_a_word` says whether anything is left to settle.
    """

    draft_id: str
    code_name: str
    saved_at: datetime
    choice: str | None
    invented: bool
    examined: bool
    ordered: bool
    needs_a_word: bool
    waits_for: Waits
    held_back: HeldBack
    age: int | None = None
    concern: str | None = None
    open_findings: int = 0
    unanswered: int = 0


def worklist(store: Store, person: Person, book: Rulebook, on: date, limit: int = MOST) -> list[WorklistLine]:
    """Consultations of the person's locations that a clinician is needed for, by what they wait for, then the newest first.

    One with no answer on safety, and nothing signed or chosen, is no talk yet and waits for nobody; nor does one that was
    finished without choosing a treatment. Raises AccessRefused.
    """
    require(person, Verb.SIGN_REVIEW)
    with store.opening("worklist of reviews") as connection:
        here = located(drafts.c.location_id, open_locations(connection, person, Verb.SIGN_REVIEW))
        lines = [_line_or_unread(connection, one, book, on) for one in _ids(connection, here, book, limit)]
    return sorted(lines, key=lambda line: (NEXT.index(line.waits_for), -line.saved_at.timestamp()))


def waiting_counts(store: Store, person: Person, book: Rulebook, on: date) -> Counter[Waits]:
    """How many of the list wait for what, for the start page; invented ones are in no count. Raises AccessRefused."""
    require(person, Verb.SIGN_REVIEW)
    with store.reading() as connection:
        here = located(drafts.c.location_id, open_locations(connection, person, Verb.SIGN_REVIEW))
        return _counted(connection, here, book, on)


def number_waiting(store: Store, person: Person, book: Rulebook, on: date) -> int:
    """How many wait for anything, as one bare number, for who sees the figures of everybody. Raises AccessRefused."""
    require_everywhere(person, Verb.SEE_FIGURES)
    with store.reading() as connection:
        found = _counted(connection, true(), book, on)
    return found.total() - found[Waits.NOTHING]


def _counted(connection: Connection, where: ColumnElement[bool], book: Rulebook, on: date) -> Counter[Waits]:
    found: Counter[Waits] = Counter()
    for one in _ids(connection, where & drafts.c.demo_of.is_(None), book, MOST):
        examined = counts(latest_exam(connection, one), on)  # without one, what was found changes nothing here
        found[_line_or_unread(connection, one, book, on).waits_for if examined else Waits.EXAM] += 1
    return found


def _ids(connection: Connection, where: ColumnElement[bool], book: Rulebook, limit: int) -> Sequence[str]:
    query = select(drafts.c.id).where(_needs_a_clinician(book), where)
    return connection.execute(query.order_by(drafts.c.saved_at.desc(), drafts.c.id).limit(limit)).scalars().all()


def _needs_a_clinician(book: Rulebook) -> ColumnElement[bool]:
    asked = [question for question, one in book.questions.items() if one.part == "safety"]
    mine = answers.c.draft_id == drafts.c.id
    begun = exists().where(mine, answers.c.question.in_(asked))
    chosen = select(choices.c.draft_id).where(choices.c.draft_id == drafts.c.id)
    for_a_treatment = exists(chosen.where(choices.c.choice.in_(book.ranked)))
    signed = or_(*(exists().where(table.c.draft_id == drafts.c.id) for table in (rulings, exams)))
    past = drafts.c.demo_of.is_not(None) & drafts.c.finished_at.is_not(None)  # the invented practice's own past
    ended_without = drafts.c.finished_at.is_not(None) & exists(chosen) & ~for_a_treatment
    return ~past & ~ended_without & or_(begun, for_a_treatment, signed)


def review_line(store: Store, person: Person, draft_id: str, book: Rulebook, on: date) -> WorklistLine:
    """How far the review of one consultation is, for whoever may read it; no word and no note. Raises AccessRefused."""
    with signing.looking(store, person, Verb.READ_CLIENTS, draft_id) as connection:
        return line_of(connection, draft_id, book, on)


def _line_or_unread(connection: Connection, draft_id: str, book: Rulebook, on: date) -> WorklistLine:
    """Also of answers that today's rules can't read: it stands in the list and says so, and takes no other line with it."""
    try:
        return line_of(connection, draft_id, book, on)
    except ExamProblem:
        examined = counts(latest_exam(connection, draft_id), on)
        ordered = any(not one.terms.ended for one in read_orders(connection, draft_id))
        waits = Waits.WORD if examined else Waits.EXAM
        draft = read_draft(connection, draft_id)
        return _line(draft, examined, ordered, needs_a_word=True, waits_for=waits, held_back=UNREAD)


def _line(draft: Draft, examined: bool, ordered: bool, **told: Any) -> WorklistLine:
    """`told`: what of it the answers say."""
    return WorklistLine(
        draft_id=draft.id,
        code_name=draft.code_name,
        saved_at=draft.saved_at,
        choice=draft.choice,
        invented=draft.demo_of is not None,
        examined=examined,
        ordered=ordered,
        **told,
    )


def line_of(connection: Connection, draft_id: str, book: Rulebook, on: date, only: str | None = None) -> WorklistLine:
    """How far one review is, inside a transaction of the caller, who has asked for the right. `only`: for this option alone."""
    draft, exam = read_draft(connection, draft_id), latest_exam(connection, draft_id)
    findings = {option: found for option, found in findings_of(draft, book).items() if only in (None, option)}
    given = read_rulings(connection, draft_id)
    still = [one for option, found in findings.items() for one in _to_look_at(found, option, exam, given, book, on)]
    left = [option for option, found in findings.items() if not is_refused(found, option, given, book, on)]
    unanswered = _unanswered(draft, left, book)
    asked = [one for one in still if one.answer is not None or one.contraindication in unanswered]
    found = {one.contraindication: one for one in asked if not one.is_gate}
    open_findings = sum(one.answer is not None for one in found.values())
    examined = counts(exam, on)
    ordered = _is_ordered(connection, draft_id, on, only)
    told = {"age": draft.answers.get("age"), "concern": draft.answers.get("concern")}
    return _line(
        draft,
        examined,
        ordered,
        **told,
        open_findings=open_findings,
        unanswered=len(unanswered),
        needs_a_word=bool(found),
        waits_for=_next(examined, ordered, refused=not left, found=bool(open_findings), words=bool(found)),
        held_back=held_back(draft, findings, given, book, on),
    )


def _is_ordered(connection: Connection, draft_id: str, on: date, only: str | None) -> bool:
    terms = [one.terms for one in read_orders(connection, draft_id) if only in (None, one.terms.option)]
    return any(not one.ended and on <= one.valid_until for one in terms)


def _to_look_at(
    findings: tuple[Finding, ...], option: str, exam: Exam | None, given: Sequence[Ruling], book: Rulebook, on: date
) -> tuple[Finding, ...]:
    """What is open for one option, and what came up after the exam."""
    still = still_open(findings, option, given, book, on)
    if exam is None:
        return still
    ruled = [one for one in findings if ruling_on(one, option, given, on) is not None]
    unseen = not_seen(findings, lambda one: exam.had(option, one), ruled)
    return (*still, *(one for one in unseen if one not in still))


def _unanswered(draft: Draft, left: Sequence[str], book: Rulebook) -> tuple[str, ...]:
    """Safety questions that are asked and have no answer; `left`: options that neither a finding nor a word rules out.
    What the client wants takes longer to judge, so it is looked at only where it could end a question."""
    missing = unanswered_in(draft, book)
    if not any(book.questions[one].only_while_open in left for one in missing):
        return still_asked(missing, left, book)
    unwanted = not_wanted(draft.answers, book, draft.as_of)
    return still_asked(missing, [option for option in left if option not in unwanted], book)


def _next(examined: bool, ordered: bool, *, refused: bool, found: bool, words: bool) -> Waits:
    """What was found comes before an order, signed or not: an answer that came later must not go unseen. An examined client
    for whom nothing is left open to treatment waits for nothing more; nobody settles what was not asked any more."""
    if not examined:
        return Waits.EXAM
    if found:
        return Waits.WORD
    if refused:
        return Waits.NOTHING
    if words:
        return Waits.WORD
    return Waits.NOTHING if ordered else Waits.ORDER
