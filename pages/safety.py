"""Screen 2, Safety: the client answers one thing at a time; staff see the answers and the examiner's agenda."""

from __future__ import annotations

from views import examiner, safety_form, shell, summary
from views.words import say

consultation = shell.screen("safety", place=safety_form.place_shown())

if shell.staff_view():
    examiner.draw_staff_view(consultation)
    shell.bottom_bar(
        say("staff.foot"),
        back=shell.Way(say("shell.back"), "you"),
        ahead=shell.Way(say("shell.next.what_matters"), "what_matters"),
    )
else:
    cards, place = safety_form.here(consultation)
    safety_form.heading(consultation, cards, place)
    safety_form.draw_card(consultation, cards, place)
    safety_form.line(consultation, cards[place])
    summary.strip(consultation)
    safety_form.bottom(consultation, cards, place)
