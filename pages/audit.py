"""Who saw what: the log of looks and changes, for owner and director, as lines and as a file."""

from __future__ import annotations

from views import audit_page, shell, staff_ways
from views.words import say

shell.title(say("staff.audit.title"), say("staff.audit.lead"))
staff_ways.banner()
asked = audit_page.question()
if asked is not None:
    audit_page.answer(asked)
audit_page.chain()
