"""What the walk through the staff's own pages needs: somebody who may open all of them, a client with a past, a review."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from medspa_core import access, clients, exam
from medspa_core.access import Licence, Person, Role
from medspa_core.clients import Details, consultations
from medspa_core.exam import NewExam, NewOrder, NewTreatment
from medspa_core.exam.missing_before_treatment import steps_of_visit
from medspa_core.recommendation import recommend
from medspa_core.records import Store
from medspa_core.rulebook import load_rulebook, read_whole
from tests.conftest import DATA, healthy
from tests.practice import hire, sign_in
from tests.records_support import FACTS, ORDER

if TYPE_CHECKING:
    from tests.browser.conftest import RunningApp

TABLET_ZONE = ZoneInfo("America/Chicago")
WHO = "olga"
ROLES = (Role.OWNER, Role.MEDICAL_DIRECTOR, Role.CLINICIAN)
NAME = "Marigold Quill"
CA = "CA"


@dataclass(frozen=True)
class Desk:
    """What the walk through the staff's pages opens."""

    client: str
    finished: str
    reviewed: str
    order: str


def furnish(app: RunningApp) -> Desk:
    """Olga, who may open every page; a client with two consultations, the same one again, and one to be erased."""
    olga, now = hire(app.home, WHO, ROLES), datetime.now(UTC)
    sign_in(app.url, WHO)
    with app.store() as store:
        for kind in ("medical", "needling"):
            access.add_licence(store, olga.id, Licence(kind, CA, f"{kind[0].upper()}-1"), now, olga.id)
        born = date(1984, 3, 7)
        one = clients.new_client(store, olga, Details("M-1", NAME, born, "marigold@example.com", "likes tea"), now)
        clients.new_client(store, olga, Details("M-2", NAME, born), now)
        consultations.start(store, olga, "M-1", now, _today(now), ORDER, client_id=one.id)
        finished = _finished(store, olga, one.id, now)
        consultations.amend(store, olga, finished, "Takes aspirin", "She called", now)
        gone = clients.new_client(store, olga, Details("M-3"), now)
        mine = next(found for found in access.list_open(store, now) if found.person.id == olga.id)
        clients.propose_erasure(store, mine, gone.id, "They asked for it in a letter", now)
        order = _treated(store, olga.id, finished, now)
    return Desk(one.id, finished, app.client("blood_thinner"), order)


def _today(now: datetime) -> date:
    """The day on the tablets: near midnight it is another one than in Greenwich."""
    return now.astimezone(TABLET_ZONE).date()


def _treated(store: Store, who: str, draft_id: str, now: datetime) -> str:
    """The clinician examines and orders, and the first of three sessions is done; says the order's id."""
    person, book, on = access.load_person(store, who), load_rulebook(DATA), _today(now)
    signed = exam.SigningContext(CA, book, now, on, "key-of-exam")
    exam.sign_exam(store, person, draft_id, NewExam(exam.How.IN_PERSON, on), signed)
    new = NewOrder("microneedling_alone", "whole face", 10, 3, {"needling": who})
    order = exam.sign_order(store, person, draft_id, new, replace(signed, key="key-of-order"))
    steps = dict.fromkeys(steps_of_visit(new.option, book), who)
    done = NewTreatment(new.option, on, steps, note="both cheeks", depth_tenths_mm=8)
    exam.record_treatment(store, person, draft_id, done, book, now, on, f"{order.id}-1")
    return order.id


def _finished(store: Store, who: Person, client_id: str, now: datetime) -> str:
    book = load_rulebook(DATA)
    draft = consultations.start(store, who, "M-1", now, _today(now), ORDER, client_id=client_id)
    draft = consultations.save_answers(store, who, draft.id, healthy(concern="texture"), now, "form")
    shown = recommend(draft.answers, book, draft.as_of).as_dict()
    option = "microneedling_alone"
    kept = {"rulebook_revision": book.revision, "files": read_whole(DATA), "shown": shown}
    consultations.record_choice(store, who, draft.id, option, now, FACTS, **kept)
    return consultations.finish(store, who, draft.id, now, book).id
