"""Pages are opened with a store of their own, without a browser."""

from __future__ import annotations

import functools
import html
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from medspa_core import access, records
from medspa_core.access import Role
from medspa_core.practice.demo_history import demo_history
from medspa_core.rulebook import Rulebook, load_whole
from medspa_core.settings import settings_from
from tests.ready_stores import put_ready_store
from views.context import core_access, environment
from views.redraw import screen_parts
from views.streamlit_patches import pages_folder

ROOT = Path(__file__).parents[2]
PASSWORD = "a quiet Tuesday by the sea"
TIMEOUT = 120
"""Seconds after which a run is stuck, also on a slow and busy machine; a run takes a tenth of a second."""
MORNING = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
"""From when on the program's clock goes in these tests."""
Opener = Callable[..., AppTest]


_LATER = NOW - datetime.now(UTC)
"""How far the day of these tests is from the machine's: the tests name days before and after it."""


@pytest.fixture(autouse=True)
def _on_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program's clock goes on from one morning, whatever day it is where the tests run."""
    monkeypatch.setattr(environment, "now", lambda: datetime.now(UTC) + _LATER)
    core_access.clock.clear()


@pytest.fixture(autouse=True)
def _settings_of_each_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server reads its settings once; a test may change them as it goes."""
    monkeypatch.setattr(environment, "settings", lambda: settings_from(os.environ, environment.PROGRAM))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A clinic's folder without a record; the rulebook is the shipped one."""
    put_ready_store(records.store_file(tmp_path / "home"), records.make_keys(tmp_path / "keys"))
    monkeypatch.setenv("MEDSPA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MEDSPA_KEYS", str(tmp_path / "keys"))
    monkeypatch.delenv("MEDSPA_DATABASE_URL", raising=False)
    monkeypatch.delenv("MEDSPA_RULEBOOK", raising=False)
    opened: list[records.Store] = []

    def open_and_remember(*given: Any) -> records.Store:
        opened.append(records.open_clinic(*given))
        return opened[-1]

    monkeypatch.setattr(core_access, "open_clinic", open_and_remember)
    core_access.store.clear()  # a test without a home may have opened the one of this folder
    yield tmp_path
    core_access.store.clear()
    for one in opened:  # else every test of this process leaves one open
        one.close()


@pytest.fixture(autouse=True)
def _drawn_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest keeps only what the last run drew: here every tap draws the whole screen. Parts are tested in the browser."""
    monkeypatch.setattr(screen_parts, "redraw", lambda consultation, around=(): None)


@functools.cache
def _components() -> BidiComponentManager:
    """What the installed packages bring along for pages. Looking through all of them takes a quarter of a second."""
    found = BidiComponentManager()
    found.discover_and_register_components(start_file_watching=False)
    return found


@functools.cache
def _book(files: tuple[tuple[str, str], ...]) -> Rulebook:
    return load_whole(dict(files))


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch, quick_hashes: None) -> None:
    """A server reads its rulebook once and computes its tables once; so do all tests of a process, for the same files."""
    monkeypatch.setattr(core_access, "load_whole", lambda files: _book(tuple(sorted(files.items()))))


@pytest.fixture(autouse=True)
def _through_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    through_the_door(monkeypatch)


def through_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest takes a folder pages/ for a program of the old kind, and from the second run on would open a page past app.py.
    The server does not (see views/streamlit_patches/pages_folder.py), and neither must the tests."""
    begin = PagesManager.__init__

    def through(self: PagesManager, *given: Any, **named: Any) -> None:
        pages_folder.install()
        begin(self, *given, **named)

    monkeypatch.setattr(PagesManager, "__init__", through)


@pytest.fixture
def store(home: Path) -> records.Store:
    """The store that the pages of this test open."""
    return core_access.store()


@pytest.fixture(scope="session")
def history(rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A clinic's folder and its keys with so many invented consultations, kept through the program's own verbs once a process."""

    @functools.cache
    def folder(number: int) -> Path:
        kept = tmp_path_factory.mktemp("history")
        put_ready_store(records.store_file(kept / "home"), records.make_keys(kept / "keys"))
        with records.open_clinic(kept / "home", kept / "keys", lambda: NOW) as store, store.together():
            for one in demo_history(rulebook, NOW.date(), number):
                now = datetime.combine(one.on, time(12, tzinfo=UTC))
                draft = records.start_draft(store, one.code_name, now, one.on, one.option_order, "history")
                records.save_answers(store, draft.id, {"age": one.answers["age"]}, now, records.INVENTED)
                records.record_choice(store, draft.id, one.choice, now, one.facts)
        return kept

    return folder


@pytest.fixture
def store_of(home: Path, history: Callable[[int], Path]) -> Callable[[int], records.Store]:
    """The store that the pages of this test open, with so many invented consultations of the two years before."""

    def opened_with(number: int) -> records.Store:
        for name in ("home", "keys"):
            shutil.rmtree(home / name)
            shutil.copytree(history(number) / name, home / name)
        return core_access.store()

    return opened_with


def program(*roles: Role, trial: bool = False) -> AppTest:
    """The program as `make run` starts it, with somebody signed in: by default an aesthetician who owns the practice."""
    return new_tab({"sid": access.TRIAL_ID if trial else signed_in(roles or (Role.OWNER, Role.AESTHETICIAN))})


def new_tab(user: dict[str, Any]) -> AppTest:
    """The program in a tab of its own, not run yet; `user` says whose sign-in it is."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    at._bidi_component_manager = _components()
    at.user = user
    return at


def take_back(at: AppTest, face: str = "") -> None:
    """As the gate's page does with the right password: the staff have the tablet again, and perhaps want their view."""
    kept, now, sid = core_access.store(), core_access.clock().now(), str(at.user["sid"])
    found = access.sign_in_of(kept, sid, now)
    assert found is not None
    access.set_password(kept, found.person.id, PASSWORD, now, None, keep_sign_in=sid)
    access.take_back(kept, sid, PASSWORD, access.Place("test"), kept.keys.pepper, now)
    if face:
        at.query_params["face"] = face


def staff_face(at: AppTest) -> AppTest:
    """The way from what a client reads to what staff read: the password, and their view of the same screen."""
    take_back(at, face="staff")
    return at.run()


def signed_in(roles: Iterable[Role]) -> str:
    """A sign-in by single sign-on, which hashes nothing and so is quick; says the id that the gate would pass on."""
    kept, now = core_access.store(), core_access.clock().now()
    places = access.list_locations(kept) or [access.add_location(kept, "Main street", now, state="CA")]
    name = f"person-{len(access.list_people(kept))}"
    mail = f"{name}@example.com"
    access.add_person(kept, name, name, roles, [places[0].id], now, email=mail)
    return access.sign_in_with_oidc(kept, "test", name, mail, access.Place("test"), now).id


def new_draft(store: records.Store, answers: Mapping[str, Any] | None = None, name: str = "A-204") -> str:
    """A consultation kept in the store, as if it had been answered before."""
    draft = records.start_draft(store, name, MORNING, date(2026, 11, 22), ("wait", "microneedling_alone"))
    if answers:
        records.save_answers(store, draft.id, answers, MORNING, "plans", draft.revision)
    return draft.id


def opened(page: str, draft_id: str, *, trial: bool = False) -> AppTest:
    """A page of a consultation, opened by its address as after a reload: no page before it. `trial`: nobody was made yet."""
    at = program(trial=trial)
    at.switch_page(f"pages/{page}.py")
    at.query_params["c"] = draft_id
    at.run()
    assert not at.exception, at.exception
    return at


def told(at: AppTest) -> list[tuple[str, str]]:
    """What the last tap led to: the role (alert where it was refused), and the words."""
    found = re.findall(r'<div [^>]*class="mc-told[^>]*>.*?</div></div>', text_of(at))
    return [
        (str(one.split('role="')[1].split('"')[0]), " ".join(re.sub(r"<[^>]+>|\u200b", " ", one).split()))
        for one in found
    ]


def text_of(at: AppTest) -> str:
    """Every word that HTML pieces put on the page; what comes as text (views.elements.draw.into, at_once) stands where it is
    shown."""
    text = " ".join(body for piece in at.get("html") if not (body := piece.proto.body).startswith("<style"))
    text = re.sub(r'(data-undrawn="yes"[^>]*>)([^<]*)', lambda told: told[1] + html.unescape(told[2]), text)
    for name, told in re.findall(r'<div data-into="(\w+)" data-changed="yes">([^<]*)</div>', text):
        text = text.replace(told, "").replace(f'<div data-kept="{name}"></div>', html.unescape(told))
    return text
