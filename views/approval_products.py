"""The products of the page Approval: every lot that was approved, and a form for another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from medspa_core import exam
from medspa_core.exam import NewProduct, Product
from views import core_access, draw, shell, signed_in, signing
from views.draw import tag
from views.signing import Signer
from views.words import STAFF_DATE, plain, say, short_date

KINDS = ("exosome_product", "prp_kit")
A_YEAR = timedelta(days=365)


def products(who: Signer) -> None:
    """Every lot that was approved, and a form for another."""
    with st.container(key="card_products"):
        shell.section(say("staff.approval.products"), say("staff.approval.products_lead"))
        found = exam.list_products(core_access.store())
        if not found:
            draw.html(tag("p", say("staff.approval.no_products"), cls="mc-small"))
        for one in found:
            _product(who, one)
        if who.licence is not None:
            with st.expander(say("staff.approval.new_product"), key="new_product"):
                _new_product(who)


def _product(who: Signer, one: Product) -> None:
    words = _answer_words()
    told = say(
        "staff.approval.product_told" if one.source else "staff.approval.kit_told",
        kind=say(f"staff.approval.kind_words.{one.kind}"),
        maker=one.maker,
        source=words.get(one.source, one.source),
        route=words.get(one.route, one.route),
        lot=one.lot,
        certificate=one.certificate,
        expires=short_date(one.expires_on),
        counsel=one.counsel,
    )
    signed = say(
        "staff.approval.product_signed",
        day=short_date(one.signed.signed_at.date()),
        name=signing.names().get(one.signed.person_id, ""),
    )
    draw.html(
        tag("h3", one.name, cls="mc-question"),
        tag("p", told, cls="mc-small"),
        tag("p", _state(one, signed), cls="mc-help"),
    )
    if who.licence is not None and one.withdrawn_at is None:
        _withdraw(who, one)


def _withdraw(who: Signer, one: Product) -> None:
    row: dict[str, Any] = {"key": f"bar_withdraw_{one.id}", "horizontal": True, "vertical_alignment": "bottom"}
    with st.form(f"withdraw_{one.id}", border=False), st.container(**row):
        why = st.text_input(say("staff.approval.withdraw_reason"), max_chars=2000, key=f"withdraw_why_{one.id}")
        label = say("staff.approval.withdraw_product", lot=plain(one.lot))
        pressed = st.form_submit_button(label, key=f"withdraw_{one.id}_do")
    if pressed:
        signing.do(
            f"withdraw_{one.id}",
            lambda _: exam.withdraw_product(signed_in.store(), who.person, one.id, why, core_access.now()),
            say("staff.approval.kept"),
        )


def _state(one: Product, signed: str) -> str:
    if one.withdrawn_at is not None:
        return f"{signed} {say('staff.approval.product_withdrawn', day=short_date(one.withdrawn_at.date()))}"
    return signed if one.usable(signing.today()) else f"{signed} {say('staff.approval.product_past')}"


def _answer_words() -> dict[str, str]:
    return dict(core_access.rulebook().questions["exosome_product"].words.answers)


def _new_product(who: Signer) -> None:
    with st.container(key="tap_kind"):
        kind = st.pills(
            say("staff.approval.kind"),
            list(KINDS),
            format_func={one: say(f"staff.approval.kind_words.{one}") for one in KINDS}.__getitem__,
            key="product_kind",
            width="stretch",
        )
    if kind is None:
        return
    with st.form("product", border=False):
        typed = {
            name: st.text_input(say(f"staff.approval.{name}"), max_chars=200, key=f"product_{name}")
            for name in ("name", "maker", "lot", "certificate", "counsel")
        }
        chosen = _source_and_route() if kind == "exosome_product" else {"source": "", "route": ""}
        latest = signing.today() + A_YEAR * 10
        expires = st.date_input(
            say("staff.approval.expires"), value=None, max_value=latest, key="product_expires", format=STAFF_DATE
        )
        with st.container(key="main_product"):
            pressed = st.form_submit_button(say("staff.approval.approve_product"), key="approve_product")
    if pressed:
        until = expires if isinstance(expires, date) else date.min
        _approve_product(who, NewProduct(kind=kind, expires_on=until, **typed, **chosen))


def _source_and_route() -> dict[str, str]:
    """As the question about the exosome product has them: the gates judge by the same words."""
    fields, words, chosen = core_access.rulebook().questions["exosome_product"].fields, _answer_words(), {}
    for name, field in (("source", "source"), ("route", "use")):
        with st.container(key=f"tap_product_{name}"):
            tapped = st.pills(
                say(f"staff.approval.{name}"),
                list(fields[field]),
                format_func=words.__getitem__,
                key=f"product_{name}",
                width="stretch",
            )
        chosen[name] = tapped or ""
    return chosen


def _approve_product(who: Signer, new: NewProduct) -> None:
    signing.do(
        "product",
        lambda key: exam.approve_product(
            signed_in.store(),
            who.person,
            new,
            who.state,
            core_access.rulebook(),
            core_access.now(),
            signing.today(),
            key,
        ),
        say("staff.approval.kept"),
    )
