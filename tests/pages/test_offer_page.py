"""The owner and the director enter prices and products in the program; consultations and Approval use them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, exam, offer, records
from medspa_core.access import Role
from tests.conftest import healthy
from tests.pages.conftest import new_draft, program, text_of, told
from tests.pages.test_review_and_approval_pages import by_key, tap
from views.context import core_access, environment
from views.context.words import field_label, plain

EXOSOMES = "exosome_microneedling"


def opened(*roles: Role) -> AppTest:
    at = program(*(roles or (Role.OWNER,)))
    at.run()
    at.switch_page("pages/offer.py").run()
    assert not at.exception, at.exception
    return at


def field(at: AppTest, begins: str) -> object:
    return next(one for one in at.text_input if (one.key or "").startswith(begins))


def waiting(store: records.Store) -> list[offer.EnteredProduct]:
    """The lots that wait, as the one person here sees them."""
    [owner] = access.list_people(store)
    return offer.entered_waiting(store, owner)


def type_price(at: AppTest, option: str, typed: str) -> None:
    field(at, f"price_{option}").set_value(typed)  # type: ignore[attr-defined]


def cost_of(at: AppTest, draft_id: str) -> str:
    at.switch_page("pages/options.py")
    at.query_params["c"] = draft_id
    at.run()
    assert not at.exception, at.exception
    return text_of(at)


def test_a_new_price_is_what_the_next_client_reads(store: records.Store) -> None:
    at = opened(Role.OWNER, Role.AESTHETICIAN)
    assert "The program comes with examples there; enter your own." in text_of(at)
    type_price(at, EXOSOMES, "$1,234.00")
    tap(at, "keep_prices")
    assert "Kept. New consultations use these numbers." in text_of(at)
    assert "As entered on" in text_of(at)
    assert core_access.rulebook().clinic.prices[EXOSOMES].amount == 1234
    draft_id = new_draft(store, healthy(concern="texture"))
    words = cost_of(at, draft_id)
    assert "$3,702" in words and "$2,700" not in words


def test_prices_of_the_clinics_own_file_are_not_said_to_be_the_programs_nor_another_clinics(
    store: records.Store,
) -> None:
    price = 'amount = 480, meaning = "price of one session", evidence = "chosen by the clinic", own_figure = true'
    own = f"[prices]\n{EXOSOMES} = {{ {price}, reviewed = 2026-11-22 }}\n"
    environment.settings().clinic_settings.write_text(own, "utf-8")
    at = opened()
    assert field(at, f"price_{EXOSOMES}").value == "$480"  # type: ignore[attr-defined]
    assert "these numbers stand in the file clinic.toml" in text_of(at)
    assert not re.search("other clinics|came with the program", text_of(at))


def test_what_is_no_price_is_told_in_a_line_each_and_changes_nothing(store: records.Store) -> None:
    at = opened()
    type_price(at, EXOSOMES, "about 900")
    type_price(at, "prp_microneedling", "0")
    tap(at, "keep_prices")
    assert "Exosomes + microneedling: this is not a number" in text_of(at)
    assert "PRP + microneedling: please give a price from $1 to $1,000,000." in text_of(at)
    assert offer.latest_offer(store) is None
    assert field(at, f"price_{EXOSOMES}").value == "about 900"  # type: ignore[attr-defined]


def test_the_kit_and_the_spin_are_settings_too(store: records.Store) -> None:
    at = opened()
    next(one for one in at.button_group if (one.key or "").startswith("prp_kit_cleared")).set_value(False)
    tap(at, "keep_prices")
    assert core_access.rulebook().clinic.prp_kit_cleared is False


def test_an_approved_rulebook_is_training_only_again_after_a_new_price(store: records.Store) -> None:
    at = opened(Role.MEDICAL_DIRECTOR)
    [person] = access.list_people(store)
    access.add_licence(store, person.id, access.Licence("medical", "CA", "M-1"), environment.now(), None)
    at.switch_page("pages/approval.py").run()
    tap(at, "approve_rulebook")
    at.switch_page("pages/offer.py").run()
    assert "Training only" not in text_of(at).replace("every page says Training only", "")
    type_price(at, EXOSOMES, "950")
    tap(at, "keep_prices")
    assert "Training only" in text_of(at).replace("every page says Training only", "")


def test_a_lot_is_entered_once_and_its_form_is_empty_after_it(store: records.Store) -> None:
    at = opened()
    by_key(at.button_group, "product_kind").set_value("exosome_product")
    at.run()
    for name in ("name", "maker", "lot", "certificate"):
        field(at, f"product_{name}").set_value(f"the {name}")  # type: ignore[attr-defined]
    by_key(at.text_input, "product_expires").input((environment.today() + timedelta(days=90)).isoformat())
    tap(at, "enter_lot")
    for why in ("Choose what the exosome product is made from.", "Choose how the exosome product is used."):
        assert told(at)[0][0] == "alert" and text_of(at).count(why) == 2, "at the button and below its field"
    assert field(at, "product_lot").value == "the lot"  # type: ignore[attr-defined]
    by_key(at.button_group, "product_source").set_value("plant")
    by_key(at.button_group, "product_route").set_value("after_needling")
    tap(at, "enter_lot")
    [one] = waiting(store)
    assert one.product.lot == "the lot" and exam.list_products(store) == []
    assert "It waits for the director" in text_of(at)
    assert not [one for one in at.button if one.key == "enter_lot"]
    tap(at, f"remove_{one.id}")
    assert waiting(store) == []


@pytest.mark.parametrize("role", [Role.AESTHETICIAN, Role.CLINICIAN, Role.MANAGER])
def test_nobody_else_is_offered_the_page(store: records.Store, role: Role) -> None:
    at = program(role)
    at.run()
    assert "way_offer" not in {one.key for one in at.button}


def test_a_field_is_called_by_its_words_without_backslashes(store: records.Store) -> None:
    labels = [one.label for one in opened().text_input if (one.key or "").startswith("price_")]
    assert "Microneedling: one session, USD" in labels
    assert [one for one in labels if "\\" in one] == []


@pytest.mark.parametrize(
    "typed",
    [
        "1. one",
        "+ one",
        "a *b*",
        "a :smile: b",
        "a:b:",
        "www.a.com",
        "[a](b)",
        "$x$",
        "# a",
        "- a",
        "a_b_",
        "<b>",
        "a -- b",
    ],
)
def test_what_markdown_could_read_is_escaped_in_a_field_too(typed: str) -> None:
    assert field_label(typed) == plain(typed) != typed


def test_a_use_by_date_of_month_and_year_is_the_last_day_of_that_month(store: records.Store) -> None:
    at = opened()
    by_key(at.button_group, "product_kind").set_value("prp_kit")
    at.run()
    by_key(at.text_input, "product_expires").input("6/27")
    tap(at, "enter_lot")
    assert "a month and year like 06/2027" in text_of(at)
    by_key(at.text_input, "product_expires").input("6/2028")
    tap(at, "enter_lot")
    assert "June 30, 2028, the last day of that month" in text_of(at)
    assert text_of(at).count("The lot is missing.") == 2, "at the button and below its field"
    for name in ("name", "maker", "lot", "certificate"):
        field(at, f"product_{name}").set_value(f"the {name}")  # type: ignore[attr-defined]
    tap(at, "enter_lot")
    assert [one.product.expires_on for one in waiting(store)] == [date(2028, 6, 30)]
    assert told(at)[0][0] == "status"


def test_a_refused_price_reads_and_looks_another_than_a_kept_one_and_stands_below_its_field(
    store: records.Store,
) -> None:
    at = opened()
    type_price(at, EXOSOMES, "about 900")
    tap(at, "keep_prices")
    [(role, words)] = told(at)
    assert role == "alert" and words.startswith("Not done.") and "mc-told-no" in text_of(at)
    assert "mc-refused" in text_of(at) and "This is not a number." in text_of(at)
    type_price(at, EXOSOMES, "900")
    tap(at, "keep_prices")
    assert told(at)[0][0] == "status" and "mc-refused" not in text_of(at)
