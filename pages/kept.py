"""What is kept: erasures that wait for the second of two people, and what is past its time."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff.clients import clients_page
from views.staff.practice import retention_page

clients_page.begin(say("staff.kept.title"), say("staff.kept.lead"))
retention_page.waiting()
retention_page.past()
retention_page.invented()
shell.bottom_bar(say("staff.kept.foot"))
