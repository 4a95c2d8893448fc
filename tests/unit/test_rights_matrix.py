"""Each role and each verb that is about a client: who may is said here, and a verb that is missing here fails."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from medspa_core import access, clients, exam, offer
from medspa_core.access import AccessRefused, PracticeFacts
from medspa_core.clients import Details, consultations, retention
from medspa_core.clients.export import record
from medspa_core.clients.export.record import export_client
from medspa_core.clients.retention import past_their_time, read_periods
from medspa_core.exam.orders import order_in_force
from medspa_core.records import Store, StoreProblem, start_draft
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF
from tests.exam_support import GEL, MN, Practice, exam_practice
from tests.records_support import FACTS, NOW, ORDER, Clinic, new_clinic

WHO = {
    "aesthetician": "needler",
    "clinician": "clinician",
    "medical director": "director",
    "manager": "manager",
    "owner": "owner",
}
TREATS = {"aesthetician", "clinician", "medical director"}
REVIEWS = {"clinician", "medical director"}
TWO = {"medical director", "owner"}
LEADS = {*TWO, "manager"}
HOURS = offer.OpeningHours((480,) * 5 + (0, 0), 2, 2, 1, 1)
Try = Callable[[Practice, str], object]
"""Somebody of the practice tries a verb on the practice's consultation and its client."""

CHOICE: dict[str, Any] = {"rulebook_revision": "r", "files": {}, "shown": {}}


def client_of(practice: Practice) -> str:
    found = consultations.load(practice.store, practice["director"], practice.draft)
    assert found is not None and found.client_id is not None
    return found.client_id


def fresh(practice: Practice) -> str:
    """A client with a name of its own."""
    return clients.new_client(practice.store, practice["needler"], Details(practice.key()), NOW).id


def nobodys(practice: Practice) -> str:
    """A consultation that is no client's, begun by the aesthetician."""
    by = practice["needler"].id
    return start_draft(practice.store, practice.key(), NOW, AS_OF, ORDER, started_by=by).id


def order_of(practice: Practice) -> str:
    with practice.store.reading() as connection:
        found = order_in_force(connection, practice.draft, MN)
    return found.id if found is not None else practice.order().id


def of_client(verb: Callable[..., object], *given: Any) -> Try:
    return lambda p, who: verb(p.store, p[who], client_of(p), *given)


def of_draft(verb: Callable[..., object], *given: Any, **named: Any) -> Try:
    return lambda p, who: verb(p.store, p[who], p.draft, *given, **named)


def next_date(p: Practice, who: str) -> object:
    consultations.record_choice(p.store, p["needler"], p.draft, "not_yet", NOW, FACTS, **CHOICE)
    return consultations.record_next_date(p.store, p[who], p.draft, "look_again", AS_OF, NOW, p.book)


def signed(verb: Callable[..., object], *given: Any) -> Try:
    return lambda p, who: verb(p.store, p[who], *given, p.context())


def merge(p: Practice, who: str) -> object:
    return clients.merge(p.store, p[who], client_of(p), fresh(p), NOW)


def unmerge(p: Practice, who: str) -> object:
    other = fresh(p)
    clients.merge(p.store, p["needler"], client_of(p), other, NOW)
    return clients.unmerge(p.store, p[who], other, NOW)


def propose(p: Practice, who: str, client_id: str = "") -> str:
    return clients.propose_erasure(p.store, p.signed_in(who), client_id or fresh(p), "Asked for in writing.", NOW)


def confirm(p: Practice, who: str) -> object:
    made = propose(p, "owner" if who != "owner" else "director")
    return clients.confirm_erasure(p.store, p.signed_in(who), made, NOW)


def withdraw(p: Practice, who: str) -> object:
    return clients.withdraw_erasure(p.store, p.signed_in(who), propose(p, "owner"), NOW)


def seen(practice: Practice) -> int:
    """The version of the offer that a page would show now."""
    latest = offer.latest_offer(practice.store)
    return latest.number if latest else 0


def enter(p: Practice, who: str) -> offer.EnteredProduct:
    return offer.enter_product(p.store, p[who], GEL, p.book, NOW, AS_OF, p.key())


def open_at(p: Practice, who: str) -> object:
    here = access.list_locations(p.store)[0].id
    entered = offer.hours_entered(p.store)
    seen = entered[here].number if here in entered else 0
    return offer.set_opening_hours(p.store, p[who], here, HOURS, seen, NOW, p.key())


MATRIX: dict[str, tuple[set[str], Try]] = {
    "open_client": (TREATS, of_client(clients.open_client)),
    "visits_of": (TREATS, of_client(clients.visits_of)),
    "change_client": (TREATS, lambda p, who: clients.change_client(p.store, p[who], fresh(p), Details("B"), NOW, 0)),
    "new_client": (TREATS, lambda p, who: clients.new_client(p.store, p[who], Details("C"), NOW)),
    "find_clients": (TREATS, lambda p, who: clients.find_clients(p.store, p[who], "birch")),
    "already_here": (TREATS, lambda p, who: clients.already_here(p.store, p[who], Details("B", "B", AS_OF))),
    "recent_clients": (TREATS, lambda p, who: clients.recent_clients(p.store, p[who])),
    "alike": (TREATS, lambda p, who: clients.alike(p.store, p[who])),
    "merge": (TREATS, merge),
    "unmerge": (TREATS, unmerge),
    "start": (TREATS, lambda p, who: consultations.start(p.store, p[who], "D", NOW, AS_OF, ORDER)),
    "list_open": (TREATS, lambda p, who: consultations.list_open(p.store, p[who])),
    "own_open_copy": (TREATS, lambda p, who: consultations.own_open_copy(p.store, p[who], "a204")),
    "list_undecided": (TREATS, lambda p, who: consultations.list_undecided(p.store, p[who], AS_OF, AS_OF)),
    "load": (TREATS, of_draft(consultations.load)),
    "save_answers": (TREATS, of_draft(consultations.save_answers, {"age": 44}, NOW, "form")),
    "answers_given": (TREATS, of_draft(consultations.answers_given)),
    "add_note": (TREATS, of_draft(consultations.add_note, "A note", NOW)),
    "read_notes": (TREATS, of_draft(consultations.read_notes)),
    "take_back_note": (TREATS, of_draft(consultations.take_back_note, 1, NOW)),
    "record_choice": (TREATS, of_draft(consultations.record_choice, "not_yet", NOW, FACTS, **CHOICE)),
    "take_back_choice": (TREATS, of_draft(consultations.take_back_choice, NOW)),
    "record_next_date": (TREATS, next_date),
    "amend": (TREATS, of_draft(consultations.amend, "what", "why", NOW)),
    "amendments_of": (TREATS, of_draft(consultations.amendments_of)),
    "rulings_for_the_client": (TREATS, of_draft(exam.rulings_for_the_client)),
    "has_seen_the_answers": (TREATS, lambda p, who: exam.has_seen_the_answers(p.store, p[who], p.draft)),
    "is_examined": (TREATS, lambda p, who: exam.is_examined(p.store, p[who], p.draft, AS_OF)),
    "review_line": (TREATS, lambda p, who: exam.review_line(p.store, p[who], p.draft, p.book, AS_OF)),
    "blocks_now": (
        TREATS,
        lambda p, who: exam.blocks_now(p.store, p[who], p.draft, exam.NewTreatment(MN, AS_OF, {}), p.book),
    ),
    "is_treated_on": (TREATS, lambda p, who: exam.is_treated_on(p.store, p[who], p.draft, AS_OF)),
    "is_treated_since": (TREATS, lambda p, who: exam.is_treated_since(p.store, p[who], p.draft, AS_OF)),
    "record_treatment": (TREATS, lambda p, who: p.treat(who=who)),
    "correct_treatment": (
        TREATS,
        lambda p, who: exam.correct_treatment(p.store, p[who], p.done, "Left side only", "Asked", NOW, p.key()),
    ),
    "treatment_file": (TREATS, lambda p, who: exam.treatment_file(p.store, p[who], p.draft, p.book, AS_OF)),
    "still_missing": (TREATS, lambda p, who: exam.still_missing(p.store, p[who], p.draft, MN, p.book, AS_OF)),
    "last_session_day": (TREATS, of_client(exam.last_session_day)),
    "client_orders": (TREATS, of_client(exam.client_orders)),
    "held_back_in": (TREATS, lambda p, who: exam.held_back_in(p.store, p[who], [p.draft], p.book, AS_OF)),
    "waiting_counts": (REVIEWS, lambda p, who: exam.waiting_counts(p.store, p[who], p.book, AS_OF)),
    "number_waiting": (LEADS, lambda p, who: exam.number_waiting(p.store, p[who], p.book, AS_OF)),
    "worklist": (REVIEWS, lambda p, who: exam.worklist(p.store, p[who], p.book, AS_OF)),
    "review_file": (REVIEWS, lambda p, who: exam.review_file(p.store, p[who], p.draft, p.book, AS_OF)),
    "rule_on": (REVIEWS, lambda p, who: p.rule("anticoagulant", who=who)),
    "sign_exam": (REVIEWS, lambda p, who: p.examine(who)),
    "sign_order": (REVIEWS, lambda p, who: p.order(who=who)),
    "revoke_order": (REVIEWS, lambda p, who: exam.revoke_order(p.store, p[who], order_of(p), "Moved away", NOW)),
    "unassigned": (TREATS, lambda p, who: clients.unassigned(p.store, p[who])),
    "attach": (TREATS, lambda p, who: clients.attach(p.store, p[who], nobodys(p), NOW)),
    "discard": ({"aesthetician", *TWO}, lambda p, who: clients.discard(p.store, p[who], nobodys(p), NOW)),
    "count_invented": (TWO, lambda p, who: clients.count_invented(p.store, p[who])),
    "discard_invented": (TWO, lambda p, who: clients.discard_invented(p.store, p.signed_in(who), NOW)),
    "undo": (TREATS, of_draft(consultations.undo, NOW)),
    "finish": (TREATS, lambda p, who: consultations.finish(p.store, p[who], p.draft, NOW, p.book)),
    "clear_answers": (TREATS, of_draft(consultations.clear_answers, NOW)),
    "export_client": (
        {"medical director"},
        lambda p, who: export_client(p.store, p.signed_in(who), client_of(p), NOW),
    ),
    "propose_erasure": (TWO, propose),
    "confirm_erasure": (TWO, confirm),
    "withdraw_erasure": (TWO, withdraw),
    "proposals": (TWO, lambda p, who: clients.proposals(p.store, p[who])),
    "hold": (TWO, of_client(clients.hold, "A letter", NOW)),
    "lift_hold": (TWO, of_client(clients.lift_hold, NOW)),
    "past_their_time": (TWO, lambda p, who: past_their_time(p.store, p[who], read_periods(), AS_OF)),
    "approve_rulebook": ({"medical director"}, lambda p, who: p.approve(who)),
    "withdraw_approval": ({"medical director"}, signed(exam.withdraw_approval, "Looking again")),
    "approve_product": ({"medical director"}, lambda p, who: p.product(who)),
    "withdraw_product": (
        {"medical director"},
        lambda p, who: exam.withdraw_product(p.store, p[who], p.product().id, "Recalled", NOW),
    ),
    "set_offer": (
        TWO,
        lambda p, who: offer.set_offer(p.store, p[who], offer.offer_in(p.book), seen(p), p.book, NOW, p.key()),
    ),
    "set_opening_hours": (LEADS, open_at),
    "enter_product": (TWO, enter),
    "offer_versions": (TWO, lambda p, who: offer.offer_versions(p.store, p[who])),
    "entered_waiting": (TWO, lambda p, who: offer.entered_waiting(p.store, p[who])),
    "drop_entered_product": (
        TWO,
        lambda p, who: offer.drop_entered_product(p.store, p[who], enter(p, "owner").id, NOW),
    ),
    "set_practice_facts": (
        {"owner"},
        lambda p, who: access.set_practice_facts(p.store, p[who], PracticeFacts(p.key(), "", ""), p.book.clinic, NOW),
    ),
    "sign_standing_order": ({"medical director"}, signed(exam.sign_standing_order, "cold_sore_prevention")),
}
OF_NO_CLIENT = {
    *("own_rulebook", "latest_approval", "training_only", "what_changed"),
    *(
        "list_products",
        "product_in_use",
        "standing_orders_in_force",
        "latest_offer",
        "hours_entered",
        "practice_facts",
        "entered_facts",
    ),
}
"""What says nothing of any client: the rulebook, its approval, the practice's products, prices, standing orders and name."""


def furnish(store: Store, rulebook: Rulebook) -> Practice:
    made = exam_practice(store, rulebook)
    who = made["needler"]
    draft = consultations.start(store, who, "Birch 7", NOW, AS_OF, ORDER)
    found = consultations.load(store, who, made.draft)
    assert found is not None
    answers = {**found.answers, "anticoagulant": "yes"}
    made.draft = consultations.save_answers(store, who, draft.id, answers, NOW, "form").id
    consultations.add_note(store, who, made.draft, "A note", NOW)
    made.rule("anticoagulant")
    made.examine()
    made.order(sessions=9)
    made.done = made.treat().id
    return made


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> tuple[Clinic, Practice]:
    """The practice, made once and closed; each test gets a copy of its own."""
    clinic = new_clinic(tmp_path_factory.mktemp("furnished"))
    with clinic.create() as store:
        return clinic, furnish(store, rulebook)


@pytest.fixture
def practice(furnished: tuple[Clinic, Practice], tmp_path: Path) -> Iterator[Practice]:
    clinic, made = furnished
    with clinic.copy_to(tmp_path).open() as store:
        yield replace(made, store=store, people=dict(made.people))


def public_verbs() -> set[str]:
    found = set()
    of_the_practice = import_module("medspa_core.access.practice_facts")  # a function of this name hides it
    for module in (clients, consultations, record, retention, exam, offer, of_the_practice):
        face = hasattr(module, "__path__")  # a package: what it imports is what it gives
        for name, one in inspect.getmembers(module, inspect.isfunction):
            own = face or one.__module__ == module.__name__
            if own and not name.startswith("_") and [*inspect.signature(one).parameters][:1] == ["store"]:
                found.add(name)
    return found


def test_no_verb_is_left_out() -> None:
    assert public_verbs() == set(MATRIX) | OF_NO_CLIENT


@pytest.mark.parametrize("name", MATRIX)
def test_every_role_may_do_what_the_table_says_and_nothing_else(practice: Practice, name: str) -> None:
    allowed, do = MATRIX[name]
    for role in sorted(WHO, key=lambda one: one in allowed):  # those first who may not: nothing is changed by them
        if role not in allowed:
            with pytest.raises(AccessRefused):
                do(practice, WHO[role])
        else:
            try:
                do(practice, WHO[role])
            except StoreProblem as problem:  # not for want of a right
                assert name in ("amend", "finish"), problem


@pytest.mark.parametrize("role", ["manager", "owner"])
def test_neither_manager_nor_owner_reads_a_health_answer_by_any_verb(practice: Practice, role: str) -> None:
    """Of what does open to them, nothing holds an answer, a note, a word on a finding or the client's code."""
    told = []
    for allowed, do in MATRIX.values():
        if role in allowed:
            told.append(repr(do(practice, WHO[role])))
    for secret in ("anticoagulant", "A note", "Looked at it", "Birch 7", "texture"):
        assert secret not in " ".join(told)
