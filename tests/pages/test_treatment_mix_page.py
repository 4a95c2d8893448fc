"""The manager's page: empty, and over the consultations kept here."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Role, add_location
from medspa_core.access.sign_in import sign_ins
from medspa_core.practice import mix_export
from medspa_core.practice.mix_export import OBJECT
from medspa_core.records import SaleFact, VisitFact, keep_sales, keep_visits
from medspa_core.records.audit.log import CREATED
from tests.pages.conftest import program, text_of
from tests.pages.test_audit_page import give_password
from tests.records_support import FACTS, NOW, ORDER
from views.context import core_access
from views.session import downloads
from views.streamlit_patches import file_messages

EXO = "exosome_microneedling"
StoreOf = Callable[[int], records.Store]


def page() -> AppTest:
    at = program().run()
    return at.switch_page("pages/treatment_mix.py").run()


def test_without_a_choice_it_says_so_and_draws_nothing(store: records.Store) -> None:
    at = page()
    assert not at.exception
    assert "No choice has been recorded yet." in text_of(at)
    assert not at.get("plotly_chart")


def test_few_consultations_are_counts_without_shares(store_of: StoreOf) -> None:
    store_of(8)
    at = page()
    assert not at.exception
    assert "count only" in text_of(at)
    assert not re.search(r"· \d+%", text_of(at))


def test_many_are_charted_with_definitions_and_tables(store_of: StoreOf) -> None:
    store_of(600)
    at = page()
    assert not at.exception
    text = text_of(at)
    assert len(at.get("plotly_chart")) == 4
    assert "Invented data" in text
    assert "High is not a target." in text
    assert (
        "Recommended counts what fits best of all options. Exosomes or PRP counts which of these two came first" in text
    )
    assert "mc-table" in text


def test_the_period_and_the_concern_can_be_chosen(store_of: StoreOf) -> None:
    store_of(60)
    at = page()
    every = counted(at)
    at.segmented_control(key="period").set_value("24").run()
    assert "none kept from the period before" in text_of(at)
    at.selectbox(key="of_concern").set_value("pigment").run()
    assert not at.exception
    assert 0 < counted(at) < every


def test_each_filter_can_be_taken_back_alone_and_all_of_them_at_once(store_of: StoreOf) -> None:
    store_of(600)
    at = page()
    every = counted(at)
    assert "everything" not in [button.key for button in at.button]
    at.selectbox(key="of_chosen").set_value("exosome_microneedling").run()
    at.selectbox(key="of_step").set_value("2026-10").run()
    exosomes_in_october = counted(at)
    assert 0 < exosomes_in_october < every and "Not narrowed here, as it would say nothing: Chosen." in text_of(at)
    assert "From October 1, 2026" not in text_of(at), "the bars still show the whole period"
    assert "in the month before" in text_of(at)
    at.button(key="take_back_step").click().run()
    assert "in the period before" in text_of(at)
    assert exosomes_in_october < counted(at) < every
    at.selectbox(key="of_concern").set_value("texture").run()
    at.button(key="everything").click().run()
    assert counted(at) == every and not [button for button in at.button if "take_back" in str(button.key)]


def test_days_of_three_months_are_counts_and_a_longer_period_has_months_again(store_of: StoreOf) -> None:
    store_of(600)
    at = page()
    at.segmented_control(key="period").set_value("3").run()
    at.segmented_control(key="by_step").set_value("day").run()
    assert not at.exception and "Fewer than 20 in each step: counts, no shares." in text_of(at)
    at.selectbox(key="of_step").set_value("2026-11-12").run()
    assert at.button(key="take_back_step").label == "Day: Nov 12, 2026"
    at.segmented_control(key="period").set_value("24").run()
    assert at.segmented_control(key="by_step").value == "month" and at.selectbox(key="of_step").value == "all"
    assert "is not known here" not in text_of(at)
    at.segmented_control(key="shown").set_value("counts").run()
    assert not at.exception and len(at.get("plotly_chart")) == 4


def test_the_mix_is_also_what_was_booked_and_performed_counted_in_visits_revenue_and_hours(store_of: StoreOf) -> None:
    store = store_of(600)
    at = page()
    at.segmented_control(key="measure").set_value("booked").run()
    assert not at.exception and "Booked, in clients: not recorded here." in text_of(at)
    at.segmented_control(key="measure").set_value("recommended").run()
    at.segmented_control(key="counted").set_value("visits").run()
    assert "it is counted in clients" in text_of(at) and len(at.get("plotly_chart")) == 3
    days = [NOW.date() - timedelta(days=number % 300) for number in range(400)]
    given: dict[str, Any] = {"option": EXO, "demo": True}
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        keep_visits(connection, [VisitFact(day, "performed", booked_on=day, chair_minutes=60, **given) for day in days])
        keep_sales(connection, [SaleFact(day, "payment", 50000, "USD", **given) for day in days])
    for counted_in, words in (
        ("visits", "Visits that took place."),
        ("revenue", r"\$\d\dk"),
        ("hours", "Chair hours of the visits"),
    ):
        at.segmented_control(key="measure").set_value("performed").run()
        at.segmented_control(key="counted").set_value(counted_in).run()
        assert not at.exception and len(at.get("plotly_chart")) == 3
        assert re.search(words, text_of(at) + str(at.get("plotly_chart")[1].proto.spec)), counted_in


def counted(at: AppTest) -> int:
    """The consultations that the page counts."""
    number = re.search(r'<p class="mx-number">(\d+)<', text_of(at))
    assert number is not None
    return int(number[1])


def figures_value(cut: str) -> str:
    """A value that many of the invented consultations have."""
    return {
        "location": "Harbour", "provider": "P-01", "age_band": "40-49", "returning": "new", "concern": "texture",
    }[cut]  # fmt: skip


def test_a_filter_that_few_pass_shows_none_of_them_and_a_link_with_an_unknown_value_says_so(store_of: StoreOf) -> None:
    store_of(30)
    at = page()
    at.selectbox(key="of_age_band").set_value(
        "70-79" if "70-79" in str(at.selectbox(key="of_age_band").options) else "18-29"
    )
    at.run()
    assert "So few are not shown" in text_of(at) and not at.get("plotly_chart")
    at = program()
    at.query_params["of_location"] = "Nowhere"
    at.run()
    at.switch_page("pages/treatment_mix.py").run()
    assert "Location: Nowhere. That is not known here, so all are shown." in text_of(at)


def test_every_cut_of_the_filters_and_of_who_differs_can_be_chosen(store_of: StoreOf) -> None:
    store_of(200)
    at = page()
    for cut in ("location", "provider", "age_band", "returning", "concern"):
        at.selectbox(key="differs_by").set_value(cut).run()
        assert not at.exception
        box = at.selectbox(key=f"of_{cut}")
        every = counted(at)
        box.set_value(figures_value(cut)).run()
        assert not at.exception and 0 < counted(at) < every
        at.selectbox(key=f"of_{cut}").set_value("all").run()
    at.selectbox(key="differs_by").set_value("provider").run()
    assert "fee-splitting" in text_of(at) and "from" in text_of(at)
    for step in ("week", "quarter"):
        at.segmented_control(key="by_step").set_value(step).run()
        assert not at.exception


def test_the_last_quarter_is_held_against_the_one_before_and_the_one_a_year_ago(store_of: StoreOf) -> None:
    store_of(600)
    text = text_of(page())
    assert re.search(r">Likely between<.*>\d+% and \d+%<", text)
    assert "Is it rising?" in text and "Against Q2 2026" in text and "Against Q3 2025" in text
    assert "more than chance" in text
    assert re.search(
        r"Exosomes chosen, Q3 2026: \d+ of \d+ · \d+%\. Against Q2 2026: [^.]+\. Q4 2026 so far: \d+ of", text
    )


def test_a_location_and_a_provider_stand_by_their_names(store: records.Store) -> None:
    place = add_location(store, "Harbour Street", NOW)
    for _ in range(2):
        draft = records.start_draft(store, "R-1", NOW, NOW.date(), ORDER, location_id=place.id)
        records.record_choice(store, draft.id, "wait", NOW, FACTS)
    draft = records.start_draft(store, "R-2", NOW, NOW.date(), ORDER, location_id="gone")
    records.record_choice(store, draft.id, "wait", NOW, FACTS)
    at = page()
    assert "Harbour Street" in str(at.selectbox(key="of_location").options) and place.id not in text_of(at)


def test_where_no_month_has_enough_there_is_a_sentence_and_a_table_and_no_empty_axes(store_of: StoreOf) -> None:
    store_of(8)
    at = page()
    assert not at.get("plotly_chart")
    assert "counts and no bars" in text_of(at) and "no whole quarter" in text_of(at)
    assert text_of(at).count("mc-table") >= 3


def test_everybody_is_offered_the_way_back_to_the_start_page(store: records.Store) -> None:
    assert [button for button in page().button if button.key == "back"]


def test_invented_and_real_never_stand_in_one_figure(store_of: StoreOf) -> None:
    store = store_of(30)
    for number in range(3):
        draft = records.start_draft(store, f"R-{number}", NOW, NOW.date(), ORDER)
        records.record_choice(store, draft.id, "wait", NOW, FACTS)
    at = page()
    assert '<p class="mx-number">3<' in text_of(at) and "Invented data" not in text_of(at)
    at.segmented_control(key="whose").set_value("invented").run()
    assert "Invented data" in text_of(at)
    number = re.search(r'<p class="mx-number">(\d+)<', text_of(at))
    assert number is not None and 3 < int(number[1]) <= 30


def test_every_way_leads_away_also_while_filters_stand_in_the_address(store_of: StoreOf) -> None:
    store_of(60)
    at = page()
    at.segmented_control(key="period").set_value("24").run()
    at.query_params["period"] = "24 months"
    at.run()
    at.button(key="way_week").click().run()
    assert not at.exception and "The last whole week" in text_of(at)


@pytest.mark.parametrize(
    ("role", "sees"), [(Role.AESTHETICIAN, 6), (Role.CLINICIAN, 6), (Role.MANAGER, 10), (Role.OWNER, 10)]
)
def test_who_may_see_their_own_figures_alone_sees_no_others_whatever_is_asked_for(
    store: records.Store, role: Role, sees: int
) -> None:
    at = program(role).run()
    [person] = access.list_people(store)
    for number in range(10):
        by = person.id if number < 6 else "somebody-else"
        draft = records.start_draft(store, f"R-{number}", NOW, NOW.date(), ORDER, started_by=by)
        records.record_choice(store, draft.id, "wait", NOW, FACTS)
    at.switch_page("pages/treatment_mix.py").run()
    assert not at.exception and counted(at) == sees
    at.query_params["of_provider"] = "somebody-else"
    at.run()
    assert not at.exception and counted(at) in (sees, sees - 6)
    at.switch_page("pages/week.py").run()
    assert not at.exception


# --- taken along ----------------------------------------------------------------------------------------------------


def at_mix(*roles: Role, password: bool = False) -> AppTest:
    at = program(*roles)
    if password:
        give_password(at.user["sid"])  # type: ignore[index]
    return at.run().switch_page("pages/treatment_mix.py").run()


def files_of(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the buttons hand out when whoever is signed in on this page taps them."""
    drawn: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(downloads.st, "download_button", lambda words, made, key, **_: drawn.update({key: made}))
    at.run()
    assert not at.exception
    found = access.sign_in_of(core_access.store(), str(at.user["sid"]), core_access.now())  # type: ignore[index]
    assert found is not None
    files = {}
    for key, made in drawn.items():
        asked = file_messages.Asked(found.id)
        token = file_messages.ASKED.set(asked)
        assert made() == b"", "Streamlit gets nothing of it"
        file_messages.ASKED.reset(token)
        place = asked.address.removeprefix("/media/").partition(".")[0]
        file = core_access.files().take(place, found, core_access.now())
        assert file is not None
        files[key] = file.content
    return files


def exported(store: records.Store) -> list[tuple[str, dict[str, object]]]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT actor, detail FROM audit WHERE object = '{OBJECT}' ORDER BY seq")  # noqa: S608
        return [(actor, json.loads(detail)) for actor, detail in rows]


def test_a_manager_takes_both_files_with_the_same_rows_each_noted_in_the_log(
    store_of: StoreOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(600)
    at = at_mix(Role.MANAGER, password=True)
    at.selectbox(key="of_concern").set_value("pigment").run()
    files = files_of(at, monkeypatch)
    lines = list(csv.reader(io.StringIO(files["take_csv"].decode(), newline="")))
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["take_xlsx"]))
    sheet = book.get_sheet_by_index(0).to_python()
    assert book.sheet_names == ["Treatment mix"]
    assert [[str(int(one) if isinstance(one, float) else one) for one in row if one != ""] for row in sheet] == [
        [one for one in row if one] for row in lines
    ]
    above = {row[0]: row[1] for row in lines if len(row) == 2}
    assert "Invented data" in above and above["Filters"] == "none: the whole practice"
    assert above["Period"] == "Q4 2025 to Q3 2026" and above["hidden"].startswith("fewer than 5")
    assert above["Made on"] == "2026-11-30"
    assert above["Chosen"].startswith("What the client picked")
    header = next(row for row in lines if row[:2] == ["Quarter", "Month"])
    assert header[2] == "Consultations" and "Recommended: None" in header and "Chosen: Exosomes" in header
    rows = lines[lines.index(header) + 1 :]
    assert [row[1] for row in rows[-4:]] == ["2026-07", "2026-08", "2026-09", "all"] and len(rows) == 16
    counts = [cell for row in rows for cell in row[2:]]
    assert "hidden" in counts and all(cell == "hidden" or int(cell) >= 5 for cell in counts)
    manager = next(one.id for one in access.list_people(store) if one.id == exported(store)[0][0])
    detail = {"rows": 16, "from": "2025-Q4", "to": "2026-Q3", "invented": True}
    assert exported(store) == [(manager, {"file": "csv", **detail}), (manager, {"file": "xlsx", **detail})]


def test_without_the_password_there_is_the_way_to_give_it_and_no_file(store_of: StoreOf) -> None:
    store_of(60)
    at = at_mix(Role.MANAGER)
    assert not at.get("download_button")
    assert "Give the password" in text_of(at) and "/step-up?next=%2Ftreatment_mix" in text_of(at)


def test_a_password_given_too_long_ago_makes_a_file_that_says_so(
    store_of: StoreOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(60)
    at = at_mix(Role.MANAGER, password=True)
    monkeypatch.setattr(mix_export, "require_password", lambda sign_in, now: sign_ins.require_password(None, now))
    files = files_of(at, monkeypatch)
    assert files["take_csv"].decode() == '"The file was not made. Give your password again first."\r\n'
    assert exported(store) == []


@pytest.mark.parametrize("roles", [(Role.AESTHETICIAN,), (Role.CLINICIAN,)])
def test_who_sees_only_their_own_takes_none(store_of: StoreOf, roles: tuple[Role, ...]) -> None:
    store = store_of(60)
    at = program(*roles)
    found = access.sign_in_of(core_access.store(), str(at.user["sid"]), core_access.now())  # type: ignore[index]
    assert found is not None
    draft = records.start_draft(store, "R-1", NOW, NOW.date(), ORDER)
    records.record_choice(store, draft.id, "wait", NOW, replace(FACTS, provider=found.person.id))
    give_password(found.id)
    at.run().switch_page("pages/treatment_mix.py").run()
    assert not at.exception and not at.get("download_button")
    assert "is for managers, the medical director and the owner" in text_of(at)


def test_in_the_trial_it_says_why_there_is_no_file(store_of: StoreOf) -> None:
    store_of(60)
    at = program(trial=True).run().switch_page("pages/treatment_mix.py").run()
    assert not at.exception and not at.get("download_button")
    assert "Nobody is signed in during the trial" in text_of(at) and "opens the same view" in text_of(at)


# --- views under a name ---------------------------------------------------------------------------------------------


def test_a_manager_keeps_what_the_address_asks_for_under_a_name_and_lets_it_go(store_of: StoreOf) -> None:
    store_of(60)
    at = at_mix(Role.MANAGER)
    at.query_params["of_concern"] = "Texture"
    at.text_input(key="view_name").set_value("Texture & more")
    at.button(key="keep_view_now").click().run()
    assert not at.exception and 'href="/treatment_mix?of_concern=Texture"' in text_of(at)
    assert "Texture &amp; more" in text_of(at) or "Texture & more" in text_of(at)
    at.button(key="keep_view_now").click().run()
    assert "Give the view a name." in text_of(at)
    [remove] = [button for button in at.button if str(button.key).startswith("remove_view_")]
    remove.click().run()
    assert not at.exception and "of_concern=Texture" not in text_of(at)


def test_who_sees_only_their_own_and_the_trial_keep_no_views(store_of: StoreOf) -> None:
    store_of(30)
    for at in (at_mix(Role.AESTHETICIAN), program(trial=True).run().switch_page("pages/treatment_mix.py").run()):
        assert not at.exception and not [box for box in at.text_input if box.key == "view_name"]
