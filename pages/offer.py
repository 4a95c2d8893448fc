"""What we offer: prices, the PRP kit, the spin and the products, entered by the owner or the medical director."""

from __future__ import annotations

from views import offer_page, offer_products, shell
from views.words import say

shell.title(say("staff.offer.title"), say("staff.offer.lead"))
offer_page.prices()
offer_products.products()
offer_page.earlier()
shell.bottom_bar(say("staff.offer.foot"))
