"""The page Sessions: an order is chosen, a session recorded once, what blocks is said with what to do, corrections stay."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, clients, exam, records
from medspa_core.access import Licence, Person, Role
from medspa_core.clients import Details
from medspa_core.clients import consultations as guarded
from medspa_core.exam import Missing, NewExam, NewOrder
from tests.conftest import healthy
from tests.pages.conftest import MORNING, program, staff_face, text_of
from views.context import core_access, environment
from views.context.words import say, short_date

CA, MN = "CA", "microneedling_alone"


class Practice:
    """A client, and what a clinician signed for them; an aesthetician who needles is at the tablet."""

    def __init__(self, store: records.Store) -> None:
        self.store, self.day = store, environment.today()
        self.at = program(Role.AESTHETICIAN)
        self.needler = self._licensed("needling")
        program(Role.CLINICIAN)
        self.clinician = self._licensed("medical")
        self.client = clients.new_client(store, self.needler, Details("A-204", "Marigold Quill"), MORNING).id
        order = ("wait", MN)
        self.draft = guarded.start(store, self.needler, "A-204", MORNING, self.day, order, client_id=self.client).id
        answers: dict[str, Any] = healthy(concern="texture", exosome_product=None)
        guarded.save_answers(store, self.needler, self.draft, answers, MORNING, "form")

    def _licensed(self, kind: str) -> Person:
        who = [one for one in access.list_people(self.store) if not one.licences][-1]
        return access.add_licence(self.store, who.id, Licence(kind, CA, f"{kind}-1"), environment.now(), None)

    def another(self, code_name: str) -> Practice:
        """The same people at the same tablet, with another client."""
        other, who, order = copy(self), self.needler, ("wait", MN)
        other.client = clients.new_client(self.store, who, Details(code_name), MORNING).id
        other.draft = guarded.start(self.store, who, code_name, MORNING, self.day, order, client_id=other.client).id
        answers: dict[str, Any] = healthy(concern="texture", exosome_product=None)
        guarded.save_answers(self.store, who, other.draft, answers, MORNING, "form")
        return other

    def examine(self, note: str = "") -> None:
        book, now = core_access.rulebook(), environment.now()
        new = NewExam(exam.How.IN_PERSON, self.day, note)
        exam.sign_exam(
            self.store,
            self.clinician,
            self.draft,
            new,
            exam.SigningContext(CA, book, now, self.day, f"key-of-exam-{self.draft}"),
        )

    def order(self, area: str = "whole face", sessions: int = 2) -> exam.Order:
        book, now = core_access.rulebook(), environment.now()
        new = NewOrder(MN, area, 10, sessions, {"needling": self.needler.id})
        key = f"key-of-{area.replace(' ', '-')}-{self.draft}"
        return exam.sign_order(
            self.store, self.clinician, self.draft, new, exam.SigningContext(CA, book, now, self.day, key)
        )

    def open(self) -> AppTest:
        self.at.run()
        self.at.switch_page("pages/sessions.py")
        self.at.query_params["c"] = self.draft
        return done(self.at.run())

    def file(self) -> exam.TreatmentFile:
        book = core_access.rulebook()
        return exam.treatment_file(self.store, self.needler, self.draft, book, self.day)


def done(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    return " ".join([text_of(at), *(one.value for one in at.text)])


def fill(at: AppTest, mine: str, needler: str, depth: str | None = "0.8") -> None:
    at.selectbox(key=f"session_needling_{mine}").set_value(needler)
    at.selectbox(key=f"session_aftercare_{mine}").set_value(needler)
    if depth is not None:
        at.text_input(key=f"session_depth_{mine}").input(depth)
    done(at.button(key=f"record_{mine}").click().run())


@pytest.fixture
def practice(store: records.Store) -> Practice:
    return Practice(store)


def test_what_is_missing_stands_there_with_what_to_do_and_there_is_no_form(practice: Practice) -> None:
    at = practice.open()
    assert "exam is missing." in said(at) and "Ask a clinician to examine the client" in said(at)
    assert "order is missing." in said(at) and "sign an order on the page Reviews" in said(at)
    assert not [one for one in at.button if str(one.key).startswith("record_")]


def test_a_session_is_recorded_once_and_stands_below_with_who_did_what(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    assert "0 of 2 sessions done" in said(at) and "at most 1 mm" in said(at)
    offered = at.selectbox(key=f"session_needling_{order.id}-1").options
    assert offered == ["Nobody chosen", practice.needler.shown_name]
    fill(at, f"{order.id}-1", practice.needler.id)
    assert "Recorded and kept." in said(at) and "1 of 2 sessions done" in said(at)
    told = practice.file().treatments
    assert [(one.session, one.depth_tenths_mm, dict(one.steps)["needling"]) for one in told] == [
        (1, 8, practice.needler.id)
    ]
    assert "Microneedling, session 1 of 2" in said(at) and "Depth 0.8 mm." in said(at)
    assert not [one for one in at.button if one.key == f"record_{order.id}-1"]  # a second tap finds no button
    fill(at, f"{order.id}-2", practice.needler.id)
    asked = f"A session of {short_date(practice.day)} is already recorded. Record a second one?"
    assert asked in said(at) and len(practice.file().treatments) == 1
    done(at.button(key=f"record_{order.id}-2").click().run())
    assert asked in said(at) and len(practice.file().treatments) == 1  # a second tap on the same button is no yes
    done(at.button(key=f"one_more_{order.id}-2").click().run())
    assert (
        asked not in said(at)
        and "All 2 sessions of this order are done" in said(at)
        and len(practice.file().treatments) == 2
    )


def test_a_day_that_was_not_understood_offers_no_form_for_another_day(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    for typed, why in (("2/31/2026", "no such day"), ("", "Please give a date"), ("1/1/2400", "a day from")):
        done(at.text_input(key="session_day").input(typed).run())
        assert why in said(at) and not [one for one in at.button if str(one.key).startswith("record_")]
    done(at.text_input(key="session_day").input(practice.day.isoformat()).run())
    fill(at, f"{order.id}-1", practice.needler.id)
    assert [one.done_on for one in practice.file().treatments] == [practice.day]


def test_what_the_form_lacks_is_one_line_each_with_what_to_do(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    done(at.button(key=f"record_{order.id}-1").click().run())
    assert "Nobody is named for: needling. Say who did it." in said(at)
    assert "The depth is missing. Type how deep" in said(at)
    fill(at, f"{order.id}-1", practice.needler.id, "2 mm")
    assert "Deeper than the order: it says at most 1 mm." in said(at) and practice.file().treatments == ()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2.500", "in two ways"),
        ("0.85", "one digit"),
        ("3", "from 0.1 to 2.5"),
        ("a bit", "not a number"),
        ("-1", "not a number"),
    ],
)
def test_a_depth_that_is_not_understood_records_nothing_and_stays_in_its_field(
    practice: Practice, typed: str, why: str
) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    fill(at, f"{order.id}-1", practice.needler.id, typed)
    assert why in said(at) and practice.file().treatments == ()
    assert at.text_input(key=f"session_depth_{order.id}-1").value == typed
    fill(at, f"{order.id}-1", practice.needler.id, "0,8 mm")
    assert [one.depth_tenths_mm for one in practice.file().treatments] == [8]


def test_a_session_that_another_tablet_recorded_meanwhile_is_told_before_a_second_one(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    steps = dict.fromkeys(("needling", "aftercare"), practice.needler.id)
    new = exam.NewTreatment(MN, practice.day, steps, depth_tenths_mm=8)
    book, now = core_access.rulebook(), environment.now()
    exam.record_treatment(
        practice.store, practice.needler, practice.draft, new, book, now, practice.day, f"{order.id}-1"
    )
    done(at.button(key=f"record_{order.id}-1").click().run())
    assert "Somebody recorded a session of this order just now" in said(at) and len(practice.file().treatments) == 1
    fill(at, f"{order.id}-2", practice.needler.id)
    done(at.button(key=f"one_more_{order.id}-2").click().run())
    assert "just now" not in said(at) and len(practice.file().treatments) == 2


def test_a_session_of_another_day_is_asked_about_no_more(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    fill(at, f"{order.id}-1", practice.needler.id)
    fill(at, f"{order.id}-2", practice.needler.id)
    assert "Record a second one?" in said(at)
    fill(at, f"{order.id}-2", practice.needler.id, "0.9")
    assert "Record a second one?" in said(at)  # asked about what stands there now
    done(at.button(key=f"one_more_{order.id}-2").click().run())
    assert [one.depth_tenths_mm for one in practice.file().treatments] == [8, 9]


def test_whatever_can_stand_before_a_session_has_words_for_what_to_do() -> None:
    assert all(say(f"staff.sessions.next.{kind}") for kind in Missing)


def test_with_two_orders_they_say_which(practice: Practice) -> None:
    practice.examine()
    face = practice.order("whole face")
    practice.order("scalp")
    at = practice.open()
    pills = next(one for one in at.button_group if one.key == "session_order")
    done(pills.set_value(face.id).run())
    fill(at, f"{face.id}-1", practice.needler.id)
    assert [one.order_id for one in practice.file().treatments] == [face.id]


def test_a_session_is_struck_out_stays_to_be_read_and_can_be_recorded_again(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    fill(at, f"{order.id}-1", practice.needler.id)
    wrong = practice.file().treatments[0].id
    at.checkbox(key=f"strike_{wrong}_0").check()
    done(at.button(key=f"send_{wrong}_0").click().run())
    assert "The reason is missing." in said(at)
    at.checkbox(key=f"strike_{wrong}_0").check()
    at.text_input(key=f"why_{wrong}_0").set_value("*wrong* client")
    done(at.button(key=f"send_{wrong}_0").click().run())
    assert "it counts no more" in said(at) and "Why: *wrong* client" in said(at)
    assert "0 of 2 sessions done" in said(at)
    fill(at, f"{order.id}-2", practice.needler.id)
    assert [one.session for one in practice.file().treatments] == [0, 1]


def test_the_clients_page_and_the_staffs_view_lead_there(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.at.run()
    at.session_state["client_open"] = practice.client
    done(at.switch_page("pages/client.py").run())
    assert "Microneedling, whole face: 0 of 2 sessions done" in said(at)
    done(at.button(key=f"sessions_{order.id}").click().run())
    assert "Sessions of A-204" in said(at) and practice.client not in str(dict(at.query_params))
    at.switch_page("pages/you.py")
    at.query_params["c"] = practice.draft
    at = staff_face(done(at.run()))
    done(at.button(key="behind_sessions").click().run())
    assert "Sessions of A-204" in said(at)


def test_who_saw_what_says_that_a_session_was_recorded_and_struck_out(practice: Practice) -> None:
    practice.examine()
    order = practice.order()
    at = practice.open()
    fill(at, f"{order.id}-1", practice.needler.id)
    exam.correct_treatment(
        practice.store,
        practice.needler,
        practice.file().treatments[0].id,
        "",
        "Wrong",
        environment.now(),
        "a-key-of-it",
        strike=True,
    )
    at = program(Role.OWNER, Role.MEDICAL_DIRECTOR).run()
    done(at.switch_page("pages/audit.py").run())
    done(at.text_input(key="audit_typed").set_value("A-204").run())
    assert "created: treatment" in text_of(at) and "session struck out" in text_of(at)
    assert ", medical director, owner" in text_of(at)  # who looked it up just now, with a space between the roles


def test_a_number_alone_is_kept_and_shown_in_the_unit_of_its_field_and_a_limit_stands_with_the_order(
    practice: Practice,
) -> None:
    book, now = core_access.rulebook(), environment.now()
    guarded.save_answers(practice.store, practice.needler, practice.draft, {"anticoagulant": "yes"}, now, "form")
    context = exam.SigningContext(CA, book, now, practice.day, "key-of-word")
    given = (["anticoagulant"], exam.Word.LIMITED, "At most 0.5 mm", context)
    exam.rule_on(practice.store, practice.clinician, practice.draft, *given)
    practice.examine()
    practice.order()
    words = said(practice.open())
    assert "The clinician signed this order beyond the limit: At most 0.5 mm (" in words
    assert "Signed limit for this treatment" not in words, "the order and the limit that it breaks are told as one"
    assert exam.UNIT in say("staff.sessions.amount", unit=exam.UNIT)
    assert exam.with_unit("2") == "2 ml" and say("staff.sessions.amount_no_unit", amount="2") == "2, unit not recorded"


@pytest.mark.parametrize(
    ("note", "said_of_it"),
    [
        ("depth 0.5 mm only", "The clinician signed this order beyond the note of the exam: depth 0.5 mm only ("),
        ("depth 1 mm only", "Note of the exam: depth 1 mm only ("),
        ("Skin fine.", ""),
    ],
)
def test_who_treats_reads_a_limit_in_the_note_of_the_exam_and_that_an_order_goes_beyond_it(
    practice: Practice, note: str, said_of_it: str
) -> None:
    practice.examine(note)
    practice.order()
    words = said(practice.open())
    assert said_of_it in words and (note in words) == bool(said_of_it)


def test_what_was_refused_for_one_client_stands_below_no_field_of_another_nor_of_the_same_opened_again(
    practice: Practice,
) -> None:
    other = practice.another("B-7")
    for one in (practice, other):
        one.examine()
    order = practice.order()
    other.order()
    at = practice.open()
    done(at.button(key=f"record_{order.id}-1").click().run())
    assert said(at).count("The depth is missing.") == 2, "on top and below the field"
    for draft in (other.draft, practice.draft):
        at.query_params["c"] = draft
        done(at.run())
        assert "0 of 2 sessions done" in said(at) and "The depth is missing." not in said(at)
