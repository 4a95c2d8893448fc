"""The page Approval: the rulebook with what has changed in it, the products lot by lot, the standing orders."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from medspa_core import exam
from medspa_core.exam import NewProduct, Product
from medspa_core.rulebook.content import Change, content_of
from views import core_access, draw, shell, signed_in, signing
from views.draw import tag
from views.signing import Signer
from views.words import plain, say, short_date

SHOWN_CHANGES = 60
KINDS = ("exosome_product", "prp_kit")
A_YEAR = timedelta(days=365)


def director() -> Signer:
    """Who approves, and what the last tap led to."""
    signing.told()
    return signing.signer(say("staff.approval.no_licence"))


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
            _what_changed()
        if who.licence is not None and approved:
            _withdraw(who)
        elif who.licence is not None:
            _approve(who)


def _standing(last: exam.Approval | None, approved: bool) -> str:
    if last is None:
        return say("staff.approval.never")
    day = short_date(last.signed.signed_at.date())
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


def _what_changed() -> None:
    book = core_access.rulebook()
    changes = exam.what_changed(core_access.store(), book)
    if changes is None:
        _files()
    elif changes:
        with st.expander(say("staff.approval.what_changed", number=len(changes)), expanded=True, key="what_changed"):
            draw.html(draw.table([_row(one) for one in changes[:SHOWN_CHANGES]]))
            if len(changes) > SHOWN_CHANGES:
                more = say("staff.approval.more_lines", number=len(changes) - SHOWN_CHANGES)
                draw.html(tag("p", more, cls="mc-small"))


def _files() -> None:
    lines = content_of(core_access.rulebook())
    counted: dict[str, int] = {}
    for place in lines:
        counted[place.partition(".")[0]] = counted.get(place.partition(".")[0], 0) + 1
    files = ", ".join(f"{name} ({number})" for name, number in counted.items() if number > 1)
    draw.html(
        tag("p", say("staff.approval.first_time", number=len(lines)), cls="mc-small"), tag("p", files, cls="mc-small")
    )


def _row(change: Change) -> dict[str, str]:
    return {
        say("staff.approval.line"): change.place,
        say("staff.approval.before"): say("staff.approval.gone") if change.before is None else change.before,
        say("staff.approval.after"): say("staff.approval.gone") if change.after is None else change.after,
    }


def _approve(who: Signer) -> None:
    book = core_access.rulebook()
    with st.form("approve", border=False):
        note = st.text_input(say("staff.approval.note"), max_chars=2000, key="approve_note")
        with st.container(key="main_approve"):
            pressed = st.form_submit_button(say("staff.approval.approve"), key="approve_rulebook")
    if pressed:
        signing.do(
            f"approve_{book.revision}",
            lambda key: exam.approve_rulebook(
                signed_in.store(), who.person, book.revision, note, who.state, book, signing.now(), signing.today(), key
            ),
            say("staff.approval.kept"),
        )


def _withdraw(who: Signer) -> None:
    book = core_access.rulebook()
    with st.expander(say("staff.approval.withdraw_title"), key="withdraw"), st.form("withdraw_form", border=False):
        note = st.text_input(say("staff.approval.withdraw_note"), max_chars=2000, key="withdraw_note")
        pressed = st.form_submit_button(say("staff.approval.withdraw"), key="withdraw_approval")
    if pressed:
        signing.do(
            "withdraw",
            lambda key: exam.withdraw_approval(
                signed_in.store(), who.person, note, who.state, book, signing.now(), signing.today(), key
            ),
            say("staff.approval.kept"),
        )


# --- products -------------------------------------------------------------------------------------------------------


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
        "staff.approval.product_told",
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
        with st.form(f"withdraw_{one.id}", border=False), st.container(key=f"bar_withdraw_{one.id}", horizontal=True):
            why = st.text_input(say("staff.approval.withdraw_reason"), max_chars=2000, key=f"withdraw_why_{one.id}")
            label = say("staff.approval.withdraw_product", lot=plain(one.lot))
            pressed = st.form_submit_button(label, key=f"withdraw_{one.id}_do")
        if pressed:
            signing.do(
                f"withdraw_{one.id}",
                lambda _: exam.withdraw_product(signed_in.store(), who.person, one.id, why, signing.now()),
                say("staff.approval.kept"),
            )


def _state(one: Product, signed: str) -> str:
    if one.withdrawn_at is not None:
        return f"{signed} {say('staff.approval.product_withdrawn', day=short_date(one.withdrawn_at.date()))}"
    return signed if one.usable(signing.today()) else f"{signed} {say('staff.approval.product_past')}"


def _answer_words() -> dict[str, str]:
    return dict(core_access.rulebook().questions["exosome_product"].words.answers)


def _new_product(who: Signer) -> None:
    book = core_access.rulebook()
    fields = book.questions["exosome_product"].fields
    words = _answer_words()
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
        chosen = {"source": "", "route": ""}
        if kind == "exosome_product":
            for name, field in (("source", "source"), ("route", "use")):
                with st.container(key=f"tap_product_{name}"):
                    chosen[name] = st.pills(
                        say(f"staff.approval.{name}"),
                        list(fields[field]),
                        format_func=words.__getitem__,
                        key=f"product_{name}",
                        width="stretch",
                    ) or ""  # fmt: skip
        latest = signing.today() + A_YEAR * 10
        expires = st.date_input(
            say("staff.approval.expires"), value=None, max_value=latest, key="product_expires", format="YYYY-MM-DD"
        )
        with st.container(key="main_product"):
            pressed = st.form_submit_button(say("staff.approval.approve_product"), key="approve_product")
    if pressed:
        until = expires if isinstance(expires, date) else date.min
        _approve_product(who, NewProduct(kind=kind, expires_on=until, **typed, **chosen))


def _approve_product(who: Signer, new: NewProduct) -> None:
    signing.do(
        "product",
        lambda key: exam.approve_product(
            signed_in.store(), who.person, new, who.state, core_access.rulebook(), signing.now(), signing.today(), key
        ),
        say("staff.approval.kept"),
    )


# --- standing orders ------------------------------------------------------------------------------------------------


def standing_orders(who: Signer) -> None:
    """Each entry of the rulebook, whether it is signed as it stands, and the signature."""
    book = core_access.rulebook()
    signed = exam.standing_orders_in_force(core_access.store(), book, signing.today())
    with st.container(key="card_standing"):
        shell.section(say("staff.approval.standing"), say("staff.approval.standing_lead"))
        for entry, order in book.standing_orders.items():
            state = (
                say("staff.approval.standing_signed", day=short_date(signed[entry].valid_until))
                if entry in signed
                else say("staff.approval.standing_not_signed")
            )
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
        signing.do(
            f"standing_{entry}",
            lambda key: exam.sign_standing_order(
                signed_in.store(),
                who.person,
                entry,
                who.state,
                core_access.rulebook(),
                signing.now(),
                signing.today(),
                key,
            ),
            say("staff.approval.kept"),
        )
