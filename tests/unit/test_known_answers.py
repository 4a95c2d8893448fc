"""What is on file when a consultation begins: nobody is asked for it, and it is told as that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from medspa_core import clients, exam
from medspa_core.clients import consultations
from medspa_core.formats.ages import age_on
from medspa_core.recommendation import recommend
from medspa_core.records import ON_FILE, Store, StoreProblem, list_drafts, save_answers
from medspa_core.rulebook import Rulebook
from tests import clients_support, exam_support
from tests.clients_support import details
from tests.conftest import AS_OF
from tests.exam_support import EXOSOMES, exam_practice
from tests.records_support import NOW, ORDER, Clinic

BORN = date(1984, 3, 7)


@pytest.fixture
def practice(file_clinic: Clinic) -> clients_support.Practice:
    with file_clinic.create() as store:
        yield clients_support.Practice(store)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (BORN, date(2026, 3, 6), 41),
        (BORN, date(2026, 3, 7), 42),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 11, 23), AS_OF, None),
        (date(1900, 1, 1), AS_OF, None),
    ],
)
def test_the_age_is_counted_on_the_day_of_the_consultation(born: date, day: date, age: int | None) -> None:
    assert age_on(born, day) == age


def test_who_has_a_birth_date_on_file_begins_with_an_age_and_nothing_said(practice: clients_support.Practice) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(born=BORN), NOW)
    draft = consultations.start(practice.store, practice.nurse, "A", NOW, AS_OF, ORDER, client_id=one.id)
    assert (draft.answers, draft.how_asked, draft.can_undo) == ({"age": 42}, {"age": ON_FILE}, False)
    assert [line.answered for line in list_drafts(practice.store)] == [0]


def test_who_has_none_is_asked(practice: clients_support.Practice) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(born=None), NOW)
    for client_id in (one.id, None):
        draft = consultations.start(practice.store, practice.nurse, "A", NOW, AS_OF, ORDER, client_id=client_id)
        assert draft.answers == {}


def test_start_again_and_undo_leave_what_is_on_file(practice: clients_support.Practice) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(born=BORN), NOW)
    draft = consultations.start(practice.store, practice.nurse, "A", NOW, AS_OF, ORDER, client_id=one.id)
    save_answers(practice.store, draft.id, {"concern": "texture"}, NOW, "plans")
    cleared = consultations.clear_answers(practice.store, practice.nurse, draft.id, NOW)
    assert cleared.answers == {"age": 42}
    assert consultations.undo(practice.store, practice.nurse, draft.id, NOW).answers["concern"] == "texture"
    consultations.undo(practice.store, practice.nurse, draft.id, NOW)
    left = consultations.undo(practice.store, practice.nurse, draft.id, NOW)
    assert (left.answers, left.can_undo) == ({"age": 42}, False)


def test_a_birth_date_mended_later_counts_in_what_is_open_and_not_in_what_is_finished(
    practice: clients_support.Practice, rulebook: Rulebook
) -> None:
    store, nurse = practice.store, practice.nurse
    one = clients.new_client(store, nurse, details(born=BORN), NOW)
    done = practice.finished(rulebook, one.id)
    is_open = consultations.start(store, nurse, "A", NOW, AS_OF, ORDER, client_id=one.id)
    told = practice.started(one.id, age=30)
    mended = replace(details(born=BORN), birth_date=date(1990, 1, 1))
    clients.change_client(store, nurse, one.id, mended, NOW, one.revision)
    ages = [consultations.load(store, nurse, draft.id).answers["age"] for draft in (is_open, told, done)]
    assert ages[:2] == [36, 30] and ages[2] == done.answers["age"]


def test_a_birth_date_is_kept_with_the_age_in_what_is_open_or_not_at_all(
    practice: clients_support.Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, nurse = practice.store, practice.nurse
    one = clients.new_client(store, nurse, details(born=BORN), NOW)
    draft = consultations.start(store, nurse, "A", NOW, AS_OF, ORDER, client_id=one.id)
    mended = replace(details(born=BORN), birth_date=date(1990, 1, 1))

    def full(*_: object, **__: object) -> None:
        raise StoreProblem("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr("medspa_core.records.save_answers", full)
        with pytest.raises(StoreProblem):
            clients.change_client(store, nurse, one.id, mended, NOW, one.revision)
    assert clients.open_client(store, nurse, one.id) == one
    clients.change_client(store, nurse, one.id, mended, NOW, one.revision)
    assert consultations.load(store, nurse, draft.id).answers == {"age": 36}


# --- the product and the last session ---------------------------------------------------------------------------------


@pytest.fixture
def treating(file_clinic: Clinic, rulebook: Rulebook) -> exam_support.Practice:
    with file_clinic.create() as store:
        yield exam_practice(store, rulebook)


def test_the_lot_approved_last_that_may_be_used_is_the_product_of_a_new_consultation(
    treating: exam_support.Practice, rulebook: Rulebook
) -> None:
    store = treating.store
    assert exam.product_in_use(store, AS_OF) is None
    first = treating.product()
    assert exam.product_in_use(store, AS_OF) == first
    treating.product(kind="prp_kit", lot="K-1")
    assert exam.product_in_use(store, AS_OF) == first
    assert exam.product_in_use(store, first.expires_on + timedelta(days=1)) is None
    exam.withdraw_product(store, treating["director"], first.id, "Recalled.", NOW)
    assert exam.product_in_use(store, AS_OF) is None


def test_a_product_that_is_recorded_no_longer_holds_exosomes_up(
    treating: exam_support.Practice, rulebook: Rulebook
) -> None:
    answers = {**exam_support.healthy(concern="texture"), "exosome_product": None}
    before = recommend(answers, rulebook, AS_OF).options[EXOSOMES]
    assert {one.contraindication for one in before.findings} == {"exosome_product_not_recorded"}
    answer = treating.product().as_answer()
    after = recommend({**answers, "exosome_product": answer}, rulebook, AS_OF).options[EXOSOMES]
    assert [one.contraindication for one in after.findings] == ["exosomes_after_needling_in_us"]


def of_a_client(treating: exam_support.Practice) -> str:
    store: Store = treating.store
    who = treating["needler"]
    client = clients.new_client(store, who, details(born=None), NOW)
    draft = consultations.start(store, who, "A", NOW, AS_OF, ORDER, client_id=client.id)
    treating.draft = draft.id
    treating.answer(**exam_support.healthy(concern="texture"))
    treating.approve()
    treating.examine()
    treating.order()
    return client.id


def test_the_last_session_recorded_here_is_the_day_of_the_last_needling(
    treating: exam_support.Practice, rulebook: Rulebook
) -> None:
    client_id = of_a_client(treating)
    who = treating["needler"]
    assert exam.last_session_day(treating.store, who, client_id) is None
    done = treating.treat()
    assert exam.last_session_day(treating.store, who, client_id) == AS_OF
    later = AS_OF + timedelta(days=28)
    answers = exam_support.healthy(needling_area_last_28_days="yes")
    of_today = recommend(answers, rulebook, later).options["microneedling_alone"]
    dated = {**answers, "since": {"needling_area_last_28_days": AS_OF.isoformat()}}
    in_the_course = recommend(dated, rulebook, later).options["microneedling_alone"]
    assert (of_today.verdict.word, in_the_course.verdict.word) == ("deferred", "clear")
    exam.correct_treatment(treating.store, who, done.id, "", "Wrong client", NOW, treating.key(), strike=True)
    assert exam.last_session_day(treating.store, who, client_id) is None
