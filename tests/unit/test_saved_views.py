"""Views of figures under a name: each person's own, never one over another, each kept and removed with its row in the log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medspa_core.access.rights import AccessRefused
from medspa_core.practice.personal.saved_views import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST,
    SavedViewProblem,
    list_views,
    remove_view,
    save_view,
)
from medspa_core.records import Store
from medspa_core.rulebook import Rulebook
from tests.exam_support import exam_practice
from tests.exam_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.exam_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import NOW

MIX = "treatment_mix"


def test_a_view_is_ones_own_is_kept_once_and_leaves_a_row(file_store: Store, rulebook: Rulebook) -> None:
    practice = exam_practice(file_store, rulebook)
    manager, owner = practice["manager"], practice["owner"]
    before = file_store.head().seq
    for _ in range(2):
        save_view(file_store, manager, MIX, "  Harbour,  exosomes ", "of_chosen=Exosomes", NOW)
    [kept] = list_views(file_store, manager, MIX)
    assert (kept.name, kept.address) == ("Harbour, exosomes", "of_chosen=Exosomes")
    assert list_views(file_store, owner, MIX) == [] == list_views(file_store, manager, "week")
    remove_view(file_store, owner, kept.id, NOW)
    assert list_views(file_store, manager, MIX) == [kept], "nobody removes what is another's"
    for _ in range(2):
        remove_view(file_store, manager, kept.id, NOW)
    assert list_views(file_store, manager, MIX) == [] and file_store.head().seq == before + 2
    with file_store.reading() as connection:
        detail = connection.exec_driver_sql(f"SELECT detail FROM audit WHERE seq > {before}").scalars()  # noqa: S608
        assert "Harbour" not in str(list(detail)), "what somebody typed is not in the log"


def test_what_cannot_be_kept_is_said_and_nothing_is_replaced(file_store: Store, rulebook: Rulebook) -> None:
    manager = exam_practice(file_store, rulebook)["manager"]
    save_view(file_store, manager, MIX, "Autumn", "period=3+months", NOW)
    tried = {
        "no_name": (" ", ""),
        "too_long": ("n" * (LONGEST_NAME + 1), ""),
        "taken": ("Autumn", "period=24+months"),
    }
    for why, (name, address) in {**tried, "too_long ": ("long", "x" * (LONGEST_ADDRESS + 1))}.items():
        with pytest.raises(SavedViewProblem, match=rf"^{why.strip()}$"):
            save_view(file_store, manager, MIX, name, address, NOW)
    for number in range(MOST - 1):
        save_view(file_store, manager, MIX, f"View {number}", "", NOW)
    with pytest.raises(SavedViewProblem, match=r"^many$"):
        save_view(file_store, manager, MIX, "One more", "", NOW)
    kept = list_views(file_store, manager, MIX)
    assert len(kept) == MOST and kept[0].address == "period=3+months"


def test_who_sees_their_own_figures_alone_keeps_none(file_store: Store, rulebook: Rulebook) -> None:
    practice = exam_practice(file_store, rulebook)
    for who in (practice["needler"], replace(practice["manager"], disabled=True)):
        with pytest.raises(AccessRefused):
            save_view(file_store, who, MIX, "Mine", "", NOW)
        with pytest.raises(AccessRefused):
            remove_view(file_store, who, "x", NOW)
