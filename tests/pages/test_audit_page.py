"""Who saw what, and the page of backups: for whom they open, what they show, and what they leave in the log."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from medspa_core import access, access_log_report, clients, records
from medspa_core.access import AccessRefused, Role
from medspa_core.access.schema import sign_ins
from medspa_core.access_log_report import About, Asked
from medspa_core.records import Store
from medspa_core.records.backups.backup import list_backups
from medspa_core.records.backups.nightly_run import Kind, do_now, last_run
from tests.pages.conftest import new_draft, program, signed_in, text_of
from views.context import core_access, environment
from views.session import downloads
from views.staff import management_notices
from views.streamlit_patches import file_messages


def at_page(page: str, *roles: Role, password: bool = False) -> AppTest:
    at = program(*roles)
    if password:
        give_password(at.user["sid"])  # type: ignore[index]
    at.run()
    at.switch_page(f"pages/{page}.py")
    at.run()
    assert not at.exception, at.exception
    return at


def give_password(sid: str) -> None:
    with core_access.store().writing() as connection:
        row = update(sign_ins).where(sign_ins.c.id == sid)
        connection.execute(row.values(stepped_up_at=core_access.clock().now()))


def doer(sid: str) -> Store:
    found = access.sign_in_of(core_access.store(), sid, core_access.clock().now())
    assert found is not None
    return core_access.store().by(records.Doer(found.person.id, "aesthetician", "", sid))


def looked_at(store: Store, name: str = "Birch 7") -> tuple[str, str]:
    """A consultation that one aesthetician has made and another has opened; the id, and the sign-in of the second."""
    draft = new_draft(store, {"age": 44}, name)
    sid = signed_in([Role.AESTHETICIAN])
    records.load_draft(doer(sid), draft)
    return draft, sid


# --- the verb -----------------------------------------------------------------------------------------------------


def everything(about: About, which: str) -> Asked:
    return Asked(about, which, datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def sign_in_as(*roles: Role) -> access.SignIn:
    found = access.sign_in_of(core_access.store(), signed_in(roles), core_access.clock().now())
    assert found is not None
    return found


@pytest.mark.parametrize("role", Role)
def test_only_owner_and_director_get_a_report_and_by_pin_nobody_does(store: Store, role: Role) -> None:
    draft, _ = looked_at(store)
    mine, now = sign_in_as(role), core_access.clock().now()
    if role in (Role.OWNER, Role.MEDICAL_DIRECTOR):
        assert access_log_report.audit_report(store, mine, everything(About.RECORD, draft), now).lines
        mine = replace(mine, person=replace(mine.person, by_pin=True))
    for attempt in (
        lambda: access_log_report.audit_report(store, mine, everything(About.RECORD, draft), now),
        lambda: access_log_report.audit_report_csv(store, mine, everything(About.RECORD, draft), now),
        lambda: access_log_report.find_records(store, mine, "Birch", now),
    ):
        with pytest.raises(AccessRefused):
            attempt()


def test_a_report_names_who_saw_a_record_and_what_a_person_tablet_or_sign_in_saw(store: Store) -> None:
    draft, sid = looked_at(store)
    owner, now = sign_in_as(Role.OWNER), core_access.clock().now()
    assert [(one.id, one.name) for one in access_log_report.find_records(store, owner, "irch", now)] == [
        (draft, "Birch 7")
    ]
    assert [one.id for one in access_log_report.find_records(store, owner, draft, now)] == [draft]
    assert access_log_report.find_records(store, owner, "%", now) == []
    of_record = access_log_report.audit_report(store, owner, everything(About.RECORD, draft), now)
    assert (of_record.lines[0].action, of_record.lines[0].person) == ("R", "person-0")
    assert of_record.records_changed == 1 and of_record.people == 2
    who = of_record.lines[0].person_id
    for asked in (everything(About.PERSON, who), everything(About.SIGN_IN, sid)):
        report = access_log_report.audit_report(store, owner, asked, now)
        assert (report.records_seen, report.records_changed) == (1, 0)
        assert [line.object_name for line in report.lines if line.action == "R"] == ["Birch 7"]
    assert of_record.lines[-1].person is None and of_record.lines[-1].person_id == "nobody yet"


def test_a_report_holds_what_is_in_its_days_and_leaves_its_own_row(store: Store) -> None:
    draft, _ = looked_at(store)
    owner, now = sign_in_as(Role.OWNER), core_access.clock().now()
    hers = store.by(records.Doer(owner.person.id, "owner", "", owner.id))
    yesterday = Asked(About.RECORD, draft, now - timedelta(days=2), now - timedelta(days=1))
    assert access_log_report.audit_report(hers, owner, yesterday, now).lines == ()
    report = access_log_report.audit_report(hers, owner, everything(About.PERSON, owner.person.id), now)
    assert report.lines[0].object.startswith("audit report, actor")
    assert any(line.object == f"audit report, object {draft}" for line in report.lines)


def test_the_file_needs_the_password_again_is_noted_first_and_holds_no_formula(store: Store) -> None:
    draft, _ = looked_at(store, '=HYPERLINK("http://x")')
    owner, now = sign_in_as(Role.OWNER), core_access.clock().now()
    with pytest.raises(AccessRefused, match="password again"):
        access_log_report.audit_report_csv(store, owner, everything(About.RECORD, draft), now)
    give_password(owner.id)
    owner = access.sign_in_of(store, owner.id, now)  # type: ignore[assignment]
    text = access_log_report.audit_report_csv(store, owner, everything(About.RECORD, draft), now)
    assert text.endswith("\r\n") and text.count("\n") == text.count("\r\n")
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(row) for row in rows] == [len(header)] * 3
    assert rows[0][header.index("object_name")] == '\'=HYPERLINK("http://x")'
    assert {cell[:1] for row in rows for cell in row} & set("=+-@") == set()
    with store.reading() as connection:
        said = connection.exec_driver_sql("SELECT detail FROM audit WHERE object = 'audit report'").scalar_one()
    assert '"rows":3' in said and draft in said


def test_the_days_of_a_report_have_23_and_25_hours_where_the_clock_is_put(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.st, "context", SimpleNamespace(timezone="America/Chicago"))
    for day, hours in (((2026, 3, 8), 23), ((2026, 11, 1), 25), ((2026, 7, 1), 24)):
        start, end = environment.days(date(*day), date(*day))
        assert end - start == timedelta(hours=hours)


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["Europe/Nowhere", "America", "../../etc/passwd", "x" * 5000, "a\0b"])
def test_a_browser_that_names_no_time_zone_there_is_gets_the_servers_clock(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment.st, "context", SimpleNamespace(timezone=named))
    moment = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)
    assert environment.local(moment) == moment
    assert environment.days(date(2026, 11, 22), date(2026, 11, 22))[0] == datetime(2026, 11, 22).astimezone()


def test_the_page_answers_who_saw_a_record(store: Store) -> None:
    looked_at(store)
    at = at_page("audit", Role.OWNER)
    at.text_input("audit_typed").input("birch").run()
    assert not at.exception
    told = text_of(at)
    assert "person-0, aesthetician" in told and "before anybody signed in" in told and "Birch 7" in told
    assert "Give the password" in told and not at.get("download_button")


def test_the_page_answers_what_a_person_saw_and_with_the_password_gives_the_file(store: Store) -> None:
    looked_at(store)
    at = at_page("audit", Role.MEDICAL_DIRECTOR, password=True)
    at.selectbox("audit_about").set_value("actor").run()
    who = next(one.id for one in access.list_people(store) if one.shown_name == "person-0")
    at.selectbox("audit_which_person").set_value(who).run()
    assert not at.exception
    assert "1 records opened or changed" in text_of(at)
    assert len(at.get("download_button")) == 1


def test_the_button_makes_the_file_for_the_sign_in_it_was_drawn_for_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at(store)
    drawn: list[Callable[[], bytes]] = []
    monkeypatch.setattr(downloads.st, "download_button", lambda words, made, **_: drawn.append(made))
    at = at_page("audit", Role.MEDICAL_DIRECTOR, password=True)
    at.selectbox("audit_about").set_value("actor").run()
    who = next(one.id for one in access.list_people(store) if one.shown_name == "person-0")
    at.selectbox("audit_which_person").set_value(who).run()
    sid, other = at.user["sid"], signed_in([Role.MEDICAL_DIRECTOR])  # type: ignore[index]
    give_password(other)
    for asked in (None, file_messages.Asked(""), file_messages.Asked("nobody"), file_messages.Asked(other)):
        token = file_messages.ASKED.set(asked)
        with pytest.raises(AccessRefused):
            drawn[-1]()
        file_messages.ASKED.reset(token)
    asked = file_messages.Asked(str(sid))
    token = file_messages.ASKED.set(asked)
    assert drawn[-1]() == b"", "Streamlit gets nothing of it"
    file_messages.ASKED.reset(token)
    found = access.sign_in_of(store, str(sid), core_access.now())
    assert found is not None
    key = asked.address.removeprefix("/media/").removesuffix(".csv")
    file = core_access.files().take(key, found, core_access.now())
    assert file is not None and file.content.decode().startswith('"row"')


def test_the_page_finds_a_whole_client_by_name_for_the_director_and_by_code_for_the_owner(store: Store) -> None:
    sid = signed_in([Role.AESTHETICIAN])
    found = access.sign_in_of(store, sid, core_access.clock().now())
    assert found is not None
    now = core_access.clock().now()
    clients.new_client(doer(sid), found.person, clients.Details("A-204", "Marigold Quill", date(1984, 3, 7)), now)
    at = at_page("audit", Role.MEDICAL_DIRECTOR)
    at.text_input("audit_typed").input("mari").run()
    assert not at.exception
    assert at.selectbox("audit_which_record").options == ["Marigold Quill (A-204), the whole record"]
    assert "Marigold Quill (A-204)" in text_of(at) and "person-0, aesthetician" in text_of(at)
    at = at_page("audit", Role.OWNER)
    at.text_input("audit_typed").input("mari").run()
    assert "Marigold" not in text_of(at) and not [one for one in at.selectbox if one.key == "audit_which_record"]
    at.text_input("audit_typed").input("a-20").run()
    assert at.selectbox("audit_which_record").options == ["A-204, the whole record"]
    assert "Marigold" not in text_of(at)


def test_a_hostile_name_is_only_text_on_the_page(store: Store) -> None:
    looked_at(store, "<img src=http://x> [a](http://y)")
    at = at_page("audit", Role.OWNER)
    at.text_input("audit_typed").input("<img").run()
    assert not at.exception
    assert "<img" not in text_of(at) and "&lt;img src=http://x&gt;" in text_of(at)


def test_opening_a_consultation_leaves_one_row_however_often_it_is_drawn(store: Store) -> None:
    draft = new_draft(store, {"age": 44})
    at = program(Role.AESTHETICIAN)
    at.run()
    at.switch_page("pages/you.py")
    at.query_params["c"] = draft
    for _ in range(4):
        at.run()
    with store.reading() as connection:
        seen = connection.exec_driver_sql(f"SELECT actor FROM audit WHERE action = 'R' AND object = '{draft}'").all()  # noqa: S608
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("page", "role"),
    [(page, role) for page in ("audit", "store") for role in Role if role not in (Role.OWNER, Role.MEDICAL_DIRECTOR)]
    + [("store", Role.MEDICAL_DIRECTOR)],
)
def test_the_pages_are_not_there_for_other_roles(store: Store, page: str, role: Role) -> None:
    from views.session import signed_in as gate

    who = sign_in_as(role).person
    assert page not in gate.open_pages(who, ["home", "treatment_mix", "people", "audit", "store"])[1]


# --- backups ------------------------------------------------------------------------------------------------------


def test_the_page_of_backups_asks_for_the_password_first(store: Store) -> None:
    at = at_page("store", Role.OWNER)
    assert "password once more" in text_of(at) and "There is no proven backup" in text_of(at)
    assert not [one for one in at.button if one.key == "make_backup"]


def test_a_backup_is_made_checked_and_restored_on_the_page(store: Store, home: Path) -> None:
    draft = new_draft(store, {"age": 44})
    at = at_page("store", Role.OWNER, password=True)
    at.button("make_backup").click().run()
    assert not at.exception
    assert "no proven backup" not in text_of(at) and "Last proven backup: 0 minutes ago" in text_of(at)
    assert "Made and proven: backup-" in text_of(at)
    at.button("check_now").click().run()
    assert "all is as it was written" in text_of(at)
    records.save_answers(store, draft, {"age": 50}, core_access.clock().now(), "form")
    assert at.button("restore_now").disabled
    at.checkbox[0].check().run()
    at.button("restore_now").click().run()
    assert not at.exception
    assert access.sign_in_of(store, at.user["sid"], core_access.clock().now()).ended == "restored"  # type: ignore[index, union-attr]
    found = records.load_draft(store, draft)
    assert found is not None and found.answers == {"age": 44}
    assert len(list((home / "home").glob("medspa.sqlite3.until-*"))) == 1
    assert len(list_backups(home / "home" / "backups", store.keys)) == 1


def test_the_banner_says_what_is_wrong_to_those_who_can_mend_it(store: Store, home: Path) -> None:
    do_now(store, Kind.BACKUP, core_access.night_plan())
    for role, sees in ((Role.MANAGER, True), (Role.OWNER, True), (Role.CLINICIAN, False)):
        at = at_page("treatment_mix", role)
        assert ("Last proven backup" in text_of(at)) is sees
        assert "The last proven backup is" not in text_of(at)
    now = core_access.clock().now() + timedelta(hours=27)
    found = records.backups.nightly_run.standing(store, home, now)  # type: ignore[attr-defined]
    assert management_notices.warnings(found, now)[0].startswith("The last proven backup is 27 hours old")
    assert last_run(store, Kind.VERIFY) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=27), "27 hours"),
        (timedelta(days=3), "3 days"),
        (timedelta(seconds=-5), "0 minutes"),
    ],
)
def test_an_age_is_said_in_the_unit_that_fits(span: timedelta, words: str) -> None:
    assert management_notices.age(span) == words


def test_what_was_changed_is_said_in_the_words_of_staff_and_older_ids_stay_as_they_are(store: Store) -> None:
    draft = new_draft(store, {"age": 44}, "Birch 7")
    records.save_answers(store, draft, {"photosensitising_drug": "yes"}, environment.now(), "form")
    with store.writing() as connection:
        older = {"step": "save", "revision": 3, "fields": ["an_older_question", "next_day"]}
        store.note(connection, environment.now(), "U", draft, older)
    at = at_page("audit", Role.OWNER)
    at.text_input("audit_typed").input("birch").run()
    told = text_of(at)
    question = core_access.rulebook().questions["photosensitising_drug"].words.staff.rstrip("?. ")
    assert question in told and "photosensitising_drug" not in told
    assert "an_older_question; day of the next visit" in told and "next_day" not in told
