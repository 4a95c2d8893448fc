"""The orders of one consultation: those on file, the standing orders its answers ask for, a form for a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from medspa_core import exam
from medspa_core.access import list_people
from medspa_core.exam import AfterReview, NewOrder, Order, Product, SignedLimit
from medspa_core.formats.typed_dates import NoDate
from medspa_core.formats.typed_number import Refused
from views.context import core_access
from views.context.words import counted, say, short_date
from views.elements import draw, form_keys, notices
from views.elements.date_field import date_field
from views.elements.draw import tag
from views.elements.number_field import tenths_field, whole_field
from views.frame import shell
from views.session import signed_in
from views.staff import signing
from views.staff.review.review_page import PRODUCT, TAPPED, Reviewed

ORDERS = "orders"
"""Where what a signed order led to is said: above the orders, the newest first, as its form is gone once it is signed."""
BEYOND = "order_beyond_asked"
"""In the session: the order that was asked about, as it goes beyond a signed limit."""


def the_order(reviewed: Reviewed) -> None:
    """Orders on file, the standing orders that this client's answers ask for, and a form for a new order."""
    with st.container(key="card_order"):
        shell.section(say("staff.review.order"), say("staff.review.order_lead"))
        _standing(reviewed)
        products = {one.id: one for one in exam.list_products(core_access.store())}
        with st.container(key="orders_on_file", gap="xsmall"):  # one more of them moves no field below
            notices.show(ORDERS)
            for order in reviewed.file.orders:
                _order_on_file(reviewed, order)
        if reviewed.signer.licence is not None:
            _order_form(reviewed, products)
            _revoke_form(reviewed)
        else:
            draw.note(reviewed.signer.lacks, kind="flag")


def _standing(reviewed: Reviewed) -> None:
    book = core_access.rulebook()
    signed = exam.standing_orders_in_force(core_access.store(), book, signing.today())
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
    delegates = ", ".join(
        f"{say(f'staff.review.licence.{licence}')}: {one.name} ({one.licence_number})"
        for licence, one in order.terms.delegates.items()
    )
    told = say(
        "staff.review.order_told",
        option=core_access.rulebook().options[order.terms.option].name,
        area=order.area,
        depth=f"{order.depth_tenths_mm / 10:g}",
        sessions=order.terms.sessions,
        until=short_date(order.terms.valid_until),
        delegates=delegates,
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


def _order_form(reviewed: Reviewed, products: dict[str, Product]) -> None:
    book = core_access.rulebook()
    standing = any(not one.terms.ended for one in reviewed.file.orders)
    with st.container(key="tap_order_option"):
        option = st.pills(
            say("staff.review.another_order" if standing else "staff.review.option"),
            list(book.ranked),
            format_func={one: book.options[one].name for one in book.ranked}.__getitem__,
            key=f"order_option{form_keys.suffix(_option_form(reviewed))}{reviewed.mine}",
            width="stretch",
        )
    if option is None:
        return
    usable = _usable(option, products)
    product = _product(reviewed, option, usable)
    review = _judged(reviewed, products.get(product or ""))[option]
    wanted = exam.Wanted(option, signing.today(), products.get(product or ""), lots=len(usable))
    approved = not core_access.training_only()
    lines = exam.order_blocks(wanted, reviewed.file.exam, review, approved, book)
    if lines:
        draw.html(
            tag("p", say("staff.review.order_blocks"), cls="mc-question"),
            *[tag("p", draw.icon("ask"), tag("span", line), cls="mc-note") for line in lines],
        )
        if product != reviewed.product:
            draw.html(tag("p", say("staff.review.product_tap_help"), cls="mc-small"))
            st.button(say("staff.review.product_tap"), key="tap_product", on_click=_tapped, args=(reviewed,))
        return
    _order_fields(reviewed, option, product, exam.signed_limits(review, reviewed.file.exam, signing.today()))


def _judged(reviewed: Reviewed, product: Product | None) -> Mapping[str, AfterReview]:
    """Every option with the lot that stands in the field, also before anybody tapped on it."""
    if product is None or product.id == reviewed.product:
        return reviewed.file.options
    return exam.review_of(
        reviewed.file.draft, list(reviewed.file.rulings), core_access.rulebook(), signing.today(), product
    )


def _tapped(reviewed: Reviewed) -> None:
    """The lot in the field is the clinician's own choice from now on: findings are judged with it, and words signed on them."""
    st.session_state[TAPPED] = reviewed.file.draft.id


def _usable(option: str, products: dict[str, Product]) -> list[Product]:
    """The approved lots that can be chosen for a treatment."""
    kind = exam.product_kind(option, core_access.rulebook())
    return [one for one in products.values() if one.kind == kind and one.usable(signing.today())]


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
    label = say("staff.review.product")
    lots = list(words)
    return (
        st.selectbox(label, lots, format_func=words.__getitem__, key=PRODUCT, on_change=_tapped, args=(reviewed,))
        or None
    )


def _order_fields(reviewed: Reviewed, option: str, product: str | None, limits: Sequence[SignedLimit]) -> None:
    book = core_access.rulebook()
    standing = [one for one in reviewed.file.orders if not one.terms.ended and one.terms.option == option]
    form = _form_of(reviewed, option)
    mine = form_keys.suffix(form) + reviewed.mine
    with st.form("order", border=False):
        _limits(reviewed, limits)
        area = _area(form, mine)
        tenths, sessions = _numbers(form, mine)
        delegates = {
            licence: _delegate(reviewed, form, licence, mine) for licence in exam.licences_needed(option, book)
        }
        until = _until(reviewed, mine)
        note = st.text_input(say("staff.review.order_note"), max_chars=2000, key=f"order_note{mine}")
        replaces = (
            st.checkbox(say("staff.review.replaces"), value=True, key=f"order_replaces{mine}") if standing else False
        )
        with st.container(key="main_order"):
            pressed = st.form_submit_button(say("staff.review.sign_order"), key="sign_order")
    if isinstance(tenths, Refused) or isinstance(sessions, Refused):
        return  # the field says why
    if isinstance(until, date):
        new = NewOrder(option, area, tenths or 0, sessions or 0, delegates, product, until, note)
        _within(reviewed, new, limits, standing[0].id if replaces else None, pressed=pressed)


def _option_form(reviewed: Reviewed) -> str:
    """The choice of the treatment; once an order is signed none is chosen, so that no empty form asks to be signed again."""
    return f"order_option_{reviewed.file.draft.id}"


def _form_of(reviewed: Reviewed, option: str) -> str:
    return f"order_{reviewed.file.draft.id}_{option}"


def _area(form: str, mine: str) -> str:
    with st.container(key="place_order_area", gap="xxsmall"):
        typed: str = st.text_input(
            say("staff.review.area"),
            placeholder=say("staff.review.area_example"),
            max_chars=200,
            key=f"order_area{mine}",
        )
        signing.below(form, "area", typed)
    return typed


def _limits(reviewed: Reviewed, limits: Sequence[SignedLimit]) -> None:
    """What a clinician's signed limit asks of this order, beside its fields."""
    for one in limits:
        until = "" if one.valid_until is None else short_date(one.valid_until)
        key = "staff.review.limit_of_exam" if one.of_exam else "staff.review.limit"
        words = say(key, note=one.note, name=reviewed.name(one.signed.person_id), day=until)
        draw.note(f"{words}. {_read_of(one)}", kind="flag")


def _read_of(one: SignedLimit) -> str:
    """What of a limit's words the order is compared with, so that nobody takes for checked what was not read."""
    if one.depth_tenths_mm is None and one.sessions is None:
        return say("staff.review.limit_not_read")
    depth = say("staff.review.limit_no_depth")
    if one.depth_tenths_mm is not None:
        depth = say("staff.review.limit_depth", number=f"{one.depth_tenths_mm / 10:g}")
    sessions = say("staff.review.limit_no_sessions")
    if one.sessions is not None:
        sessions = counted("staff.number.sessions", one.sessions)
    return say("staff.review.limit_read", depth=depth, sessions=sessions)


def _within(
    reviewed: Reviewed, new: NewOrder, limits: Sequence[SignedLimit], replaces: str | None, *, pressed: bool
) -> None:
    """Signs what keeps the signed limits. What goes beyond what they name is asked about first: a second tap on the form's own
    button is no yes."""
    beyond, asked = _beyond(new, limits), (reviewed.file.draft.id, new)
    if pressed and beyond:
        st.session_state[BEYOND] = asked
    elif pressed:
        _sign_order(reviewed, new, replaces)
    if not beyond or st.session_state.get(BEYOND) != asked:
        return
    with st.container(key="beyond_limit", gap="xsmall"):
        for words in beyond:
            draw.refused(words)
        with st.container(key="quiet_beyond", width="content"):
            if st.button(say("staff.review.beyond_yes"), key="order_beyond"):
                st.session_state.pop(BEYOND)
                _sign_order(reviewed, new, replaces)


def _beyond(new: NewOrder, limits: Sequence[SignedLimit]) -> list[str]:
    """In words, how this order goes beyond what the signed limits name."""
    deep, many = new.depth_tenths_mm, new.sessions
    depths = [
        say("staff.review.beyond_depth", limit=f"{(one.depth_tenths_mm or 0) / 10:g}", order=f"{deep / 10:g}")
        for one in exam.beyond_depth(limits, deep)
    ]
    return depths + [
        say("staff.review.beyond_sessions", limit=counted("staff.number.sessions", one.sessions or 0), order=many)
        for one in exam.beyond_sessions(limits, many)
    ]


def _numbers(form: str, mine: str) -> tuple[int | Refused | None, int | Refused | None]:
    """Depth in tenths of a millimetre, and sessions."""
    rules = core_access.rulebook().exam
    with st.container(key="twin_order", horizontal=True, gap="medium"):
        deepest = rules.deepest_tenths_mm
        with st.container(key="place_order_depth", gap="xxsmall"):
            depth = tenths_field(say("staff.review.depth"), f"order_depth{mine}", "millimetres", 1, deepest)
            signing.below(form, "depth", depth)
        most = rules.most_sessions
        with st.container(key="place_order_sessions", gap="xxsmall"):
            sessions = whole_field(say("staff.review.sessions"), f"order_sessions{mine}", "sessions", 1, most)
            signing.below(form, "sessions", sessions)
    return depth, sessions


def _until(reviewed: Reviewed, mine: str) -> date | NoDate:
    """The last day of the order: never past the exam it rests on."""
    today = signing.today()
    latest = today + timedelta(days=core_access.rulebook().exam.order_days)
    if reviewed.file.exam is not None:
        latest = min(latest, reviewed.file.exam.valid_until)
    return date_field(say("staff.review.until"), f"order_until{mine}", today, latest, latest, needed=True)


def _delegate(reviewed: Reviewed, form: str, licence: str, mine: str) -> str:
    """Colleagues with that licence in the state of the signature."""
    state = reviewed.signer.state
    able = {"": say("staff.review.nobody")} | {
        one.id: one.shown_name
        for one in list_people(core_access.store())
        if not one.disabled and any(held.kind == licence and held.state == state for held in one.licences)
    }
    with st.container(key=f"place_delegate_{licence}", gap="xxsmall"):
        chosen: str = st.selectbox(
            say("staff.review.delegate", licence=say(f"staff.review.licence.{licence}")),
            list(able),
            format_func=able.__getitem__,
            key=f"delegate_{licence}{mine}",
        )
        signing.below(form, licence, chosen)
        if len(able) == 1:
            draw.note(
                say("staff.review.nobody_able", licence=say(f"staff.review.licence.{licence}"), state=state),
                kind="flag",
            )
    return chosen


def _sign_order(reviewed: Reviewed, new: NewOrder, replaces: str | None) -> None:
    def sign(key: str) -> None:
        exam.sign_order(
            signed_in.store(),
            reviewed.signer.person,
            reviewed.file.draft.id,
            new,
            reviewed.signer.state,
            core_access.rulebook(),
            core_access.now(),
            signing.today(),
            key,
            replaces=replaces,
        )
        form_keys.was_kept(_option_form(reviewed))

    signing.do(_form_of(reviewed, new.option), sign, say("staff.review.order_kept"), ORDERS)


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
                _revoke(reviewed, order.id, why)


def _revoke(reviewed: Reviewed, order_id: str, why: str) -> None:
    signing.do(
        f"revoke_{order_id}",
        lambda _: exam.revoke_order(signed_in.store(), reviewed.signer.person, order_id, why, core_access.now()),
        say("staff.review.kept"),
        ORDERS,
    )
