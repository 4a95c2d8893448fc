"""Clearing, limiting or refusing a finding: the clinician's word with its note goes in, a row that is never changed is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from medspa_core.access import Person, Verb
from medspa_core.exam import signing
from medspa_core.exam.approval.products import Product, find_product
from medspa_core.exam.schema import rulings
from medspa_core.exam.signing import ExamProblem, SigningContext, as_json
from medspa_core.exam.verdicts import AfterReview, Ruling, Word, after_review, can_be_lifted
from medspa_core.findings import Finding, findings_by_option
from medspa_core.intake import IntakeProblem, IntakeTable, read_intake
from medspa_core.recommendation import recommend
from medspa_core.records import Draft, Store
from medspa_core.records.audit.log import CREATED
from medspa_core.records.consultations.reading import read_draft
from medspa_core.records.stored_forms import from_row
from medspa_core.result import OptionResult
from medspa_core.rulebook import Rulebook
from medspa_core.safety import unanswered_safety

Results = Mapping[str, OptionResult]
Named = Mapping[str, list[tuple[str, Finding]]]
"""Contraindication -> the options it was found for, with what was found."""
DECIDED = ("draft_id", "contraindication", "case_name", "options", "word", "note")


def results_of(draft: Draft, book: Rulebook, product: Product | None = None) -> Results:
    """What the rulebook says of each option, on the day of the consultation, with the product that is to be used."""
    answers = dict(draft.answers)
    if product is not None and product.kind == "exosome_product":
        answers["exosome_product"] = product.as_answer()
    try:
        return recommend(answers, book, draft.as_of).options
    except IntakeProblem as problem:
        raise ExamProblem(*problem.problems) from None


def findings_of(draft: Draft, book: Rulebook) -> dict[str, tuple[Finding, ...]]:
    """What was found for each option, and nothing else of the result: for many consultations at once."""
    return findings_by_option(_table_of(draft, book), book)


def unanswered_in(draft: Draft, book: Rulebook) -> tuple[str, ...]:
    """Safety questions without an answer, whether they are asked of this client or not."""
    return unanswered_safety(_table_of(draft, book), book)


def _table_of(draft: Draft, book: Rulebook) -> IntakeTable:
    try:
        return read_intake(draft.answers, book, draft.as_of)
    except IntakeProblem as problem:
        raise ExamProblem(*problem.problems) from None


def rule_on(
    store: Store,
    person: Person,
    draft_id: str,
    contraindications: Iterable[str],
    word: Word,
    note: str,
    context: SigningContext,
    *,
    options: Iterable[str] | None = None,
    product_id: str | None = None,
) -> list[Ruling]:
    """The clinician's word on findings of this consultation, each for all options it concerns or those named.

    A note is needed. Raises AccessRefused, or ExamProblem with every reason; then nothing is kept.
    """
    book = context.book
    with signing.signing(store, person, Verb.SIGN_REVIEW, context.now, draft_id) as connection:
        signed = signing.sign_for_client(connection, person, draft_id, context)
        results = results_of(read_draft(connection, draft_id), book, find_product(connection, product_id))
        named = _named(results, contraindications, options, book)
        said = {"draft_id": draft_id, "word": str(word), "note": signing.text(note, "The note"), **asdict(signed)}
        _refuse_hard_stops(named, Word(word), book)
        if _add(connection, named, said, word, context):
            store.note(connection, context.now, CREATED, draft_id, {"what": "ruling", "findings": len(named)})
        return read_rulings(connection, draft_id)


def _add(connection: Connection, named: Named, said: Mapping[str, Any], word: Word, context: SigningContext) -> int:
    """A row for each contraindication; how many of them were not there yet."""
    first = signing.next_number(connection, rulings.c.number, rulings.c.draft_id == said["draft_id"])
    rows = (
        {**said, **_row(found, word, context), "id": f"{context.key}-{place}", "number": first + place}
        for place, found in enumerate(named.values())
    )
    return sum(signing.add_once(connection, rulings, row, DECIDED) for row in rows)


def _named(results: Results, contraindications: Iterable[str], options: Iterable[str] | None, book: Rulebook) -> Named:
    among = None if options is None else set(options)
    named = {
        one: [
            (option, finding)
            for option, result in results.items()
            for finding in result.findings
            if finding.contraindication == one and (among is None or option in among)
        ]
        for one in dict.fromkeys(contraindications)
    }
    missing = sorted(one for one, found in named.items() if not found)
    if missing or not named:
        words = ", ".join(_words(one, book) for one in missing)
        raise ExamProblem(f"Not found for this client, so there is nothing to say on it: {words or '-'}.")
    return named


def _refuse_hard_stops(named: Named, word: Word, book: Rulebook) -> None:
    """Clearing what stays for every option it concerns would change nothing: it is refused, not kept in silence."""
    if word is Word.REFUSED:
        return
    stays = [one for one, found in named.items() if not any(can_be_lifted(finding, book) for _, finding in found)]
    if stays:
        raise ExamProblem(f"The rulebook lets nobody lift this: {', '.join(_words(one, book) for one in stays)}.")


def _words(contraindication: str, book: Rulebook) -> str:
    """What a finding is about, as staff read it."""
    if contraindication in book.gates:
        return book.gates[contraindication].staff
    question = book.questions.get(contraindication)
    return contraindication if question is None else question.words.staff


def _row(found: list[tuple[str, Finding]], word: Word, context: SigningContext) -> dict[str, Any]:
    finding, clearances = found[0][1], context.book.exam.clearances
    lapses = None if word is Word.REFUSED else context.on + timedelta(clearances[finding.contraindication].days)
    return {
        "contraindication": finding.contraindication,
        "case_name": finding.case,
        "answer": as_json(finding.answer),
        "options": as_json([option for option, _ in found]),
        "valid_until": lapses,
        "rulebook_revision": context.book.revision,
    }


def read_rulings(connection: Connection, draft_id: str) -> list[Ruling]:
    """Every word on this consultation, oldest first, inside a transaction."""
    query = select(rulings).where(rulings.c.draft_id == draft_id).order_by(rulings.c.number)
    return [
        from_row(
            Ruling,
            row,
            case=row.case_name,
            options=tuple(json.loads(row.options)),
            word=Word(row.word),
            signed=signing.signature_of(row),
        )
        for row in connection.execute(query)
    ]


def review_of(
    draft: Draft, rulings_given: list[Ruling], book: Rulebook, on: date, product: Product | None = None
) -> dict[str, AfterReview]:
    """Every option of the consultation after the review, on a day."""
    return {
        option: after_review(found, option, rulings_given, book, draft.as_of, on)
        for option, found in results_of(draft, book, product).items()
    }
