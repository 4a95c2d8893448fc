"""What is kept: erasures that wait for the second of two people, and what is past its time."""

from __future__ import annotations

from views import clients_page, kept_page, shell
from views.words import say

clients_page.begin(say("staff.kept.title"), say("staff.kept.lead"))
kept_page.waiting()
kept_page.past()
kept_page.invented()
shell.bottom_bar(say("staff.kept.foot"))
