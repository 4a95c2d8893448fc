"""The sessions that were recorded, newest first: what, when, who did which step, and a form to correct each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from medspa_core import exam
from medspa_core.access import Verb
from medspa_core.exam import Correction, Order, Treatment, TreatmentFile
from medspa_core.wording.of_entries import option_name
from medspa_core.wording.words import capital
from views.context import core_access, environment
from views.context.words import calm, clock_time, say, short_date
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in
from views.staff import signing


def recorded(file: TreatmentFile) -> None:
    """Every session of this consultation."""
    shell.section(say("staff.sessions.recorded"))
    if not file.treatments:
        draw.html(tag("p", say("staff.sessions.recorded_none"), cls="mc-small"))
    names, may_correct = signing.names(), signed_in.allows(Verb.CHANGE_CLIENTS)
    for one in reversed(file.treatments):
        with st.container(key=f"card_session_{one.id}", gap="small"):
            _session(one, file.ordered.get(one.order_id, 0), names)
            if may_correct and not one.struck:
                _correct(one)


def lines(treatments: Sequence[Treatment], orders: Sequence[Order]) -> None:
    """One line for each session."""
    total = {one.id: one.terms.sessions for one in orders}
    told = [tag("p", heading(one, total.get(one.order_id, 0)), cls="mc-small") for one in treatments]
    draw.html(*(told or [tag("p", say("staff.sessions.recorded_none"), cls="mc-small")]))


def heading(one: Treatment, total: int) -> str:
    """Microneedling, session 2 of 3, 12 June 2027."""
    option, day = option_name(core_access.rulebook(), one.option), short_date(one.done_on)
    key = "told_struck" if one.struck else "told"
    return say(f"staff.sessions.{key}", option=option, number=one.session, total=total, day=day)


def _session(one: Treatment, total: int, names: dict[str, str]) -> None:
    steps = core_access.rulebook().protocol.steps
    by = [
        say("staff.sessions.by", step=capital(steps[step].meaning), name=names.get(who, who))
        for step, who in one.steps
        if step in steps
    ]
    moment = environment.local(one.recorded_at)
    who = names.get(one.recorded_by, one.recorded_by)
    written = say("staff.sessions.recorded_by", name=who, day=short_date(moment.date()), time=clock_time(moment))
    lines = [". ".join(by) + ".", " ".join(_used(one)), calm(one.note), written]
    lines += [_correction(told, names) for told in one.corrections]
    muted = "mc-small muted" if one.struck else "mc-small"
    draw.html(
        tag("p", heading(one, total), cls="mc-strong"),
        *(tag("p", line, cls=muted, dir="auto") for line in lines if line),
    )


def _used(one: Treatment) -> list[str]:
    depth = one.depth_tenths_mm
    known = "staff.sessions.used_depth" if depth is not None else "staff.sessions.used_depth_unknown"
    used = [say(known, depth=f"{(depth or 0) / 10:g}")]
    if one.lot:
        used.append(say("staff.sessions.used_lot", lot=calm(one.lot)))
    if one.amount:
        amount = calm(one.amount)
        told = say("staff.sessions.amount_no_unit", amount=amount) if exam.has_no_unit(amount) else amount
        used.append(say("staff.sessions.used_amount", amount=told))
    return used


def _correction(told: Correction, names: dict[str, str]) -> str:
    what = " ".join(filter(None, (say("staff.sessions.struck_words") if told.struck else "", calm(told.what))))
    day = short_date(environment.local(told.at).date())
    return say("staff.sessions.correction", day=day, name=names.get(told.by, told.by), what=what, why=calm(told.why))


def _correct(one: Treatment) -> None:
    number = len(one.corrections)
    form = f"correct_{one.id}_{number}"
    with st.popover(say("staff.sessions.correct"), icon=":material/edit_note:"), st.form(form, border=False):
        draw.html(tag("p", say("staff.sessions.correct_help"), cls="mc-help"))
        what = st.text_input(say("staff.sessions.what"), max_chars=2000, key=f"right_{one.id}_{number}")
        why = st.text_input(say("staff.sessions.why"), max_chars=500, key=f"why_{one.id}_{number}")
        strike = st.checkbox(say("staff.sessions.strike"), key=f"strike_{one.id}_{number}")
        pressed = st.form_submit_button(say("staff.sessions.send_correction"), key=f"send_{one.id}_{number}")
    if pressed:
        given = one.id, what, why, core_access.now(), signing.key_of(form)
        signing.do(form, "staff.sessions.corrected", exam.correct_treatment, *given, strike=strike)
