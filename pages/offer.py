"""What we offer: prices, the PRP kit, the spin and the products, entered by the owner or the medical director."""

from __future__ import annotations

from views.context.words import say
from views.frame import shell
from views.staff.practice import offer_page, offer_products

shell.title(say("staff.offer.title"), say("staff.offer.lead"))
offer_page.prices()
offer_products.products()
offer_page.earlier()
shell.bottom_bar(say("staff.offer.foot"))
