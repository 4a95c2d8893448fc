"""The landing: what waits, a new consultation, open ones; during the trial invented clients."""

from __future__ import annotations

from medspa_core.access import Verb
from views import landing, shell, signed_in, staff_ways, tour, waits
from views.words import say

landing.welcome()
staff_ways.banner(never=False)
if tour.running():
    tour.draw_step()
else:
    waits.what_waits()
    if signed_in.allows(Verb.READ_CLIENTS):
        landing.new_and_open()
    landing.invented_clients()
shell.bottom_bar(say("home.foot"))
