"""A file belongs to the sign-in that asked: here every other role, sign-in and tablet asks too, before and after sign-out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from medspa_core import access, clients
from medspa_core.access import Person, Role
from medspa_core.clients import Details, consultations
from medspa_core.records.audit.log import REFUSED
from medspa_core.records.schema import audit
from tests.faults.conftest import Run, Server, Tab
from tests.practice import PASSWORD, hire, opened, post

NAME = "Quilla Marigold"
NOBODY_SIGNED_IN = (401, b"Signed out.")
NOT_FOUND = (404, b"Not found.")


@dataclass
class Director:
    """Signed in, with the client's page open."""

    server: Server
    person: Person
    cookie: str
    draft: str
    tab: Tab
    run: Run

    def button(self, kind: str = "json") -> str:
        """What the button asks Streamlit for."""
        found = re.search(
            rf'download_button {{\s+id: "[^"]*export_{kind}".*?deferred_file_id: "(\w+)"', self.run.text, re.DOTALL
        )
        assert found is not None
        return found[1]

    def made(self, kind: str = "json") -> str:
        """A tap on it: the address of a fresh file."""
        return self.tab.file(self.button(kind), self.run.session)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        found = self.server.get(path, Cookie=self.cookie, **headers)
        return found.status, found.body


@pytest.fixture(scope="module")
def dora(server: Server) -> Person:
    return hire(server.home, "dora", [Role.MEDICAL_DIRECTOR])


@pytest.fixture(scope="module")
def draft(server: Server, dora: Person) -> str:
    now = datetime.now(UTC)
    with opened(server.home) as store:
        client = clients.new_client(store, dora, Details("Q-1", NAME), now)
        return consultations.start(store, dora, "Q-1", now, now.date(), ("wait",), client_id=client.id).id


@pytest.fixture
def director(server: Server, dora: Person, draft: str) -> Iterator[Director]:
    cookie = server.cookie("dora")
    with server.web_socket(cookie) as tab:
        yield Director(server, dora, cookie, draft, tab, tab.run("client", f"c={draft}"))


def refused(server: Server, actor: str) -> list[str]:
    """The files that this person was refused."""
    with opened(server.home) as store, store.reading() as connection:
        mine = (audit.c.actor == actor) & (audit.c.outcome == REFUSED)
        rows = connection.execute(select(audit.c.detail, audit.c.object).where(mine)).all()
    return [row.object for row in rows if json.loads(row.detail).get("of") == "file"]


def exports(server: Server) -> list[str]:
    """Whose exports are in the log, one for each."""
    with opened(server.home) as store, store.reading() as connection:
        rows = connection.execute(select(audit.c.detail, audit.c.actor).order_by(audit.c.seq)).all()
    return [row.actor for row in rows if "export" in json.loads(row.detail)]


def key_of(path: str) -> str:
    return path.removeprefix("/media/").partition(".")[0]


def id_of(server: Server, name: str) -> str:
    with opened(server.home) as store:
        return next(one.id for one in access.list_people(store) if one.sign_in_name == name)


def test_who_asked_gets_it_once_and_every_tap_makes_a_fresh_one(director: Director) -> None:
    before = exports(director.server)
    first, second = director.made(), director.made()
    assert first != second and exports(director.server) == [*before, director.person.id, director.person.id]
    for path in (second, first):
        status, body = director.get(path)
        assert status == 200 and json.loads(body)["client"]["name"] == NAME
        assert director.get(path) == NOT_FOUND
    assert director.get(director.made("html"))[0] == 200


def test_the_file_is_a_download_under_our_name_and_kept_nowhere(director: Director) -> None:
    found = director.server.get(director.made("html"), Cookie=director.cookie)
    assert re.fullmatch(
        r"attachment; filename\*=utf-8''record-\d{4}-\d\d-\d\d\.html", found.headers["content-disposition"]
    )
    assert found.headers["content-type"] == "text/html; charset=utf-8" and found.headers["cache-control"] == "no-store"
    assert "accept-ranges" not in found.headers and int(found.headers["content-length"]) == len(found.body)


def test_a_look_gets_nothing_and_uses_nothing_up_and_a_part_is_the_whole(director: Director) -> None:
    path = director.made()
    for look in ({"Sec_Fetch_Mode": "cors"}, {"Sec_Fetch_Mode": "no-cors"}, {"Sec_Fetch_Mode": "same-origin"}):
        assert director.get(path, **look) == (204, b"")
    assert director.server.get(path, "HEAD", Cookie=director.cookie).status == 204
    status, body = director.get(path, Range="bytes=0-9", Sec_Fetch_Mode="navigate")
    assert status == 200 and json.loads(body)
    assert director.get(path, Sec_Fetch_Mode="cors") == (204, b""), "a look that comes late"
    assert key_of(path) not in refused(director.server, director.person.id)
    assert director.get(path) == NOT_FOUND and key_of(path) in refused(director.server, director.person.id)
    other = director.server.cookie("owner")
    assert director.server.get(path, Cookie=other, Sec_Fetch_Mode="cors").status == 404


def test_a_browser_that_does_not_say_what_it_does_gets_it_after_its_look(director: Director) -> None:
    path = director.made()
    for _ in range(2):
        status, body = director.get(path, User_Agent="Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X)")
        assert status == 200 and json.loads(body)


@pytest.mark.parametrize("role", Role)
def test_another_person_gets_none_whatever_their_role_and_it_is_in_the_log_as_theirs(
    director: Director, role: Role
) -> None:
    server, path = director.server, director.made()
    theirs = server.cookie(role.value)
    for _ in range(2):
        found = server.get(path, Cookie=theirs)
        assert (found.status, found.body) == NOT_FOUND
    assert refused(server, id_of(server, role.value)).count(key_of(path)) == 1
    assert director.get(path)[0] == 200 and key_of(path) not in refused(server, director.person.id)


def test_another_sign_in_of_the_same_person_gets_none(director: Director) -> None:
    path, again = director.made(), director.server.cookie("dora")
    assert director.server.get(path, Cookie=again).status == 404
    assert key_of(path) in refused(director.server, director.person.id)
    assert director.get(path)[0] == 200


def test_in_a_clients_hands_there_is_none_and_no_button_makes_one(director: Director) -> None:
    server, path = director.server, director.made()
    with server.web_socket(director.cookie) as handed:
        handed.run("you", f"c={director.draft}")
        assert director.get(path) == NOT_FOUND
        before = exports(server)
        assert director.made() == "" and exports(server) == before
    assert {key_of(path), "export_json"} <= set(refused(server, director.person.id))
    assert post(server.url, "/take-back", {"secret": PASSWORD, "next": "/"}, director.cookie).status == 303
    assert director.get(path)[0] == 200


def test_after_sign_out_there_is_none_for_anybody(director: Director) -> None:
    server, path = director.server, director.made()
    assert post(server.url, "/auth/out", {}, director.cookie).status == 303
    assert director.get(path) == NOBODY_SIGNED_IN
    assert server.get(path).status == 401
    assert server.get(path, Cookie=server.cookie("dora")).status == 404
    before = exports(server)
    assert director.made() == "" and exports(server) == before


def test_with_other_roles_than_it_was_made_with_there_is_none(server: Server, draft: str) -> None:
    person = hire(server.home, "rolls", [Role.MEDICAL_DIRECTOR])
    cookie = server.cookie("rolls")
    with server.web_socket(cookie) as tab:
        one = Director(server, person, cookie, draft, tab, tab.run("client", f"c={draft}"))
        path = one.made()
        with opened(server.home) as store:
            access.change_roles(store, person.id, [Role.MEDICAL_DIRECTOR, Role.OWNER], datetime.now(UTC), None)
        assert one.get(path) == NOT_FOUND


@pytest.mark.parametrize("name", ["owner", "dora", "aesthetician"])
def test_another_page_that_knows_the_button_makes_nothing_and_the_log_names_who_asked(
    director: Director, name: str
) -> None:
    """Streamlit would make it in the name of the page the button was drawn on, and tell any page where it is."""
    server, before = director.server, exports(director.server)
    with server.web_socket(server.cookie(name)) as tab:
        assert tab.file(director.button(), tab.run().session) == ""
    assert exports(server) == before
    assert "export_json" in refused(server, id_of(server, name))
    assert NAME not in server.log


def test_nothing_of_a_file_lies_with_streamlit(director: Director) -> None:
    """Its own addresses are made from the content: of all that it could have kept none is there."""
    path = director.made()
    assert re.fullmatch(r"/media/[\w-]{43}\.json", path)
    assert director.get("/media/") == NOT_FOUND and director.get("/media/a/b.json") == NOT_FOUND


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "GET", "POST"])
def test_no_file_can_be_sent_while_no_page_takes_one(director: Director, method: str) -> None:
    path = f"/_stcore/upload_file/{director.run.session}/a"
    found = director.server.get(path, method, Cookie=director.cookie, Origin=director.server.url)
    assert found.status == 403
    assert director.server.get(path, method, Origin=director.server.url).status == 401
