"""What the clinic offers: prices, kit and spin, and the products that wait for approval."""

from medspa_core.offer.prices import (
    HIGHEST_PRICE,
    LOWEST_PRICE,
    Offer,
    OfferVersion,
    as_settings,
    latest_offer,
    offer_in,
    offer_versions,
    set_offer,
)
from medspa_core.offer.products import EnteredProduct, drop_entered_product, enter_product, entered_waiting
