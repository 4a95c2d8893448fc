"""A small practice for the tests of clients: two places, and people of every role at the first."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from medspa_core import access
from medspa_core.access import Person, Role, SignIn
from medspa_core.clients import Details, consultations
from medspa_core.recommendation import recommend
from medspa_core.records import ChoiceFacts, Draft, Store
from medspa_core.rulebook import Rulebook, read_whole
from tests.conftest import DATA, healthy
from tests.records_support import NOW, ORDER, Clinic, new_clinic

FACTS = ChoiceFacts("texture", "microneedling_alone", "leans", "exosome_microneedling", "leans")
MARKER = "Marigold"
HOSTILE = (
    "<script>alert(1)</script>",
    "![x](https://outside.example/x.png)",
    "=HYPERLINK(1)",
    "https://outside.example/y www.outside.example a@outside.example",
    "\u202eevil\u202c",
    "Robert'); DROP TABLE clients;--",
    "name\nwith\r\nlines",
    "\U0001f600 \u05d0\u05d1\u05d2",
)


@pytest.fixture(scope="session")
def with_a_practice(tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    """A clinic on an encrypted file with the practice in it, made once and closed."""
    clinic = new_clinic(tmp_path_factory.mktemp("with-people"))
    with clinic.create() as store:
        Practice(store)
    return clinic


@pytest.fixture
def file_clinic(with_a_practice: Clinic, tmp_path: Path) -> Clinic:
    """For a module that names it: a copy of that clinic, in place of one without a row."""
    return with_a_practice.copy_to(tmp_path)


@dataclass
class Practice:
    """People, places, and the store they share."""

    store: Store
    here: str = ""
    there: str = ""
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if known := {one.name: one.id for one in access.list_locations(self.store)}:
            self.here, self.there = known["Main street"], known["Harbour"]
            self.people = {one.sign_in_name: one for one in access.list_people(self.store)}
            return
        self.here = access.add_location(self.store, "Main street", NOW, state="CA").id
        self.there = access.add_location(self.store, "Harbour", NOW + timedelta(minutes=1)).id
        for role in Role:
            self.hire(role.value, self.here, role)
        self.hire("elsewhere", self.there, Role.AESTHETICIAN)

    def hire(self, name: str, at: str, *roles: Role) -> Person:
        self.people[name] = access.add_person(
            self.store, name, name.title(), roles, [at], NOW, email=f"{name}@example.com"
        )
        return self.people[name]

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def signed_in(self, name: str, *, password_given: bool = True) -> SignIn:
        """A sign-in of theirs; the password was given a moment ago, or not at all."""
        made = access.sign_in_with_oidc(self.store, "test", name, f"{name}@example.com", access.Place("t"), NOW)
        found = access.sign_in_of(self.store, made.id, NOW)
        assert found is not None
        return replace(found, stepped_up_at=NOW) if password_given else found

    @property
    def nurse(self) -> Person:
        return self["aesthetician"]

    def started(self, client_id: str | None = None, name: str = "A-204", **answers: Any) -> Draft:
        """A consultation by the nurse, with answers."""
        draft = consultations.start(self.store, self.nurse, name, NOW, date(2026, 11, 22), ORDER, client_id=client_id)
        given = answers or {**healthy(), "concern": "texture"}
        return consultations.save_answers(self.store, self.nurse, draft.id, given, NOW, "form")

    def finished(self, book: Rulebook, client_id: str | None = None, name: str = "A-204") -> Draft:
        """A finished consultation, with what was shown and the whole rulebook behind it."""
        draft = self.started(client_id, name)
        self.chosen(draft, book)
        return consultations.finish(self.store, self.nurse, draft.id, NOW, book)

    def chosen(self, draft: Draft, book: Rulebook) -> Draft:
        return consultations.record_choice(
            self.store,
            self.nurse,
            draft.id,
            "microneedling_alone",
            NOW,
            FACTS,
            rulebook_revision=book.revision,
            files=read_whole(DATA),
            shown=recommend(draft.answers, book, draft.as_of).as_dict(),
        )


def details(name: str = f"{MARKER} Quill", code: str = "A-204", born: date | None = date(1984, 3, 7)) -> Details:
    return Details(code, name, born, "marigold@example.com", "likes tea")


def trail(store: Store, object_id: str | None = None) -> list[tuple[str, str, str, int]]:
    """Who did what to what, and how it ended."""
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT actor, action, object, outcome FROM audit ORDER BY seq")
        return [tuple(row) for row in rows if object_id is None or row[2] == object_id]
