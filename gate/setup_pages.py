"""The first start and recovery: a printed code makes the owner, a code of the sheet or of the owner makes a new password."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gate.forms import Answer, address_of, place_of, status_of, text_of, with_wait
from gate.oidc import LetIn
from gate.request_context import Office
from gate.templates import page
from medspa_core import access
from medspa_core.access import PasswordProblem, PersonProblem, Role, StateProblem, TooManyTries, WrongSignIn
from medspa_core.access.secrets.tokens import nameless
from medspa_core.records import recovery_sheet

ALSO = (Role.AESTHETICIAN, Role.CLINICIAN, Role.MEDICAL_DIRECTOR)
"""What the owner may be as well."""


class Beginning:
    """The addresses, over one office. `let_in` gives the browser the cookie of a new sign-in."""

    def __init__(self, office: Office, let_in: LetIn) -> None:
        self._office, self._let_in = office, let_in

    def forms(self) -> dict[str, tuple[Answer, Answer]]:
        """What shows each page, and what takes its form."""
        return {
            "/first-start": (self.first_start_page, self.first_start),
            "/recovery": (self.recovery_page, self.recovery),
            "/recovery/kept": (self.recovery_page, self.recovery_kept),
            "/recover": (self.recover_page, self.recover),
        }

    def first_start_page(self, request: Request, _: FormData) -> Response:
        """Only while there is nobody."""
        if access.has_people(self._office.store):
            return RedirectResponse("/signin", 303)
        return _first_start_form({"also": [Role.AESTHETICIAN.value]})

    def first_start(self, request: Request, form: FormData) -> Response:
        """Makes the owner and signs them in."""
        given = {name: text_of(form, name) for name in ("code", "practice", "state", "shown", "name")}
        also = [role for role in ALSO if role in form.getlist("also")]
        code, practice, state, shown, name = given.values()
        office, password = self._office, text_of(form, "password")
        asking, store, pepper, now = office.asking_of(request), office.store, office.pepper, office.now()
        counters = [nameless("address", address_of(request), pepper)]
        try:
            access.make_owner(store, code, name, shown, password, practice, also, counters, now, state=state)
            made = access.sign_in_with_password(store, name, password, place_of(request, asking), pepper, now)
        except WrongSignIn:
            words = "This code is not the one that was printed last. Start the program again for a new one."
            return _first_start_form(given | {"also": also}, words, 401)
        except StateProblem as problem:
            return _first_start_form(given | {"also": also}, status=status_of(problem), state_problem=str(problem))
        except (TooManyTries, PersonProblem, PasswordProblem) as problem:
            return with_wait(problem, _first_start_form(given | {"also": also}, str(problem), status_of(problem)))
        return self._let_in(RedirectResponse("/recovery", 303), made, asking)

    def recovery_page(self, request: Request, _: FormData) -> Response:
        """Says what the sheet is; the code itself is shown once, after a tap."""
        person = self._owner(request)
        if person is None:
            return RedirectResponse("/", 303)
        before = access.has_recovery_code(self._office.store, person.id)
        return page("recovery.html", code="", name="", keys="", before=before)

    def recovery(self, request: Request, _: FormData) -> Response:
        """Shows a new code, once, and at the first start the keys. Asks for the password where it is due."""
        person, found = self._owner(request), self._office.asking_of(request).signed_in
        if person is None or found is None:
            return RedirectResponse("/", 303)
        if not access.stepped_up(found, self._office.now()):
            return RedirectResponse("/step-up?next=/recovery", 303)
        code = access.new_recovery_code(self._office.store, person.id, self._office.now(), person.id)
        keys = recovery_sheet(self._office.store.keys) if found.sheet_due else ""
        return page("recovery.html", code=code, name=person.sign_in_name, keys=keys, before=True)

    def recovery_kept(self, request: Request, form: FormData) -> Response:
        """The owner says that it is put away; the first start goes on with tablets and colleagues."""
        person = self._owner(request)
        if person is not None and text_of(form, "kept") == "yes":
            access.sheet_put_away(self._office.store, person.id, self._office.now())
        return RedirectResponse("/people", 303)

    def recover_page(self, request: Request, _: FormData) -> Response:
        """For a code from the owner or the sheet."""
        return page("recover.html", name="")

    def recover(self, request: Request, form: FormData) -> Response:
        """Sets a password from a code, and signs nobody in: the sign-in page does."""
        office, name, code = self._office, text_of(form, "name"), text_of(form, "code")
        place, password = place_of(request, office.asking_of(request)), text_of(form, "password")
        try:
            access.recover(office.store, name, code, password, place, office.pepper, office.now())
        except (WrongSignIn, TooManyTries, PasswordProblem, PersonProblem) as problem:
            return with_wait(problem, page("recover.html", status=status_of(problem), message=str(problem), name=name))
        return RedirectResponse("/signin?with=password&new=1", 303)

    def _owner(self, request: Request) -> access.Person | None:
        found = self._office.asking_of(request).signed_in
        owner = found is not None and Role.OWNER in found.person.roles and not found.person.by_pin
        return found.person if owner and found is not None else None


def _first_start_form(
    given: dict[str, object], message: str = "", status: int = 200, state_problem: str = ""
) -> Response:
    empty: dict[str, object] = {"code": "", "practice": "", "state": "", "shown": "", "name": "", "also": []}
    filled = empty | given
    return page(
        "first_start.html", status=status, message=message, given=filled, roles=ALSO, state_problem=state_problem
    )
