"""The gate over real HTTP and a real websocket: who gets in, who does not, and what nobody gets."""

from __future__ import annotations

import base64
import contextlib
import gzip
import html
import json
import os
import re
import secrets
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select, update
from streamlit import file_util
from streamlit.util import calc_hash
from websockets.exceptions import InvalidStatus, WebSocketException

from medspa_core import access, records
from medspa_core.access import Role
from medspa_core.access.first_start import first_start_code
from medspa_core.access.schema import sign_ins
from medspa_core.access.secrets.failed_attempts import FREE_TRIES
from medspa_core.access.sign_in import second_factor
from medspa_core.records.audit.log import REFUSED
from medspa_core.records.schema import audit
from tests.faults.conftest import Server
from tests.practice import PASSWORD, cookie_of, hire, opened, post, sign_in
from views.streamlit_patches.message_batching import TAKES_PACKS

NOT_OPEN = "This page is not open to you"
CLIENT = "Zanzibar Client 7"  # no mark that a label would escape
PART = re.compile(r'fragment_id: "(\w+)"')
FIGURES = {"week", "month", "treatment_mix", "agreement", "money"}
PLANNING = {"capacity", "opening_hours", "import_sales"}
CLINICAL = {
    "",
    "home",
    "compare",
    "you",
    "safety",
    "what_matters",
    "options",
    "timeline",
    "plan",
    "why",
    "clients",
    "client",
    "sessions",
}
OPEN_TO = {
    Role.AESTHETICIAN: CLINICAL | FIGURES,
    Role.CLINICIAN: CLINICAL | FIGURES | {"review"},
    Role.MEDICAL_DIRECTOR: CLINICAL | FIGURES | PLANNING | {"review", "approval", "offer", "audit", "kept"},
    Role.MANAGER: {"home", "compare", "why"} | FIGURES | PLANNING,
    Role.OWNER: {"home", "compare", "why", "offer", "people", "audit", "store", "kept"} | FIGURES | PLANNING,
}
EVERY_PAGE = CLINICAL | FIGURES | PLANNING | {"people", "review", "approval", "offer", "audit", "store", "kept"}


@pytest.fixture(scope="session")
def cookies(server: Server) -> dict[Role, str]:
    return {role: server.cookie(role.value) for role in Role}


@pytest.fixture(scope="session")
def draft(server: Server) -> str:
    with opened(server.home) as store:
        now = datetime.now(UTC)
        made = records.start_draft(store, CLIENT, now, now.date(), ("wait",))
        return made.id


def is_there(page: str) -> bool:
    return page == "" or Path("pages", f"{page}.py").is_file()


def expected_names(role: Role) -> set[str]:
    """The names in the address; a person's first page is there without one as well."""
    return {page for page in OPEN_TO[role] if is_there(page)} | {""}


# roles and pages


@pytest.mark.parametrize("role", Role)
def test_each_role_is_offered_its_pages_and_gets_no_other_by_name_hash_or_id(
    server: Server, cookies: dict[Role, str], draft: str, role: Role
) -> None:
    with server.web_socket(cookies[Role.MEDICAL_DIRECTOR]) as tab:
        hashes = tab.run().pages
    with server.web_socket(cookies[Role.OWNER]) as tab:
        hashes |= {name: its_hash for name, its_hash in tab.run().pages.items() if name}
    with server.web_socket(cookies[role]) as tab:
        first = tab.run()
        offered = set(first.pages)
        assert offered == expected_names(role)
        for page in EVERY_PAGE - OPEN_TO[role]:
            for run in (tab.run(page, f"c={draft}"), tab.run("", f"c={draft}", hashes.get(page, "0" * 32))):
                assert (run.page in offered or NOT_OPEN in run.text) and not run.locked
                assert "you" in offered or CLIENT not in run.text  # the first page of the others lists it


@pytest.mark.parametrize(("role", "first"), [(Role.AESTHETICIAN, "home"), (Role.OWNER, "home")])
def test_a_persons_first_page_opens_by_its_own_address_too(
    server: Server, cookies: dict[Role, str], role: Role, first: str
) -> None:
    with server.web_socket(cookies[role]) as tab:
        by_name, by_nothing = tab.run(first), tab.run("")
        lost = tab.run("no_such_page")
    assert "page_not_found" in lost.text
    assert by_name.page == first and "page_not_found" not in by_name.text + by_nothing.text
    assert by_nothing.page == ""


def refusals(server: Server, name: str) -> set[tuple[str, str]]:
    """What is written down of what this person was refused: of what, and which."""
    with opened(server.home) as store, store.reading() as connection:
        person = next(one for one in access.list_people(store) if one.sign_in_name == name)
        mine = (audit.c.actor == person.id) & (audit.c.outcome == REFUSED)
        rows = connection.execute(select(audit.c.detail, audit.c.object).where(mine)).all()
    return {(json.loads(row.detail).get("of", ""), row.object) for row in rows}


def test_a_page_and_a_consultation_that_are_not_theirs_are_refused_and_written_down(server: Server, draft: str) -> None:
    hire(server.home, "curious", [Role.AESTHETICIAN])
    hire(server.home, "desk", [Role.MANAGER])
    with server.web_socket(server.cookie("curious")) as tab:
        tab.run("people")
        tab.run("people")
        tab.run("you", "c=there-is-no-such-id")
        tab.run("you", f"c={draft}")
        tab.run("you", "c=another-one")
    assert {("page", "people"), ("consultation", "another-one")} <= refusals(server, "curious")
    assert any("there-is-no-such-id" in about for _, about in refusals(server, "curious"))
    with server.web_socket(server.cookie("desk")) as tab:
        tab.run("", "", calc_hash("you"))
    assert ("page", "you") in refusals(server, "desk")


def test_who_may_see_the_client_does_so_the_control_of_the_test_above(
    server: Server, cookies: dict[Role, str], draft: str
) -> None:
    with server.web_socket(cookies[Role.AESTHETICIAN]) as tab:
        assert CLIENT in tab.run("you", f"c={draft}").text


def test_another_role_holds_at_the_next_run(server: Server, draft: str) -> None:
    person = hire(server.home, "changes", [Role.CLINICIAN])
    with server.web_socket(server.cookie("changes")) as tab:
        assert CLIENT in tab.run("you", f"c={draft}").text
        with opened(server.home) as store:
            access.change_roles(store, person.id, [Role.MANAGER], datetime.now(UTC), None)
        assert CLIENT not in tab.run("you", f"c={draft}").text


# signed out


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 303),
        ("/safety?c=x", 303),
        ("/people", 303),
        ("/auth/login", 303),
        ("/oauth2callback", 303),
        ("/step-up", 303),
        ("/media/anything.pdf", 401),
        ("/_stcore/metrics", 401),
        ("/_stcore/host-config", 401),
        ("/_stcore/upload_file/a/b", 401),
        ("/_stcore/agent/openapi.json", 401),
        ("/_stcore/bidi-components/x", 401),
        ("/component/x/y", 401),
        ("/auth/alive", 401),
        ("/SIGNIN/../media/x", 404),
        ("/static/../media/x", 404),
        ("/static/%2e%2e/media/x", 404),
        ("/signin\\\\..\\\\media", 404),
        ("//evil.example/", 404),
        ("/_stcore/health", 200),
        ("/signin", 200),
        ("/device", 200),
        ("/recover", 200),
        ("/lock.js", 200),
        ("/gate/gate.css", 200),
        ("/app/static/figtree-latin-wght-normal.woff2", 200),
    ],
)
def test_signed_out_only_what_is_meant_to_be_open_is(server: Server, path: str, status: int) -> None:
    found = server.get(path)
    assert found.status == status
    if status == 303:
        assert found.headers["location"].startswith("/signin")


def test_with_a_sign_in_the_same_addresses_are_reached(server: Server, cookies: dict[Role, str]) -> None:
    mine = {"Cookie": cookies[Role.CLINICIAN]}
    assert server.get("/", **mine).status == 200
    assert server.get("/media/anything.pdf", **mine).status == 404
    assert server.get("/_stcore/host-config", **mine).status == 200
    assert server.get("/auth/alive", **mine).status == 200
    for closed in ("/_stcore/metrics", "/_stcore/agent/openapi.json"):
        assert server.get(closed, **mine).status == 401


def test_a_file_can_be_sent_only_from_our_own_page_by_somebody_signed_in(
    server: Server, cookies: dict[Role, str]
) -> None:
    path, mine = "/_stcore/upload_file/a/b", cookies[Role.CLINICIAN]
    assert server.get(path, "PUT", Origin=server.url).status == 401
    assert server.get(path, "PUT", Cookie=mine).status == 403
    assert server.get(path, "PUT", Cookie=mine, Origin="http://evil.example").status == 403
    assert server.get(path, "PUT", Cookie=mine, Origin=server.url).status in (400, 403)


def test_a_file_reaches_only_the_page_that_asks_for_one_in_the_hands_it_was_drawn_for(
    server: Server, cookies: dict[Role, str]
) -> None:
    mine, shut = cookies[Role.MANAGER], (403, b"No page takes a file.")

    def put(session: str, cookie: str, method: str = "PUT") -> tuple[int, bytes]:
        found = server.get(f"/_stcore/upload_file/{session}/a", method, Cookie=cookie, Origin=server.url)
        return found.status, found.body

    with opened(server.home) as store, store.writing() as connection:
        connection.execute(update(sign_ins).values(stepped_up_at=datetime.now(UTC)))
    with server.web_socket(mine) as tab, server.web_socket(mine) as other:
        asks, does_not = tab.run("import_sales").session, other.run("week").session
        assert put(asks, mine) == (403, b"XSRF token missing or invalid")  # Streamlit's own: the gate let it through
        assert put(does_not, mine) == shut and put(asks, cookies[Role.OWNER]) == shut
        assert put(asks, mine, "GET") == shut and put(f"{asks}/../{does_not}", mine)[0] == 404
        for _ in range(20):
            last = put(asks, mine)
        assert last == (429, b"Too many files in a short time.")


# every answer


@pytest.mark.parametrize("path", ["/", "/signin", "/lock.js", "/_stcore/health", "/media/x", "/_stcore/metrics", "//x"])
@pytest.mark.parametrize("who", ["signed in", "signed out", "foreign host"])
def test_our_headers_are_on_every_answer(server: Server, cookies: dict[Role, str], path: str, who: str) -> None:
    given = {"signed in": {"Cookie": cookies[Role.OWNER]}, "foreign host": {"Host": "evil.example"}}.get(who, {})
    found = server.get(path, **given).headers
    assert found["x-content-type-options"] == "nosniff"
    assert found["referrer-policy"] in ("no-referrer", "same-origin")
    assert found["cross-origin-opener-policy"] == "same-origin"
    assert found["x-frame-options"] == "DENY"
    policy = found["content-security-policy"]
    assert "unsafe-eval" not in policy and "script-src 'self' 'sha256-" in policy and "evil" not in policy
    assert "frame-ancestors 'none'" in policy
    if found.get("content-type", "").startswith("text/html") or path == "/media/x":
        assert found["cache-control"] == "no-store"


@pytest.mark.parametrize("taken", ["identity", "gzip", "gzip, deflate, br, zstd"])
@pytest.mark.parametrize("path", ["/", "/you", "/options?c=x", "/people"])
def test_each_page_carries_the_lock_and_what_opens_packs_before_streamlits_own_script(
    server: Server, cookies: dict[Role, str], path: str, taken: str
) -> None:
    """However much a browser would like it packed: inside a packed page nothing could be put."""
    found = server.get(path, Cookie=cookies[Role.CLINICIAN], Accept_Encoding=taken)
    assert found.body.count(b'<script src="/lock.js"') == 1
    assert found.body.count(TAKES_PACKS.encode()) == 1
    assert found.body.index(TAKES_PACKS.encode()) < found.body.index(b'type="module"')
    assert int(found.headers["content-length"]) == len(found.body)


def test_streamlits_scripts_are_packed_and_unchanged(server: Server) -> None:
    file = next(Path(file_util.get_static_dir()).glob("static/js/index.*.js"))
    for _ in range(2):
        found = server.get(f"/static/js/{file.name}", Accept_Encoding="gzip")
        assert found.headers["content-encoding"] == "gzip"
        assert len(found.body) < file.stat().st_size / 2
        assert gzip.decompress(found.body) == file.read_bytes()
    assert server.get(f"/static/js/{file.name}").body == file.read_bytes()


# foreign hosts and origins


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "", "localhost:x"]
)
def test_a_foreign_host_gets_nothing(server: Server, cookies: dict[Role, str], host: str) -> None:
    for path in ("/", "/signin", "/_stcore/health", "/media/x"):
        assert server.get(path, Host=host, Cookie=cookies[Role.CLINICIAN]).status in (400, 421)


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://localhost:3000", "https://127.0.0.1"])
def test_a_foreign_or_missing_origin_opens_no_websocket_and_sends_no_form(
    server: Server, cookies: dict[Role, str], origin: str | None
) -> None:
    with pytest.raises(InvalidStatus):
        server.web_socket(cookies[Role.CLINICIAN], origin=origin)
    given = {"Origin": origin} if origin else {}
    for path in ("/signin", "/auth/out", "/device", "/first-start", "/auth/alive"):
        assert server.get(path, "POST", Cookie=cookies[Role.CLINICIAN], **given).status == 403
    assert server.get("/auth/alive", Cookie=cookies[Role.CLINICIAN]).status == 200


def test_a_foreign_host_opens_no_websocket(server: Server, cookies: dict[Role, str]) -> None:
    with pytest.raises(WebSocketException):
        server.web_socket(cookies[Role.CLINICIAN], origin="http://evil.example", Host="evil.example")


# tokens


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "é", "a" * 5000])
def test_an_unknown_token_gets_no_page_and_no_websocket(server: Server, value: str) -> None:
    cookie = f"spa-{server.port}={value.encode().decode('latin-1')}"
    assert server.get("/", Cookie=cookie).status == 303
    if value.isascii():
        with pytest.raises(InvalidStatus):
            server.web_socket(cookie)


def test_a_name_sent_twice_counts_as_none(server: Server, cookies: dict[Role, str]) -> None:
    mine = cookies[Role.CLINICIAN]
    slipped = f"spa-{server.port}=slipped"
    for both in (f"{mine}; {slipped}", f"{slipped}; {mine}"):
        assert server.get("/", Cookie=both).status == 303


def test_an_ended_token_draws_the_lock_screen_and_nothing_else(server: Server, draft: str) -> None:
    cookie = server.cookie("clinician")
    assert post(server.url, "/auth/out", {}, cookie).status == 303
    assert server.get("/", Cookie=cookie).status == 303
    assert server.get("/media/x", Cookie=cookie).status == 401
    with server.web_socket(cookie) as tab:
        for page in ("", "you", "people"):
            run = tab.run(page, f"c={draft}")
            assert run.locked and CLIENT not in run.text


def test_a_token_from_before_the_sign_in_never_becomes_valid(server: Server) -> None:
    planted = f"spa-{server.port}={secrets.token_urlsafe(32)}"
    made = sign_in(server.url, "clinician", cookies=planted)
    assert made["value"] not in planted
    assert server.get("/", Cookie=planted).status == 303
    mine = f"{made['name']}={made['value']}"
    again = sign_in(server.url, "clinician", cookies=mine)
    assert server.get("/", Cookie=mine).status == 303
    assert server.get("/", Cookie=f"{again['name']}={again['value']}").status == 200


def test_the_cookie_is_http_only_and_strict_and_is_no_secret_in_the_log(server: Server) -> None:
    answer = post(server.url, "/signin", {"name": "clinician", "password": PASSWORD, "next": "//evil.example"})
    flags = (answer.getheader("Set-Cookie") or "").lower()
    assert "httponly" in flags and "samesite=strict" in flags and "path=/" in flags and "domain" not in flags
    assert answer.getheader("Location") == "/"
    assert cookie_of(answer)["value"] not in server.log and PASSWORD not in server.log and CLIENT not in server.log


def test_behind_tls_the_cookie_is_secure_and_of_this_host_alone(own_server: Server) -> None:
    hire(own_server.home, "ana", [Role.CLINICIAN])
    own_server.extra = {"MEDSPA_PUBLIC_URL": "https://spa.example.internal"}
    own_server.start()
    asked = HTTPConnection("127.0.0.1", own_server.port, timeout=120)
    given = {
        "Host": "spa.example.internal",
        "Origin": "https://spa.example.internal",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    asked.request("POST", "/signin", f"name=ana&password={PASSWORD.replace(' ', '+')}", given)
    answer = asked.getresponse()
    cookie = answer.getheader("Set-Cookie") or ""
    assert cookie.startswith("__Host-spa=") and "; Secure" in cookie and "Domain" not in cookie
    assert "max-age" in (answer.getheader("Strict-Transport-Security") or "")
    assert "wss://spa.example.internal" in (answer.getheader("Content-Security-Policy") or "")


def test_the_program_does_not_start_on_an_open_address_without_tls(own_server: Server) -> None:
    own_server.extra = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}  # noqa: S104
    with pytest.raises(pytest.fail.Exception, match="MEDSPA_PUBLIC_URL"):
        own_server.start()


# somebody else's session


def test_a_session_id_without_its_cookie_opens_nothing_and_with_anothers_a_fresh_one(
    server: Server, cookies: dict[Role, str], draft: str
) -> None:
    with server.web_socket(cookies[Role.CLINICIAN]) as tab:
        first = tab.run("you", f"c={draft}")
        assert first.session and CLIENT in first.text
        with pytest.raises(InvalidStatus):
            server.web_socket(session=first.session)
        with server.web_socket(cookies[Role.MANAGER], session=first.session) as thief:
            stolen = thief.run("you", f"c={draft}")
            assert stolen.session != first.session and CLIENT not in stolen.text
    with server.web_socket(cookies[Role.MANAGER], session=first.session) as later:
        stolen = later.run("you", f"c={draft}")
        assert stolen.session != first.session and CLIENT not in stolen.text


@pytest.mark.parametrize("name", ["X-Spa-Sid", "x-spa-sid", "X_Spa_Sid", "X-Spa-Role"])
def test_an_identity_header_from_outside_is_dropped(
    server: Server, cookies: dict[Role, str], draft: str, name: str
) -> None:
    with opened(server.home) as store:
        open_now = access.list_open(store, datetime.now(UTC))
    director = next(one.id for one in open_now if Role.MEDICAL_DIRECTOR in one.person.roles)
    with pytest.raises(InvalidStatus):
        server.web_socket(**{name: director})
    assert server.get("/", **{name: director}).status == 303
    with server.web_socket(cookies[Role.MANAGER], **{name: director}) as tab:
        assert CLIENT not in tab.run("you", f"c={draft}").text


# an open page, and its end


def test_signing_out_ends_it_and_leaves_nothing_in_the_browser(server: Server) -> None:
    hire(server.home, "leaves", [Role.CLINICIAN])
    cookie = server.cookie("leaves")
    answer = post(server.url, "/auth/out", {}, cookie)
    assert (answer.status, answer.getheader("Clear-Site-Data")) == (303, '"cache", "storage"')
    assert "Max-Age=0" in (answer.getheader("Set-Cookie") or "")
    assert server.get("/auth/alive", Cookie=cookie).status == 401


def test_a_revoked_person_with_an_open_page_is_out_at_the_next_step(server: Server, draft: str) -> None:
    person = hire(server.home, "revoked", [Role.CLINICIAN])
    with server.web_socket(server.cookie("revoked")) as tab:
        assert CLIENT in tab.run("you", f"c={draft}").text
        with opened(server.home) as store:
            access.sign_everybody_out(store, person.id, datetime.now(UTC), None)
        run = tab.run("you", f"c={draft}")
        assert run.locked and CLIENT not in run.text


@pytest.mark.parametrize("page", ["safety", "options"])
@pytest.mark.parametrize("what", ["revoked", "another role"])
def test_a_tap_on_any_part_of_an_open_page_is_asked_who_it_is_too(
    server: Server, draft: str, page: str, what: str
) -> None:
    name = f"parts-{page}-{what.replace(' ', '-')}"
    person = hire(server.home, name, [Role.CLINICIAN])
    cookie = server.cookie(name)
    with contextlib.ExitStack() as opened_tabs:
        tabs = [opened_tabs.enter_context(server.web_socket(cookie)) for _ in range(4)]
        parts = [sorted(set(PART.findall(tab.run(page, f"c={draft}").text))) for tab in tabs]
        assert all(len(ids) >= len(tabs) for ids in parts)
        with opened(server.home) as store:
            if what == "revoked":
                access.sign_everybody_out(store, person.id, datetime.now(UTC), None)
            else:
                access.change_roles(store, person.id, [Role.MANAGER], datetime.now(UTC), None)
        for at, (tab, ids) in enumerate(zip(tabs, parts, strict=True)):
            run = tab.poll(ids[at])  # another part in each tab
            assert CLIENT not in run.text and (run.locked or run.page != page)


@pytest.mark.parametrize("kind", ["clear_cache", "load_git_info", "set_run_on_save", "install_skills"])
def test_what_streamlit_does_for_a_developer_is_done_for_nobody(
    server: Server, cookies: dict[Role, str], draft: str, kind: str
) -> None:
    def times_open() -> int:
        assert server.process is not None
        links = Path(f"/proc/{server.process.pid}/fd").iterdir()
        return sum(1 for one in links if str(os.path.realpath(one)).endswith("medspa.sqlite3.lock"))

    with server.web_socket(cookies[Role.MANAGER]) as tab, server.web_socket(cookies[Role.CLINICIAN]) as other:
        tab.run()
        tab.ask(kind)
        assert CLIENT in other.run("you", f"c={draft}").text
        tab.run()
    assert times_open() == 1, "what Streamlit forgets it would open once more, beside what is open"
    assert f"no tap, dropped: {kind}" in server.log


def test_a_disabled_person_with_an_open_page_is_out_within_the_poll(server: Server, draft: str) -> None:
    person = hire(server.home, "disabled", [Role.CLINICIAN])
    with server.web_socket(server.cookie("disabled")) as tab:
        watch = re.findall(r'auto_rerun \{[^}]*?fragment_id: "(\w+)"', tab.run("you", f"c={draft}").text)[0]
        with opened(server.home) as store:
            access.disable_person(store, person.id, datetime.now(UTC), None)
        run = tab.poll(watch)
        assert run.locked and CLIENT not in run.text


def test_an_idle_sign_in_is_over_on_the_servers_clock(server: Server) -> None:
    cookie = server.cookie("nobody")
    with opened(server.home) as store:
        now = datetime.now(UTC)
        mine = next(one for one in access.list_open(store, now) if one.person.sign_in_name == "nobody")
        assert access.sign_in_of(store, mine.id, now + timedelta(minutes=10)).ended == "idle"  # type: ignore[union-attr]
    assert server.get("/auth/alive", Cookie=cookie).status == 401
    assert server.get("/", Cookie=cookie).status == 303


# guessing


def test_guessing_side_by_side_gets_five_answers_and_then_even_the_right_one_is_refused(server: Server) -> None:
    hire(server.home, "guessed", [Role.CLINICIAN])
    with opened(server.home) as store:
        place = access.list_locations(store)[0].id
        _, code = access.invite_device(store, "Tablet 1", place, datetime.now(UTC), None)
    tablet = cookie_of(post(server.url, "/device", {"code": code}))
    seen: list[int] = []

    def guess(number: int) -> None:
        seen.append(post(server.url, "/signin", {"name": "guessed", "password": f"wrong wrong {number}"}).status)

    tabs = [threading.Thread(target=guess, args=(number,)) for number in range(16)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert Counter(seen) == {401: 5, 429: 11}
    right = post(server.url, "/signin", {"name": "guessed", "password": PASSWORD})
    assert right.status == 429 and int(right.getheader("Retry-After") or 0) > 0
    elsewhere = f"{tablet['name']}={tablet['value']}"
    assert post(server.url, "/signin", {"name": "guessed", "password": PASSWORD}, elsewhere).status == 303


def test_an_unknown_name_and_a_wrong_password_get_the_same_page(server: Server) -> None:
    answers = [
        post(server.url, "/signin", {"name": name, "password": "wrong wrong wrong"})
        for name in ("unknown1", "aesthetician")
    ]
    bodies = [one.read().replace(b"unknown1", b"").replace(b"aesthetician", b"") for one in answers]
    assert [one.status for one in answers] == [401, 401]
    assert bodies[0] == bodies[1]


# PIN, password, first start, single sign-on


def test_another_password_of_ones_own_ends_every_other_sign_in_and_opens_from_then_on(server: Server) -> None:
    hire(server.home, "newword", [Role.CLINICIAN])
    elsewhere, mine = server.cookie("newword"), server.cookie("newword")
    assert post(server.url, "/password", {"password": "short"}, mine).status == 422
    assert post(server.url, "/password", {"password": "a new sentence to sign in with"}, mine).status == 303
    assert server.get("/auth/alive", Cookie=mine).status == 200
    assert server.get("/auth/alive", Cookie=elsewhere).status == 401
    assert post(server.url, "/signin", {"name": "newword", "password": PASSWORD}).status == 401
    assert post(server.url, "/signin", {"name": "newword", "password": "a new sentence to sign in with"}).status == 303
    assert post(server.url, "/password", {"password": "another sentence of nobody"}).getheader("Location") != "/own"


def test_a_pin_opens_an_enrolled_tablet_and_never_the_owners_page(server: Server) -> None:
    person = hire(server.home, "pia", [Role.OWNER, Role.AESTHETICIAN])
    mine = server.cookie("pia")
    assert post(server.url, "/pin", {"pin": "123456"}, mine).status == 422
    assert post(server.url, "/pin", {"pin": "402917"}, mine).status == 303
    with opened(server.home) as store:
        place = access.list_locations(store)[0].id
        _, code = access.invite_device(store, "Tablet 2", place, datetime.now(UTC), None)
    given = cookie_of(post(server.url, "/device", {"code": code}))
    tablet = f"{given['name']}={given['value']}"
    assert post(server.url, "/device", {"code": code}).status == 422
    form = {"person": person.id, "pin": "402917"}
    assert post(server.url, "/signin/pin", form).status == 401
    assert b"Pia" in server.get("/signin", Cookie=tablet).body
    assert b"Pia" not in server.get("/signin").body
    made = cookie_of(post(server.url, "/signin/pin", form, tablet))
    by_pin = f"{made['name']}={made['value']}"
    with server.web_socket(f"{tablet}; {by_pin}") as tab:
        pages = tab.run().pages
        assert "you" in pages and "people" not in pages
    assert server.get("/", Cookie=by_pin).status == 303


def test_the_first_start_makes_one_owner_from_the_printed_code(own_server: Server) -> None:
    import subprocess
    import sys

    printed = subprocess.run(
        [sys.executable, "-m", "medspa_core", "first-start"],
        env=own_server.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    code = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b", printed)[0]
    own_server.start()
    assert own_server.get("/signin").headers["location"] == "/first-start"
    form = {"practice": "Main street", "shown": "Olga", "name": "olga", "password": PASSWORD, "also": "aesthetician"}
    assert post(own_server.url, "/first-start", form | {"code": "AAAA-BBBB-CCCC"}).status == 401
    assert post(own_server.url, "/first-start", form | {"code": code, "password": "password1"}).status == 422
    answer = post(own_server.url, "/first-start", form | {"code": code})
    assert answer.status == 303 and answer.getheader("Location") == "/recovery"
    made = cookie_of(answer)
    sheet = post(own_server.url, "/recovery", {}, f"{made['name']}={made['value']}").read().decode()
    again = re.findall(r"\b(?:[A-Z0-9]{4}-){7}[A-Z0-9]{4}\b", sheet)[0]
    assert post(own_server.url, "/first-start", form | {"code": code}).status == 401
    assert own_server.get("/first-start").status == 303
    with own_server.web_socket(f"{made['name']}={made['value']}") as tab:
        assert {"people", "you"} <= set(tab.run().pages)
    other = {"name": "olga", "code": again, "password": "another quiet Tuesday"}
    assert post(own_server.url, "/recover", other).status == 303
    assert own_server.get("/", Cookie=f"{made['name']}={made['value']}").status == 303
    sign_in(own_server.url, "olga", "another quiet Tuesday")


def test_no_more_tries_of_the_first_code_by_saying_where_one_comes_from(own_server: Server) -> None:
    """On this computer uvicorn would believe it; no proxy is named here."""
    with opened(own_server.home) as store:
        code = str(first_start_code(store, datetime.now(UTC)))
    own_server.start()
    form = {"practice": "Main street", "shown": "Olga", "name": "olga", "password": PASSWORD}

    def tried(typed: str, number: int) -> int:
        asked = HTTPConnection("127.0.0.1", own_server.port, timeout=120)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": own_server.url,
            "X-Forwarded-For": f"192.0.2.{number}",
            "Forwarded": f"for=192.0.2.{number}",
        }
        asked.request("POST", "/first-start", urlencode(form | {"code": typed}), headers)
        return asked.getresponse().status

    free = FREE_TRIES["address"]
    assert [tried("AAAA-BBBB-CCCC", number) for number in range(free)] == [401] * free
    assert tried(code, free) == 429
    with opened(own_server.home) as store:
        assert not access.has_people(store)


def test_until_there_is_a_person_the_program_is_a_trial_and_then_at_once_no_more(own_server: Server) -> None:
    own_server.start()
    assert own_server.get("/").status == 200
    with own_server.web_socket() as tab:
        pages = tab.run().pages
        assert {"you", "treatment_mix"} <= set(pages) and "people" not in pages
        hire(own_server.home, "olga", [Role.OWNER])
        assert tab.run().locked
    assert own_server.get("/").status == 303
    with pytest.raises(InvalidStatus):
        own_server.web_socket()


def test_a_trial_keeps_strangers_out_and_does_not_come_back(own_server: Server) -> None:
    own_server.start()
    assert own_server.get("/", Host="evil.example").status == 421
    with pytest.raises((InvalidStatus, WebSocketException)):
        own_server.web_socket(origin="http://evil.example")
    hire(own_server.home, "olga", [Role.OWNER])
    for name in ("X-Spa-Sid", "x_spa_sid"):
        assert own_server.get("/", **{name: access.TRIAL_ID}).status == 303
    with own_server.web_socket(own_server.cookie("olga"), **{"X-Spa-Sid": access.TRIAL_ID}) as tab:
        assert "you" not in tab.run().pages


def test_behind_tls_there_is_no_trial(own_server: Server) -> None:
    own_server.extra = {"MEDSPA_PUBLIC_URL": "https://spa.example.internal"}
    own_server.start()
    assert own_server.get("/").status == 303


def test_single_sign_on_ends_in_the_same_row_and_cookie(own_server: Server) -> None:
    import httpx
    import oidc_provider_mock
    from oidc_provider_mock import User

    now = datetime.now(UTC)
    with opened(own_server.home) as store:
        place = access.add_location(store, "Main", now)
        access.add_person(store, "ana", "Ana", [Role.CLINICIAN], [place.id], now, email="ana@example.com")
    users = [
        User(sub="s-ana", claims={"email": "ana@example.com", "email_verified": True}),
        User(sub="s-liar", claims={"email": "ana@example.com", "email_verified": False}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as provider:
        issuer = f"http://localhost:{provider.server_port}"
        own_server.extra = {
            "MEDSPA_OIDC_ISSUER": issuer,
            "MEDSPA_OIDC_CLIENT_ID": "spa",
            "MEDSPA_OIDC_CLIENT_SECRET": "s",
        }
        own_server.start()
        for subject, status in (("s-liar", 401), ("s-ana", 200), ("s-ana", 200)):
            with httpx.Client(timeout=120) as browser:
                out = browser.get(f"{own_server.url}/auth/oidc/start")
                asked = out.headers["location"]
                assert out.status_code == 302 and all(one in asked for one in ("state=", "nonce=", "code_challenge="))
                back = browser.post(asked, data={"sub": subject}).headers["location"]
                done = browser.get(back)
                assert done.status_code == status
                assert browser.get(f"{own_server.url}/").status_code == (200 if status == 200 else 303)
                if status == 200:
                    assert httpx.get(back, timeout=120).status_code == 401


# the tablet in a client's hands, over HTTP


OF_THE_STAFF = {"compare", "client", "clients", "sessions", "review", "home"}
"""What who treats may open, but never while a client holds the tablet."""


def test_in_a_clients_hands_no_address_leads_out(server: Server, draft: str) -> None:
    hire(server.home, "hands", [Role.OWNER, Role.MEDICAL_DIRECTOR])
    with opened(server.home) as store:
        other = records.start_draft(
            store, "Another Client 9", datetime.now(UTC), datetime.now(UTC).date(), ("wait",)
        ).id
    cookie = server.cookie("hands")
    with server.web_socket(cookie) as tab:
        hashes = tab.run().pages
        assert CLIENT in tab.run("you", f"c={draft}").text
        for page in EVERY_PAGE:
            for run in (
                tab.run(page, f"c={other}"),
                tab.run(page, "face=staff"),
                tab.run("", "", hashes.get(page, "")),
            ):
                assert "Another Client 9" not in run.text and run.page not in (EVERY_PAGE - CLINICAL) | OF_THE_STAFF
        assert set(tab.run("options", f"c={other}").pages) & EVERY_PAGE == CLINICAL - OF_THE_STAFF
    with server.web_socket(cookie) as another_tab:
        assert "Another Client 9" not in another_tab.run("you", f"c={other}").text
    for path in ("/own", "/pin", "/password", "/step-up", "/recovery", "/break-glass"):
        assert server.get(path, Cookie=cookie).headers["location"].startswith("/take-back")
        assert post(server.url, path, {"pin": "402917", "password": PASSWORD}, cookie).status == 303
    assert post(server.url, "/second-factor", {"code": "1"}, cookie).getheader("Location") == "/signin"
    wrong = post(server.url, "/take-back", {"secret": "not this one", "next": "/"}, cookie)
    assert wrong.status == 401
    right = post(server.url, "/take-back", {"secret": PASSWORD, "next": "//evil.example"}, cookie)
    assert (right.status, right.getheader("Location")) == (303, "/")
    with server.web_socket(cookie) as tab:
        assert "people" in tab.run().pages


def test_another_tab_left_open_on_the_staffs_page_is_emptied_within_the_poll(server: Server, draft: str) -> None:
    hire(server.home, "twotabs", [Role.CLINICIAN])
    with opened(server.home) as store:
        records.start_draft(store, "Another Client 9", datetime.now(UTC), datetime.now(UTC).date(), ("wait",))
    cookie = server.cookie("twotabs")
    with server.web_socket(cookie) as left_open, server.web_socket(cookie) as handed_over:
        first = left_open.run()
        assert "Another Client 9" in first.text
        watch = re.findall(r'auto_rerun \{[^}]*?fragment_id: "(\w+)"', first.text)[0]
        assert CLIENT in handed_over.run("you", f"c={draft}").text
        run = left_open.poll(watch)
        while run.page == "" and CLIENT not in run.text:
            run = left_open.next_run()
        assert CLIENT in run.text and "Another Client 9" not in run.text


def test_taking_back_counts_tries_like_a_sign_in_also_side_by_side(server: Server, draft: str) -> None:
    hire(server.home, "guessed2", [Role.CLINICIAN])
    cookie = server.cookie("guessed2")
    with server.web_socket(cookie) as tab:
        tab.run("you", f"c={draft}")
    seen: list[int] = []

    def guess(number: int) -> None:
        seen.append(post(server.url, "/take-back", {"secret": f"wrong wrong {number}", "next": "/"}, cookie).status)

    tabs = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert Counter(seen) == {401: 5, 429: 7}
    assert post(server.url, "/take-back", {"secret": PASSWORD, "next": "/"}, cookie).status == 429


def test_behind_the_curtain_every_page_is_the_curtain(server: Server, draft: str) -> None:
    hire(server.home, "curtained", [Role.CLINICIAN])
    cookie = server.cookie("curtained")
    with server.web_socket(cookie) as tab:
        assert CLIENT in tab.run("you", f"c={draft}").text
        with opened(server.home) as store:
            now = datetime.now(UTC)
            mine = next(one for one in access.list_open(store, now) if one.person.sign_in_name == "curtained")
            access.cover(store, mine.id, now)
        for page in sorted(CLINICAL):
            run = tab.run(page, f"c={draft}")
            assert "This screen is covered" in run.text and CLIENT not in run.text


# the second factor, over HTTP


def test_a_sign_in_that_waits_for_its_second_factor_opens_nothing(server: Server, draft: str) -> None:
    person = hire(server.home, "twice", [Role.MEDICAL_DIRECTOR])
    mine = server.cookie("twice")
    shown = server.get("/second-factor", Cookie=mine).body.decode()
    secret = re.findall(r'class="secret">([A-Z2-7]+)<', shown)[0]
    assert "<svg" in shown

    def code(steps: int = 0) -> str:
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        return second_factor.code_at(key, int(time.time()) // 30 + steps)

    assert post(server.url, "/second-factor", {"code": "000000"}, mine).status == 401
    used = code()
    assert post(server.url, "/second-factor", {"code": used}, mine).getheader("Location") == "/own"
    assert secret not in server.get("/second-factor", Cookie=mine).body.decode()
    answer = post(server.url, "/signin", {"name": "twice", "password": PASSWORD, "next": "/why"})
    assert answer.getheader("Location") == "/second-factor?next=%2Fwhy"
    given = cookie_of(answer)
    waits = f"{given['name']}={given['value']}"
    for path, status in (("/", 303), ("/media/x", 401), ("/auth/alive", 401), ("/own", 303), ("/recovery", 303)):
        assert server.get(path, Cookie=waits).status == status
    with server.web_socket(waits) as tab:
        run = tab.run("you", f"c={draft}")
        assert run.locked and CLIENT not in run.text
    assert server.get("/signin", Cookie=waits).headers["location"].startswith("/second-factor")
    assert post(server.url, "/second-factor", {"code": used, "next": "/why"}, waits).status == 401
    assert post(server.url, "/second-factor", {"code": code(1), "next": "/why"}, waits).getheader("Location") == "/why"
    assert server.get("/", Cookie=waits).status == 200
    with opened(server.home) as store:
        assert access.has_second_factor(store, person.id)
    assert secret not in server.log


def test_the_first_sheet_is_put_away_before_anything_else(own_server: Server) -> None:
    with opened(own_server.home) as store:
        now = datetime.now(UTC)
        code = first_start_code(store, now) or ""
        keys = records.recovery_sheet(store.keys)
    own_server.start()
    form = {"practice": "Main", "shown": "Olga", "name": "olga", "password": PASSWORD, "code": code}
    made = cookie_of(post(own_server.url, "/first-start", form))
    mine = f"{made['name']}={made['value']}"
    for path in ("/", "/people", "/you", "/own"):
        assert own_server.get(path, Cookie=mine).headers["location"] == "/recovery"
    sheet = html.unescape(post(own_server.url, "/recovery", {}, mine).read().decode())
    assert all(line in sheet for line in keys.splitlines() if "/" in line)
    assert post(own_server.url, "/recovery/kept", {}, mine).status == 303
    assert own_server.get("/people", Cookie=mine).headers["location"] == "/recovery"
    assert post(own_server.url, "/recovery/kept", {"kept": "yes"}, mine).getheader("Location") == "/people"
    assert own_server.get("/people", Cookie=mine).status == 200
    later = html.unescape(post(own_server.url, "/recovery", {}, mine).read().decode())
    assert not any(line in later for line in keys.splitlines() if "/" in line)
    assert not any(line in own_server.log for line in keys.splitlines() if "/" in line)
