"""People: who works here, what they may do, their tablets and sign-ins. For the owner, after the password once more."""

from __future__ import annotations

from views import people, shell, staff_ways
from views.words import say

shell.title(say("staff.people.title"), say("staff.people.lead"))
staff_ways.banner()
if staff_ways.password_is_due():
    people.ask_for_the_password()
else:
    people.everybody()
    people.somebody_new()
    people.tablets()
    people.practice()
    people.locations()
    people.settings()
