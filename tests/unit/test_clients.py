"""Clients and their consultations on both engines: who may see what, found how, kept how, merged and taken apart."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from medspa_core import clients
from medspa_core.access import TRIAL_PERSON, AccessRefused, Person, Role
from medspa_core.clients import Details, consultations, ready_to_finish
from medspa_core.clients.client_access import ClientMissing, ClientMoved
from medspa_core.clients.ready_to_finish import NotReady
from medspa_core.clients.search_words import Wanted, dates_read, meanings_of
from medspa_core.formats.typed_dates import NoDate
from medspa_core.records import (
    DraftFinished,
    DraftMissing,
    Store,
    StoreProblem,
    load_draft,
    read_facts,
    record_choice,
    start_draft,
)
from medspa_core.records.client_schema import GUARDED
from medspa_core.records.search_words import folded, words_to_keep
from medspa_core.rulebook import Rulebook, RulebookProblem, load_whole, read_whole
from tests.clients_support import FACTS, HOSTILE, MARKER, Practice, details, trail
from tests.clients_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.clients_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.conftest import DATA
from tests.records_support import NOW, ORDER, Clinic

SEES_CLIENTS = ("aesthetician", "clinician", "medical_director")


@pytest.fixture
def practice(store: Store) -> Practice:
    return Practice(store)


# --- who may do what ----------------------------------------------------------------------------------------------


def verbs(practice: Practice, client_id: str, draft_id: str, book: Rulebook) -> dict[str, Callable[[Person], object]]:
    """Every verb on an object that is there, as somebody would call it."""
    s, day = practice.store, date(2026, 11, 22)
    choice = {"rulebook_revision": book.revision, "files": {}, "shown": {}}
    return {
        "open_client": lambda who: clients.open_client(s, who, client_id),
        "visits_of": lambda who: clients.visits_of(s, who, client_id),
        "change_client": lambda who: clients.change_client(s, who, client_id, details("Another"), NOW, 0),
        "start": lambda who: consultations.start(s, who, "B-1", NOW, day, ORDER, client_id=client_id),
        "load": lambda who: required(consultations.load(s, who, draft_id)),
        "save_answers": lambda who: consultations.save_answers(s, who, draft_id, {"age": 44}, NOW, "form"),
        "undo": lambda who: consultations.undo(s, who, draft_id, NOW),
        "clear": lambda who: consultations.clear_answers(s, who, draft_id, NOW),
        "choose": lambda who: consultations.record_choice(
            s, who, draft_id, "microneedling_alone", NOW, FACTS, **choice
        ),  # type: ignore[arg-type]
        "finish": lambda who: may_be_not_ready(lambda: consultations.finish(s, who, draft_id, NOW, book)),
        "amend": lambda who: may_be_unfinished(lambda: clients.amend(s, who, draft_id, "what", "why", NOW)),
    }


def required(found: object) -> object:
    if found is None:
        raise DraftMissing
    return found


def may_be_not_ready(verb: Callable[[], object]) -> None:
    with pytest.raises(NotReady):
        verb()
    raise_unless_ready()


def raise_unless_ready() -> None:
    """The refusal that was expected of somebody who may."""


def may_be_unfinished(verb: Callable[[], object]) -> None:
    try:
        verb()
    except StoreProblem as problem:
        if isinstance(problem, DraftMissing):
            raise
        assert "is not finished" in str(problem)


def test_each_role_may_do_with_clients_what_the_table_says_and_a_refusal_leaves_its_row(
    practice: Practice, rulebook: Rulebook
) -> None:
    client = clients.new_client(practice.store, practice.nurse, details(), NOW)
    draft = practice.started(client.id)
    for role in Role:
        for name, verb in verbs(practice, client.id, draft.id, rulebook).items():
            store = practice.store
            before = len(trail(store))
            if role.value in SEES_CLIENTS:
                verb(practice[role.value])
            else:
                with pytest.raises(AccessRefused, match="not open to you"):
                    verb(practice[role.value])
                assert [row[3] for row in trail(store)[before:]] == [4], name


def test_another_locations_ids_are_missing_like_ids_that_never_were_and_each_try_is_audited(
    practice: Practice, rulebook: Rulebook
) -> None:
    client = clients.new_client(practice.store, practice.nurse, details(), NOW)
    draft = practice.started(client.id)
    stranger = practice["elsewhere"]
    real, invented = verbs(practice, client.id, draft.id, rulebook), verbs(practice, "0" * 32, "nobody", rulebook)
    for name in real:
        told = []
        for verb, about in ((real[name], (client.id, draft.id)), (invented[name], ("0" * 32, "nobody"))):
            before = len(trail(practice.store))
            with pytest.raises((ClientMissing, DraftMissing)) as refused:
                verb(stranger)
            told.append((type(refused.value), str(refused.value)))
            rows = trail(practice.store)[before:]
            assert [(row[2] in about, row[3]) for row in rows] == [(True, 4)], name
        assert told[0] == told[1], name
    assert load_draft(practice.store, draft.id) == draft


def test_lists_and_searches_show_ones_own_locations_only(practice: Practice) -> None:
    s = practice.store
    mine = clients.new_client(s, practice.nurse, details("Ann Here", "H-1"), NOW)
    theirs = clients.new_client(s, practice["elsewhere"], details("Ann There", "T-1"), NOW)
    here = practice.started(mine.id)
    assert (mine.location_id, theirs.location_id) == (practice.here, practice.there)
    assert [one.id for one in clients.find_clients(s, practice.nurse, "ann")] == [mine.id]
    assert [one.id for one in clients.recent_clients(s, practice["elsewhere"])] == [theirs.id]
    director = practice["medical_director"]
    assert {one.id for one in clients.find_clients(s, director, "ann")} == {mine.id, theirs.id}
    assert [one.id for one in consultations.list_open(s, practice.nurse)] == [here.id]
    assert consultations.list_open(s, practice["elsewhere"]) == []
    for who in ("manager", "owner"):
        for verb in (clients.recent_clients, consultations.list_open, clients.alike):
            with pytest.raises(AccessRefused):
                verb(s, practice[who])
        with pytest.raises(AccessRefused):
            clients.find_clients(s, practice[who], "ann")


def test_broken_glass_opens_reading_and_nothing_else(practice: Practice) -> None:
    client = clients.new_client(practice.store, practice.nurse, details(), NOW)
    owner = replace(practice["owner"], glass_open=True)
    assert clients.open_client(practice.store, owner, client.id).details.name == f"{MARKER} Quill"
    with pytest.raises(AccessRefused):
        clients.change_client(practice.store, owner, client.id, details("Other"), NOW, 0)


def test_the_trial_works_as_before_and_what_it_kept_belongs_to_the_first_place(store: Store) -> None:
    trial = consultations.start(store, TRIAL_PERSON, "A-1", NOW, date(2026, 11, 22), ORDER)
    consultations.save_answers(store, TRIAL_PERSON, trial.id, {"age": 44}, NOW, "form", 0)
    older = start_draft(store, "A-0", NOW, date(2026, 11, 22), ORDER)
    assert {one.id for one in consultations.list_open(store, TRIAL_PERSON)} == {trial.id, older.id}
    practice = Practice(store)
    assert consultations.load(store, practice.nurse, trial.id) is not None
    assert {one.id for one in consultations.list_open(store, practice.nurse)} == {trial.id, older.id}
    assert consultations.load(store, practice["elsewhere"], trial.id) is None
    assert consultations.list_open(store, practice["elsewhere"]) == []
    assert [one.code_name for one in clients.find_clients(store, practice.nurse, "a1")] == ["A-1"]


# --- one client ---------------------------------------------------------------------------------------------------


def test_a_client_can_be_only_a_code_name_and_comes_back_as_kept(practice: Practice, clinic: Clinic) -> None:
    bare = clients.new_client(practice.store, practice.nurse, Details("  A-204 "), NOW)
    full = clients.new_client(practice.store, practice.nurse, details(), NOW)
    practice.store.close()
    with clinic.open() as again:
        assert clients.open_client(again, practice.nurse, bare.id).details == Details("A-204")
        assert clients.open_client(again, practice.nurse, full.id) == full
    assert len(full.id) == 32 and MARKER not in full.id


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_kept_as_text_and_found(practice: Practice, name: str) -> None:
    made = clients.new_client(practice.store, practice.nurse, Details("X-1", name, note=name), NOW)
    assert made.details.name == " ".join(name.split())
    first = words_to_keep(name)[0]
    assert made.id in {one.id for one in clients.find_clients(practice.store, practice.nurse, first)}
    assert clients.find_clients(practice.store, practice.nurse, "x1") != []


@pytest.mark.parametrize(
    "bad",
    [
        Details(" "),
        Details("A", "nul\0"),
        Details("A", "half \ud800"),
        Details("A" * 121),
        Details("A", birth_date=date(2026, 11, 23)),
        Details("A", birth_date=date(1899, 12, 31)),
        Details("A", note="n" * 2001),
    ],
)
def test_details_that_can_not_be_kept_are_refused_without_being_repeated(practice: Practice, bad: Details) -> None:
    with pytest.raises(StoreProblem) as refused:
        clients.new_client(practice.store, practice.nurse, bad, NOW)
    assert bad.name not in str(refused.value) or not bad.name
    assert clients.recent_clients(practice.store, practice.nurse) == []


def test_two_screens_never_change_a_client_silently(practice: Practice) -> None:
    s, who = practice.store, practice.nurse
    one = clients.new_client(s, who, details(), NOW)
    changed = clients.change_client(s, who, one.id, details("Ivy"), NOW, one.revision)
    assert clients.change_client(s, who, one.id, details("Ivy"), NOW, one.revision) == changed
    with pytest.raises(ClientMoved):
        clients.change_client(s, who, one.id, details("Rose"), NOW, one.revision)
    assert clients.open_client(s, who, one.id).details.name == "Ivy"
    assert clients.find_clients(s, who, "marigold") == []


def test_reading_a_client_leaves_one_row_however_often_the_page_is_drawn(practice: Practice) -> None:
    s, who = practice.store, practice.nurse
    one = clients.new_client(s, who, details(), NOW)
    for _ in range(3):
        clients.open_client(s, who, one.id)
        clients.visits_of(s, who, one.id)
        clients.find_clients(s, who, "marigold")
    assert [row[1] for row in trail(s, one.id)] == ["C", "R"]
    assert [row[1] for row in trail(s, "search of clients")] == ["R"]
    with s.reading() as connection:
        everything = connection.exec_driver_sql("SELECT detail FROM audit").scalars().all()
    assert one.id in " ".join(everything) and MARKER not in " ".join(everything)


# --- searching ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("elo", True),
        ("ÉLOÏSE", True),
        ("maxim o'bri", True),
        ("obrien", True),
        ("brien", True),
        ("1984-03-07", True),
        ("7.3.1984", True),
        ("3/7/1984", True),
        ("elo 7.3.1984", True),
        ("elo 8.3.1984", False),
        ("é-77", True),
        ("e77", True),
        ("77", True),
        ("loise", False),
        ("elo max zed", False),
        ("%", False),
        ("_", False),
        ("' OR 1=1", False),
    ],
)
def test_a_client_is_found_by_beginnings_of_names_by_birth_date_and_by_code(
    practice: Practice, typed: str, found: bool
) -> None:
    born = date(1984, 3, 7)
    one = clients.new_client(practice.store, practice.nurse, Details("É-77", "Éloïse Maxim O'Brien", born), NOW)
    clients.new_client(practice.store, practice.nurse, Details("Z-1", "Zoe Other"), NOW)
    assert (one.id in {line.id for line in clients.find_clients(practice.store, practice.nurse, typed)}) is found


NAMED = {
    "Leilani Ka\u02bbahumanu": ("kaahumanu", "Ka'ahumanu", "Ka\u2019ahumanu", "leilani ka ahumanu"),
    "D\u02bcAngelo Russo": (
        "D'Angelo",
        "D\u2018Angelo",
        "d\u00b4angelo",
        "D`Angelo",
        "D\uff07Angelo",
        "dangelo",
        "russo d",
    ),
    "Maria Dela Cruz": ("de la cruz", "delacruz", "Dela Cruz", "de la Cruz, Maria", "maria delac", "mariade la"),
    "Maria de la Cruz": ("Dela Cruz", "delacruz", "cruz maria", "lacruz"),
    "Ella Fitz Gerald": ("fitzgerald", "Fitz Gerald", "gerald", "fitzgerald ella"),
    "Zelda Fitzgerald": ("Fitz Gerald", "fitz ger zelda"),
    "Abdul Rahman": ("abdulrahman", "Abdul-Rahman", "rahman"),
    "山田 花子": ("山田花子", "山田", "花子", "山田 花", "田花"),
    "山田花子": ("山田 花子", "花子", "花子 山田", "子"),
    "王小明": ("小明", "王 小明"),
    "김철수": ("철수", "김 철수"),
    "สมชายใจดี": ("ใจดี", "สมชาย ใจดี"),
    "علی کریمی": ("علي كريمي", "كريمي"),
    "فاطمة أحمد": ("فاطمه احمد", "إحمد", "آحمد"),
    "عبد الرحمن": ("عبدالرحمن",),
    "Łucja Müller-Öz": ("lucja muller", "mulleroz", "oz"),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_name_is_found_however_it_is_written_and_put_together(practice: Practice, name: str) -> None:
    one = clients.new_client(practice.store, practice.nurse, Details("Q-1", name), NOW)
    clients.new_client(practice.store, practice.nurse, Details("Z-1", "Zoe Other"), NOW)
    for typed in (name, *NAMED[name]):
        assert [line.id for line in clients.find_clients(practice.store, practice.nurse, typed)] == [one.id], typed


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "3/7/84",
            "03/07/84",
            "7.3.84",
            "03071984",
            "March 7, 1984",
            "Mar 7 84",
            "7 march 1984",
            "1984/03/07",
            "19840307",
        ),
        *("٣/٧/١٩٨٤", "۱۹۸۴-۰۳-۰۷", "ann march 7th, 1984", "1984-03-07 lee", "lee (3/7/84)"),
    ],
)
def test_a_birth_date_is_found_however_it_is_typed(practice: Practice, typed: str) -> None:
    one = clients.new_client(practice.store, practice.nurse, details("Ann Lee"), NOW)
    clients.new_client(practice.store, practice.nurse, details("Ann Lee", "B", date(1984, 3, 8)), NOW)
    assert [line.id for line in clients.find_clients(practice.store, practice.nurse, typed)] == [one.id]


def test_a_code_that_could_be_a_date_is_still_found(practice: Practice) -> None:
    one = clients.new_client(practice.store, practice.nurse, Details("03-07-1984"), NOW)
    two = clients.new_client(practice.store, practice.nurse, details(code="B"), NOW)
    found = {line.id for line in clients.find_clients(practice.store, practice.nurse, "03-07-1984")}
    assert found == {one.id, two.id}


def test_a_search_shows_at_most_fifty_and_nothing_typed_shows_nothing(practice: Practice) -> None:
    for number in range(55):
        clients.new_client(practice.store, practice.nurse, Details(f"S-{number}", f"Sam Number {number}"), NOW)
    assert len(clients.find_clients(practice.store, practice.nurse, "sam")) == 50
    assert len(clients.find_clients(practice.store, practice.nurse, "sam num")) == 50
    assert clients.find_clients(practice.store, practice.nurse, "  ") == []


def test_accents_case_and_marks_make_no_difference_to_words() -> None:
    assert folded("Łukasz ØRSTED ﬁne") == "lukasz orsted fine"
    assert words_to_keep("Anne-Marie", "A-204") == ("annemarie", "marieanne", "a204", "204a")


def test_what_is_typed_is_read_as_names_and_as_the_days_it_may_mean() -> None:
    two = (date(1984, 3, 7), date(1984, 7, 3))
    assert meanings_of("3/7/1984") == (Wanted((), two), Wanted(("371984",)))
    assert meanings_of("Anna (31/12/1984)")[0] == Wanted(("anna",), (date(1984, 12, 31),))
    assert meanings_of("99.99.1984") == (Wanted(("99991984",)),)
    assert meanings_of(" ") == ()
    assert dates_read("anna 3/7/84", "month_first", NOW.date()) == two
    for typed, why in (("31/2/1984", "no_such_day"), ("1984", "only_year"), ("anna 7 march", "no_year")):
        assert dates_read(typed, "month_first", NOW.date()) == (NoDate(why),)  # type: ignore[arg-type]
    assert dates_read("7 March 2084", "month_first", NOW.date()) == (NoDate("too_late", date(2084, 3, 7)),)
    assert dates_read("A-204", "month_first", NOW.date()) == dates_read("May Smith", "day_first", NOW.date()) == ()


# --- added already ------------------------------------------------------------------------------------------------

HERE = ("Éloïse D'Angelo", date(1984, 3, 7))


def lines(practice: Practice, who: str, name: str, born: date | None = HERE[1], code: str = "NEW") -> list[str]:
    return [line.id for line in clients.already_here(practice.store, practice[who], details(name, code, born))]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        *(
            ("Éloïse D'Angelo", True),
            ("eloise d\u2019angelo", True),
            ("Eloise D\u02bcAngelo", True),
            ("Eloise Dangelo", True),
        ),
        *(("D'Angelo, Éloïse", True), ("Eloise D Angelo", True), ("Eloise Angelo", False), ("Louise D'Angelo", False)),
    ],
)
def test_somebody_with_the_same_name_and_birth_date_is_offered(practice: Practice, name: str, found: bool) -> None:
    one = clients.new_client(practice.store, practice.nurse, Details("A", *HERE), NOW)
    assert lines(practice, "aesthetician", name) == ([one.id] if found else [])
    assert lines(practice, "aesthetician", name, date(1984, 3, 8)) == []
    assert lines(practice, "aesthetician", name, None) == []
    shown = [row for row in trail(practice.store) if row[2] == "search of clients"]
    assert len(shown) == int(found)


def test_somebody_with_the_same_code_name_and_birth_date_is_offered(practice: Practice) -> None:
    one = clients.new_client(practice.store, practice.nurse, Details("A-204", birth_date=HERE[1]), NOW)
    assert lines(practice, "aesthetician", "", code="a 204") == [one.id]
    assert lines(practice, "aesthetician", "", code="a 205") == []


def test_of_a_client_at_another_location_nothing_is_said_not_even_that_there_is_one(practice: Practice) -> None:
    clients.new_client(practice.store, practice["elsewhere"], Details("A", *HERE), NOW)
    before = trail(practice.store)
    assert lines(practice, "aesthetician", HERE[0]) == []
    assert trail(practice.store) == before
    assert len(lines(practice, "elsewhere", HERE[0])) == 1
    with pytest.raises(AccessRefused):
        lines(practice, "manager", HERE[0])


def test_who_is_retyped_into_somebody_else_is_asked_about_and_never_for_themselves(practice: Practice) -> None:
    s, who = practice.store, practice.nurse
    there = clients.new_client(s, who, Details("A", *HERE), NOW)
    one = clients.new_client(s, who, Details("B", "Ivy Rose", HERE[1]), NOW)

    def others(**other: Any) -> list[str]:
        found = clients.already_here(s, who, replace(one.details, **other), instead_of=one)
        return [line.id for line in found]

    assert others(name="Eloise D\u2019Angelo") == others(code_name="a") == [there.id]
    assert others(name="Eloise D\u2019Angelo", birth_date=date(1984, 3, 8)) == others(name="Rose, Ivy") == []
    one = clients.change_client(s, who, one.id, replace(one.details, name=HERE[0]), NOW, one.revision)
    assert (
        others(note="likes tea") == others(name="ELOISE D'ANGELO") == []
    )  # known to be two, since it was asked before
    one = clients.change_client(s, who, one.id, replace(one.details, name="Ivy Rose"), NOW, one.revision)
    clients.merge(s, who, there.id, one.id, NOW)
    assert others(name=HERE[0]) == []


def test_an_entry_that_was_merged_is_offered_once(practice: Practice) -> None:
    s, who = practice.store, practice.nurse
    kept, other = (clients.new_client(s, who, details(*given), NOW) for given in (("Ann Lee", "1"), ("Ann Li", "2")))
    clients.merge(s, who, kept.id, other.id, NOW)
    found = clients.already_here(s, who, details("Ann Li", "3"))
    assert [(line.id, line.kept_as) for line in found] == [(other.id, kept.id)]
    same = clients.new_client(s, who, details("Ann Lee", "4"), NOW)
    clients.merge(s, who, kept.id, same.id, NOW)
    assert lines(practice, "aesthetician", "Ann Lee") == [kept.id]


def test_a_form_that_is_sent_twice_adds_one_client(practice: Practice) -> None:
    s, who, form = practice.store, practice.nurse, clients.new_id()
    one = clients.new_client(s, who, details(), NOW, client_id=form)
    assert clients.new_client(s, who, details(), NOW + timedelta(seconds=1), client_id=form) == one
    assert one.id == form and len(clients.recent_clients(s, who)) == 1
    assert [row[1] for row in trail(s, one.id)] == ["C"]
    with pytest.raises(StoreProblem, match="Somebody else was added from this form"):
        clients.new_client(s, who, details("Another"), NOW, client_id=form)
    with pytest.raises(ClientMissing):
        clients.new_client(s, practice["elsewhere"], details(), NOW, client_id=form)
    with pytest.raises(StoreProblem, match="can't be kept under this id"):
        clients.new_client(s, who, details(), NOW, client_id="my own")


def test_duplicates_are_found_however_a_name_is_written(practice: Practice) -> None:
    s, who = practice.store, practice.nurse
    for name, code in (("Anna O'Brien", "1"), ("OBRIEN, Anna", "2"), ("Ann O'Brien", "3")):
        clients.new_client(s, who, details(name, code), NOW)
    assert [{pair.one.name, pair.other.name} for pair in clients.alike(s, who)] == [{"Anna O'Brien", "OBRIEN, Anna"}]


# --- merging ------------------------------------------------------------------------------------------------------


def test_a_merge_shows_both_histories_is_audited_and_can_be_taken_apart(practice: Practice, rulebook: Rulebook) -> None:
    s, who = practice.store, practice.nurse
    kept, other = (clients.new_client(s, who, details("Ann Lee", code), NOW) for code in ("A-1", "B-2"))
    mine, theirs = practice.finished(rulebook, kept.id), practice.finished(rulebook, other.id)
    assert [(pair.one.id, pair.other.id) for pair in clients.alike(s, who)] in (
        [(kept.id, other.id)],
        [(other.id, kept.id)],
    )
    merged = clients.merge(s, who, kept.id, other.id, NOW)
    assert merged == clients.merge(s, who, kept.id, other.id, NOW)
    assert {visit.id for visit in clients.visits_of(s, who, kept.id)} == {mine.id, theirs.id}
    assert clients.alike(s, who) == []
    found = {line.id: line.kept_as for line in clients.find_clients(s, who, "b2")}
    assert found == {other.id: kept.id}
    again = consultations.start(s, who, "B-2", NOW, date(2026, 11, 22), ORDER, client_id=other.id)
    assert again.client_id == kept.id
    clients.unmerge(s, who, other.id, NOW)
    assert {visit.id for visit in clients.visits_of(s, who, other.id)} == {theirs.id}
    assert {visit.id for visit in clients.visits_of(s, who, kept.id)} == {mine.id, again.id}
    assert [row[1] for row in trail(s, other.id)].count("U") == 2


def test_the_facts_of_a_client_follow_who_is_kept_as_one(practice: Practice) -> None:
    """Somebody was here before under another entry: their facts say so from the merge on, and no more once it is taken apart."""
    s, who = practice.store, practice.nurse
    kept, other = (clients.new_client(s, who, details("Ann Lee", code), NOW) for code in ("A-1", "B-2"))
    for client, day in ((kept, date(2026, 11, 22)), (other, date(2026, 10, 1))):
        draft = consultations.start(s, who, client.details.code_name, NOW, day, ORDER, client_id=client.id)
        record_choice(s, draft.id, "wait", NOW, FACTS)

    def told() -> dict[date, bool]:
        facts = read_facts(s)
        return dict(zip(facts["consulted_on"], facts["is_returning"], strict=True))

    apart = {date(2026, 10, 1): False, date(2026, 11, 22): False}
    assert told() == apart
    clients.merge(s, who, kept.id, other.id, NOW)
    assert told() == apart | {date(2026, 11, 22): True}
    assert max(read_facts(s)["seq"]) == s.head().seq  # whoever keeps a copy hears of it
    third = consultations.start(s, who, "A-1", NOW, date(2026, 12, 1), ORDER, client_id=kept.id)
    record_choice(s, third.id, "wait", NOW, FACTS)
    assert told()[date(2026, 12, 1)]
    clients.unmerge(s, who, other.id, NOW)
    assert told() == apart | {date(2026, 12, 1): True}


def test_a_merge_across_locations_or_in_a_circle_is_refused(practice: Practice) -> None:
    s, who = practice.store, practice.nurse
    one, two, three = (clients.new_client(s, who, details("Ann", code), NOW) for code in ("1", "2", "3"))
    far = clients.new_client(s, practice["elsewhere"], details("Ann", "4"), NOW)
    with pytest.raises(ClientMissing):
        clients.merge(s, who, one.id, far.id, NOW)
    clients.merge(s, who, one.id, two.id, NOW)
    clients.merge(s, who, three.id, one.id, NOW)
    for kept, other in ((two.id, three.id), (one.id, three.id), (three.id, three.id)):
        with pytest.raises(StoreProblem):
            clients.merge(s, who, kept, other, NOW)
    assert set(clients.open_client(s, who, three.id).merged_here) == {one.id, two.id}


# --- finished consultations ---------------------------------------------------------------------------------------


def test_a_consultation_is_finished_only_with_intake_safety_and_choice(practice: Practice, rulebook: Rulebook) -> None:
    s, who = practice.store, practice.nurse
    draft = practice.started(age=44)
    with pytest.raises(NotReady) as refused:
        consultations.finish(s, who, draft.id, NOW, rulebook)
    assert refused.value.missing == ("intake", "safety", "choice")
    ready = practice.started()
    assert ready_to_finish.what_is_missing(ready, rulebook) == ("choice",)
    practice.chosen(ready, rulebook)
    consultations.save_answers(s, who, ready.id, {"nsaid": None}, NOW, "form")
    with pytest.raises(NotReady) as refused:
        consultations.finish(s, who, ready.id, NOW, rulebook)
    assert refused.value.missing == ("safety",)
    assert load_draft(s, ready.id).finished_at is None  # type: ignore[union-attr]


@pytest.mark.parametrize("choice", ["not_yet", "no", "wait"])
def test_who_plans_no_treatment_may_leave_with_everything_open(
    practice: Practice, rulebook: Rulebook, choice: str
) -> None:
    """And who chose a treatment may not: what is treated then was asked about."""
    s, who = practice.store, practice.nurse
    draft = practice.started(age=44)
    kept = {"rulebook_revision": rulebook.revision, "files": {}, "shown": {}}
    consultations.record_choice(s, who, draft.id, "microneedling_alone", NOW, FACTS, **kept)  # type: ignore[arg-type]
    with pytest.raises(NotReady):
        consultations.finish(s, who, draft.id, NOW, rulebook)
    consultations.record_choice(s, who, draft.id, choice, NOW, FACTS, **kept)  # type: ignore[arg-type]
    assert consultations.finish(s, who, draft.id, NOW, rulebook).finished_at is not None


def test_a_first_visit_belongs_to_a_treatment_and_is_not_before_the_consultation(
    practice: Practice, rulebook: Rulebook
) -> None:
    s, who = practice.store, practice.nurse
    draft = practice.chosen(practice.started(), rulebook)
    with pytest.raises(StoreProblem, match="not before the consultation"):
        consultations.record_next_date(s, who, draft.id, "first_visit", date(1999, 1, 1), NOW, rulebook)
    kept = {"rulebook_revision": rulebook.revision, "files": {}, "shown": {}}
    consultations.record_choice(s, who, draft.id, "wait", NOW, FACTS, **kept)  # type: ignore[arg-type]
    with pytest.raises(StoreProblem, match="Only a treatment has a first visit"):
        consultations.record_next_date(s, who, draft.id, "first_visit", date(2027, 2, 2), NOW, rulebook)


def test_a_consultation_ends_only_with_a_date_that_is_open_by_its_last_answers(
    practice: Practice, rulebook: Rulebook
) -> None:
    s, who, day = practice.store, practice.nurse, date(2026, 11, 22)
    draft = practice.chosen(practice.started(), rulebook)
    consultations.record_next_date(s, who, draft.id, "first_visit", day, NOW, rulebook)
    consultations.save_answers(s, who, draft.id, {"sunburn_or_tan": "yes"}, NOW, "form")
    for open_days in (None, (day + timedelta(days=1), date(2028, 1, 1))):
        with pytest.raises(NotReady) as refused:
            consultations.finish(s, who, draft.id, NOW, rulebook, open_days)
        assert refused.value.missing == ("date",)
    consultations.record_next_date(s, who, draft.id, "first_visit", date(2026, 12, 6), NOW, rulebook)
    assert consultations.finish(s, who, draft.id, NOW, rulebook).finished_at is not None


def test_nothing_of_a_finished_consultation_changes_even_past_the_verbs(practice: Practice, rulebook: Rulebook) -> None:
    s, who = practice.store, practice.nurse
    draft = practice.started()
    consultations.add_note(s, who, draft.id, "Bruises easily", NOW)
    practice.chosen(draft, rulebook)
    done = consultations.finish(s, who, draft.id, NOW, rulebook)
    untouched = practice.started(name="B-9")
    of = {"drafts": "id"}
    attempts = [f"DELETE FROM {table} WHERE {of.get(table, 'draft_id')} = :id" for table in GUARDED]  # noqa: S608
    attempts += [
        "UPDATE drafts SET finished_at = NULL WHERE id = :id",
        "UPDATE drafts SET code_name = 'x' WHERE id = :id",
        "UPDATE answers SET answer = '1' WHERE draft_id = :id",
        "UPDATE steps SET kind = 'undo' WHERE draft_id = :id",
        "UPDATE changes SET answer_after = '1' WHERE draft_id = :id",
        "UPDATE choices SET shown = NULL WHERE draft_id = :id",
        "UPDATE notes SET text = 'x' WHERE draft_id = :id",
        "INSERT INTO answers VALUES (:id, 'extra', '1', 'form')",
        "INSERT INTO notes VALUES (:id, 2, 'x', '2026-11-22T10:42:00.000000Z', NULL)",
        "UPDATE rulebook_revisions SET files = '{}'",
        "DELETE FROM rulebook_revisions",
    ]
    with s.reading() as connection:
        if connection.dialect.name == "sqlite":
            attempts.append("INSERT OR REPLACE INTO answers VALUES (:id, 'age', '1', 'form')")
            attempts.append(
                "INSERT OR REPLACE INTO drafts SELECT id, 'x', as_of, created_at, saved_at, NULL, revision, option_order, "
                "demo_of, client_id, location_id, started_by FROM drafts WHERE id = :id"
            )
    for attempt in attempts:
        with pytest.raises(StoreProblem), s.writing() as connection:
            connection.execute(text(attempt), {"id": done.id})
    assert load_draft(s, done.id) == done
    with pytest.raises(DraftFinished):
        consultations.save_answers(s, who, done.id, {"age": 20}, NOW, "form")
    with pytest.raises(DraftFinished):
        consultations.take_back_note(s, who, done.id, 1, NOW)
    assert [(one.text, one.taken_back_at) for one in consultations.read_notes(s, who, done.id)] == [
        ("Bruises easily", None)
    ]
    consultations.save_answers(s, who, untouched.id, {"age": 45}, NOW, "form")


def test_an_amendment_is_a_new_row_beside_the_original_with_who_when_what_and_why(
    practice: Practice, rulebook: Rulebook
) -> None:
    s, who = practice.store, practice.nurse
    done = practice.finished(rulebook)
    made = clients.amend(s, who, done.id, "Takes aspirin", "She called back", NOW + timedelta(hours=1))
    assert clients.amendments_of(s, who, done.id) == [made]
    assert (made.by, made.at) == (who.id, NOW + timedelta(hours=1))
    assert consultations.load(s, who, done.id) == done
    with pytest.raises(StoreProblem), s.writing() as connection:
        connection.execute(text("UPDATE amendments SET what = 'x'"))
    with pytest.raises(StoreProblem), s.writing() as connection:
        connection.execute(text("DELETE FROM amendments"))
    with pytest.raises(StoreProblem, match="not finished"):
        clients.amend(s, who, practice.started(name="B").id, "x", "y", NOW)
    with pytest.raises(StoreProblem, match="The reason is missing"):
        clients.amend(s, who, done.id, "x", " ", NOW)
    assert clients.amendments_of(s, practice["elsewhere"], done.id) == []


# --- the rulebook it was made with --------------------------------------------------------------------------------


def test_an_old_consultation_opens_under_its_own_rulebook_and_says_what_today_reads_otherwise(
    practice: Practice, rulebook: Rulebook
) -> None:
    s, who = practice.store, practice.nurse
    done = practice.finished(rulebook)
    files = read_whole(DATA)
    changed = load_whole({**files, "clinic's own/clinic.toml": _cheaper(files)})
    assert changed.revision != rulebook.revision
    own = clients.own_rulebook(s, done.rulebook_revision, changed)
    assert own is not None and own.revision == rulebook.revision
    assert clients.own_rulebook(s, "0" * 16, changed) is None
    now = clients.said_today(done, changed)
    assert now is not None
    assert clients.said_today(done, rulebook) == done.shown
    told = clients.differences(done.shown, now)
    assert {one.what for one in told} >= {"course_cost"}
    assert clients.differences(done.shown, done.shown) == ()
    visit = clients.visits_of(s, who, done.client_id or "")[0]
    assert visit.rulebook_revision == rulebook.revision


def _cheaper(files: dict[str, str]) -> str:
    """The clinic halves every price."""
    prices = tomllib.loads(files["clinic.toml"])["prices"]
    return "".join(f"[prices.{name}]\namount = {price['amount'] // 2}\n" for name, price in prices.items())


def test_a_rulebook_is_kept_once_and_read_back_to_the_same_revision(practice: Practice, rulebook: Rulebook) -> None:
    practice.finished(rulebook)
    practice.finished(rulebook, name="B-2")
    with practice.store.reading() as connection:
        kept = connection.execute(text("SELECT revision, files FROM rulebook_revisions")).all()
    assert [row.revision for row in kept] == [rulebook.revision]
    with pytest.raises(RulebookProblem, match="Restore"):
        load_whole(read_whole(DATA), "f" * 16)
    with pytest.raises(RulebookProblem, match="no file of a rulebook"):
        load_whole({"../../outside.toml": ""})
