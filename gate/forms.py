"""Forms of the gate's pages: what was typed, where it came from, where it leads, and the status of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gate.request_context import Asking, Office
from medspa_core.access import Place, SignIn, TooManyTries, WrongSignIn, stepped_up

LARGEST_FORM = 16_000
Answer = Callable[[Request, FormData], Response]
"""A verb of one of the pages: a request and its form in, what the browser gets out."""
OwnAnswer = Callable[[Request, FormData, SignIn, Place], Response]
"""A verb for who is signed in: it is told who that is, and where."""


def for_who_is_signed_in(office: Office, verb: OwnAnswer, password_for: str = "") -> Answer:
    """Whoever is not is led to the sign-in page. `password_for`: the page to which one comes back from giving the password, which
    must have been given just before."""

    def answer(request: Request, form: FormData) -> Response:
        asking = office.asking_of(request)
        if asking.signed_in is None:
            return RedirectResponse("/signin", 303)
        if password_for and not stepped_up(asking.signed_in, office.now()):
            return RedirectResponse(f"/step-up?next={password_for}", 303)
        return verb(request, form, asking.signed_in, place_of(request, asking))

    return answer


async def read_form(request: Request) -> FormData | None:
    """A small form, or None where it is too large; what is no form is an empty one."""
    body = bytearray()
    async for piece in request.stream():
        body.extend(piece)
        if len(body) > LARGEST_FORM:
            return None
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return FormData()
    try:
        return FormData([*parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=40, errors="strict")])
    except ValueError:
        return FormData()


def text_of(form: FormData, name: str) -> str:
    """What was typed into a field; nothing where it was not sent."""
    found = form.get(name, "")
    return found if isinstance(found, str) else ""


def inside(given: str | None) -> str:
    """An address of ours to go back to; anything else is the first page."""
    safe = given and given.startswith("/") and not given.startswith(("//", "/\\", "/signin")) and given.isprintable()
    return given if safe and given and "\\" not in given and len(given) < 500 else "/"


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def place_of(request: Request, asking: Asking) -> Place:
    """The same with the tablet, as tries are counted."""
    return Place(address_of(request), asking.device)


def status_of(problem: Exception) -> int:
    """429, 401 or 422."""
    return {TooManyTries: 429, WrongSignIn: 401}.get(type(problem), 422)


def with_wait(problem: Exception, answer: Response) -> Response:
    """Says after how many seconds the next try is looked at."""
    if isinstance(problem, TooManyTries):
        answer.headers["Retry-After"] = str(problem.seconds)
    return answer
