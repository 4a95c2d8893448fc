"""The page Approval: the rulebook with what has changed in it, and the standing orders."""

from __future__ import annotations

import streamlit as st

from medspa_core import exam
from views.context import core_access, environment
from views.context.words import say, short_date
from views.elements import draw, form_keys
from views.elements.draw import tag
from views.frame import shell
from views.staff import lists, signing
from views.staff.approval import approval_rules
from views.staff.signing import Signer

# --- the rulebook ---------------------------------------------------------------------------------------------------


def rulebook(who: Signer) -> None:
    """Whether it is approved, what has changed since, and the signature."""
    book = core_access.rulebook()
    last = exam.latest_approval(core_access.store())
    with st.container(key="card_rulebook"):
        shell.section(say("staff.approval.rulebook"), say("staff.approval.revision", revision=book.revision))
        approved = exam.approves(last, book)
        draw.note(_standing(last, approved), kind="check" if approved else "ask")
        if not approved:
            approval_rules.changes()
        if who.licence is not None and approved:
            _withdraw(who)
        elif who.licence is not None:
            _approve(who)


def _standing(last: exam.Approval | None, approved: bool) -> str:
    if last is None:
        return say("staff.approval.never")
    day = short_date(environment.local(last.signed.signed_at).date())
    if last.word == "withdrawn":
        return say("staff.approval.withdrawn", day=day, note=last.note)
    if not approved:
        return say("staff.approval.changed", day=day)
    return say(
        "staff.approval.approved",
        day=day,
        name=signing.names().get(last.signed.person_id, ""),
        number=last.signed.licence_number,
        state=last.signed.state,
        revision=last.revision,
    )


def _approve(who: Signer) -> None:
    book = core_access.rulebook()
    form = f"approve_{book.revision}"
    with st.form("approve", border=False):
        note = st.text_input(say("staff.approval.note"), max_chars=2000, key=f"approve_note{form_keys.suffix(form)}")
        pressed = lists.send("approve", say("staff.approval.approve"), key="approve_rulebook")
    if pressed:
        signing.sign(who, form, exam.approve_rulebook, book.revision, note, kept="staff.approval.kept")


def _withdraw(who: Signer) -> None:
    with st.expander(say("staff.approval.withdraw_title"), key="withdraw"), st.form("withdraw_form", border=False):
        key = f"withdraw_note{form_keys.suffix('withdraw')}"
        note = st.text_input(say("staff.approval.withdraw_note"), max_chars=2000, key=key)
        pressed = st.form_submit_button(say("staff.approval.withdraw"), key="withdraw_approval")
    if pressed:
        signing.sign(who, "withdraw", exam.withdraw_approval, note, kept="staff.approval.kept")


# --- standing orders ------------------------------------------------------------------------------------------------


def standing_orders(who: Signer) -> None:
    """Each entry of the rulebook, whether it is signed as it stands, and the signature."""
    book = core_access.rulebook()
    signed = exam.standing_orders_in_force(core_access.store(), book, environment.today())
    with st.container(key="card_standing"):
        shell.section(say("staff.approval.standing"), say("staff.approval.standing_lead"))
        for entry, order in book.standing_orders.items():
            day = short_date(signed[entry].valid_until) if entry in signed else ""
            state = say(f"staff.approval.standing_{'signed' if entry in signed else 'not_signed'}", day=day)
            basis = say("staff.approval.standing_basis", basis=order.basis, day=short_date(order.reviewed))
            draw.html(
                tag("h3", order.name, cls="mc-question"),
                tag("p", order.order, cls="mc-small"),
                tag("p", f"{state} {basis}", cls="mc-help"),
            )
            if who.licence is not None and entry not in signed:
                _sign_standing(who, entry, order.name)


def _sign_standing(who: Signer, entry: str, name: str) -> None:
    if st.button(say("staff.approval.sign_standing", name=name), key=f"sign_standing_{entry}"):
        signing.sign(who, f"standing_{entry}", exam.sign_standing_order, entry, kept="staff.approval.kept")
