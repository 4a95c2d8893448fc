"""What leaves and what goes: export of one client's whole record, erasure by two people, legal hold, periods."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table, Text, text

from medspa_core import clients
from medspa_core.access import AccessRefused, PracticeFacts, Role
from medspa_core.clients import Details, consultations
from medspa_core.clients.client_access import ClientMissing
from medspa_core.clients.erasure import Held
from medspa_core.clients.export.paper_record import as_page, word_of
from medspa_core.clients.export.record import as_json, export_client
from medspa_core.clients.retention import past_their_time, read_periods
from medspa_core.records import Store, StoreProblem, read_facts
from medspa_core.records.audit.log import verify_chain
from medspa_core.records.backups.backup import make_backup
from medspa_core.records.backups.restoring import restore_backup
from medspa_core.records.database.checks import verify
from medspa_core.records.erasure import erased_clients
from medspa_core.rulebook import Rulebook
from tests.clients_support import HOSTILE, MARKER, Practice, details, trail
from tests.clients_support import file_clinic as file_clinic  # noqa: PLC0414
from tests.clients_support import with_a_practice as with_a_practice  # noqa: PLC0414
from tests.records_support import NOW, ORDER, Clinic

DIRECTOR, OWNER = "medical_director", "owner"
REASON = "Asked for in writing on 20 November."


@pytest.fixture
def practice(store: Store) -> Practice:
    return Practice(store)


def everything_in(store: Store) -> str:
    """Every cell of every table, as text."""
    with store.reading() as connection:
        return " ".join(
            repr(tuple(row))
            for table in erased_clients.migration.tables_of(connection)
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')  # noqa: S608
        )


# --- export -------------------------------------------------------------------------------------------------------


def test_only_a_director_who_gave_the_password_again_exports_and_every_try_is_audited(practice: Practice) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(), NOW)
    for role in Role:
        for given in (True, False):
            allowed = role.value == DIRECTOR and given
            before = len(trail(practice.store, one.id))
            sign_in = practice.signed_in(role.value, password_given=given)
            if allowed:
                assert export_client(practice.store, sign_in, one.id, NOW).client["id"] == one.id
            else:
                with pytest.raises(AccessRefused):
                    export_client(practice.store, sign_in, one.id, NOW)
            rows = trail(practice.store, one.id)[before:]
            assert [row[1:] for row in rows] == [("E", one.id, 0 if allowed else 4)]
    with pytest.raises(AccessRefused):
        export_client(practice.store, None, one.id, NOW)
    with pytest.raises(ClientMissing):
        export_client(practice.store, practice.signed_in(DIRECTOR), "0" * 32, NOW)


def test_an_export_that_can_not_be_audited_is_not_made(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    one = clients.new_client(practice.store, practice.nurse, details(), NOW)
    sign_in = practice.signed_in(DIRECTOR)

    def full(*_: object, **__: object) -> None:
        raise StoreProblem("Not saved, the disk is full.")

    monkeypatch.setattr(Store, "note", full)
    with pytest.raises(StoreProblem, match="full"):
        export_client(practice.store, sign_in, one.id, NOW)


def test_an_export_holds_the_whole_record_also_of_merged_entries_and_of_tables_it_never_heard_of(
    practice: Practice, rulebook: Rulebook
) -> None:
    s, who = practice.store, practice.nurse
    one = clients.new_client(s, who, details(), NOW)
    other = clients.new_client(s, who, details("M. Quill", "B-2"), NOW)
    clients.merge(s, who, one.id, other.id, NOW)
    mine, theirs = practice.finished(rulebook, one.id), practice.started(other.id, "B-2")
    clients.amend(s, who, mine.id, "Takes aspirin", "She called", NOW)
    dated = practice.chosen(practice.started(one.id), rulebook)
    consultations.record_next_date(s, who, dated.id, "first_visit", date(2027, 2, 2), NOW, rulebook)
    later = Table(
        "orders_of_tomorrow",
        MetaData(),
        Column("id", Text, primary_key=True),
        Column("draft_id", Text),
        Column("what", Text),
        ForeignKeyConstraint(["draft_id"], ["drafts.id"]),
    )
    Table("drafts", later.metadata, Column("id", Text, primary_key=True))
    with s.writing() as connection:
        later.create(connection)
        connection.execute(later.insert().values(id="o1", draft_id=mine.id, what="one session"))
    record = export_client(s, practice.signed_in(DIRECTOR), other.id, NOW)
    said = json.loads(as_json(record))
    assert said["client"]["name"] == f"{MARKER} Quill" and said["merged"][0]["code_name"] == "B-2"
    assert {each["id"] for each in said["consultations"]} >= {mine.id, theirs.id}
    kept = next(each for each in said["consultations"] if each["id"] == mine.id)
    assert {row["question"]: row["answer"] for row in kept["answers"]} == mine.answers
    assert kept["choices"][0]["shown"] == mine.shown
    assert kept["amendments"][0]["what"] == "Takes aspirin"
    assert len(kept["steps"]) == mine.revision and kept["changes"]
    assert said["other"] == {"orders_of_tomorrow": [{"id": "o1", "draft_id": mine.id, "what": "one session"}]}
    beside = next(each for each in said["consultations"] if each["id"] == dated.id)["choices"][0]
    assert (beside["next_kind"], beside["next_day"]) == ("first_visit", "2027-02-02")
    page = as_page(record, lambda _: rulebook, lambda person: "Aesthetician", PracticeFacts("", "", "")).decode()
    for words in (
        f"{MARKER} Quill",
        "March 7, 1984",
        "Takes aspirin",
        "one session",
        "a first visit on February 2, 2027",
    ):
        assert words in page
    assert (
        "nothing found" in page and "Standing:" not in page and not re.search(r": (clear|needs review|deferred)<", page)
    )
    assert (
        word_of("standing", "close_call").startswith("A close call")
        and word_of("standing", "of_an_older_one") == "of an older one"
    )


PLAIN = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "table", "tr", "th", "td", "ul", "li"}


class Seen(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_readable_record_says_what_matters_and_how_much_in_words(practice: Practice, rulebook: Rulebook) -> None:
    s, who = practice.store, practice.nurse
    one = clients.new_client(s, who, Details("X", "Ada Quill"), NOW)
    practice.started(one.id, importance={"visit_time": "lot", "ready_by": "none"})
    record = export_client(s, practice.signed_in(DIRECTOR), one.id, NOW)
    page = as_page(record, lambda _: rulebook, lambda person: "Aesthetician", PracticeFacts("", "", "")).decode()
    assert "Short visits: A lot" in page and "Ready by your date: Not at all" in page


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_readable_record_is_one_page_that_loads_and_runs_nothing_whatever_was_typed(
    practice: Practice, rulebook: Rulebook, hostile: str
) -> None:
    s, who = practice.store, practice.nurse
    one = clients.new_client(s, who, Details("X", hostile, contact=hostile, note=hostile), NOW)
    done = practice.finished(rulebook, one.id, name=hostile)
    clients.amend(s, who, done.id, hostile, hostile, NOW)
    record = export_client(s, practice.signed_in(DIRECTOR), one.id, NOW)
    seen = Seen()
    seen.feed(as_page(record, lambda _: rulebook, lambda person: hostile, PracticeFacts(hostile, hostile, "")).decode())
    assert seen.tags <= PLAIN
    assert seen.attributes <= {"lang", "charset", "http-equiv", "content", "name", "scope", "dir"}
    assert hostile.strip() in seen.text
    assert json.loads(as_json(record))["client"]["note"] == hostile


# --- erasure ------------------------------------------------------------------------------------------------------


def erased(practice: Practice, client_id: str, first: str = DIRECTOR, second: str = OWNER) -> int:
    made = clients.propose_erasure(practice.store, practice.signed_in(first), client_id, REASON, NOW)
    return clients.confirm_erasure(practice.store, practice.signed_in(second), made, NOW)


@pytest.mark.parametrize(("first", "second"), [(DIRECTOR, OWNER), (OWNER, DIRECTOR)])
def test_two_people_erase_a_client_rows_go_and_the_chain_stays(
    practice: Practice, clinic: Clinic, rulebook: Rulebook, first: str, second: str
) -> None:
    s, who = practice.store, practice.nurse
    one = clients.new_client(s, who, details(), NOW)
    twin = clients.new_client(s, who, details(code="B-2"), NOW)
    clients.merge(s, who, one.id, twin.id, NOW)
    stays = practice.finished(rulebook, name="C-3")
    for client_id in (one.id, twin.id):
        done = practice.finished(rulebook, client_id)
        clients.amend(s, who, done.id, MARKER, MARKER, NOW)
    assert erased(practice, twin.id, first, second) > 50
    assert MARKER not in everything_in(s)
    if isinstance(clinic.where, Path):
        assert clinic.file.with_name(f"{clinic.file.name}-wal").stat().st_size == 0
    for gone in (one.id, twin.id):
        with pytest.raises(ClientMissing):
            clients.open_client(s, who, gone)
    assert consultations.load(s, who, stays.id) == stays
    assert len(read_facts(s)["chosen"]) == 3
    with s.reading() as connection:
        assert verify_chain(connection, clinic.keys.audit, s.outside_head()) == []
        assert connection.execute(text("SELECT count(*) FROM guards_lifted")).scalar_one() == 0
    assert [row[1] for row in trail(s, twin.id)][-2:] == ["D", "R"]
    s.close()
    assert verify(clinic.open().place, clinic.keys) == []


def test_one_person_or_two_of_one_kind_or_a_colleague_erase_nothing(practice: Practice) -> None:
    s = practice.store
    practice.hire("both", practice.here, Role.MEDICAL_DIRECTOR, Role.OWNER)
    practice.hire("second", practice.here, Role.MEDICAL_DIRECTOR)
    one = clients.new_client(s, practice.nurse, details(), NOW)
    made = clients.propose_erasure(s, practice.signed_in(DIRECTOR), one.id, REASON, NOW)
    assert made == clients.propose_erasure(s, practice.signed_in(OWNER), one.id, REASON, NOW)
    for who in (DIRECTOR, "second", "aesthetician", "clinician", "manager"):
        with pytest.raises(AccessRefused):
            clients.confirm_erasure(s, practice.signed_in(who), made, NOW)
    with pytest.raises(AccessRefused, match="password"):
        clients.confirm_erasure(s, practice.signed_in(OWNER, password_given=False), made, NOW)
    for who in ("aesthetician", "clinician", "manager"):
        with pytest.raises(AccessRefused):
            clients.propose_erasure(s, practice.signed_in(who), one.id, REASON, NOW)
        with pytest.raises(AccessRefused):
            clients.proposals(s, practice[who])
    assert clients.open_client(s, practice.nurse, one.id) == one
    [waiting] = clients.proposals(s, practice[OWNER])
    assert (waiting.id, waiting.reason, waiting.consultations, waiting.held) == (made, REASON, 0, False)
    assert clients.confirm_erasure(s, practice.signed_in("both"), made, NOW) > 0
    with pytest.raises(StoreProblem, match="settled"):
        clients.confirm_erasure(s, practice.signed_in(OWNER), made, NOW)


def test_a_legal_hold_wins_before_and_after_the_proposal_and_for_merged_entries(practice: Practice) -> None:
    s, who = practice.store, practice.nurse
    one, twin = (clients.new_client(s, who, details(code=code), NOW) for code in ("A", "B"))
    clients.merge(s, who, one.id, twin.id, NOW)
    made = clients.propose_erasure(s, practice.signed_in(DIRECTOR), one.id, REASON, NOW)
    clients.hold(s, practice[DIRECTOR], twin.id, "Letter of a lawyer", NOW)
    with pytest.raises(Held):
        clients.confirm_erasure(s, practice.signed_in(OWNER), made, NOW)
    clients.withdraw_erasure(s, practice.signed_in(OWNER), made, NOW)
    with pytest.raises(Held):
        clients.propose_erasure(s, practice.signed_in(DIRECTOR), one.id, REASON, NOW)
    with pytest.raises(AccessRefused):
        clients.lift_hold(s, who, twin.id, NOW)
    clients.lift_hold(s, practice[OWNER], twin.id, NOW)
    assert erased(practice, one.id) > 0


def test_an_interrupted_erasure_leaves_everything(
    practice: Practice, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    s = practice.store
    one = clients.new_client(s, practice.nurse, details(), NOW)
    done = practice.finished(rulebook, one.id)
    before = clients.visits_of(s, practice.nurse, one.id)
    made = clients.propose_erasure(s, practice.signed_in(DIRECTOR), one.id, REASON, NOW)
    true_note = Store.note

    def breaks(store: Store, connection: object, at: object, action: str, *rest: object, **more: object) -> None:
        if action == "D":
            raise KeyboardInterrupt
        true_note(store, connection, at, action, *rest, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(Store, "note", breaks)
        with pytest.raises(KeyboardInterrupt):
            clients.confirm_erasure(s, practice.signed_in(OWNER), made, NOW)
    assert clients.visits_of(s, practice.nurse, one.id) == before
    assert erased_clients.read_list(s.keys) == []
    with pytest.raises(StoreProblem), s.writing() as connection:  # the guards are up again
        connection.execute(text("DELETE FROM answers WHERE draft_id = :id"), {"id": done.id})


def test_a_restore_of_an_older_backup_erases_again_what_was_erased_since(
    file_clinic: Clinic, rulebook: Rulebook, tmp_path: Path
) -> None:
    with file_clinic.create() as store:
        practice = Practice(store)
        one = clients.new_client(store, practice.nurse, details(), NOW)
        practice.finished(rulebook, one.id)
        stays = clients.new_client(store, practice.nurse, Details("S-1"), NOW)
        made = make_backup(store, tmp_path / "backups")
        erased(practice, one.id)
    listed = (file_clinic.keys.folder / erased_clients.LIST_FILE).read_text()  # type: ignore[operator]
    assert one.id in listed and MARKER not in listed
    beside = Clinic(tmp_path / "restored" / "medspa.sqlite3", file_clinic.keys, file_clinic.clock)
    restore_backup(made.folder, beside.where, beside.keys, beside.clock)
    with beside.open() as store:
        assert MARKER not in everything_in(store)
        assert clients.open_client(store, practice.nurse, stays.id) == stays
        assert [row[1] for row in trail(store, one.id)][-1] == "D"
    assert verify(beside.open().place, beside.keys) == []


def test_an_erasure_cut_short_before_its_note_outside_is_noted_at_the_next_start(
    file_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file_clinic.create() as store:
        practice = Practice(store)
        one = clients.new_client(store, practice.nurse, details(), NOW)
        with monkeypatch.context() as broken:
            broken.setattr("medspa_core.clients.erasure.note_outside", lambda _: None)
            erased(practice, one.id)
        assert erased_clients.read_list(store.keys) == []
    with file_clinic.open() as store:
        assert [found.client_ids for found in erased_clients.read_list(store.keys)] == [(one.id,)]


def test_a_forged_list_of_erased_clients_is_refused(file_clinic: Clinic) -> None:
    with file_clinic.create() as store:
        practice = Practice(store)
        erased(practice, clients.new_client(store, practice.nurse, details(), NOW).id)
        path = file_clinic.keys.folder / erased_clients.LIST_FILE  # type: ignore[operator]
        path.write_text(path.read_text().replace('"client_ids": [', '"client_ids": ["another", ', 1))
        with pytest.raises(StoreProblem, match="list of erased clients"):
            erased_clients.read_list(store.keys)


# --- periods ------------------------------------------------------------------------------------------------------


def test_the_report_names_what_is_past_its_time_spares_minors_shows_holds_and_deletes_nothing(
    practice: Practice,
) -> None:
    s, who, long_ago = practice.store, practice.nurse, NOW - timedelta(days=365 * 11)
    old = clients.new_client(s, who, details(born=date(1960, 1, 1)), long_ago)
    held = clients.new_client(s, who, details(code="H", born=None), long_ago)
    clients.hold(s, practice[OWNER], held.id, "Letter", NOW)
    clients.new_client(s, who, details(code="Y", born=date(2012, 1, 1)), long_ago)
    seen = clients.new_client(s, who, details(code="V"), long_ago)
    practice.started(seen.id)
    consultations.start(s, who, "U", NOW - timedelta(days=500), date(2025, 7, 1), ORDER)
    before = everything_in(s).count("(")
    past = past_their_time(s, practice[DIRECTOR], read_periods(), NOW.date())
    assert [(one.id, one.held) for one in past.clients] == sorted(
        [(old.id, False), (held.id, True)], key=lambda one: one[0]
    )
    assert past.unfinished == 1 and past.invented == 0
    assert everything_in(s).count("(") - before <= 2  # the audit row of the report
    with pytest.raises(AccessRefused):
        past_their_time(s, who, read_periods(), NOW.date())


def test_a_clinics_own_periods_win_and_a_wrong_file_is_refused_by_name(tmp_path: Path) -> None:
    own = tmp_path / "retention.toml"
    own.write_text("[clients]\nyears = 7\n")
    assert (read_periods(own).clients.years, read_periods(own).clients.minors_until_age) == (7, 21)
    for wrong in ("[clients]\nyears = 0\n", "[clients]\nyeers = 7\n", "[other]\nyears = 1\n", "nonsense"):
        own.write_text(wrong)
        with pytest.raises(StoreProblem, match=r"retention\.toml"):
            read_periods(own)
