"""Approval: the medical director approves the rulebook, the products and the standing orders, as they stand."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff import signing
from views.staff.approval import approval_page, approval_products, approval_rules

signing.begin()
shell.title(say("staff.approval.title"), say("staff.approval.lead"))
who = signing.signer(say("staff.approval.no_licence"))
approval_rules.rules()
approval_page.rulebook(who)
approval_products.products(who)
approval_page.standing_orders(who)
shell.bottom_bar(say("staff.approval.foot"), back=shell.Way(say("staff.approval.home"), "home"))
