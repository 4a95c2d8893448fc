"""The trial: until the practice has its first person, whoever sits at this computer may try the program.

It ends for good when the owner is made, at the next request; there is no way back, and none to switch it on. It never
holds for a program that is reached over the network: only the computer it runs on can open it then.
"""

from __future__ import annotations

from medspa_core.access.first_start import has_people
from medspa_core.access.rights import Person, Role
from medspa_core.records import Store

TRIAL_ID = "trial"
TRIAL_PERSON = Person(
    id=TRIAL_ID,
    sign_in_name=TRIAL_ID,
    shown_name="Trial",
    roles=frozenset({Role.AESTHETICIAN, Role.MANAGER}),
    locations=frozenset(),
)
"""May do what the screens of a consultation and the manager's figures need, and nothing with people or keys."""


def is_trial(store: Store) -> bool:
    """Has nobody been made yet? Raises StoreProblem."""
    return not has_people(store)
