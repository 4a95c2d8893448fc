"""The products of the page Approval: lots that were entered and wait for a signature, and every lot that was approved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from medspa_core import exam, offer
from medspa_core.exam import NewProduct, Product
from medspa_core.offer import EnteredProduct
from views.context import core_access, environment
from views.context.words import plain, say, short_date
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in
from views.staff import lists, signing
from views.staff.signing import Signer


def products(who: Signer) -> None:
    """What waits, with the form that signs it; then every lot that was approved. Lots are entered on What we offer."""
    with st.container(key="card_products"):
        shell.section(say("staff.approval.products"), say("staff.approval.products_lead"))
        waiting, found = offer.entered_waiting(signed_in.store(), who.person), exam.list_products(core_access.store())
        for one in waiting:
            entered(one)
            if who.licence is not None:
                _sign(who, one)
        if not found:
            draw.html(tag("p", say("staff.approval.no_products"), cls="mc-small"))
        for product in found:
            _approved(who, product)
        if st.button(say("staff.approval.enter"), key="enter_product"):
            shell.go("offer")


def entered(one: EnteredProduct) -> None:
    """A lot that waits, in words."""
    lot(one.product, signing.day_and_name("staff.approval.product_waits", one.entered_at, one.person_id))


def lot(one: NewProduct, line: str) -> None:
    """A lot in words, approved or not."""
    words = answer_words()
    in_words = {
        "kind": say(f"staff.approval.kind_words.{one.kind}"),
        "source": words.get(one.source, one.source),
        "route": words.get(one.route, one.route),
        "expires": short_date(one.expires_on),
    }
    key = "staff.approval.product_told" if one.source else "staff.approval.kit_told"
    told = say(key, maker=one.maker, lot=one.lot, certificate=one.certificate, **in_words)
    counsel = [say("staff.approval.counsel_told", counsel=one.counsel)] if one.counsel else []
    draw.html(
        tag("h3", one.name, cls="mc-question"),
        tag("p", " ".join([told, *counsel]), cls="mc-small"),
        tag("p", line, cls="mc-help"),
    )


def _sign(who: Signer, one: EnteredProduct) -> None:
    with st.form(f"sign_{one.id}", border=False):
        counsel = st.text_input(say("staff.approval.counsel"), max_chars=2000, key=f"counsel_{one.id}")
        label = say("staff.approval.approve_product", lot=plain(one.product.lot))
        pressed = lists.send(f"sign_{one.id}", label, key=f"approve_{one.id}")
    if pressed:
        signed = replace(one.product, counsel=counsel)
        form, kept = f"product_{one.id}", "staff.approval.kept"
        signing.sign(who, form, exam.approve_product, signed, kept=kept, key=one.id)


def _approved(who: Signer, one: Product) -> None:
    lot(one, _state(one))
    if who.licence is not None and one.withdrawn_at is None:
        _withdraw(one)


def _withdraw(one: Product) -> None:
    row: dict[str, Any] = {"key": f"bar_withdraw_{one.id}", "horizontal": True, "vertical_alignment": "bottom"}
    with st.form(f"withdraw_{one.id}", border=False), st.container(**row):
        why = st.text_input(say("staff.approval.withdraw_reason"), max_chars=2000, key=f"withdraw_why_{one.id}")
        label = say("staff.approval.withdraw_product", lot=plain(one.lot))
        pressed = st.form_submit_button(label, key=f"withdraw_{one.id}_do")
    if pressed:
        form, now = f"withdraw_{one.id}", core_access.now()
        signing.do(form, "staff.approval.kept", exam.withdraw_product, one.id, why, now)


def signed_line(one: Product) -> str:
    """When a lot was approved, and by whom."""
    return signing.day_and_name("staff.approval.product_signed", one.signed.signed_at, one.signed.person_id)


def _state(one: Product) -> str:
    signed = signed_line(one)
    if one.withdrawn_at is not None:
        return f"{signed} {say('staff.approval.product_withdrawn', day=short_date(environment.local(one.withdrawn_at).date()))}"
    return signed if one.usable(environment.today()) else f"{signed} {say('staff.approval.product_past')}"


def answer_words() -> dict[str, str]:
    """The words of a product's source and use, as the question about it has them."""
    return dict(core_access.rulebook().questions["exosome_product"].words.answers)
