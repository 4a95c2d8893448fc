"""The next session of an order: what the order says, what still stands before it with what to do, and the form to record it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from medspa_core import exam
from medspa_core.access import Verb
from medspa_core.exam import Block, NewTreatment, OrderToDo, SignedLimit, TreatmentFile
from medspa_core.formats.typed_dates import NoDate
from medspa_core.formats.typed_number import Refused
from views.context import core_access, environment
from views.context.words import calm, plain, say, short_date
from views.elements import choice_field, draw, notices
from views.elements.date_field import EARLIEST, date_field
from views.elements.draw import Element, tag
from views.elements.number_field import tenths_field
from views.session import signed_in
from views.staff import lists, signing
from views.staff.treatments import sessions_page

DRAWN, ASKED = "sessions_drawn", "session_asked"
OF_A_FIELD = (exam.Missing.DEPTH, exam.Missing.LOT)
"""What stands below its own field too; the field has the name of the kind."""
LONGEST = {"lot": 200, "amount": 100, "note": 2000}


def next_session(file: TreatmentFile) -> None:
    """One card: the order, and what stands before the next session or the form for it."""
    if not signed_in.allows(Verb.CHANGE_CLIENTS):
        draw.note(say("staff.sessions.reading"))
        return
    with st.container(key="card_session"):
        if not file.orders:
            draw.html(*_stands(file.missing))
            return
        todo = _chosen(file.orders)
        _the_order(todo)
        _meanwhile(todo)
        today = environment.today()
        day = date_field(say("staff.sessions.day"), sessions_page.DAY, EARLIEST, today, today, needed=True)
        if isinstance(day, NoDate):
            return  # nothing is recorded for another day than the one that was meant
        if todo.done >= todo.order.terms.sessions:
            draw.note(say("staff.sessions.all_done", total=todo.order.terms.sessions), kind="check")
        elif todo.blocks:
            draw.html(*_stands(todo.blocks))
        else:
            _form(file, todo)


def _chosen(orders: Sequence[OrderToDo]) -> OrderToDo:
    """The order it was done under; with several, they say which."""
    if len(orders) == 1:
        return orders[0]
    names = {one.order.id: _name(one) for one in orders}
    with st.container(key="tap_session_order"):
        label, default = say("staff.sessions.which_order"), orders[0].order.id
        chosen = choice_field.as_pills(label, names, "session_order", default=default)
    return next((one for one in orders if one.order.id == chosen), orders[0])


def _name(todo: OrderToDo) -> str:
    area, total = plain(todo.order.area), todo.order.terms.sessions
    return say("staff.sessions.order_words", option=_option(todo), area=area, done=todo.done, total=total)


def _option(todo: OrderToDo) -> str:
    return core_access.rulebook().options[todo.order.terms.option].name


def _the_order(todo: OrderToDo) -> None:
    done = say("staff.sessions.done_of", done=todo.done, total=todo.order.terms.sessions)
    draw.html(
        tag("h2", say("staff.sessions.order"), cls="mc-section"),
        tag("p", done, cls="mc-strong"),
        *(tag("p", line, cls="mc-small", dir="auto") for line in [_what(todo), *_by_whom(todo), *_with_what(todo)]),
        *(draw.note_of(line, "flag") for line in _limits(todo)),
    )


def _what(todo: OrderToDo) -> str:
    return say(
        "staff.sessions.order_told",
        option=_option(todo),
        area=calm(todo.order.area),
        depth=f"{todo.order.depth_tenths_mm / 10:g}",
        until=short_date(todo.order.terms.valid_until),
    )


def _limits(todo: OrderToDo) -> list[str]:
    """What the clinician's signed limits ask of this treatment, in the clinician's words. Where the order was signed beyond one
    it says so: a limit that the order breaks would leave who treats to guess which of the two counts."""
    names = signing.names()
    return [
        say(
            _limit_key(one, todo),
            note=calm(one.note),
            name=names.get(one.signed.person_id, ""),
            day="" if one.valid_until is None else short_date(one.valid_until),
        )
        for one in todo.limits
    ]


def _limit_key(one: SignedLimit, todo: OrderToDo) -> str:
    if exam.signed_beyond(one, todo.order):
        return "staff.sessions.order_beyond_exam" if one.of_exam else "staff.sessions.order_beyond"
    return "staff.review.limit_of_exam" if one.of_exam else "staff.review.limit"


def _by_whom(todo: OrderToDo) -> list[str]:
    signed = todo.order.signed
    who = signing.names().get(signed.person_id, "")
    delegates = [
        say(
            "staff.sessions.delegate",
            licence=say(f"staff.people.licence.{kind}"),
            name=one.name,
            number=one.licence_number,
        )
        for kind, one in todo.order.terms.delegates.items()
    ]
    return [*delegates, say("staff.sessions.order_by", name=who, number=signed.licence_number, state=signed.state)]


def _with_what(todo: OrderToDo) -> list[str]:
    lines = []
    if todo.product is not None:
        lines.append(say("staff.sessions.product", name=calm(todo.product.name), maker=calm(todo.product.maker)))
    if todo.order.note:
        lines.append(say("staff.sessions.order_note", note=calm(todo.order.note)))
    return lines


def _meanwhile(todo: OrderToDo) -> None:
    """Another tablet recorded a session since this page was drawn: that is said, or somebody records it once more."""
    drawn: dict[str, int] = st.session_state.setdefault(DRAWN, {})
    if drawn.get(todo.order.id, todo.recorded) != todo.recorded:
        draw.note(say("staff.sessions.meanwhile"), kind="flag")
    drawn[todo.order.id] = todo.recorded


def _stands(blocks: Sequence[Block]) -> list[Element]:
    """Each thing that stands before the session in one line, with what to do next."""
    told = ((one.line, say(f"staff.sessions.next.{one.kind}")) for one in blocks)
    notes = [tag("p", draw.icon("ask"), tag("span", tag("b", line), " ", ahead), cls="mc-note") for line, ahead in told]
    return [tag("p", say("staff.sessions.stands"), cls="mc-question"), *notes]


def _form(file: TreatmentFile, todo: OrderToDo) -> None:
    """Its keys carry which session it is: once that is recorded, a second tap finds no button left."""
    order = todo.order
    mine = f"{order.id}-{todo.recorded + 1}"
    with st.form(f"session_{mine}", border=False):
        heading = say("staff.sessions.form", number=todo.done + 1, total=order.terms.sessions)
        draw.html(tag("h2", heading, cls="mc-section"))
        with st.container(key=f"twin_who_{mine}", horizontal=True, gap="medium"):
            steps = {step: _who(todo, step, mine) for step in todo.who}
        with st.container(key=f"twin_used_{mine}", horizontal=True, gap="medium"):
            depth = _depth(todo, mine)
            lot, amount = (_typed(what, mine) if todo.product is not None else "" for what in ("lot", "amount"))
            note = _typed("note", mine)
        pressed = lists.send(f"session_{mine}", say("staff.sessions.record"), key=f"record_{mine}")
    if isinstance(depth, Refused):
        return  # its field says why
    named = {step: who for step, who in steps.items() if who}
    option, product = order.terms.option, order.terms.product_id
    new = NewTreatment(option, sessions_page.day(), named, product, lot, note, order.id, depth, amount)
    if pressed:
        _record(file, new, mine)
    _one_more_that_day(file, new, mine)


def _depth(todo: OrderToDo, mine: str) -> int | Refused | None:
    """In tenths of a millimetre. What no needle does is refused at the field, what lies beyond the order beside the button."""
    label = say("staff.sessions.depth", depth=f"{todo.order.depth_tenths_mm / 10:g}")
    deepest = core_access.rulebook().exam.deepest_tenths_mm
    key, form = f"session_depth_{mine}", f"session_{mine}"
    draw_it = partial(tenths_field, label, key, "millimetres", 1, deepest)
    return notices.field("place_session_depth", form, "depth", draw_it)


def _who(todo: OrderToDo, step: str, mine: str) -> str:
    """Who did one step: only those who can be recorded for it are there to choose."""
    able = {"": say("staff.sessions.nobody")} | {one.id: calm(one.shown_name) for one in todo.who[step]}
    words = core_access.rulebook().protocol.steps[step].meaning
    label = say("staff.sessions.step", step=words)
    return choice_field.in_a_list(label, able, f"session_{step}_{mine}")


def _typed(what: str, mine: str) -> str:
    label = say(f"staff.sessions.{what}", unit=exam.UNIT)
    key, form = f"session_{what}_{mine}", f"session_{mine}"
    draw_it = partial(st.text_input, label, max_chars=LONGEST[what], key=key)
    typed = notices.field(f"place_session_{what}", form, what, draw_it)
    return typed if what != "amount" else exam.with_unit(typed)


def _record(file: TreatmentFile, new: NewTreatment, key: str) -> None:
    """What stands against it is told, and where the client was treated on that day already, that is asked about first."""
    person, book = signed_in.person(), core_access.rulebook()
    if person is None:
        return
    stands = exam.blocks_now(signed_in.store(), person, file.draft.id, new, book)
    if stands:
        words = {one: f"{one.line} {say(f'staff.sessions.next.{one.kind}')}" for one in stands}
        of_fields = {str(one.kind): text for one, text in words.items() if one.kind in OF_A_FIELD}
        notices.refuse(signing.PLACE, "\n".join(words.values()), of_fields, f"session_{key}")
        st.rerun()
    if exam.is_treated_on(signed_in.store(), person, file.draft.id, new.done_on):
        st.session_state[ASKED] = (key, new)
        return
    _keep(file, new, key)


def _one_more_that_day(file: TreatmentFile, new: NewTreatment, key: str) -> None:
    """The question, as long as the form says what it was asked about. A second tap on the form's own button is no yes."""
    if st.session_state.get(ASKED) != (key, new):
        return
    with st.container(key="one_more", gap="xsmall"):
        draw.refused(say("staff.sessions.one_more", day=short_date(new.done_on)))
        pressed = lists.quiet(f"one_more_{key}", say("staff.sessions.one_more_yes"))
    if pressed:
        _keep(file, replace(new, one_more_that_day=True), key)


def _keep(file: TreatmentFile, new: NewTreatment, key: str) -> None:
    """The session's own number is its key: two taps, or two tablets that say the same, record it once."""
    st.session_state.pop(ASKED, None)
    st.session_state.get(DRAWN, {}).pop(new.order_id, None)
    given = new, core_access.rulebook(), core_access.now(), environment.today(), key
    signing.do(f"session_{key}", "staff.sessions.kept", exam.record_treatment, file.draft.id, *given)
