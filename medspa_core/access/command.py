"""What the command line does with people: the code of the first start, and a new code for an owner who is locked out."""

from __future__ import annotations

from datetime import datetime

from medspa_core.access.first_start import first_start_code
from medspa_core.records import Store

FIRST_START = """
  This is a trial, open on this computer only: for invented clients, nobody signs in.
  Before the first real client open {address}/first-start and make the owner's account; the trial then ends.
  The code for it, once:   {code}
"""


def first_start_lines(store: Store, address: str, now: datetime) -> str:
    """What to print at a start: the one-time code while there is no owner, else nothing."""
    code = first_start_code(store, now)
    return "" if code is None else FIRST_START.format(address=address, code=code)
