"""Our own addresses: sign in and out, enrolment, PIN, password again, `/auth/alive`, the lock; and those of others here.

What hashes runs in its own few threads, so that a flood of tries stalls nobody's page. Nothing typed is ever logged.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from gate.account_pages import Own
from gate.forms import (
    Answer,
    address_of,
    for_who_is_signed_in,
    inside,
    place_of,
    read_form,
    status_of,
    text_of,
    with_wait,
)
from gate.oidc import oidc_routes
from gate.request_context import Asking, Office
from gate.setup_pages import Beginning
from gate.templates import page
from medspa_core import access
from medspa_core.access import SECOND_DUE, PasswordProblem, PersonProblem, Place, SignIn, TooManyTries, WrongSignIn
from medspa_core.access.secrets.tokens import nameless
from medspa_core.records import StoreProblem

HERE = Path(__file__).parent
A_YEAR = 365 * 24 * 3600
HASHES_AT_ONCE = 2


class Desk:
    """The addresses, over one office."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._few: CapacityLimiter | None = None

    def routes(self) -> list[BaseRoute]:
        """All of them, for st.App."""
        own = partial(for_who_is_signed_in, self.office)
        forms: dict[str, tuple[Answer, Answer]] = {
            "/signin": (self.sign_in_page, self.sign_in),
            "/signin/pin": (self.sign_in_page, self.sign_in_by_pin),
            "/device": (self.device_page, self.enrol),
            "/step-up": (own(self.step_up_page), own(self.step_up)),
            "/pin": (self.pin_page, own(self.own_pin, "/pin")),
            "/auth/out": (self.sign_out_page, self.sign_out),
            "/auth/alive": (self.alive, self.touched),
        }
        every = forms | Beginning(self.office, self._let_in).forms() | Own(self.office).forms()
        return [
            *(Route(path, self._form(show, take), methods=["GET", "POST"]) for path, (show, take) in every.items()),
            Route("/lock.js", _file("lock.js", "text/javascript"), methods=["GET"]),
            Route("/gate/gate.css", _file("gate.css", "text/css"), methods=["GET"]),
            Route("/gate/print.js", _file("print.js", "text/javascript"), methods=["GET"]),
            *oidc_routes(self.office, self._let_in),
        ]

    # sign in

    def sign_in_page(self, request: Request, _: FormData) -> Response:
        """By PIN on an enrolled tablet, else by password."""
        if not access.has_people(self.office.store):
            return RedirectResponse("/first-start", 303)
        asking, back = self.office.asking_of(request), inside(request.query_params.get("next"))
        if asking.signed_in is not None:
            return RedirectResponse(back, 303)
        if asking.sign_in is not None and asking.sign_in.ended == SECOND_DUE and "with" not in request.query_params:
            return RedirectResponse(f"/second-factor?next={quote(back, safe='')}", 303)
        if request.query_params.get("with") != "password" and self._with_pins(asking):
            return self._pin_form(asking, back)
        return self._password_form(asking, back, password_is_new="new" in request.query_params)

    def sign_in(self, request: Request, form: FormData) -> Response:
        """By name and password."""
        office, back, name = self.office, inside(text_of(form, "next")), text_of(form, "name")
        asking, password = office.asking_of(request), text_of(form, "password")
        try:
            place = place_of(request, asking)
            made = access.sign_in_with_password(office.store, name, password, place, office.pepper, office.now())
        except (WrongSignIn, TooManyTries) as problem:
            return with_wait(problem, self._password_form(asking, back, name, str(problem), status_of(problem)))
        to = f"/second-factor?next={quote(back, safe='')}" if made.second_due else back
        return self._let_in(RedirectResponse(to, 303), made, asking)

    def sign_in_by_pin(self, request: Request, form: FormData) -> Response:
        """On an enrolled tablet."""
        office, back, person = self.office, inside(text_of(form, "next")), text_of(form, "person")
        asking, pin = office.asking_of(request), text_of(form, "pin")
        try:
            place = place_of(request, asking)
            made = access.sign_in_with_pin(office.store, person, pin, place, office.pepper, office.now())
        except (WrongSignIn, TooManyTries) as problem:
            if asking.device is None:
                return self._password_form(asking, back, "", str(problem), status_of(problem))
            return with_wait(problem, self._pin_form(asking, back, person, str(problem), status_of(problem)))
        return self._let_in(RedirectResponse(back, 303), made, asking)

    def _password_form(
        self,
        asking: Asking,
        back: str,
        name: str = "",
        message: str = "",
        status: int = 200,
        *,
        password_is_new: bool = False,
    ) -> Response:
        return page(
            "signin.html",
            password_is_new=password_is_new,
            status=status,
            message=message,
            next=back,
            name=name,
            device=asking.device,
            pins=self._with_pins(asking),
            oidc=bool(self.office.settings.oidc_issuer),
        )

    def _pin_form(self, asking: Asking, back: str, person: str = "", message: str = "", status: int = 200) -> Response:
        people = self._with_pins(asking)
        return page(
            "pin.html", status=status, message=message, next=back, people=people, person=person, device=asking.device
        )

    def _with_pins(self, asking: Asking) -> list[access.Person]:
        return access.people_with_a_pin(self.office.store, asking.device.id) if asking.device else []

    def _let_in(self, answer: Response, made: access.NewSignIn, asking: Asking) -> Response:
        """A new token in the cookie; a sign-in that was open in this browser ends."""
        if asking.signed_in is not None:
            access.sign_out(self.office.store, asking.signed_in.id, self.office.now(), "another sign-in")
        self._cookie(answer, self.office.sign_in_cookie, made.token)
        return answer

    def _cookie(self, answer: Response, name: str, value: str, max_age: int | None = None) -> None:
        answer.set_cookie(
            name, value, max_age=max_age, path="/", secure=self.office.behind_tls, httponly=True, samesite="strict"
        )

    # sign out, and whether it holds

    def sign_out_page(self, request: Request, _: FormData) -> Response:
        """Asks once: a link alone must not sign anybody out."""
        return page("sign_out.html")

    def sign_out(self, request: Request, _: FormData) -> Response:
        """Ends the sign-in and leaves nothing in the browser but the tablet's own cookie."""
        asking = self.office.asking_of(request)
        if asking.sign_in is not None:
            access.sign_out(self.office.store, asking.sign_in.id, self.office.now())
        answer = RedirectResponse("/signin", 303, headers={"Clear-Site-Data": '"cache", "storage"'})
        answer.delete_cookie(
            self.office.sign_in_cookie, secure=self.office.behind_tls, httponly=True, samesite="strict"
        )
        return answer

    def alive(self, request: Request, _: FormData) -> Response:
        """Does the sign-in still hold? Asking is no touch."""
        holds = self.office.asking_of(request).signed_in is not None
        return JSONResponse({"alive": True}) if holds else PlainTextResponse("Signed out.", 401)

    def touched(self, request: Request, _: FormData) -> Response:
        """Somebody touched the tablet."""
        found = self.office.asking_of(request).signed_in
        if found is not None:
            with contextlib.suppress(StoreProblem):  # not prolonged then; what waits on the screen stays there
                access.touch(self.office.store, found.id, self.office.now())
        return self.alive(request, FormData())

    # the tablet, the PIN, the password again

    def device_page(self, request: Request, _: FormData) -> Response:
        """Asks for the owner's code."""
        return page("device.html")

    def enrol(self, request: Request, form: FormData) -> Response:
        """Trades the code for the tablet's own cookie."""
        counters = [nameless("address", address_of(request), self.office.pepper)]
        try:
            _, token = access.enrol_device(self.office.store, text_of(form, "code"), counters, self.office.now())
        except (TooManyTries, PersonProblem) as problem:
            return with_wait(problem, page("device.html", status=status_of(problem), message=str(problem)))
        answer = RedirectResponse("/signin", 303)
        self._cookie(answer, self.office.device_cookie, token, A_YEAR)
        return answer

    def pin_page(self, request: Request, _: FormData) -> Response:
        """One's own PIN."""
        return page("own_pin.html")

    def own_pin(self, request: Request, form: FormData, found: SignIn, place: Place) -> Response:
        """Keeps one's own PIN; the password must have been given just before."""
        office, mine = self.office, found.person.id
        try:
            access.set_pin(office.store, mine, text_of(form, "pin"), office.pepper, office.now(), mine)
        except PasswordProblem as problem:
            return page("own_pin.html", status=422, message=str(problem))
        return RedirectResponse("/", 303)

    def step_up_page(self, request: Request, _: FormData, found: SignIn, place: Place) -> Response:
        """Asks for the password of who is signed in."""
        return page("step_up.html", next=inside(request.query_params.get("next")), name=found.person.shown_name)

    def step_up(self, request: Request, form: FormData, found: SignIn, place: Place) -> Response:
        """The password once more; holds for five minutes."""
        office, back = self.office, inside(text_of(form, "next"))
        name, password = found.person.shown_name, text_of(form, "password")
        try:
            access.step_up(office.store, found.id, password, place, office.pepper, office.now())
        except (WrongSignIn, TooManyTries) as problem:
            again = page("step_up.html", status=status_of(problem), message=str(problem), next=back, name=name)
            return with_wait(problem, again)
        return RedirectResponse(back, 303)

    # how a request comes here

    def _form(self, show: Answer, take: Answer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            verb, form = (take, await read_form(request)) if request.method == "POST" else (show, FormData())
            if form is None:
                return PlainTextResponse("Too large.", 413)
            try:
                return await to_thread.run_sync(verb, request, form, limiter=self._limiter(request))
            except StoreProblem as problem:
                return page("closed.html", status=503, message=str(problem))

        return endpoint

    def _limiter(self, request: Request) -> CapacityLimiter | None:
        if request.method != "POST" or request.url.path.startswith("/auth/"):
            return None
        if self._few is None:
            self._few = CapacityLimiter(HASHES_AT_ONCE)
        return self._few


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_: Request) -> Response:
        return FileResponse(HERE / name, media_type=kind, headers={"Cache-Control": "no-cache"})

    return endpoint
