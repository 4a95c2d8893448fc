"""What the clinic offers: prices, kit and spin, the products that wait for approval, and when it is open."""

from medspa_core.offer.opening_hours import HoursVersion, OpeningHours, hours_entered, set_opening_hours
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
