"""Screen 2, Safety: the client answers one thing at a time; staff see the answers and the examiner's agenda."""

from __future__ import annotations

from views import examiner, safety_form, shell
from views.words import say

staff = shell.staff_view()
consultation = shell.screen("safety", in_parts=not staff)

if staff:
    examiner.draw_staff_view(consultation)
    shell.bottom_bar(
        say("staff.foot"),
        back=shell.Way(say("shell.back"), "you"),
        ahead=shell.Way(say("shell.next.what_matters"), "what_matters"),
    )
else:
    safety_form.begin(consultation)
    safety_form.form(consultation)
