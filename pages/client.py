"""One client: who it is, the consultations then and now, what was added, and what the director may do."""

from __future__ import annotations

from views import client_page, client_sessions, shell, visit_page
from views.words import say

client = client_page.opened()
if client is None:
    shell.go("clients")
client_page.heading(client)
client_page.verbs(client)
visit_page.history(client)
client_sessions.treatments(client)
client_page.merged(client)
client_page.for_the_two(client)
shell.bottom_bar(say("staff.client.foot"), back=shell.Way(say("staff.client.back"), "clients"))
