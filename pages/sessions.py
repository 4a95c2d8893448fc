"""Sessions: what was done under a clinician's order, and a form to record the next one."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff import signing
from views.staff.treatments import recorded_sessions, sessions_form, sessions_page

signing.begin()
file = sessions_page.opened()
if file is not None:
    sessions_form.next_session(file)
    recorded_sessions.recorded(file)
shell.bottom_bar(say("staff.sessions.foot"), back=sessions_page.way_back(file))
