"""Who saw what: the log of looks and changes, for owner and director, as lines and as a file."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff import management_notices
from views.staff.practice import audit_page

shell.title(say("staff.audit.title"), say("staff.audit.lead"))
management_notices.banner()
asked = audit_page.question()
if asked is not None:
    audit_page.answer(asked)
audit_page.chain()
