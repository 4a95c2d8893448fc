"""The products of the page What we offer: what waits for the director, the lots that are approved, and a form for another."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from medspa_core import exam, offer
from medspa_core.access import Verb, shown_names
from medspa_core.exam import NewProduct
from medspa_core.offer import EnteredProduct
from views.context import core_access, environment
from views.context.words import plain, say, short_date
from views.elements import draw
from views.elements.date_field import EARLIEST, date_field, day_or_none, is_refused
from views.frame import shell
from views.session import signed_in
from views.staff.approval import approval_products
from views.staff.practice import offer_page

KINDS = ("exosome_product", "prp_kit")
TYPED = ("name", "maker", "lot", "certificate")
TEN_YEARS = timedelta(days=3650)


def products() -> None:
    """Every lot that waits, every lot that may be used, and a form."""
    with st.container(key="card_products"):
        shell.section(say("staff.offer.products"), say("staff.offer.products_lead"))
        waiting, approved = (
            offer.entered_waiting(signed_in.store(), offer_page.who()),
            exam.list_products(core_access.store()),
        )
        usable = [one for one in approved if one.usable(environment.today())]
        if not waiting and not usable:
            draw.note(say("staff.offer.no_products"), kind="ask")
        for one in waiting:
            _waiting(one)
        for lot in usable:
            approval_products.lot(
                lot, signed_line(lot.signed.person_id, environment.local(lot.signed.signed_at).date())
            )
        if waiting and signed_in.allows(Verb.APPROVE_RULEBOOK) and st.button(say("staff.offer.approve"), key="to_sign"):
            shell.go("approval")
        _another(empty=not waiting and not usable)


def signed_line(person_id: str, day: date) -> str:
    """Approved when and by whom."""
    name = shown_names(core_access.store()).get(person_id, "")
    return say("staff.approval.product_signed", day=short_date(day), name=name)


def _waiting(one: EnteredProduct) -> None:
    with st.container(key=f"bar_entered_{one.id}", horizontal=True, vertical_alignment="center"):
        approval_products.entered(one)
        if st.button(say("staff.offer.remove", lot=plain(one.product.lot)), key=f"remove_{one.id}"):
            person = offer_page.who()
            offer_page.do(
                f"remove_{one.id}",
                lambda _: offer.drop_entered_product(signed_in.store(), person, one.id, core_access.now()),
                say("staff.offer.removed"),
            )
    offer_page.told(f"remove_{one.id}")


def _another(*, empty: bool) -> None:
    with st.expander(say("staff.offer.enter_title"), expanded=empty, key="enter_product"):
        mine = offer_page.fields_of("product")
        kind = _pill("kind", KINDS, {one: say(f"staff.approval.kind_words.{one}") for one in KINDS}, mine)
        if kind:
            _form(kind, mine)
        offer_page.told("product")


def _form(kind: str, mine: str) -> None:
    with st.form("product", border=False):
        chosen = _source_and_route(mine) if kind == "exosome_product" else {"source": "", "route": ""}
        typed = {name: _typed(name, mine) for name in TYPED}
        latest = environment.today() + TEN_YEARS
        expires = date_field(say("staff.approval.expires"), f"product_expires_{mine}", EARLIEST, latest, month_too=True)
        if not is_refused(expires):
            offer_page.below("product", "expires_on", expires)
        with st.container(key="main_product"):
            pressed = st.form_submit_button(say("staff.offer.enter"), key="enter_lot")
    if pressed and not is_refused(expires):
        until = day_or_none(expires) or date.min
        _enter(NewProduct(kind=kind, expires_on=until, counsel="", **typed, **chosen))


def _typed(name: str, mine: str) -> str:
    with st.container(key=f"place_product_{name}", gap="xxsmall"):
        typed: str = st.text_input(say(f"staff.approval.{name}"), max_chars=200, key=f"product_{name}_{mine}")
        offer_page.below("product", name, typed)
    return typed


def _source_and_route(mine: str) -> dict[str, str]:
    """As the question about the exosome product has them: the gates judge by the same words."""
    fields, words = core_access.rulebook().questions["exosome_product"].fields, approval_products.answer_words()
    return {name: _pill(name, fields[field], words, mine) for name, field in (("source", "source"), ("route", "use"))}


def _pill(name: str, answers: tuple[str, ...], words: dict[str, str], mine: str) -> str:
    with st.container(key=f"tap_product_{name}"):
        tapped = st.pills(
            say(f"staff.approval.{name}"),
            list(answers),
            format_func=words.__getitem__,
            key=f"product_{name}_{mine}",
            width="stretch",
        )
        offer_page.below("product", name, tapped)
    return tapped or ""


def _enter(new: NewProduct) -> None:
    person = offer_page.who()
    offer_page.do(
        "product",
        lambda key: offer.enter_product(
            signed_in.store(), person, new, core_access.rulebook(), core_access.now(), environment.today(), key
        ),
        say("staff.offer.entered"),
    )
