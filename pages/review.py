"""Reviews: the clinician's worklist, and one consultation's findings, exam and order to sign."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff import signing
from views.staff.review import review_answers, review_exam, review_findings, review_orders, review_page

signing.begin()
reviewed = review_page.opened()
if reviewed is None:
    review_page.waiting()
else:
    review_page.place(reviewed)
    review_answers.who(reviewed)
    review_findings.findings(reviewed)
    review_exam.the_exam(reviewed)
    review_orders.the_order(reviewed)
    review_page.done(reviewed)
    review_answers.everything(reviewed)
shell.bottom_bar(say("staff.review.foot"), back=review_page.way_back(reviewed), ahead=review_page.way_on(reviewed))
