"""Sessions: what was done under a clinician's order, and a form to record the next one."""

from __future__ import annotations

from views import sessions_form, sessions_page, sessions_told, shell
from views.words import say

sessions_page.begin()
file = sessions_page.opened()
if file is not None:
    sessions_form.next_session(file)
    sessions_told.recorded(file)
shell.bottom_bar(say("staff.sessions.foot"), back=sessions_page.way_back(file))
