"""Opening hours: entered in versions, by location, by who plans capacity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from medspa_core import access
from medspa_core.exam import ExamProblem
from medspa_core.offer import HoursVersion, OpeningHours, hours_entered, set_opening_hours
from medspa_core.offer.schema import opening_hours
from medspa_core.records import Store, StoreProblem
from medspa_core.records.database.checks import verify
from medspa_core.records.schema import audit
from medspa_core.rulebook import Rulebook
from tests.exam_support import Practice, exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import NOW
from tests.unit.test_exam import rows

HOURS = OpeningHours((480,) * 5 + (240, 0), 2, 2, 1, 1, (date(2026, 12, 25), date(2027, 1, 1)))


@pytest.fixture
def practice(store: Store, rulebook: Rulebook) -> Practice:
    return exam_practice(store, rulebook)


def enter(
    practice: Practice, hours: OpeningHours = HOURS, who: str = "manager", seen: int = 0, **other: str
) -> HoursVersion:
    place = other.get("place") or access.list_locations(practice.store)[0].id
    return set_opening_hours(practice.store, practice[who], place, hours, seen, NOW, other.get("key") or practice.key())


def test_each_location_has_its_own_versions_and_the_last_one_counts(practice: Practice) -> None:
    other = access.add_location(practice.store, "West end", NOW, state="CA").id
    first = enter(practice)
    enter(practice, place=other, who="owner")
    longer = replace(HOURS, minutes=(600,) * 7, closed=())
    second = enter(practice, longer, who="director", seen=1)
    assert (first.number, second.number, second.person_id) == (1, 2, practice.people["director"].id)
    assert {one.hours for one in hours_entered(practice.store).values()} == {HOURS, longer}
    assert rows(practice.store, opening_hours) == 3
    with practice.store.reading() as connection:
        told = (
            connection.execute(sa.select(audit.c.object).where(audit.c.object.like("opening hours %"))).scalars().all()
        )
    assert told == ["opening hours 1", "opening hours 1", "opening hours 2"]
    assert verify(practice.store.place, practice.store.keys) == []
    with pytest.raises(StoreProblem, match="Not saved"), practice.store.writing() as connection:
        connection.execute(sa.update(opening_hours).values(number=9))


def test_the_same_again_a_double_tap_and_what_somebody_else_changed_meanwhile(practice: Practice) -> None:
    enter(practice, key="a-key-of-the-page")
    enter(practice, key="a-key-of-the-page")
    enter(practice, seen=1)
    assert rows(practice.store, opening_hours) == 1
    with pytest.raises(ExamProblem, match="Somebody else changed this"):
        enter(practice, replace(HOURS, chairs=9), seen=0)
    assert rows(practice.store, opening_hours) == 1


def test_each_thing_that_is_wrong_is_one_line_and_nothing_is_kept(practice: Practice) -> None:
    wrong = OpeningHours((480,) * 6, -1, 201, 1, 1, HOURS.closed[::-1])
    with pytest.raises(ExamProblem) as refused:
        enter(practice, wrong)
    assert len(refused.value.lines) == 4
    with pytest.raises(ExamProblem, match="not found"):
        enter(practice, place="nowhere")
    assert rows(practice.store, opening_hours) == 0
