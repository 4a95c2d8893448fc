"""What keeps treatments from a client for now, for a list: a hard stop, and a wait with its first day.

A product or a place that rules an option out is the clinic's matter and not the client's, so it is in no mark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from medspa_core.access import Person, Verb, require
from medspa_core.exam import consultation_access
from medspa_core.exam.rulings import findings_of, read_rulings
from medspa_core.exam.signing import ExamProblem
from medspa_core.exam.verdicts import Ruling, ruling_on, verdict_of
from medspa_core.findings import Finding
from medspa_core.records import Draft, Store
from medspa_core.records.audit.log import LIST_OF_CONSULTATIONS
from medspa_core.records.consultations.reading import read_draft
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict, deferred_until


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Options that a finding of this client or a clinician's refusal rules out, and those that must wait: each day and the
    options that wait for it, the earliest first. `unread`: today's rules can't read the answers, so none of it is known."""

    excluded: tuple[str, ...] = ()
    waits: tuple[tuple[date, tuple[str, ...]], ...] = ()
    unread: bool = False


UNREAD = HeldBack(unread=True)


def held_back(
    draft: Draft, findings: Mapping[str, Sequence[Finding]], given: Sequence[Ruling], book: Rulebook, on: date
) -> HeldBack:
    """The same for one consultation on a day, with the clinician's words so far."""
    excluded: list[str] = []
    waits: dict[date, list[str]] = {}
    for option, found in findings.items():
        judged = [(one, verdict_of(one, ruling_on(one, option, given, on), book)) for one in found if not one.is_gate]
        if any(verdict is Verdict.EXCLUDED for _, verdict in judged):
            excluded.append(option)
            continue
        days = max((one.days for one, verdict in judged if verdict is Verdict.DEFERRED), default=0)
        until = deferred_until(draft.as_of, days)
        if until is not None and on < until:
            waits.setdefault(until, []).append(option)
    return HeldBack(tuple(excluded), tuple((day, tuple(waits[day])) for day in sorted(waits)))


def held_back_in(
    store: Store, person: Person, draft_ids: Collection[str], book: Rulebook, on: date
) -> dict[str, HeldBack]:
    """For each of these consultations that is open to the person, where anything holds a treatment back, or where that can't be
    known. Raises AccessRefused."""
    require(person, Verb.READ_CLIENTS)
    found = {}
    with store.opening(LIST_OF_CONSULTATIONS) as connection:
        for one in draft_ids:
            if not consultation_access.is_open_to(connection, person, Verb.READ_CLIENTS, one):
                continue
            draft = read_draft(connection, one)
            try:
                mark = held_back(draft, findings_of(draft, book), read_rulings(connection, one), book, on)
            except ExamProblem:
                mark = UNREAD  # answers of an older version that today's questions no longer take
            if mark != HeldBack():
                found[one] = mark
    return found
