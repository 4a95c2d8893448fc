"""People: who works here, what they may do, their tablets and sign-ins. For the owner, after the password once more."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff import management_notices
from views.staff.practice import people_page

shell.title(say("staff.people.title"), say("staff.people.lead"))
management_notices.banner()
if not management_notices.asks_for_the_password("/people", "staff.people.password_due"):
    people_page.everybody()
    people_page.somebody_new()
    people_page.tablets()
    people_page.practice()
    people_page.locations()
    people_page.settings()
