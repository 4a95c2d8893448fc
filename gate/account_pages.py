"""One's own pages, and taking the tablet back: plain pages, because here somebody types a PIN, a password or a code."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qs, urlsplit

import segno
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gate.forms import Answer, for_who_is_signed_in, inside, place_of, status_of, text_of, with_wait
from gate.request_context import Asking, Office
from gate.templates import page
from medspa_core import access
from medspa_core.access import (
    SECOND_DUE,
    AccessRefused,
    PasswordProblem,
    Place,
    Role,
    SignIn,
    TooManyTries,
    WrongSignIn,
)
from medspa_core.access.rights import BREAKS_GLASS


class Own:
    """The addresses, over one office."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def forms(self) -> dict[str, tuple[Answer, Answer]]:
        """What shows each page, and what takes its form."""
        own = partial(for_who_is_signed_in, self._office)
        return {
            "/take-back": (own(self.take_back_page), own(self.take_back)),
            "/own": (own(self.own_page), own(self.own_page)),
            "/password": (own(self.password_page, "/password"), own(self.password, "/password")),
            "/second-factor": (self.second_factor_page, self.second_factor),
            "/break-glass": (self.break_glass_page, own(self.break_glass, "/break-glass")),
        }

    # the tablet, out of a client's hands

    def take_back_page(self, request: Request, _: FormData, found: SignIn, place: Place) -> Response:
        """Asks for the PIN or the password of who is signed in."""
        return _take_back_form(found, place, inside(request.query_params.get("next")))

    def take_back(self, request: Request, form: FormData, found: SignIn, place: Place) -> Response:
        """Right: the staff have it again, and the page goes on where they wanted."""
        office, back = self._office, inside(text_of(form, "next"))
        try:
            access.take_back(office.store, found.id, text_of(form, "secret"), place, office.pepper, office.now())
        except (WrongSignIn, TooManyTries) as problem:
            return with_wait(problem, _take_back_form(found, place, back, str(problem), status_of(problem)))
        return RedirectResponse(back, 303)

    # one's own sign-in

    def own_page(self, request: Request, _: FormData, found: SignIn, place: Place) -> Response:
        """What one can do with one's own sign-in."""
        has_factor = access.has_second_factor(self._office.store, found.person.id)
        breaks = bool(found.person.roles & BREAKS_GLASS) and not found.person.by_pin
        owner = Role.OWNER in found.person.roles and not found.person.by_pin
        return page("own.html", person=found.person, device=place.device, factor=has_factor, breaks=breaks, owner=owner)

    def password_page(self, request: Request, _: FormData, found: SignIn, place: Place) -> Response:
        """Another password of one's own, after the one that holds now."""
        return page("own_password.html", name=found.person.sign_in_name)

    def password(self, request: Request, form: FormData, found: SignIn, place: Place) -> Response:
        """Keeps it; whoever else is signed in under one's name is signed out."""
        mine, now, typed = found.person, self._office.now(), text_of(form, "password")
        try:
            access.set_password(self._office.store, mine.id, typed, now, mine.id, keep_sign_in=found.id)
        except PasswordProblem as problem:
            return page("own_password.html", status=422, message=str(problem), name=mine.sign_in_name)
        return RedirectResponse("/own", 303)

    # the second factor

    def second_factor_page(self, request: Request, _: FormData) -> Response:
        """Asks for the code of a sign-in that waits for it, or shows the QR to begin with."""
        asking = self._office.asking_of(request)
        found = self._of_a_second_factor(asking)
        if found is None:
            return RedirectResponse("/signin", 303)
        if not self._waits(found) and self._password_is_due(found):
            return RedirectResponse("/step-up?next=/second-factor", 303)
        return self._second_factor_form(found, inside(request.query_params.get("next")))

    def second_factor(self, request: Request, form: FormData) -> Response:
        """Right: the sign-in is open, or the new second factor is confirmed."""
        asking, back, office = self._office.asking_of(request), inside(text_of(form, "next")), self._office
        found = self._of_a_second_factor(asking)
        if found is None or (not self._waits(found) and self._password_is_due(found)):
            return RedirectResponse("/signin", 303)
        try:
            access.give_second_factor(
                office.store, found, text_of(form, "code"), place_of(request, asking), office.pepper, office.now()
            )
        except (WrongSignIn, TooManyTries) as problem:
            words = "That code was not right, or was used already. Wait for the next one."
            told = str(problem) if isinstance(problem, TooManyTries) else words
            return with_wait(problem, self._second_factor_form(found, back, told, status_of(problem)))
        return RedirectResponse(back if self._waits(found) else "/own", 303)

    def _second_factor_form(self, found: SignIn, back: str, message: str = "", status: int = 200) -> Response:
        office, address, picture = self._office, "", ""
        has_one = access.has_second_factor(office.store, found.person.id)
        if not has_one:
            address = access.begin_second_factor(office.store, found.person, office.pepper, office.now())
            picture = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, light="#fff")
        secret = parse_qs(urlsplit(address).query).get("secret", [""])[0]
        return page(
            "second_factor.html",
            status=status,
            message=message,
            next=back,
            picture=picture,
            secret=secret,
            has_one=has_one,
            waits=self._waits(found),
        )

    def _of_a_second_factor(self, asking: Asking) -> SignIn | None:
        """The sign-in that waits for its code, or one that is open and not by PIN."""
        found = asking.sign_in
        if found is None or (found.ended and not self._waits(found)):
            return None
        return None if found.person.by_pin or found.person.held else found

    @staticmethod
    def _waits(found: SignIn) -> bool:
        return found.ended == SECOND_DUE

    def _password_is_due(self, found: SignIn) -> bool:
        return not access.stepped_up(found, self._office.now())

    # break-glass

    def break_glass_page(self, request: Request, _: FormData) -> Response:
        """For the director and the owner: asks for the reason."""
        found = self._office.asking_of(request).signed_in
        if found is None or not found.person.roles & BREAKS_GLASS or found.person.by_pin:
            return RedirectResponse("/", 303)
        return page("break_glass.html", reason="", alone=self._alone(found))

    def break_glass(self, request: Request, form: FormData, found: SignIn, place: Place) -> Response:
        """Opens it for 30 minutes; needs the password of just before."""
        reason = text_of(form, "reason")
        try:
            access.open_glass(self._office.store, found.person, reason, self._office.now())
        except AccessRefused as problem:
            alone = self._alone(found)
            return page("break_glass.html", status=422, message=str(problem), reason=reason[:500], alone=alone)
        return RedirectResponse("/", 303)

    def _alone(self, found: SignIn) -> bool:
        return not access.somebody_else_may_look(self._office.store, found.person)


def _take_back_form(found: SignIn, place: Place, back: str, message: str = "", status: int = 200) -> Response:
    told = {"how": access.opens_by(found.person, place), "name": found.person.shown_name}
    # The client looks at this page: the way back to their screen, and nothing about them on it.
    stay = f"/you?c={found.held_to}" if found.held_to and not found.covered else ""
    return page("take_back.html", status=status, message=message, next=back, stay=stay, **told)
