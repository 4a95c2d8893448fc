"""The parts of the page "Who saw what": the question, the lines of the log, the file, and the state of the log itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from medspa_core import access, access_log_report
from medspa_core.access import AccessRefused, SignIn
from medspa_core.access_log_report import About, Asked, Line, Record, Report
from medspa_core.formats.typed_dates import NoDate
from medspa_core.records import Store
from medspa_core.records.audit.log import short_code
from medspa_core.records.backups.nightly_run import Outcome
from views.context import core_access, environment
from views.context.words import counted, entry, say
from views.elements import choice_field, draw
from views.elements.date_field import EARLIEST, date_field
from views.elements.draw import Element, tag
from views.session import downloads, signed_in
from views.staff import management_notices

SHOWN = 200
FIELDS_SHOWN = 6
DAYS_AT_FIRST = 30
CHAIN = {
    Outcome.DONE: "staff.audit.chain_sound",
    Outcome.FOUND: "staff.audit.chain_wrong",
    Outcome.FAILED: "staff.audit.chain_failed",
}
WHICH = {
    About.PERSON: ("none", "which_person"),
    About.DEVICE: ("no_tablet", "which_device"),
    About.SIGN_IN: ("no_sign_in", "which_sign_in"),
}
"""What is said where there is nobody and nothing to choose, and what is asked."""


def question() -> Asked | None:
    """What is asked, or nothing while something is missing; then a line says what."""
    with st.container(key="card_asked"):
        modes = {about.value: say(f"staff.audit.about.{about}") for about in About}
        about = About(choice_field.in_a_list(say("staff.audit.mode"), modes, "audit_about"))
        today = environment.today()
        with st.container(key="bar_dates", horizontal=True):
            begins = today - timedelta(days=DAYS_AT_FIRST)
            first = date_field(say("staff.audit.from"), "audit_from", EARLIEST, today, begins, needed=True)
            last = date_field(say("staff.audit.to"), "audit_to", EARLIEST, today, today, needed=True)
        if isinstance(first, NoDate) or isinstance(last, NoDate):
            return None
        if first > last:
            draw.note(say("staff.audit.dates"))
            return None
        start, end = environment.days(first, last)
        chosen = _record() if about is About.RECORD else _which(about, start, end)
    return None if chosen is None else Asked(about, chosen, start, end)


def _record() -> str | None:
    asker = signed_in.sign_in()
    names_too = asker is not None and access_log_report.sees_names(asker.person)
    label = say("staff.audit.typed_names" if names_too else "staff.audit.typed")
    typed = st.text_input(label, max_chars=100, key="audit_typed")
    if not typed.strip():
        return None
    found = access_log_report.find_records(signed_in.store(), asker, typed, core_access.now())
    if not found:
        draw.note(say("staff.audit.nothing_found"))
        return None
    return _choose("which_record", {one.id: _told(one) for one in found})


def _told(one: Record) -> str:
    key = "whole_client" if one.is_client else "one_visit"
    return say(f"staff.audit.{key}", name=one.name, when=management_notices.moment(one.when))


def _which(about: About, start: datetime, end: datetime) -> str | None:
    empty, words = WHICH[about]
    choices = _choices(about, start, end)
    if not choices:
        draw.note(say(f"staff.audit.{empty}"))
        return None
    return _choose(words, choices)


def _choices(about: About, start: datetime, end: datetime) -> dict[str, str]:
    """What can be asked about: id and name. In the log may stand who is no person of the practice."""
    store, words = core_access.store(), entry("staff.audit.known")
    if about is About.PERSON:
        strangers = {one: words.get(one, one) for one in access_log_report.unknown_people(store)}
        return access.shown_names(store) | strangers
    if about is About.DEVICE:
        return {one.id: one.label for one in access.list_devices(store)}
    begun = access_log_report.list_sign_ins(store, start, end)
    return {one.id: f"{one.person}, {management_notices.moment(one.started_at)}" for one in begun}


def _choose(words: str, names: dict[str, str]) -> str:
    key = f"audit_{words}"
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)
    return choice_field.in_a_list(say(f"staff.audit.{words}"), names, key)


def answer(asked: Asked) -> None:
    """The lines, what they come to, and the file."""
    report = access_log_report.audit_report(signed_in.store(), signed_in.sign_in(), asked, core_access.now())
    with st.container(key="card_answer"):
        if not report.lines:
            draw.html(tag("p", say("staff.audit.none"), cls="mc-lead"))
            return
        draw.html(*_totals(report))
        draw.html(draw.table([_row(line) for line in report.lines[:SHOWN]]))
        if len(report.lines) > SHOWN:
            draw.note(say("staff.audit.shown", number=SHOWN, lines=len(report.lines)))
        _file(asked)


def _totals(report: Report) -> list[Element]:
    help_lines = [say("staff.audit.encrypted" if report.encrypted else "staff.audit.on_server")]
    lines, seen, changed = len(report.lines), report.records_seen, report.records_changed
    if report.asked.about is About.RECORD:
        people = counted("staff.audit.people", report.people)
        was_changed = say("staff.audit.was_changed" if changed else "staff.audit.was_not_changed")
        total = say("staff.audit.total_record", lines=lines, people=people, changed=was_changed)
        help_lines.append(say("staff.audit.lists"))
    else:
        others = {"exports": report.exports, "refused": report.refused}
        total = say("staff.audit.total", lines=lines, seen=seen, changed=changed, **others)
    return [tag("p", total, cls="mc-strong"), *(tag("p", one, cls="mc-help") for one in help_lines)]


def _row(line: Line) -> dict[str, object]:
    did = say(f"staff.audit.action.{line.action}")
    refused = f" ({say(f'staff.audit.outcome.{line.outcome}')})" if line.outcome else ""
    who = line.person or entry("staff.audit.known").get(line.person_id) or say("staff.audit.unknown", id=line.person_id)
    return {
        say("staff.audit.when"): management_notices.moment(line.at),
        say("staff.audit.who"): ", ".join([who, *(one.replace("_", " ") for one in line.role.split(",") if one)]),
        say("staff.audit.did"): ": ".join(filter(None, (did, _what(line)))) + refused,
        say("staff.audit.on"): line.object_name or line.object,
        say("staff.audit.where"): line.device or line.device_id or say("staff.audit.no_device"),
    }


def _what(line: Line) -> str:
    """What was done, where the log says it; else which answers and details were changed, as staff read them."""
    if line.what or line.action not in ("U", "E"):
        return line.what
    words = list(dict.fromkeys(_field_words(one) for one in line.fields))
    shown, more = words[:FIELDS_SHOWN], len(words) - FIELDS_SHOWN
    return "; ".join([*shown, *([say("staff.audit.more_fields", number=more)] if more > 0 else [])])


def _field_words(name: str) -> str:
    """A question or a detail in words; what today's questions don't have any more stays as the log has it."""
    questions, details = core_access.rulebook().questions, entry("staff.audit.field")
    return questions[name].words.staff.rstrip("?. ") if name in questions else details.get(name, name)


def _file(asked: Asked) -> None:
    """The file is made on the tap, after its row in the log; for that the password was given just now."""
    if management_notices.password_is_due():
        draw.html(tag("p", say("staff.audit.file_help"), cls="mc-help"))
        management_notices.password_link("/audit")
        return

    def made(store: Store, asker: SignIn) -> str:
        try:
            return access_log_report.audit_report_csv(store, asker, asked, moment.now())
        except AccessRefused as problem:
            return say("staff.audit.file_refused", why=str(problem))

    moment, name = core_access.clock(), f"audit-{environment.today():%Y-%m-%d}.csv"
    downloads.button(say("staff.audit.file"), made, name, "text/csv", key="audit_file")


def chain() -> None:
    """When the log was checked, what was found, and its code for paper."""
    with st.container(key="card_chain"):
        draw.html(tag("h2", say("staff.audit.chain"), cls="mc-section"))
        management_notices.last_check("staff.audit.chain_never", CHAIN)
        code = short_code(core_access.store().head())
        draw.html(tag("p", say("staff.audit.chain_code", code=code), cls="mc-help"))
