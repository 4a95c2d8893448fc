"""The landing: start a consultation, go on with an open one, or open an invented client."""

from __future__ import annotations

from views import landing, shell, staff_ways, tour
from views.words import say

landing.welcome()
staff_ways.banner(never=False)
if tour.running():
    tour.draw_step()
else:
    landing.new_and_open()
    landing.invented_clients()
shell.bottom_bar(say("home.foot"))
