"""Who may do what: one table of role and verb, and the questions the program asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a person is in the practice; one person may be several."""

    AESTHETICIAN = "aesthetician"
    CLINICIAN = "clinician"
    MEDICAL_DIRECTOR = "medical_director"
    MANAGER = "manager"
    OWNER = "owner"


class Verb(StrEnum):
    """What can be done. Reading clients is apart from changing them, because break-glass gives reading only."""

    READ_CLIENTS = "read_clients"
    CHANGE_CLIENTS = "change_clients"
    SIGN_REVIEW = "sign_review"
    APPROVE_RULEBOOK = "approve_rulebook"
    SET_OFFER = "set_offer"
    SEE_FIGURES = "see_figures"
    PLAN_CAPACITY = "plan_capacity"
    IMPORT_FIGURES = "import_figures"
    EXPORT_CLIENTS = "export_clients"
    MANAGE_PEOPLE = "manage_people"
    AUDIT_REPORT = "audit_report"
    PURGE = "purge"


class Reach(IntEnum):
    """How far a right reaches. The widest of a person's roles counts."""

    NOWHERE = 0
    OWN_FACTS = 1
    OWN_LOCATIONS = 2
    EVERYWHERE = 3


NO, OWN, HERE, ALL = Reach.NOWHERE, Reach.OWN_FACTS, Reach.OWN_LOCATIONS, Reach.EVERYWHERE
RIGHTS: Mapping[Verb, Mapping[Role, Reach]] = {
    verb: dict(zip(Role, row, strict=True))
    for verb, row in {
        #                        aesthetician, clinician, director, manager, owner
        Verb.READ_CLIENTS: (HERE, HERE, ALL, NO, NO),
        Verb.CHANGE_CLIENTS: (HERE, HERE, ALL, NO, NO),
        Verb.SIGN_REVIEW: (NO, HERE, ALL, NO, NO),
        Verb.APPROVE_RULEBOOK: (NO, NO, ALL, NO, NO),
        Verb.SET_OFFER: (NO, NO, ALL, NO, ALL),
        Verb.SEE_FIGURES: (OWN, OWN, ALL, ALL, ALL),
        Verb.PLAN_CAPACITY: (NO, NO, ALL, ALL, ALL),
        Verb.IMPORT_FIGURES: (NO, NO, ALL, ALL, ALL),
        Verb.EXPORT_CLIENTS: (NO, NO, ALL, NO, NO),
        Verb.MANAGE_PEOPLE: (NO, NO, NO, NO, ALL),
        Verb.AUDIT_REPORT: (NO, NO, ALL, NO, ALL),
        Verb.PURGE: (NO, NO, ALL, NO, ALL),
    }.items()
}
WITH_A_PIN: Mapping[Verb, Reach] = {
    Verb.READ_CLIENTS: ALL,
    Verb.CHANGE_CLIENTS: ALL,
    Verb.SIGN_REVIEW: ALL,
    Verb.SEE_FIGURES: OWN,
}
"""What a sign-in by PIN can reach at most. A PIN never opens manager, owner, export or purge."""
IN_A_CLIENTS_HANDS = frozenset({Verb.READ_CLIENTS, Verb.CHANGE_CLIENTS})
"""What goes on while a client holds the tablet; which client, the views ask of the sign-in."""
STEP_UP = frozenset({Verb.EXPORT_CLIENTS, Verb.IMPORT_FIGURES, Verb.MANAGE_PEOPLE, Verb.PURGE})
"""What asks for the password again."""
BREAKS_GLASS = frozenset({Role.MEDICAL_DIRECTOR, Role.OWNER})


class AccessRefused(Exception):
    """The person may not do this; the sentence is for the screen and names nothing of a client."""


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence on file: needling, drawing blood, or to practise medicine; in a state, with its number."""

    kind: str
    state: str
    number: str
    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        """It counts on its last day, and without one for good."""
        return self.valid_until is None or day <= self.valid_until


def valid_licence(licences: Iterable[Licence], kind: str, state: str, on: date) -> Licence | None:
    """The licence of this kind and state, if it is valid on that day."""
    return next((one for one in licences if (one.kind, one.state) == (kind, state) and one.valid_on(on)), None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here, as the rights see them. `by_pin`, `glass_open` and `held` belong to the present sign-in.

    `held`: the tablet is in a client's hands, and only that client's consultation goes on.
    """

    id: str
    sign_in_name: str
    shown_name: str
    roles: frozenset[Role]
    locations: frozenset[str]
    licences: tuple[Licence, ...] = ()
    email: str | None = None
    disabled: bool = False
    has_password: bool = False
    has_pin: bool = False
    by_pin: bool = False
    glass_open: bool = False
    held: bool = False


def reach(person: Person, verb: Verb) -> Reach:
    """How far the person's right to do this reaches."""
    if person.disabled or (person.held and verb not in IN_A_CLIENTS_HANDS):
        return Reach.NOWHERE
    widest = max((RIGHTS[verb][role] for role in person.roles), default=Reach.NOWHERE)
    if person.by_pin:
        return min(widest, WITH_A_PIN.get(verb, Reach.NOWHERE))
    if verb is Verb.READ_CLIENTS and person.glass_open:
        return Reach.EVERYWHERE
    return widest


def may(person: Person, verb: Verb, object_location: str | None = None, *, own: bool = False) -> bool:
    """May the person do this to an object of that location? `own`: the object is the person's own fact.

    Without a location the question is whether there is anything at all the person may do this to, as for a page.
    """
    how_far = reach(person, verb)
    if how_far is Reach.OWN_FACTS:
        return own or object_location is None
    if how_far is Reach.OWN_LOCATIONS:
        return object_location is None or object_location in person.locations
    return how_far is Reach.EVERYWHERE


def require(person: Person, verb: Verb, object_location: str | None = None, *, own: bool = False) -> None:
    """Raises AccessRefused where `may` says no. An object of another location is not found, as a missing one."""
    if may(person, verb, object_location, own=own):
        return
    if reach(person, verb) in (Reach.OWN_LOCATIONS, Reach.OWN_FACTS):
        raise AccessRefused("This was not found.")
    raise AccessRefused("This is not open to you.")


def require_everywhere(person: Person, verb: Verb) -> None:
    """Raises AccessRefused where the right reaches no further than some locations or one's own figures."""
    if reach(person, verb) < Reach.EVERYWHERE:
        raise AccessRefused("This is not open to you.")


def may_do_step(person: Person, needed_licence: str, state: str, on: date) -> bool:
    """May the person be recorded as having done a treatment step? A step without a licence is open to all."""
    if person.disabled:
        return False
    return not needed_licence or valid_licence(person.licences, needed_licence, state, on) is not None


LICENCE_WORDS = {"needling": "needling", "draw": "blood draw", "medical": "medical"}
"""Kinds of licences as they stand in sentences."""


def require_steps(person: Person, steps: Iterable[tuple[str, str]], state: str, on: date) -> None:
    """Raises AccessRefused with every step (its words, its licence) that this person cannot be recorded for."""
    lacking = [
        f"{words} ({LICENCE_WORDS.get(licence, licence)})"
        for words, licence in steps
        if not may_do_step(person, licence, state, on)
    ]
    if lacking:
        raise AccessRefused(
            f"{person.shown_name} has no valid licence in {state} for: {', '.join(lacking)}. Name a colleague who has."
        )
