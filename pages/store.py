"""Records and backups: how safe the records are, one backup more, the way back. For the owner, after the password again."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff import management_notices
from views.staff.practice import store_page

shell.title(say("staff.store.title"), say("staff.store.lead"))
management_notices.banner()
if not management_notices.asks_for_the_password("/store", "staff.people.password_due"):
    store_page.backups()
    store_page.check()
    store_page.head_outside()
    store_page.restore()
