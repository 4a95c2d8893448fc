"""The program as a clinic runs it: one server with a home of its own, one Chromium, a new context per test.

`open_tablet()` gives a page that is settled, `settled(page)` waits until a run has ended, `app.restart()` is the
restart in mid-consultation. Console errors and requests to anywhere else fail a test, unless it puts
them into `allowed`.
"""

from __future__ import annotations

import functools
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

from medspa_core import records
from medspa_core.access import Role
from medspa_core.rulebook import Rulebook, load_rulebook
from tests.browser.desk import TABLET_ZONE, Desk, furnish
from tests.practice import hire, sign_in
from views.staff.home.demo_clients import demo_clients

ROOT = Path(__file__).parents[2]
FAILED = Path(__file__).parent / "failed"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LANDSCAPE = {"width": 1024, "height": 768}
PORTRAIT = {"width": 768, "height": 1024}
# The poll that looks whether the sign-in still holds also ticks while the server is being restarted.
HARMLESS = re.compile("Cannot send rerun backMessage when disconnected from server")

PATIENCE = 30_000
"""Milliseconds for what a tap brings about: a busy machine takes seconds to hash a password or to draw a page."""
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    if report.when == "call":
        item.stash[OUTCOME] = report.failed
    return report


OUTCOME = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. Without one these tests are skipped, and the summary says so."""
    named = os.environ.get("MEDSPA_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        warnings.warn(pytest.PytestWarning("NO CHROMIUM: the screens were NOT tested"), stacklevel=1)
        pytest.skip("NO CHROMIUM: the screens were NOT tested (set MEDSPA_CHROMIUM, or install chromium)")
    return found


@dataclass
class RunningApp:
    """The program as a child process, with its own port and home."""

    home: Path
    port: int
    log: Path
    script: str = "app.py"
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def keys(self) -> Path:
        return self.home.with_name(f"{self.home.name}-keys")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEDSPA_", "STREAMLIT_"))}
        return kept | {"MEDSPA_HOME": str(self.home), "MEDSPA_KEYS": str(self.keys), "MEDSPA_PORT": str(self.port)}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The command line, on this home."""
        return subprocess.run(
            [sys.executable, "-m", "medspa_core", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def store(self) -> records.Store:
        """The store of this home, opened beside the server."""
        return records.open_clinic(self.home, self.keys, lambda: datetime.now(UTC))

    def client(self, demo: str = "a204", name: str = "", **answers: object) -> str:
        """The id of a new consultation of an invented client, with the test's own answers over theirs."""
        invented = next(one for one in demo_clients() if one.id == demo)
        now = datetime.now(UTC)
        with self.store() as store:
            order = _rulebook().order_shown(records.count_drafts(store))
            draft = records.start_draft(store, name or invented.name, now, now.date(), order)
            kept = {**invented.answers(now.date()), **answers}
            if kept:
                records.save_answers(store, draft.id, kept, now, "invented client", draft.revision)
        return draft.id

    def drafts(self) -> list[records.DraftLine]:
        """Every consultation that is kept."""
        with self.store() as store:
            return list(records.list_drafts(store))

    def save(self, store: records.Store, draft_id: str, **answers: object) -> None:
        """Answers that come from elsewhere."""
        draft = records.load_draft(store, draft_id)
        assert draft is not None
        records.save_answers(store, draft_id, answers, datetime.now(UTC), "plans", draft.revision)

    def answers_of(self, draft_id: str) -> dict[str, object]:
        """What is on the disk."""
        with self.store() as store:
            draft = records.load_draft(store, draft_id)
        assert draft is not None
        return dict(draft.answers)

    def wait_for_answer(self, draft_id: str, question: str, answer: object) -> None:
        """Until it is on the disk, where the screen shows no sign of its own that it is."""
        until = time.monotonic() + PATIENCE / 1000
        while (found := self.answers_of(draft_id).get(question)) != answer:
            assert time.monotonic() < until, f"{question} is {found}, not {answer}"
            time.sleep(0.05)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", self.script, "--server.port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.05)
        self.stop()
        pytest.fail(f"the program did not start:\n{self.log.read_text(errors='replace')[-4000:]}")

    def answers(self) -> bool:
        """The server says that it is well."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/_stcore/health")
            return asked.getresponse().status == 200
        except OSError:
            return False
        finally:
            asked.close()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def restart(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends the server (by default as a power cut would) and starts it again on the same port and home."""
        self.stop(how)
        self.start()


@functools.cache
def _rulebook() -> Rulebook:
    return load_rulebook(ROOT / "data")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def make_app(folder: Path, *, history: bool = False, script: str = "app.py") -> RunningApp:
    """A running program with a home of its own: empty, or with the invented practice of two years (some seconds)."""
    app = RunningApp(home=folder / "home", port=free_port(), log=folder / "server.log", script=script)
    first = app.command("first-start", *([] if history else ["--empty"]))
    assert first.returncode == 0, first.stderr
    hire(app.home, "ana", [Role.OWNER, Role.AESTHETICIAN])
    app.start()
    return app


@pytest.fixture(scope="session")
def app(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One server for all tests of this process, its home empty at first: a new browser context is a new session."""
    running = make_app(tmp_path_factory.mktemp("app"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def practice(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One server for all tests of this process that need the invented practice's two years."""
    running = make_app(tmp_path_factory.mktemp("practice"), history=True)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def desk(practice: RunningApp) -> Desk:
    """What the staff's own pages show in that practice."""
    return furnish(practice)


@pytest.fixture
def restart_server(app: RunningApp) -> Callable[[], None]:
    """Restarts the shared server; tests that restart it leave it running."""
    return app.restart


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


def wait_until_settled(page: Page, seconds: float = 60) -> Page:
    """Connected, no run under way, nothing stale or loading, no button held back, the fonts come, no error on the page.

    Until its font has come, a word is drawn in the machine's own, a fifth wider: what measures must not be that quick. An
    empty program to measure against has none of ours, and a font that fails is told by whoever listens to the page.
    `notRunning` can be read before a run has begun: after a tap, wait for the effect you expect as well.
    """
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid="stApp"]');
            const ours = [...document.fonts].filter(face => face.family === 'Figtree');
            return app
                && app.dataset.testConnectionState === 'CONNECTED'
                && app.dataset.testScriptState === 'notRunning'
                && document.fonts.status === 'loaded'
                && (!ours.length || ours.some(face => ['loaded', 'error'].includes(face.status)))
                && !document.documentElement.classList.contains('medspa-held')
                && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
        }""",
        timeout=seconds * 1000,
    )
    shown = page.locator('[data-testid="stException"]')
    assert shown.count() == 0, f"an error is shown: {shown.first.inner_text()}"
    return page


@pytest.fixture
def settled() -> Callable[..., Page]:
    return wait_until_settled


@dataclass
class Heard:
    """What the pages of one test complained about, and what the test allows (parts of the text)."""

    complaints: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    ears: list[tuple[Page, str, Any]] = field(default_factory=list)

    def listen(self, page: Page, url: str) -> None:
        def console(message: ConsoleMessage) -> None:
            where = message.location.get("url", "")
            if message.type == "error" and not HARMLESS.search(f"{where} {message.text}"):
                self.complaints.append(f"console: {message.text} ({where})")

        def request(sent: Request) -> None:
            if not sent.url.startswith((f"{url}/", "data:", "blob:")):
                self.complaints.append(f"outside request: {sent.url}")

        def web_socket(opened: WebSocket) -> None:
            if not opened.url.startswith(url.replace("http", "ws", 1) + "/"):
                self.complaints.append(f"outside socket: {opened.url}")

        def error(told: Exception) -> None:
            self.complaints.append(f"page error: {told}")

        ears = {"console": console, "request": request, "websocket": web_socket, "pageerror": error}
        for event, ear in ears.items():
            Page.on(page, event, ear)  # type: ignore[call-overload]
            self.ears.append((page, event, ear))

    def stop(self) -> None:
        """The test is over: what comes now is no longer its own."""
        for page, event, ear in self.ears:
            page.remove_listener(event, ear)
        self.ears.clear()

    def left(self) -> list[str]:
        return [one for one in self.complaints if not any(part in one for part in self.allowed)]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def allowed(heard: Heard) -> list[str]:
    """Parts of complaints that this test expects, as after a restart of the server."""
    return heard.allowed


def new_context(browser: Browser, url: str, *, portrait: bool = False, who: str = "ana", **more: Any) -> BrowserContext:
    """A tablet: 1024 x 768 or 768 x 1024, scale 2, touch. `more` goes to the browser and wins.

    Ana, aesthetician and owner, is signed in through the sign-in page; `who=""` leaves it signed out.
    """
    tablet = {
        "base_url": url,
        "viewport": PORTRAIT if portrait else LANDSCAPE,
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": False,
        "locale": "en-US",
        "timezone_id": TABLET_ZONE.key,
        "reduced_motion": "reduce",
    }
    context = browser.new_context(**{**tablet, **more})  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    signed_in(context, url, who)
    return context


def signed_in(context: BrowserContext, url: str, who: str) -> None:
    if who:
        kept = {"url": url, "httpOnly": True, "sameSite": "Strict"}
        context.add_cookies([sign_in(url, who) | kept])  # type: ignore[list-item]


LASTING = (
    *("on", "once", "add_init_script", "expose_binding", "expose_function", "route", "route_from_har"),
    *("route_web_socket", "emulate_media", "set_extra_http_headers", "new_cdp_session"),
)
"""What a test may ask of a page, or of a context for its page, that would still hold in the next test."""


@dataclass
class Tablets:
    """Plain tablets that go from test to test with nothing on them but the program's own files, already read.

    A new context reads and compiles Streamlit's scripts anew, which is most of the time of a first page; and a new page in a
    context that knows them takes twice the processor time of going on in the page that is there.
    """

    browser: Browser
    spare: dict[tuple[str, bool], list[BrowserContext]] = field(default_factory=dict)
    first: dict[BrowserContext, Page] = field(default_factory=dict)

    def lend(self, url: str, portrait: bool, who: str) -> Page:
        waiting = self.spare.get((url, portrait))
        context = waiting.pop() if waiting else new_context(self.browser, url, portrait=portrait, who="")
        signed_in(context, url, who)
        if context not in self.first:
            self.first[context] = context.new_page()
            self._watch(context, self.first[context])
        return self.first[context]

    def take_back(self, context: BrowserContext, url: str, portrait: bool) -> None:
        """Nothing of one test is left for the next: no cookie, stored value, route, permission or way back, and no page but
        the first, if nothing lasting was asked of it."""
        context.set_offline(False)
        context.unroute_all()
        for page in context.pages:
            if page != self.first.get(context):
                page.close()
        page = self.first.get(context) or context.new_page()
        try:
            _emptied(page, url, portrait)
        except PlaywrightError:  # the test's own server has ended: no other test will ask for this tablet
            context.close()
            return
        context.clear_cookies()
        context.clear_permissions()
        if context not in self.first:
            page.close()
        self.spare.setdefault((url, portrait), []).append(context)

    def _watch(self, context: BrowserContext, page: Page) -> None:
        """As soon as something lasting is asked of a page, it is the last test that has it."""

        def once(ask: Callable[..., Any], *given: Any, **named: Any) -> Any:
            self.first.pop(context, None)
            return ask(*given, **named)

        for one in (context, page):
            for name in set(LASTING) & set(dir(one)):
                setattr(one, name, functools.partial(once, getattr(one, name)))


def _emptied(page: Page, url: str, portrait: bool) -> None:
    """The page shows a word of the server's, and knows nothing of where it was."""
    page.goto(f"{url}/_stcore/health")
    page.evaluate("() => { sessionStorage.clear(); window.name = ''; }")
    page.set_viewport_size(PORTRAIT if portrait else LANDSCAPE)  # type: ignore[arg-type]
    cleared = {"origin": url, "storageTypes": "local_storage,indexeddb,service_workers,cache_storage"}
    with inside(page) as chromium:
        chromium.send("Storage.clearDataForOrigin", cleared)
        chromium.send("Page.resetNavigationHistory")


@contextmanager
def inside(page: Page) -> Iterator[CDPSession]:
    """What Playwright has no words for is said to Chromium itself. It ends here, so it holds nothing the next test would see."""
    session = BrowserContext.new_cdp_session(page.context, page)
    try:
        yield session
    finally:
        session.detach()


@pytest.fixture(scope="session")
def tablets(browser: Browser) -> Tablets:
    return Tablets(browser)


@pytest.fixture
def open_tablet(
    request: pytest.FixtureRequest, browser: Browser, tablets: Tablets, app: RunningApp, heard: Heard
) -> Iterator[Callable[..., Page]]:
    """`open_tablet(path="/", portrait=False, url=None, ...)`: a tablet of its own, with touch, its page settled.

    An empty path leaves the page blank, for a test that opens a screen by its address: one load of the program less.
    """
    contexts: list[BrowserContext] = []
    plain: dict[BrowserContext, tuple[str, bool]] = {}

    def open_one(
        path: str = "/",
        *,
        portrait: bool = False,
        url: str | None = None,
        settle: bool = True,
        who: str = "ana",
        **more: Any,
    ) -> Page:
        base = url or app.url
        if more:
            page = new_context(browser, base, portrait=portrait, who=who, **more).new_page()
        else:
            page = tablets.lend(base, portrait, who)
            plain[page.context] = (base, portrait)
        contexts.append(page.context)
        heard.listen(page, base)
        if not path:
            return page
        page.goto(path)
        return wait_until_settled(page) if settle else page

    yield open_one
    if request.node.stash.get(OUTCOME, False):
        FAILED.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "_", request.node.name)
        for number, page in enumerate(page for context in contexts for page in context.pages):
            page.screenshot(path=FAILED / f"{name}_{number}.png", full_page=True)
    failed = request.node.stash.get(OUTCOME, False)
    if failed:  # an empty page says nothing of itself: its console does
        where = [page.url for one in contexts for page in one.pages]
        warnings.warn(pytest.PytestWarning(f"{request.node.name}: {where} complained of {heard.left()}"), stacklevel=1)
    for context in contexts:
        context.cookies()  # asked and answered: all that the pages told before has been heard
    heard.stop()
    for context in contexts:
        if context in plain and not failed:
            tablets.take_back(context, *plain[context])
        else:
            context.close()
    if not failed:
        assert heard.left() == []


@pytest.fixture
def tablet(open_tablet: Callable[..., Page]) -> Page:
    """A tablet held landscape, 1024 x 768 at scale 2, on the first page."""
    return open_tablet()


@pytest.fixture
def upright_tablet(open_tablet: Callable[..., Page]) -> Page:
    """A tablet held portrait, 768 x 1024 at scale 2, on the first page."""
    return open_tablet(portrait=True)
