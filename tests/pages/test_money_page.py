"""The page Money: which treatment earns most a chair hour, whether it is more than chance; nothing where nothing is known."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Role
from medspa_core.records import SaleFact, VisitFact
from medspa_core.records.audit.log import CREATED
from tests.pages.conftest import program, text_of
from tests.pages.test_audit_page import give_password
from tests.pages.test_treatment_mix_page import files_of
from tests.records_support import NOW

EXO, PRP = "exosome_microneedling", "prp_microneedling"


def page(*roles: Role) -> AppTest:
    at = program(*roles).run()
    return at.switch_page("pages/money.py").run()


def kept(store: records.Store, option: str, dollars: int, number: int, ago: int = 0, **other: str) -> None:
    """So many courses of one visit of an hour each, paid with about so much; one in ten sold as a package and still open."""
    visits, sales = [], []
    for place in range(number):
        day, course = NOW.date() - timedelta(days=ago + place % 40), f"{option}-{place}-{other}"
        visits.append(
            VisitFact(
                day,
                "performed",
                option=option,
                course=course,
                planned_chair_minutes=60,
                chair_minutes=55 + place % 11,
                **other,
            )
        )
        paid = dollars * 100 + 1000 * (place % 7)
        sale = SaleFact(day, "payment", paid, "USD", list_cents=paid + 5000, option=option, course=course, **other)
        sales.append(replace(sale, what="package") if place % 10 == 0 else sale)
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        records.keep_visits(connection, visits)
        records.keep_sales(connection, sales)


def test_without_a_payment_it_says_so_and_draws_nothing(store: records.Store) -> None:
    at = page()
    assert not at.exception and not at.get("plotly_chart")
    assert "Payments are not recorded here." in text_of(at)


def test_it_says_which_treatment_earns_most_an_hour_and_whether_that_is_more_than_chance(store: records.Store) -> None:
    kept(store, EXO, 900, 60)
    kept(store, PRP, 500, 60)
    at = page()
    assert not at.exception and [chart.key for chart in at.get("plotly_chart")] == ["money_revenue"]
    text = text_of(at)
    assert re.search(r"Highest: Exosomes, \$9\d\d, likely between \$\d+ and \$\d+\.", text)
    assert re.search(r"That is \$\d+ more than PRP \(\$\d+ to \$\d+\): more than chance\.", text)
    assert "It is more than each of the others, and that is more than chance." in text
    margin = text.split("Margin per chair hour")[1]
    assert "not recorded here" in margin and "$0" not in text
    tables = margin.split("Average ticket", 1)[1]
    assert re.search(r">All</th><td>\$7\d\d<", tables) and re.search(r">PRP</th><td>8.\d%<", tables)
    assert "Unredeemed balance" in tables and "$5,5" in tables and "fee-splitting" in tables
    at.selectbox(key="money_by").set_value("provider").run()
    assert not at.exception and "There are no two groups" in text_of(at)


def test_a_difference_that_may_be_chance_is_not_called_more_and_few_amounts_are_not_shown(store: records.Store) -> None:
    kept(store, EXO, 900, 30)
    kept(store, PRP, 899, 30)
    kept(store, "microneedling_alone", 350, 4)
    at = page()
    text = text_of(at)
    assert not at.exception
    assert re.search(r"That is \$\d+ more than \w+, not shown to be more than chance \(-\$\d+ to \$\d+\)\.", text)
    assert "It is not shown to be more than any of the others: it may be chance." in text
    assert text.count("too few to say") >= 2 and "$35" not in text
    assert "Microneedling" in text


def test_who_sees_only_their_own_figures_sees_no_other_money(store: records.Store) -> None:
    at = program(Role.AESTHETICIAN).run()
    [person] = access.list_people(store)
    kept(store, EXO, 900, 30, provider=person.id)
    kept(store, EXO, 100, 30, provider="somebody-else")
    at.switch_page("pages/money.py").run()
    assert not at.exception
    assert re.search(r">All</th><td>\$9\d\d<", text_of(at)) and "somebody-else" not in text_of(at)


def test_a_manager_takes_what_a_chair_hour_earned_as_a_file_without_a_count(
    store: records.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(store, EXO, 900, 60, ago=70)
    at = program(Role.MANAGER)
    give_password(at.user["sid"])  # type: ignore[index]
    at.run().switch_page("pages/money.py").run()
    files = files_of(at, monkeypatch)
    lines = list(csv.reader(io.StringIO(files["take_csv"].decode(), newline="")))
    header = next(row for row in lines if row[:2] == ["Quarter", "Treatment"])
    assert header[2:5] == [
        "Revenue per chair hour",
        "Revenue per chair hour, likely from",
        "Revenue per chair hour, likely to",
    ]
    [*rows] = lines[lines.index(header) + 1 :]
    assert [row[:2] for row in rows] == [["Q3 2026", "Exosomes"]] and 800 < int(rows[0][2]) < 1000
    assert set(files) == {"take_csv", "take_xlsx"}


def test_a_provider_whose_payments_name_nobody_earned_not_nothing_and_no_hidden_balance_follows_from_all(
    store: records.Store,
) -> None:
    kept(store, EXO, 900, 60)
    kept(store, PRP, 800, 20)
    with store.writing() as connection:
        store.note(connection, NOW, CREATED, "facts", {"what": "tried"})
        [visit] = [VisitFact(NOW.date(), "performed", option=EXO, course="b", chair_minutes=3000, provider="b")]
        records.keep_visits(connection, [visit])
    at = page()
    text = text_of(at)
    balance = text.split("Unredeemed balance</h3>")[1].split("</table>")[0]
    assert not at.exception and balance.count("too few to say") == 2 and "$5," in balance
    at.selectbox(key="money_by").set_value("provider").run()
    text = text_of(at)
    assert not at.exception and "not recorded here" in text and "$0" not in text.split("Margin per")[0]
