"""What the clinic offers, on a store of either engine: entered by owner and director, kept in versions, part of the rulebook."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from medspa_core import clients, exam, offer
from medspa_core.access import AccessRefused
from medspa_core.clients import consultations
from medspa_core.exam import ExamProblem
from medspa_core.offer import Offer
from medspa_core.offer.schema import offers
from medspa_core.recommendation import recommend
from medspa_core.records import Store
from medspa_core.records.database.checks import verify
from medspa_core.rulebook import Rulebook, load_whole, option_names, read_whole
from tests.conftest import AS_OF, DATA, healthy
from tests.exam_support import EXOSOMES, GEL, MN, PRP, Practice, exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import FACTS, NOW, ORDER
from tests.unit.test_exam import lines_of, rows

PRICES = {MN: 350, PRP: 700, EXOSOMES: 950}


@pytest.fixture
def practice(store: Store, rulebook: Rulebook) -> Practice:
    return exam_practice(store, rulebook)


def set_offer(
    practice: Practice, who: str = "owner", seen: int = 0, key: str = "", **other: object
) -> offer.OfferVersion:
    wanted = Offer({**PRICES, **other}, prp_kit_cleared=True, spin_during_numbing=False)  # type: ignore[dict-item]
    key = key or practice.key()
    return offer.set_offer(practice.store, practice[who], wanted, seen, practice.book, NOW, key)


def book_of(store: Store) -> tuple[Rulebook, dict[str, str]]:
    """As the screens read it."""
    text = offer.as_settings(offer.latest_offer(store), option_names(DATA))
    files = read_whole(DATA, None, text)
    return load_whole(files), files


def test_nothing_entered_leaves_the_files_as_they_are(practice: Practice) -> None:
    book, files = book_of(practice.store)
    assert book.revision == practice.book.revision
    assert files == read_whole(DATA)


def test_a_new_price_is_a_new_revision_that_a_new_consultation_uses(practice: Practice) -> None:
    set_offer(practice)
    book, _ = book_of(practice.store)
    assert book.revision != practice.book.revision
    assert {option: price.amount for option, price in book.clinic.prices.items()} == PRICES
    answers = healthy(concern="texture")
    then, now = (recommend(answers, one, AS_OF).as_dict()["options"][EXOSOMES] for one in (practice.book, book))
    costs = [one["course"]["clinic"]["course_cost"]["typical"] for one in (then, now)]
    assert costs[1] * 900 == costs[0] * 950
    assert verify(practice.store.place, practice.store.keys) == []


def test_a_finished_consultation_opens_under_the_price_it_was_made_with(practice: Practice) -> None:
    set_offer(practice)
    then, files = book_of(practice.store)
    draft = consultations.start(practice.store, practice["needler"], "Fir 2", NOW, AS_OF, ORDER)
    consultations.record_choice(
        practice.store, practice["needler"], draft.id, "not_yet", NOW, FACTS,
        rulebook_revision=then.revision, files=files, shown={},
    )  # fmt: skip
    set_offer(practice, "director", seen=1, **{EXOSOMES: 990})
    now, _ = book_of(practice.store)
    assert now.clinic.prices[EXOSOMES].amount == 990
    kept = clients.own_rulebook(practice.store, then.revision, now)
    assert kept is not None and kept.clinic.prices[EXOSOMES].amount == 950


def test_a_new_price_needs_the_directors_approval_again(practice: Practice) -> None:
    practice.approve()
    set_offer(practice)
    book, _ = book_of(practice.store)
    assert exam.training_only(practice.store, book)
    changed = exam.what_changed(practice.store, book)
    assert changed is not None
    assert {one.place.rpartition(".")[0] for one in changed} <= {f"clinic.prices.{one}" for one in PRICES}
    practice.approve(book=book)
    assert not exam.training_only(practice.store, book)


def test_every_version_stays_with_who_and_when(practice: Practice) -> None:
    set_offer(practice)
    set_offer(practice, "director", seen=1, **{PRP: 720})
    found = offer.offer_versions(practice.store, practice["owner"])
    assert [(one.number, one.offer.prices[PRP]) for one in found] == [(2, 720), (1, 700)]
    assert [one.person_id for one in found] == [practice.people["director"].id, practice.people["owner"].id]


def test_the_same_again_is_no_new_version(practice: Practice) -> None:
    set_offer(practice, key="a-key-of-the-page")
    set_offer(practice, key="a-key-of-the-page")  # a double tap
    set_offer(practice, seen=1)  # nothing was changed
    assert rows(practice.store, offers) == 1


def test_what_the_files_say_is_kept_once_somebody_says_that_it_is_the_practices_own(practice: Practice) -> None:
    kept = set_offer(practice, **{EXOSOMES: 900})
    assert (kept.number, kept.offer) == (1, offer.offer_in(practice.book))
    set_offer(practice, seen=1, **{EXOSOMES: 900})
    assert rows(practice.store, offers) == 1


def test_two_who_change_it_at_once_are_told(practice: Practice) -> None:
    set_offer(practice)
    with pytest.raises(ExamProblem, match="Somebody else changed this"):
        set_offer(practice, "director", seen=0, **{EXOSOMES: 1})
    assert rows(practice.store, offers) == 1


def test_each_wrong_price_is_one_line_and_nothing_is_kept(practice: Practice) -> None:
    wrong = Offer({MN: 0, PRP: 2_000_000, "magic": 5}, prp_kit_cleared=True, spin_during_numbing=False)
    with pytest.raises(ExamProblem) as refused:
        offer.set_offer(practice.store, practice["owner"], wrong, 0, practice.book, NOW, practice.key())
    assert len(refused.value.lines) == 4
    assert "Exosomes + microneedling: the price is missing." in lines_of(refused)
    assert rows(practice.store, offers) == 0


def test_an_option_that_is_no_longer_there_does_not_close_the_program(practice: Practice) -> None:
    set_offer(practice)
    text = offer.as_settings(offer.latest_offer(practice.store), {MN, PRP})
    assert EXOSOMES not in text and MN in text


@pytest.mark.parametrize("who", ["clinician", "needler", "manager"])
def test_nobody_else_sets_a_price_or_enters_a_product(practice: Practice, who: str) -> None:
    with pytest.raises(AccessRefused):
        set_offer(practice, who)
    with pytest.raises(AccessRefused):
        offer.enter_product(practice.store, practice[who], GEL, practice.book, NOW, AS_OF, practice.key())


# --- products -------------------------------------------------------------------------------------------------------


def enter(practice: Practice, who: str = "owner", **other: object) -> offer.EnteredProduct:
    new = replace(GEL, counsel="", **other)  # type: ignore[arg-type]
    return offer.enter_product(practice.store, practice[who], new, practice.book, NOW, AS_OF, practice.key())


def test_what_the_owner_enters_waits_until_the_director_signs_it(practice: Practice) -> None:
    entered = enter(practice)
    assert offer.entered_waiting(practice.store, practice["owner"]) == [entered]
    assert exam.list_products(practice.store) == []
    signed = replace(entered.product, counsel="Cosmetic claims only.")
    exam.approve_product(practice.store, practice["director"], signed, practice.context(key=entered.id))
    assert offer.entered_waiting(practice.store, practice["owner"]) == []
    assert [one.lot for one in exam.list_products(practice.store)] == [GEL.lot]


def test_what_was_entered_by_mistake_is_dropped_and_stays_written_down(practice: Practice) -> None:
    entered = enter(practice)
    for _ in range(2):
        offer.drop_entered_product(practice.store, practice["owner"], entered.id, NOW)
    assert offer.entered_waiting(practice.store, practice["owner"]) == []
    with pytest.raises(ExamProblem, match="not found"):
        offer.drop_entered_product(practice.store, practice["owner"], "no-such-entry", NOW)


def test_an_approved_lot_is_withdrawn_and_never_dropped(practice: Practice) -> None:
    entered = enter(practice)
    signed = replace(entered.product, counsel="Advice.")
    exam.approve_product(practice.store, practice["director"], signed, practice.context(key=entered.id))
    with pytest.raises(ExamProblem, match="approved meanwhile"):
        offer.drop_entered_product(practice.store, practice["owner"], entered.id, NOW)


def test_every_gap_of_an_entry_is_one_line(practice: Practice) -> None:
    with pytest.raises(ExamProblem) as refused:
        enter(practice, name=" ", lot="", source="", expires_on=AS_OF - timedelta(days=1))
    assert len(refused.value.lines) == 4
