"""Records and backups: how safe the records are, one backup more, the way back. For the owner, after the password again."""

from __future__ import annotations

from views import draw, shell, staff_ways, store_page
from views.words import say

shell.title(say("staff.store.title"), say("staff.store.lead"))
staff_ways.banner()
if staff_ways.password_is_due():
    draw.note(say("staff.people.password_due"))
    staff_ways.password_link("/store")
else:
    store_page.backups()
    store_page.check()
    store_page.head_outside()
    store_page.restore()
