"""The page Import: a file is read as a person says, its words are asked once, what it comes to is told, kept and taken back."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from medspa_core.access import Role
from medspa_core.records import read_facts
from medspa_core.records.facts.imports import keep_mapping, kept_mappings, list_imports
from tests.pages.conftest import NOW, program, text_of, told
from tests.pages.test_audit_page import give_password
from tests.pages.test_review_and_approval_pages import tap
from views.staff.imports import reading_card

EXO = "exosome_microneedling"
SALES = b"""Date,Client,Item,Type,Total,List
03/04/2026,C-9,Exo facial,Pack,"1,500.00",1800
04/04/2026,C-9,Exo facial,Used,500,
05/04/2026,C-1,Botox,Sale,80,
06/04/2026,C-1,Exo facial,Sale,x,
"""


def opened(*, trial: bool = False, password: bool = True) -> AppTest:
    at = program(Role.MANAGER, trial=trial).run()
    if password and not trial:
        give_password(at.user["sid"])  # type: ignore[index]
    at.switch_page("pages/import_sales.py").run()
    assert not at.exception, at.exception
    return at


def field(at: AppTest, ending: str) -> object:
    return next(one for one in at.selectbox if str(one.key).endswith(ending))


def choose(at: AppTest, **values: str) -> None:
    for ending, value in values.items():
        field(at, f"_{ending}").select(value)  # type: ignore[attr-defined]


def test_a_file_is_read_as_said_kept_and_taken_back(store: records.Store) -> None:
    at = opened()
    assert "Nothing was imported yet." in text_of(at)
    at.pills(key="import_kind").set_value("sales").run()
    at.file_uploader[0].upload("sales.csv", SALES, "text/csv").run()
    assert not at.exception, at.exception
    assert "Still to be said: Currency." in text_of(at)  # all other columns were found by their titles
    choose(at, always_currency="USD")
    at.run()
    assert "can be read in two ways" in text_of(at)
    choose(at, date_order="day_first")
    at.run()
    assert "5 words are still to be said" in text_of(at)
    said = {"word_option_Exo facial": EXO, "word_option_Botox": "not_ours", "word_what_Pack": "package"}
    choose(at, **said, word_what_Used="redemption", word_what_Sale="payment")
    tap(at, "send_import_words")
    text = text_of(at)
    assert "Rows: 4 in the file, 2 kept, 1 not ours, 1 refused." in text
    assert "Money: 1,580.00 USD in the file, 1,500.00 USD kept, 80.00 USD not ours, 0.00 USD refused." in text
    assert "500.00 USD are used up of packages" in text and "expected an amount in USD" in text
    keep_mapping(store, "Of visits", "visits", {}, NOW)
    at.text_input[0].set_value("Of visits")
    tap(at, "keep_reading")
    assert "Give this one another name." in text_of(at) and "Of visits" not in kept_mappings(store, "sales")
    at.text_input[0].set_value("Our system")
    tap(at, "keep_reading")
    assert kept_mappings(store, "sales")["Our system"]["words"]["option"]["Exo facial"] == EXO
    tap(at, "keep_import")
    assert ("status", "Import 1 is kept: 2 new, 0 brought up to date.") in told(at)
    assert sorted(read_facts(store, kind="sale")["paid_cents"]) == [0, 150_000]
    assert len(at.file_uploader) == 1 and at.file_uploader[0].value is None
    tap(at, "undo_import_1")
    assert "taken back: 2 facts are gone" in text_of(at)
    assert read_facts(store, kind="sale")["id"] == [] and list_imports(store)[0].undone_at is not None


def test_a_kept_reading_asks_nothing_again_and_a_file_that_is_none_is_refused(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened()
    at.file_uploader[0].upload("visits.csv", b"\x89PNG\r\n", "text/csv").run()
    assert "a picture (PNG)" in told(at)[0][1]
    raw = {
        "columns": {"When": "day", "What": "option"},
        "always": {"status": "performed"},
        "words": {"option": {"Exo": EXO}},
    }
    keep_mapping(store, "Ours", "visits", {**raw, "file": {"kind": "visits"}}, NOW)
    at = opened()
    field(at, "import_kept_visits").select("Ours").run()  # type: ignore[attr-defined]
    at.file_uploader[0].upload("visits.csv", b"When,What\n2026-03-02,Exo\n", "text/csv").run()
    assert "Rows: 1 in the file, 1 kept" in text_of(at)
    monkeypatch.setattr(reading_card, "MOST_ROWS", 0)
    at.run()
    assert "is imported on the command line" in text_of(at) and not any(one.key == "keep_import" for one in at.button)
    monkeypatch.setattr(reading_card, "MOST_ROWS", 1)
    at.run()
    tap(at, "lay_import_aside")
    assert "Nothing was kept." in text_of(at) and read_facts(store, kind="visit")["id"] == []


def test_nothing_is_taken_during_the_trial_or_without_the_password(store: records.Store) -> None:
    assert "Files are taken once somebody signs in." in text_of(opened(trial=True))
    at = opened(password=False)
    assert not at.file_uploader and "given your password again" in text_of(at)
