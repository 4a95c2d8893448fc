"""The orders of one consultation: those on file, the standing orders its answers ask for, a form for a new one."""

from __future__ import annotations

import streamlit as st

from medspa_core import exam
from medspa_core.exam import Order
from views.context import core_access, environment
from views.context.words import say, short_date
from views.elements import draw, notices
from views.elements.draw import tag
from views.frame import shell
from views.staff import signing
from views.staff.review.order_form import ORDERS, order_form
from views.staff.review.review_page import Reviewed


def the_order(reviewed: Reviewed) -> None:
    """Orders on file, the standing orders that this client's answers ask for, and a form for a new order."""
    with st.container(key="card_order"):
        shell.section(say("staff.review.order"), say("staff.review.order_lead"))
        _standing(reviewed)
        with st.container(key="orders_on_file", gap="xsmall"):  # one more of them moves no field below
            notices.show(ORDERS)
            for order in reviewed.file.orders:
                _order_on_file(reviewed, order)
        if reviewed.signer.licence is not None:
            order_form(reviewed)
            _revoke_form(reviewed)
        else:
            draw.note(reviewed.signer.lacks, kind="flag")


def _standing(reviewed: Reviewed) -> None:
    book = core_access.rulebook()
    signed = exam.standing_orders_in_force(core_access.store(), book, environment.today())
    for entry in exam.standing_orders_for(reviewed.file.draft.answers, book):
        day = short_date(signed[entry].valid_until) if entry in signed else ""
        key = "standing_signed" if entry in signed else "standing_not_signed"
        state = say(f"staff.review.{key}", day=day)
        order = book.standing_orders[entry]
        draw.html(
            tag("p", tag("b", say("staff.review.standing", name=order.name, state=state)), cls="mc-small"),
            tag("p", order.order, cls="mc-small"),
        )


def _order_on_file(reviewed: Reviewed, order: Order) -> None:
    named = order.terms.delegates.items()
    delegates = (f"{say(f'staff.review.licence.{kind}')}: {one.name} ({one.licence_number})" for kind, one in named)
    told = say(
        "staff.review.order_told",
        option=core_access.rulebook().options[order.terms.option].name,
        area=order.area,
        depth=f"{order.depth_tenths_mm / 10:g}",
        sessions=order.terms.sessions,
        until=short_date(order.terms.valid_until),
        delegates=", ".join(delegates),
        name=reviewed.name(order.signed.person_id),
        number=order.signed.licence_number,
    )
    lines = [told, order.note, *_of_today(reviewed, order)]
    muted = "mc-small muted" if order.terms.ended else "mc-small"
    draw.html(*[tag("p", line, cls=muted) for line in lines if line])


def _of_today(reviewed: Reviewed, order: Order) -> list[str]:
    """Whether it counts no more, or was signed on earlier answers."""
    if order.terms.ended:
        return [say("staff.review.order_ended", ended=order.terms.ended)]
    answered = reviewed.file.answered_at
    return [say("staff.review.order_since")] if answered is not None and answered > order.signed.signed_at else []


def _revoke_form(reviewed: Reviewed) -> None:
    standing = [one for one in reviewed.file.orders if not one.terms.ended]
    if not standing:
        return
    with st.expander(say("staff.review.revoke_title"), key="revoke_order"):
        for order in standing:
            with st.form(f"revoke_{order.id}", border=False):
                why = st.text_input(say("staff.review.revoke_reason"), max_chars=2000, key=f"revoke_why_{order.id}")
                name = core_access.rulebook().options[order.terms.option].name
                pressed = st.form_submit_button(say("staff.review.revoke", option=name), key=f"revoke_{order.id}_do")
            if pressed:
                form, given = f"revoke_{order.id}", (order.id, why, core_access.now())
                signing.do(form, "staff.review.kept", exam.revoke_order, *given, place=ORDERS)
