"""The landing: what waits, a new consultation, open ones; during the trial invented clients."""

from __future__ import annotations

from medspa_core.access import Verb
from views.context.words import say
from views.frame import shell
from views.session import signed_in
from views.staff import management_notices
from views.staff.home import home_page, open_tasks, tour

home_page.welcome()
management_notices.banner(never=False)
if tour.running():
    tour.draw_step()
else:
    open_tasks.what_waits()
    if signed_in.allows(Verb.READ_CLIENTS):
        home_page.new_and_open()
    home_page.invented_clients()
shell.bottom_bar(say("home.foot"))
