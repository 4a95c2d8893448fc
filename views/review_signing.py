"""What a clinician signs for one consultation: a word on each finding, the exam, the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from medspa_core import exam
from medspa_core.access import list_people
from medspa_core.exam import How, NewExam, NewOrder, Order, Product, Ruling, Word
from medspa_core.safety import Finding
from views import core_access, draw, examiner, shell, signed_in, signing
from views.draw import tag
from views.examiner import Item
from views.review_page import PRODUCT, Reviewed
from views.words import say, short_date

Found = dict[str, list[tuple[str, Finding]]]  # contraindication -> the options it was found for


# --- findings -------------------------------------------------------------------------------------------------------


def findings(reviewed: Reviewed) -> None:
    """The agenda: each finding with the words on it and a form for another; what is only unanswered stands together."""
    shell.section(say("staff.review.agenda"), say("staff.review.agenda_lead"))
    answered, unanswered = _found(reviewed)
    if not answered and not unanswered:
        draw.note(say("staff.review.nothing"), kind="check")
    ordered = sorted(answered.items(), key=lambda item: -max(one.verdict for _, one in item[1]))
    for number, (contraindication, found) in enumerate(ordered, start=1):
        with st.container(key=f"card_finding_{contraindication}"):
            _finding(reviewed, number, contraindication, found)
    if unanswered:
        with st.container(key="card_unanswered"):
            _unanswered(reviewed, unanswered)


def _found(reviewed: Reviewed) -> tuple[Found, Found]:
    """Findings of all options by what was found. What is open about the product is settled by the product of the order."""
    answered: Found = {}
    unanswered: Found = {}
    for option, review in reviewed.file.options.items():
        for one in review.findings:
            if one.answer is None and one.is_gate:
                continue
            among = unanswered if one.answer is None else answered
            among.setdefault(one.contraindication, []).append((option, one))
    return answered, unanswered


def _finding(reviewed: Reviewed, number: int, contraindication: str, found: list[tuple[str, Finding]]) -> None:
    strictest = max((one for _, one in found), key=lambda one: one.verdict)
    options = tuple(option for option, _ in found)
    item = Item(strictest.verdict.word, contraindication, strictest.question, strictest.answer, options)
    draw.html(examiner.finding_block(reviewed.consultation, number, item))
    _said(reviewed, contraindication)
    book = core_access.rulebook()
    if not any(exam.can_be_lifted(one, book) for _, one in found):
        draw.html(tag("p", say("staff.review.stays"), cls="mc-small"))
    elif reviewed.signer.licence is not None:
        words = book.questions[strictest.question].words.staff
        _word_form(reviewed, contraindication, [contraindication], words, options)


def _said(reviewed: Reviewed, contraindication: str) -> None:
    """Every word on it so far, the last one first."""
    told = [one for one in reversed(reviewed.file.rulings) if one.contraindication == contraindication]
    if told:
        draw.html(*[tag("p", _ruling_words(reviewed, one), cls="mc-small") for one in told])


def _ruling_words(reviewed: Reviewed, one: Ruling) -> str:
    book = core_access.rulebook()
    options = ", ".join(book.options[option].name for option in one.options if option in book.options)
    name = reviewed.name(one.signed.person_id)
    if one.valid_until is None:
        return say("staff.review.said_refused", options=options, note=one.note, name=name)
    until = short_date(one.valid_until)
    if one.valid_until < signing.today():
        until = f"{until} ({say('staff.review.lapsed')})"
    word = say(f"staff.review.said_word.{one.word}")
    return say("staff.review.said", word=word, options=options, day=until, note=one.note, name=name)


def _unanswered(reviewed: Reviewed, unanswered: Found) -> None:
    book = core_access.rulebook()
    names = ", ".join(book.questions[one].words.staff for one in unanswered)
    draw.html(tag("h3", say("staff.review.settled"), cls="mc-question"), tag("p", names, cls="mc-small"))
    for one in unanswered:
        _said(reviewed, one)
    if reviewed.signer.licence is not None:
        options = tuple(dict.fromkeys(option for found in unanswered.values() for option, _ in found))
        _word_form(reviewed, "unanswered", list(unanswered), say("staff.review.settled"), options)


def _word_form(reviewed: Reviewed, name: str, named: Sequence[str], words: str, options: tuple[str, ...]) -> None:
    book = core_access.rulebook()
    with st.form(f"word_{name}", border=False, clear_on_submit=True):
        word = st.pills(
            say("staff.review.word_question", finding=words),
            list(Word),
            format_func={one: say(f"staff.review.word.{one}") for one in Word}.__getitem__,
            key=f"tap_word_{name}",
            width="stretch",
        )
        chosen = list(options)
        if len(options) > 1:
            chosen = st.pills(
                say("staff.review.options_question"),
                list(options),
                default=list(options),
                selection_mode="multi",
                format_func={one: book.options[one].name for one in book.ranked}.__getitem__,
                key=f"tap_options_{name}",
                width="stretch",
            )
        note = st.text_input(say("staff.review.note"), max_chars=2000, key=f"note_{name}")
        pressed = st.form_submit_button(say("staff.review.sign_word"), key=f"sign_word_{name}")
    if pressed:
        _sign_word(reviewed, name, named, word, note, chosen)


def _sign_word(
    reviewed: Reviewed, name: str, named: Sequence[str], word: Word | None, note: str, options: Sequence[str]
) -> None:
    """Without a tap on a word there is nothing to sign; the form says what it lacks through the core's own refusal."""
    if word is None:
        draw.note(say("staff.review.word_question", finding=name))
        return
    signing.do(
        f"word_{reviewed.file.draft.id}_{name}",
        lambda key: exam.rule_on(
            signed_in.store(),
            reviewed.signer.person,
            reviewed.file.draft.id,
            named,
            word,
            note,
            reviewed.signer.state,
            core_access.rulebook(),
            signing.now(),
            signing.today(),
            key,
            options=options,
            product_id=st.session_state.get(PRODUCT) or None,
        ),
        say("staff.review.kept"),
    )


# --- exam -----------------------------------------------------------------------------------------------------------


def the_exam(reviewed: Reviewed) -> None:
    """The exam on file, and a form for a new one."""
    with st.container(key="card_exam"):
        shell.section(say("staff.review.exam"), say("staff.review.exam_lead"))
        _exam_on_file(reviewed)
        if reviewed.signer.licence is not None:
            _exam_form(reviewed)


def _exam_on_file(reviewed: Reviewed) -> None:
    found = reviewed.file.exam
    if found is None:
        draw.note(say("staff.review.exam_missing"), kind="ask")
        return
    told = say(
        "staff.review.exam_told",
        how=say(f"staff.review.how_words.{found.how}"),
        day=short_date(found.examined_on),
        until=short_date(found.valid_until),
        name=reviewed.name(found.signed.person_id),
        number=found.signed.licence_number,
        state=found.signed.state,
    )
    lines = [told]
    if found.how is How.ELSEWHERE:
        lines.append(
            say(
                "staff.review.exam_elsewhere",
                examiner=found.examiner,
                licence=found.examiner_licence,
                source=found.source,
            )
        )
    if found.valid_until < signing.today():
        lines.append(say("staff.review.exam_past", until=short_date(found.valid_until)))
    if found.draft_id == reviewed.file.draft.id and found.answers_revision != reviewed.file.draft.revision:
        lines.append(say("staff.review.answers_since"))
    draw.html(*[tag("p", line, cls="mc-small") for line in [*lines, found.note] if line])


def _exam_form(reviewed: Reviewed) -> None:
    with st.container(key="tap_how"):
        how = st.pills(
            say("staff.review.how"),
            list(How),
            format_func={one: say(f"staff.review.how_words.{one}") for one in How}.__getitem__,
            key="exam_how",
            width="stretch",
        )
    if how is None:
        return
    with st.form("exam", border=False):
        day = st.date_input(
            say("staff.review.examined_on"), value=signing.today(), key="examined_on", format="YYYY-MM-DD"
        )
        fields = ("examiner", "examiner_licence", "source") if how is How.ELSEWHERE else ()
        typed = {name: st.text_input(say(f"staff.review.{name}"), max_chars=200, key=f"exam_{name}") for name in fields}
        note = st.text_input(say("staff.review.exam_note"), max_chars=2000, key="exam_note")
        with st.container(key="main_exam"):
            pressed = st.form_submit_button(say("staff.review.sign_exam"), key="sign_exam")
    if pressed and isinstance(day, date):
        new = NewExam(how, day, note, **typed)
        signing.do(
            f"exam_{reviewed.file.draft.id}",
            lambda key: exam.sign_exam(
                signed_in.store(),
                reviewed.signer.person,
                reviewed.file.draft.id,
                new,
                reviewed.signer.state,
                core_access.rulebook(),
                signing.now(),
                signing.today(),
                key,
            ),
            say("staff.review.kept"),
        )


# --- order ----------------------------------------------------------------------------------------------------------


def the_order(reviewed: Reviewed) -> None:
    """Orders on file, the standing orders that this client's answers ask for, and a form for a new order."""
    with st.container(key="card_order"):
        shell.section(say("staff.review.order"), say("staff.review.order_lead"))
        _standing(reviewed)
        products = {one.id: one for one in exam.list_products(core_access.store())}
        for order in reviewed.file.orders:
            _order_on_file(reviewed, order)
        if reviewed.signer.licence is not None:
            _order_form(reviewed, products)
            _revoke_form(reviewed)


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
    lines = [told, order.note, say("staff.review.order_ended", ended=order.terms.ended) if order.terms.ended else ""]
    muted = "mc-small muted" if order.terms.ended else "mc-small"
    draw.html(*[tag("p", line, cls=muted) for line in lines if line])


def _order_form(reviewed: Reviewed, products: dict[str, Product]) -> None:
    book = core_access.rulebook()
    with st.container(key="tap_order_option"):
        option = st.pills(
            say("staff.review.option"),
            list(book.ranked),
            format_func={one: book.options[one].name for one in book.ranked}.__getitem__,
            key="order_option",
            width="stretch",
        )
    if option is None:
        return
    product = _product(option, products)
    wanted = exam.Wanted(option, signing.today(), products.get(product or ""))
    approved = not core_access.training_only()
    lines = exam.order_blocks(wanted, reviewed.file.exam, reviewed.file.options[option], approved, book)
    if lines:
        draw.html(
            tag("p", say("staff.review.order_blocks"), cls="mc-question"),
            *[tag("p", draw.icon("ask"), tag("span", line), cls="mc-note") for line in lines],
        )
        return
    _order_fields(reviewed, option, product)


def _product(option: str, products: dict[str, Product]) -> str | None:
    kind = exam.product_kind(option, core_access.rulebook())
    usable = [one.id for one in products.values() if one.kind == kind and one.usable(signing.today())]
    if not kind:
        st.session_state.pop(PRODUCT, None)
        return None

    found = [products[one] for one in usable]
    words = {one.id: say("staff.review.product_line", name=one.name, lot=one.lot, maker=one.maker) for one in found}
    words[""] = say("staff.review.no_product")
    label = say("staff.review.product")
    return st.selectbox(label, ["", *usable], format_func=words.__getitem__, key=PRODUCT) or None


def _order_fields(reviewed: Reviewed, option: str, product: str | None) -> None:
    book = core_access.rulebook()
    standing = [one for one in reviewed.file.orders if not one.terms.ended and one.terms.option == option]
    latest = signing.today() + timedelta(days=book.exam.order_days)
    if reviewed.file.exam is not None:
        latest = min(latest, reviewed.file.exam.valid_until)
    with st.form("order", border=False):
        area = st.text_input(
            say("staff.review.area"), placeholder=say("staff.review.area_example"), max_chars=200, key="order_area"
        )
        with st.container(key="twin_order", horizontal=True, gap="medium"):
            deepest = book.exam.deepest_tenths_mm / 10
            depth = st.number_input(
                say("staff.review.depth"), 0.1, deepest, value=None, step=0.1, format="%.1f", key="order_depth"
            )
            sessions = st.number_input(
                say("staff.review.sessions"), 1, book.exam.most_sessions, value=None, key="order_sessions"
            )
        delegates = {licence: _delegate(reviewed, licence) for licence in exam.licences_needed(option, book)}
        until = st.date_input(
            say("staff.review.until"),
            value=latest,
            min_value=signing.today(),
            max_value=latest,
            key="order_until",
            format="YYYY-MM-DD",
        )
        note = st.text_input(say("staff.review.order_note"), max_chars=2000, key="order_note")
        replaces = st.checkbox(say("staff.review.replaces"), value=True, key="order_replaces") if standing else False
        with st.container(key="main_order"):
            pressed = st.form_submit_button(say("staff.review.sign_order"), key="sign_order")
    if pressed:
        tenths = round((depth or 0) * 10)
        day = until if isinstance(until, date) else None
        new = NewOrder(option, area, tenths, int(sessions or 0), delegates, product, day, note)
        _sign_order(reviewed, new, standing[0].id if replaces else None)


def _delegate(reviewed: Reviewed, licence: str) -> str:
    """Colleagues with that licence in the state of the signature."""
    state = reviewed.signer.state
    able = {"": say("staff.review.nobody")} | {
        one.id: one.shown_name
        for one in list_people(core_access.store())
        if not one.disabled and any(held.kind == licence and held.state == state for held in one.licences)
    }
    return st.selectbox(
        say("staff.review.delegate", licence=say(f"staff.review.licence.{licence}")),
        list(able),
        format_func=able.__getitem__,
        key=f"delegate_{licence}",
    )


def _sign_order(reviewed: Reviewed, new: NewOrder, replaces: str | None) -> None:
    signing.do(
        f"order_{reviewed.file.draft.id}_{new.option}",
        lambda key: exam.sign_order(
            signed_in.store(),
            reviewed.signer.person,
            reviewed.file.draft.id,
            new,
            reviewed.signer.state,
            core_access.rulebook(),
            signing.now(),
            signing.today(),
            key,
            replaces=replaces,
        ),
        say("staff.review.kept"),
    )


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
        lambda _: exam.revoke_order(signed_in.store(), reviewed.signer.person, order_id, why, signing.now()),
        say("staff.review.kept"),
    )
