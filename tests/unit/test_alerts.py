"""What a manager may be told of: the file is read strictly, a switch is one person's own and audited, old rules are counted."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from medspa_core.access import AccessRefused
from medspa_core.practice.personal.alerts import KINDS, AlertProblem, entries_due, read_alerts, switch, switched_on
from medspa_core.records import Store
from medspa_core.rulebook import Rulebook
from tests.conftest import DATA
from tests.exam_support import exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import NOW


def test_the_shipped_file_says_every_kind_in_words() -> None:
    found = read_alerts(DATA)
    assert f"more than {found.review_after_months} months" in found.kinds["entries"].words
    assert tuple(found.kinds) == KINDS and all(one.words.endswith(".") for one in found.kinds.values())


def test_everything_wrong_with_the_file_is_said_at_once(tmp_path: Path) -> None:
    shutil.copy(DATA / "alerts.toml", tmp_path)
    file = tmp_path / "alerts.toml"
    shipped = file.read_text("utf-8")
    file.write_text(shipped.replace("alerts.outside", "alerts.moon").replace("alerts.backup", "alerts.sun"), "utf-8")
    with pytest.raises(AlertProblem) as told:
        read_alerts(tmp_path)
    assert [line.split(". ")[0] for line in told.value.problems] == [
        "alerts.toml: expected an entry [alerts.outside]",
        "alerts.toml: expected an entry [alerts.backup]",
        "alerts.toml, alerts.moon: not known",
        "alerts.toml, alerts.sun: not known",
    ]
    file.write_text(shipped.replace("= 12", '= "soon"').replace('page = "store"', ""), "utf-8")
    with pytest.raises(AlertProblem) as told:
        read_alerts(tmp_path)
    assert len(told.value.problems) == 2


def test_a_switch_is_ones_own_is_done_once_and_leaves_a_row(file_store: Store, rulebook: Rulebook) -> None:
    practice = exam_practice(file_store, rulebook)
    manager, owner = practice["manager"], practice["owner"]
    before = file_store.head().seq
    for _ in range(2):
        switch(file_store, manager, "reviews", True, NOW)
    assert (switched_on(file_store, manager), switched_on(file_store, owner)) == ({"reviews"}, frozenset())
    switch(file_store, manager, "reviews", False, NOW)
    assert switched_on(file_store, manager) == frozenset() and file_store.head().seq == before + 2
    for who, kind in ((practice["needler"], "reviews"), (manager, "moon")):
        with pytest.raises(AccessRefused):
            switch(file_store, who, kind, True, NOW)
    assert file_store.head().seq == before + 2


def test_an_entry_is_due_once_it_was_last_looked_at_longer_ago_than_that(rulebook: Rulebook) -> None:
    assert entries_due(rulebook, 12, date(2027, 11, 22)) == 0
    dated = [re.findall(r"reviewed = \d{4}", file.read_text("utf-8")) for file in sorted(DATA.rglob("*.toml"))]
    assert entries_due(rulebook, 12, date(2027, 11, 23)) == sum(map(len, dated)) > 40
