"""What the command line does with people: the code of the first start, the list, and help for an owner who is locked out.

Whoever can run it has the keys of the store already, so it asks for nothing; each act is in the audit log.
"""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from datetime import datetime

from sqlalchemy import inspect, select

from medspa_core.access import schema
from medspa_core.access.first_start import first_start_code, has_people, new_recovery_code
from medspa_core.access.people.locations import list_locations
from medspa_core.access.people.people import PersonProblem, disable_person, enable_person, list_people, read_person
from medspa_core.access.rights import Person, Role, Verb, may
from medspa_core.access.secrets.passwords import password_is
from medspa_core.access.sign_in.second_factor import end_second_factor, has_second_factor
from medspa_core.command_line.here import DONE, Here, Told
from medspa_core.command_line.records_commands import AT_THE_DESK, accepted, keys_of, open_clinic, place
from medspa_core.records import Doer, Store
from medspa_core.records.database.store_location import looking

FIRST_START = """
  This is a trial, open on this computer only: for invented clients, nobody signs in.
  Before the first real client tap "Set up your practice", or open {address}/first-start. The trial then ends.
  The code for it, once:   {code}
"""
BEHIND_TLS = """
  Nobody owns this practice yet, and until then nothing opens: there is no trial behind a proxy. Open {address}/first-start.
  The code for it, once:   {code}
"""


def first_start_lines(store: Store, address: str, now: datetime) -> str:
    """What to print at a start: the one-time code while there is no owner, else nothing."""
    code = first_start_code(store, now)
    words = BEHIND_TLS if address.startswith("https:") else FIRST_START
    return "" if code is None else words.format(address=address, code=code)


def people(here: Here, given: Namespace) -> Told:
    """The list, or help for one person."""
    with open_clinic(here) as store:
        return DONE, people_lines(store.by(AT_THE_DESK), given.act, given.name, here.clock())


def people_lines(store: Store, act: str, name: str, now: datetime) -> list[str]:
    """Does one act of the command line and says what came of it. Raises PersonProblem where there is nobody of this name."""
    if act == "list":
        return _listed(store)
    one = _named(store, name)
    if act == "code":
        code = new_recovery_code(store, one.id, now, None)
        return [f"{one.sign_in_name}: on the sign-in page, I have a code. It works once:   {code}"]
    acts = {"disable": disable_person, "enable": enable_person, "no-second-factor": end_second_factor}
    acts[act](store, one.id, now, None)
    return [f"{one.sign_in_name}: done"]


def accept_loss(here: Here, given: Namespace) -> Told:
    """Goes on without what is missing: an owner does, by password. During the trial, whoever sits at the computer."""
    return accepted(here, _who_decides(here, given.name))


def _who_decides(here: Here, name: str) -> Doer:
    """The store is only read: it may be damaged. Raises PersonProblem."""
    people = schema.people
    with looking(place(here), keys_of(here)) as connection:
        if not inspect(connection).has_table(people.name) or connection.execute(select(people.c.id)).first() is None:
            return AT_THE_DESK
        password = _typed_password()
        row = connection.execute(select(people).where(people.c.sign_in_name == name.strip().casefold())).first()
        right = password_is(password, None if row is None else row.password_hash)
        if row is None or not right or not may(read_person(connection, row.id), Verb.MANAGE_PEOPLE):
            problem = "accept-loss: expected the sign-in name and the password of an owner. Nothing was changed."
            raise PersonProblem(problem)
        return Doer(row.id, Role.OWNER.value)


def _typed_password() -> str:
    """Typed unseen at a terminal, else the first line that comes in."""
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _listed(store: Store) -> list[str]:
    if not has_people(store):
        return ["Nobody yet: this is a trial. `python -m medspa_core first-start` prints the owner's code."]
    places = {one.id: one.name for one in list_locations(store)}
    return [_line(store, one, places) for one in list_people(store)]


def _line(store: Store, one: Person, places: dict[str, str]) -> str:
    signs = {
        "can't sign in": one.disabled,
        "no password yet": not one.has_password,
        "PIN": one.has_pin,
        "second factor": has_second_factor(store, one.id),
    }
    told = ", ".join(word for word, there in signs.items() if there) or "-"
    where = " + ".join(sorted(places[place] for place in one.locations))
    return f"{one.sign_in_name}: {one.shown_name}; {', '.join(sorted(one.roles))}; {where}; {told}"


def _named(store: Store, name: str) -> Person:
    wanted = name.strip().casefold()
    found = next((one for one in list_people(store) if one.sign_in_name == wanted), None)
    if found is not None:
        return found
    raise PersonProblem(f"{wanted or 'no name given'}: nobody has this sign-in name. See `people list`.")
