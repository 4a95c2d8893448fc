"""Reviews: the clinician's worklist, and one consultation's findings, exam and order to sign."""

from __future__ import annotations

from views import review_page, review_signing, shell
from views.words import say

reviewed = review_page.opened()
if reviewed is None:
    review_page.waiting()
else:
    review_page.heading(reviewed)
    review_signing.findings(reviewed)
    review_signing.the_exam(reviewed)
    review_signing.the_order(reviewed)
    review_page.done(reviewed)
shell.bottom_bar(say("staff.review.foot"), back=review_page.way_back(reviewed))
