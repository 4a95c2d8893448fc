"""The form for a new order of one consultation: the treatment and its lot, what still stands before it, the fields, to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from medspa_core import exam
from medspa_core.access import list_people
from medspa_core.exam import AfterReview, NewOrder, Product, SignedLimit
from medspa_core.formats.typed_dates import NoDate
from medspa_core.formats.typed_number import Refused
from views.context import core_access, environment
from views.context.words import say
from views.elements import choice_field, draw, form_keys, notices
from views.elements.date_field import date_field
from views.elements.draw import tag
from views.elements.number_field import tenths_field, whole_field
from views.staff import lists, signing
from views.staff.review import order_limits
from views.staff.review.review_page import PRODUCT, TAPPED, Reviewed

ORDERS = "orders"
"""Where what a signed order led to is said: above the orders, the newest first, as its form is gone once it is signed."""


def order_form(reviewed: Reviewed) -> None:
    """The treatment first; then what still stands before its order, or the fields of it."""
    book, today = core_access.rulebook(), environment.today()
    option = _option(reviewed)
    if option is None:
        return
    products = {one.id: one for one in exam.list_products(core_access.store())}
    usable = _usable(option, products)
    lot = _product(reviewed, option, usable)
    product = products.get(lot or "")
    review = _judged(reviewed, product)[option]
    wanted = exam.Wanted(option, today, product, lots=len(usable))
    lines = exam.order_blocks(wanted, reviewed.file.exam, review, not core_access.training_only(), book)
    if lines:
        _stands(reviewed, lines, lot)
    else:
        _order_fields(reviewed, option, lot, exam.signed_limits(review, reviewed.file.exam, today))


def _option(reviewed: Reviewed) -> str | None:
    book = core_access.rulebook()
    standing = any(not one.terms.ended for one in reviewed.file.orders)
    with st.container(key="tap_order_option"):
        label = say("staff.review.another_order" if standing else "staff.review.option")
        key = f"order_option{form_keys.suffix(_option_form(reviewed))}{reviewed.mine}"
        chosen: str | None = choice_field.as_pills(label, {one: book.options[one].name for one in book.ranked}, key)
    return chosen


def _stands(reviewed: Reviewed, lines: Sequence[str], product: str | None) -> None:
    """What stands before the order; it may be only that nobody tapped on the lot that stands in the field."""
    draw.html(
        tag("p", say("staff.review.order_blocks"), cls="mc-question"),
        *(draw.note_of(line, "ask") for line in lines),
    )
    if product != reviewed.product:
        draw.html(tag("p", say("staff.review.product_tap_help"), cls="mc-small"))
        st.button(say("staff.review.product_tap"), key="tap_product", on_click=_tapped, args=(reviewed,))


def _judged(reviewed: Reviewed, product: Product | None) -> Mapping[str, AfterReview]:
    """Every option with the lot that stands in the field, also before anybody tapped on it."""
    if product is None or product.id == reviewed.product:
        return reviewed.file.options
    file = reviewed.file
    return exam.review_of(file.draft, list(file.rulings), core_access.rulebook(), environment.today(), product)


def _tapped(reviewed: Reviewed) -> None:
    """The lot in the field is the clinician's own choice from now on: findings are judged with it, and words signed on them."""
    st.session_state[TAPPED] = reviewed.file.draft.id


def _usable(option: str, products: dict[str, Product]) -> list[Product]:
    """The approved lots that can be chosen for a treatment."""
    kind = exam.product_kind(option, core_access.rulebook())
    return [one for one in products.values() if one.kind == kind and one.usable(environment.today())]


def _product(reviewed: Reviewed, option: str, usable: list[Product]) -> str | None:
    """Which lot the order is for. Where just one applies it stands in the field from the start: the order is judged with it, the
    findings only once it was tapped."""
    if not exam.product_kind(option, core_access.rulebook()):
        st.session_state.pop(PRODUCT, None)
        return None
    words = {one.id: say("staff.review.product_line", name=one.name, lot=one.lot, maker=one.maker) for one in usable}
    words[""] = say("staff.review.no_product")
    if st.session_state.get(PRODUCT) not in words:
        st.session_state[PRODUCT] = usable[0].id if len(usable) == 1 else ""
        st.session_state.pop(TAPPED, None)
    label, tapped = say("staff.review.product"), {"on_change": _tapped, "args": (reviewed,)}
    return choice_field.in_a_list(label, words, PRODUCT, **tapped) or None


def _order_fields(reviewed: Reviewed, option: str, product: str | None, limits: Sequence[SignedLimit]) -> None:
    book = core_access.rulebook()
    standing = [one for one in reviewed.file.orders if not one.terms.ended and one.terms.option == option]
    form = _form_of(reviewed, option)
    mine = form_keys.suffix(form) + reviewed.mine
    with st.form("order", border=False):
        order_limits.told(reviewed, limits)
        area = _area(form, mine)
        tenths, sessions = _numbers(form, mine)
        needed = exam.licences_needed(option, book)
        delegates = {licence: _delegate(reviewed, form, licence, mine) for licence in needed}
        until = _until(reviewed, mine)
        note = st.text_input(say("staff.review.order_note"), max_chars=2000, key=f"order_note{mine}")
        replaces = standing and st.checkbox(say("staff.review.replaces"), value=True, key=f"order_replaces{mine}")
        pressed = lists.send("order", say("staff.review.sign_order"), key="sign_order")
    if isinstance(tenths, Refused) or isinstance(sessions, Refused):
        return  # the field says why
    if isinstance(until, date):
        new = NewOrder(option, area, tenths or 0, sessions or 0, delegates, product, until, note)
        instead_of = standing[0].id if replaces else None
        order_limits.sign_within(reviewed, new, limits, lambda: _sign_order(reviewed, new, instead_of), pressed=pressed)


def _option_form(reviewed: Reviewed) -> str:
    """The choice of the treatment; once an order is signed none is chosen, so that no empty form asks to be signed again."""
    return f"order_option_{reviewed.file.draft.id}"


def _form_of(reviewed: Reviewed, option: str) -> str:
    return f"order_{reviewed.file.draft.id}_{option}"


def _area(form: str, mine: str) -> str:
    label, example = say("staff.review.area"), say("staff.review.area_example")
    draw_it = partial(st.text_input, label, placeholder=example, max_chars=200, key=f"order_area{mine}")
    return notices.field("place_order_area", form, "area", draw_it)


def _numbers(form: str, mine: str) -> tuple[int | Refused | None, int | Refused | None]:
    """Depth in tenths of a millimetre, and sessions."""
    rules = core_access.rulebook().exam
    deepest, most = rules.deepest_tenths_mm, rules.most_sessions
    draw_depth = partial(tenths_field, say("staff.review.depth"), f"order_depth{mine}", "millimetres", 1, deepest)
    draw_sessions = partial(whole_field, say("staff.review.sessions"), f"order_sessions{mine}", "sessions", 1, most)
    with st.container(key="twin_order", horizontal=True, gap="medium"):
        depth = notices.field("place_order_depth", form, "depth", draw_depth)
        return depth, notices.field("place_order_sessions", form, "sessions", draw_sessions)


def _until(reviewed: Reviewed, mine: str) -> date | NoDate:
    """The last day of the order: never past the exam it rests on."""
    today = environment.today()
    latest = exam.last_order_day(reviewed.file.exam, core_access.rulebook(), today)
    return date_field(say("staff.review.until"), f"order_until{mine}", today, latest, latest, needed=True)


def _delegate(reviewed: Reviewed, form: str, licence: str, mine: str) -> str:
    """Colleagues with that licence in the state of the signature."""
    state = reviewed.signer.state
    able = {"": say("staff.review.nobody")} | {
        one.id: one.shown_name
        for one in list_people(core_access.store())
        if not one.disabled and any(held.kind == licence and held.state == state for held in one.licences)
    }
    words = say(f"staff.review.licence.{licence}")
    label, key = say("staff.review.delegate", licence=words), f"delegate_{licence}{mine}"
    with st.container(key=f"place_delegate_{licence}", gap="xxsmall"):
        chosen = choice_field.in_a_list(label, able, key)
        notices.below(form, licence, chosen)
        if len(able) == 1:
            draw.note(say("staff.review.nobody_able", licence=words, state=state), kind="flag")
    return chosen


def _sign_order(reviewed: Reviewed, new: NewOrder, replaces: str | None) -> None:
    def sign(*given: Any, **named: Any) -> None:
        exam.sign_order(*given, **named)
        form_keys.was_kept(_option_form(reviewed))

    form, told = _form_of(reviewed, new.option), {"kept": "staff.review.order_kept", "place": ORDERS}
    signing.sign(reviewed.signer, form, sign, reviewed.file.draft.id, new, replaces=replaces, **told)
