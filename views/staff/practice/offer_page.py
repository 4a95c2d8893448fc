"""The page What we offer: the price of a session, the PRP kit and the spin, as one form; and what was entered before."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from medspa_core import offer
from medspa_core.access import Person
from medspa_core.formats.as_read import money
from medspa_core.formats.typed_number import Refused, decimals_of, read_whole
from medspa_core.offer import HIGHEST_PRICE, LOWEST_PRICE, Offer, OfferVersion
from medspa_core.rulebook import Rulebook
from medspa_core.wording.words import capital
from views.context import core_access, environment
from views.context.words import field_label, say, short_date
from views.elements import choice_field, draw, form_keys, notices
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in
from views.staff import lists, signing

PRICES = "offer_prices"
YES_OR_NO = {True: "yes", False: "no"}
YES_NO = ("prp_kit_cleared", "spin_during_numbing")
SHOWN_VERSIONS = 20
FIELD_WIDTH = 260


def prices() -> None:
    """One form: a price for each treatment, and the two settings that owners know."""
    book, last = core_access.rulebook(), offer.latest_offer(core_access.store())
    with st.container(key="card_prices"):
        shell.section(say("staff.offer.prices"), say("staff.offer.prices_lead"))
        draw.html(tag("p", _since(last), cls="mc-small"))
        mine, now = form_keys.suffix(PRICES), offer.offer_in(book)
        with st.form("prices", border=False):
            with st.container(key="bar_price_fields", horizontal=True, vertical_alignment="bottom"):
                typed = {option: _price(book, option, now, mine) for option in book.ranked}
            chosen = {name: _yes_no(name, getattr(now, name), mine) for name in YES_NO}
            draw.html(tag("p", say("staff.offer.then"), cls="mc-small"))
            pressed = lists.send("prices", say("staff.offer.keep"), key="keep_prices")
        if pressed:
            _keep(book, typed, chosen, last)
        notices.show(PRICES)


def _since(last: OfferVersion | None) -> str:
    if last is None:
        return say("staff.offer.from_file")
    return signing.day_and_name("staff.offer.since", last.entered_at, last.person_id)


def _price(book: Rulebook, option: str, now: Offer, mine: str) -> str:
    label = say("staff.offer.price_of", option=book.options[option].name, currency=book.clinic.currency)
    price = money(now.prices[option], book.clinic.currency_sign)
    look, key = {"value": price, "max_chars": 40}, f"price_{option}{mine}"
    draw_it = partial(st.text_input, field_label(label), key=key, **look)
    return notices.field(f"price_place_{option}", PRICES, option, draw_it, width=FIELD_WIDTH)


def _yes_no(name: str, now: bool, mine: str) -> bool:
    label, answers = say(f"staff.offer.{name}"), {one: say(f"staff.offer.{word}") for one, word in YES_OR_NO.items()}
    with st.container(key=f"tap_{name}"):
        return bool(choice_field.as_pills(label, answers, f"{name}{mine}", default=now, required=True, width="content"))


def _keep(book: Rulebook, typed: Mapping[str, str], chosen: Mapping[str, bool], last: OfferVersion | None) -> None:
    read = {option: _read(book, text) for option, text in typed.items()}
    wrong = {option: _why_not(book, why) for option, why in read.items() if isinstance(why, Refused)}
    if wrong:
        names = [say("staff.offer.refused", option=book.options[one].name, why=why) for one, why in wrong.items()]
        notices.refuse(PRICES, "\n".join(names), {option: capital(why) for option, why in wrong.items()})
        st.rerun()
    found = {option: number for option, number in read.items() if not isinstance(number, Refused)}
    given = Offer(found, **chosen), last.number if last else 0, book, core_access.now(), signing.key_of(PRICES)
    signing.do(PRICES, "staff.offer.kept", offer.set_offer, *given, place=PRICES)


def who() -> Person:
    """Who is at this page."""
    person = signed_in.person()
    assert person is not None
    return person


def _read(book: Rulebook, text: str) -> int | Refused:
    marks = (book.clinic.currency_sign, book.clinic.currency)
    return read_whole(text, LOWEST_PRICE, HIGHEST_PRICE, marks, decimals_of(book.clinic.currency))


def _why_not(book: Rulebook, why: Refused) -> str:
    sign = book.clinic.currency_sign
    limits = {"low": money(LOWEST_PRICE, sign), "high": money(HIGHEST_PRICE, sign)}
    return say(f"staff.offer.why.{why}", **limits)


def earlier() -> None:
    """Every version that was entered, with who and when. Read only once it is opened."""
    if offer.latest_offer(core_access.store()) is not None:
        lists.folded(say("staff.offer.earlier"), "earlier", _versions)


def _versions() -> None:
    book, names = core_access.rulebook(), signing.names()
    versions = offer.offer_versions(signed_in.store(), who())[:SHOWN_VERSIONS]
    draw.html(draw.table([_row(one, book, names) for one in versions]))


def _row(one: OfferVersion, book: Rulebook, names: Mapping[str, str]) -> dict[str, object]:
    sign = book.clinic.currency_sign
    amounts = {
        file.short_name: money(one.offer.prices[option], sign) if option in one.offer.prices else ""
        for option, file in book.options.items()
        if file.rank
    }
    words = {name: YES_OR_NO[getattr(one.offer, name)] for name in YES_NO}
    settings = {say(f"staff.offer.short.{name}"): say(f"staff.offer.{word}") for name, word in words.items()}
    day = short_date(environment.local(one.entered_at).date())
    return {say("staff.offer.day"): day, say("staff.offer.who"): names.get(one.person_id, ""), **amounts, **settings}
