"""One client: who it is, the consultations then and now, what was added, and what the director may do."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff.clients import client_page, client_treatments, past_consultations

client = client_page.opened()
if client is None:
    shell.go("clients")
client_page.heading(client)
client_page.verbs(client)
past_consultations.history(client)
client_treatments.treatments(client)
client_page.merged(client)
client_page.for_the_two(client)
shell.bottom_bar(say("staff.client.foot"), back=shell.Way(say("staff.client.back"), "clients"))
