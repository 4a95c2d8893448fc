"""A practice for the tests of exams: one location, a person of each kind with their licences, and a healthy client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from medspa_core import access, exam
from medspa_core.access import Licence, Person, Role, SignIn
from medspa_core.exam import How, NewExam, NewOrder, NewProduct, NewTreatment, Word
from medspa_core.exam.exams import Exam
from medspa_core.exam.missing_before_treatment import steps_of_visit
from medspa_core.records import Store, list_drafts, save_answers, start_draft
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, healthy
from tests.records_support import NOW, ORDER, Clinic, new_clinic

MN, PRP, EXOSOMES = "microneedling_alone", "prp_microneedling", "exosome_microneedling"
CA = "CA"
GEL = NewProduct(
    kind="exosome_product",
    name="Leaf gel",
    maker="Leaf Labs",
    source="plant",
    route="after_needling",
    lot="L-1",
    certificate="COA 77",
    expires_on=AS_OF + timedelta(days=400),
    counsel="Cosmetic claims only. Tell the client that it is not approved.",
)


@dataclass
class Practice:
    """One location and a person of each kind, with the licences they need; and a consultation of a healthy client."""

    store: Store
    book: Rulebook
    people: dict[str, Person]
    draft: str
    keys: int = 0
    done: str = ""

    def __getitem__(self, name: str) -> Person:
        return access.load_person(self.store, self.people[name].id)

    def key(self) -> str:
        self.keys += 1
        return f"from-page-{self.keys:04}"

    def context(self, state: str = CA, on: date = AS_OF, key: str = "") -> exam.SigningContext:
        return exam.SigningContext(state, self.book, NOW, on, key or self.key())

    def examine(self, who: str = "clinician", **other: Any) -> Exam:
        new = replace(NewExam(How.IN_PERSON, AS_OF), **other)
        return exam.sign_exam(self.store, self[who], self.draft, new, self.context())

    def rule(
        self, *found: str, word: Word = Word.CLEARED, note: str = "Looked at it.", on: date = AS_OF, **other: Any
    ) -> Any:
        who = self[other.pop("who", "clinician")]
        context = self.context(on=on, key=other.pop("key", ""))
        return exam.rule_on(self.store, who, self.draft, found, word, note, context, **other)

    def plan(self, option: str = MN, **other: Any) -> NewOrder:
        delegates = {"needling": self.people["needler"].id, "draw": self.people["drawer"].id}
        return replace(NewOrder(option, "face", 10, 3, delegates), **other)

    def order(self, option: str = MN, who: str = "clinician", state: str = CA, **other: Any) -> exam.Order:
        replaces = other.pop("replaces", None)
        plan = self.plan(option, **other)
        return exam.sign_order(self.store, self[who], self.draft, plan, self.context(state), replaces=replaces)

    def approve(self, who: str = "director", book: Rulebook | None = None) -> exam.Approval:
        book = book or self.book
        return exam.approve_rulebook(self.store, self[who], book.revision, "", replace(self.context(), book=book))

    def product(self, who: str = "director", **other: Any) -> exam.Product:
        new = replace(GEL, **other)
        return exam.approve_product(self.store, self[who], new, self.context())

    def treat(self, option: str = MN, who: str = "needler", key: str = "", **other: Any) -> exam.Treatment:
        steps = dict.fromkeys(steps_of_visit(option, self.book), self.people["needler"].id)
        if "draw" in steps:
            steps["draw"] = self.people["drawer"].id
        new = replace(NewTreatment(option, AS_OF, steps, depth_tenths_mm=10, one_more_that_day=True), **other)
        on = max(new.done_on, AS_OF)
        return exam.record_treatment(self.store, self[who], self.draft, new, self.book, NOW, on, key or self.key())

    def signed_in(self, name: str) -> SignIn:
        """A sign-in of theirs, who gave the password a moment ago."""
        made = access.sign_in_with_oidc(self.store, "test", name, f"{name}@example.com", access.Place("t"), NOW)
        found = access.sign_in_of(self.store, made.id, NOW)
        assert found is not None
        return replace(found, stepped_up_at=NOW)

    def answer(self, **answers: Any) -> None:
        save_answers(self.store, self.draft, answers, NOW, "form")


@pytest.fixture(scope="session")
def with_a_practice(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Clinic:
    """A clinic on an encrypted file with the practice in it, made once and closed."""
    clinic = new_clinic(tmp_path_factory.mktemp("with-a-practice"))
    with clinic.create() as store:
        exam_practice(store, rulebook)
    return clinic


@pytest.fixture
def file_clinic(with_a_practice: Clinic, tmp_path: Path) -> Clinic:
    """For a module that names it: a copy of that clinic, in place of one without a row."""
    return with_a_practice.copy_to(tmp_path)


def exam_practice(store: Store, book: Rulebook) -> Practice:
    """The practice with everybody hired, and a consultation of a healthy client that nobody has examined."""
    if hired_before := {one.sign_in_name: one for one in access.list_people(store)}:
        [line] = list_drafts(store)
        return Practice(store, book, hired_before, line.id)
    here = access.add_location(store, "Main street", NOW, state="ca")
    hired = {
        "clinician": ([Role.CLINICIAN], ["medical"]),
        "unlicensed": ([Role.CLINICIAN], []),
        "director": ([Role.MEDICAL_DIRECTOR], ["medical"]),
        "needler": ([Role.AESTHETICIAN], ["needling"]),
        "drawer": ([Role.AESTHETICIAN], ["draw"]),
        "manager": ([Role.MANAGER], []),
        "owner": ([Role.OWNER], ["medical"]),
    }
    people = {}
    for name, (roles, kinds) in hired.items():
        email = f"{name}@example.com"
        person = access.add_person(store, name, name.title(), roles, [here.id], NOW, email=email)
        for kind in kinds:
            person = access.add_licence(store, person.id, Licence(kind, CA, f"{name}-1", date(2027, 6, 30)), NOW, None)
        people[name] = person
    draft = start_draft(store, "Birch 7", NOW, AS_OF, ORDER)
    save_answers(store, draft.id, healthy(concern="texture", exosome_product=None), NOW, "form")
    return Practice(store, book, people, draft.id)
