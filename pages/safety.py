"""Screen 2, Safety: the client answers one thing at a time; staff see the answers and the examiner's agenda."""

from __future__ import annotations

from views.consultation.safety import safety_form, staff_view
from views.context.words import say
from views.frame import shell

staff = shell.staff_view()
consultation = shell.screen("safety", in_parts=not staff)

if staff:
    staff_view.draw_staff_view(consultation)
    shell.bottom_bar(
        say("staff.foot"),
        back=shell.Way(say("shell.back"), "you"),
        ahead=shell.Way(say("shell.next.what_matters"), "what_matters"),
    )
else:
    safety_form.begin(consultation)
    safety_form.form(consultation)
