"""The products of the page What we offer: what waits for the director, the lots that are approved, and a form for another."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import streamlit as st

from medspa_core import exam, offer
from medspa_core.access import Verb
from medspa_core.exam import NewProduct
from medspa_core.offer import EnteredProduct
from views.context import core_access, environment
from views.context.words import plain, say
from views.elements import choice_field, draw, form_keys, notices
from views.elements.date_field import EARLIEST, date_field, day_or_none, is_refused
from views.frame import shell
from views.session import signed_in
from views.staff import lists, signing
from views.staff.approval import approval_products
from views.staff.practice import offer_page

PRODUCT = "offer_product"
KINDS = ("exosome_product", "prp_kit")
TYPED = ("name", "maker", "lot", "certificate")
TEN_YEARS = timedelta(days=3650)


def products() -> None:
    """Every lot that waits, every lot that may be used, and a form."""
    with st.container(key="card_products"):
        shell.section(say("staff.offer.products"), say("staff.offer.products_lead"))
        waiting = offer.entered_waiting(signed_in.store(), offer_page.who())
        usable = [one for one in exam.list_products(core_access.store()) if one.usable(environment.today())]
        if not waiting and not usable:
            draw.note(say("staff.offer.no_products"), kind="ask")
        for one in waiting:
            _waiting(one)
        for lot in usable:
            approval_products.lot(lot, approval_products.signed_line(lot))
        if waiting and signed_in.allows(Verb.APPROVE_RULEBOOK) and st.button(say("staff.offer.approve"), key="to_sign"):
            shell.go("approval")
        _another(empty=not waiting and not usable)


def _waiting(one: EnteredProduct) -> None:
    form = f"remove_{one.id}"
    with st.container(key=f"bar_entered_{one.id}", horizontal=True, vertical_alignment="center"):
        approval_products.entered(one)
        if st.button(say("staff.offer.remove", lot=plain(one.product.lot)), key=form):
            now = core_access.now()
            signing.do(form, "staff.offer.removed", offer.drop_entered_product, one.id, now, place=form)
    notices.show(form)


def _another(*, empty: bool) -> None:
    with st.expander(say("staff.offer.enter_title"), expanded=empty, key="enter_product"):
        mine = form_keys.suffix(PRODUCT)
        kind = _pill("kind", KINDS, {one: say(f"staff.approval.kind_words.{one}") for one in KINDS}, mine)
        if kind:
            _form(kind, mine)
        notices.show(PRODUCT)


def _form(kind: str, mine: str) -> None:
    with st.form("product", border=False):
        chosen = _source_and_route(mine) if kind == "exosome_product" else {"source": "", "route": ""}
        typed = {name: _typed(name, mine) for name in TYPED}
        latest = environment.today() + TEN_YEARS
        expires = date_field(say("staff.approval.expires"), f"product_expires{mine}", EARLIEST, latest, month_too=True)
        if not is_refused(expires):
            notices.below(PRODUCT, "expires_on", expires)
        pressed = lists.send("product", say("staff.offer.enter"), key="enter_lot")
    if pressed and not is_refused(expires):
        until = day_or_none(expires) or date.min
        _enter(NewProduct(kind=kind, expires_on=until, counsel="", **typed, **chosen))


def _typed(name: str, mine: str) -> str:
    label, key = say(f"staff.approval.{name}"), f"product_{name}{mine}"
    draw_it = partial(st.text_input, label, max_chars=200, key=key)
    return notices.field(f"place_product_{name}", PRODUCT, name, draw_it)


def _source_and_route(mine: str) -> dict[str, str]:
    """As the question about the exosome product has them: the gates judge by the same words."""
    fields, words = core_access.rulebook().questions["exosome_product"].fields, approval_products.answer_words()
    return {name: _pill(name, fields[field], words, mine) for name, field in (("source", "source"), ("route", "use"))}


def _pill(name: str, answers: tuple[str, ...], words: dict[str, str], mine: str) -> str:
    label = say(f"staff.approval.{name}")
    with st.container(key=f"tap_product_{name}"):
        named = {one: words[one] for one in answers}
        tapped: str | None = choice_field.as_pills(label, named, f"product_{name}{mine}")
        notices.below(PRODUCT, name, tapped)
    return tapped or ""


def _enter(new: NewProduct) -> None:
    given = new, core_access.rulebook(), core_access.now(), environment.today(), signing.key_of(PRODUCT)
    signing.do(PRODUCT, "staff.offer.entered", offer.enter_product, *given, place=PRODUCT)
