"""The parts of the page "Records and backups": the list, one now, the way back, the check, the code outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from medspa_core import access
from medspa_core.access import AccessRefused, Verb
from medspa_core.records import AuditRefused, Backup, Store, StoreProblem
from medspa_core.records.audit.log import short_code
from medspa_core.records.backups import nightly_run
from medspa_core.records.backups.backup import list_backups
from medspa_core.records.backups.nightly_run import Kind, Outcome
from medspa_core.records.backups.restoring import may_be_replaced, restore_in_place
from medspa_core.records.database.store_location import FilePlace
from views.context import core_access, environment
from views.context.words import say
from views.elements import choice_field, draw, notices
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in
from views.staff import management_notices

PLACE = "store"
CHECKED = {
    Outcome.DONE: "staff.store.sound",
    Outcome.FOUND: "staff.store.wrong",
    Outcome.FAILED: "staff.store.check_failed",
}


def backups() -> None:
    """What there is, how it is kept, and a button for one more."""
    plan = core_access.night_plan()
    found = list_backups(plan.backups, core_access.store().keys)
    with st.container(key="card_backups"):
        shell.section(
            say("staff.store.backups"), say("staff.store.backups_help", keep=plan.keep, folder=str(plan.backups))
        )
        management_notices.age_line()
        if _on_the_same_disk(plan.backups):
            draw.note(say("staff.store.same_disk"))
        with st.container(key="main_make", width="content"):
            if st.button(say("staff.store.make"), key="make_backup"):
                _do("making", _made)
        notices.show(PLACE)
        if found:
            draw.html(draw.table([_row(one) for one in found]))
        else:
            draw.html(tag("p", say("staff.store.none"), cls="mc-lead"))


def _row(one: Backup) -> dict[str, object]:
    return {
        say("staff.store.when"): management_notices.moment(one.made_at),
        say("staff.store.size"): management_notices.size(one.bytes),
        say("staff.store.rows"): f"{one.audit_seq:,}",
        say("staff.store.name"): one.folder.name,
    }


def _on_the_same_disk(folder: Path) -> bool:
    home = environment.settings().home
    return nightly_run.nearest_there(folder).stat().st_dev == nightly_run.nearest_there(home).stat().st_dev


def _made(store: Store) -> str:
    run = nightly_run.do_now(store, Kind.BACKUP, core_access.night_plan())
    key = "made" if run.outcome is Outcome.DONE else "make_failed"
    return say(f"staff.store.{key}", name=" ".join(run.lines), why=" ".join(run.lines))


def restore() -> None:
    """One page for the way back: which backup, yes, and the switch. What was there is kept."""
    store, plan = core_access.store(), core_access.night_plan()
    with st.container(key="card_restore"):
        on_file = isinstance(store.place, FilePlace)
        shell.section(
            say("staff.store.restore"),
            say("staff.store.restore_help" if on_file else "staff.store.restore_help_server"),
        )
        if not may_be_replaced(store):
            draw.note(say("staff.store.on_server", folder=str(plan.backups)))
            return
        found = [(one, _row(one)) for one in list_backups(plan.backups, store.keys)]
        names = {one.folder.name: ", ".join(map(str, [*row.values()][:2])) for one, row in found}
        if not names:
            draw.html(tag("p", say("staff.store.none"), cls="mc-help"))
            return
        chosen = choice_field.in_a_list(say("staff.store.which"), names, "restore_which")
        sure = st.checkbox(say("staff.store.sure"), key=f"restore_sure_{chosen}")
        if st.button(say("staff.store.restore_now"), key="restore_now", disabled=not sure):
            _do("restoring", lambda store: _restored(store, plan.backups / chosen), failed="restore_refused")


def _restored(store: Store, folder: Path) -> str:
    """Everything stands as it did then, the notices of this page too: there is nothing more to say."""
    restore_in_place(store, folder, store.doer)
    return ""


def check() -> None:
    """The last check of everything, and a button for one more."""
    with st.container(key="card_check"):
        shell.section(say("staff.store.checks"), say("staff.store.check_help"))
        run = management_notices.last_check("staff.store.never_checked", CHECKED)
        if run is not None and run.outcome is Outcome.FOUND:
            draw.html(tag("ul", *(tag("li", line) for line in run.lines), cls="mc-small"))
        if st.button(say("staff.store.check"), key="check_now"):
            _do("checking", _checked)


def _checked(store: Store) -> str:
    """Checks everything; what was found stands on the card, so there is nothing more to say."""
    nightly_run.do_now(store, Kind.VERIFY, core_access.night_plan())
    return ""


def head_outside() -> None:
    """Where the end of the log is noted a second time, and its code for paper."""
    store, settings = core_access.store(), environment.settings()
    try:
        noted = store.second_head()
    except AuditRefused as problem:
        draw.note(str(problem), kind="flag")
        noted = None
    with st.container(key="card_head"):
        shell.section(say("staff.store.head"))
        where = str(settings.head)
        seq = noted.seq if noted is not None else 0
        line = say("staff.store.head_none" if noted is None else "staff.store.head_line", seq=seq, folder=where)
        room = say("staff.store.room", room=management_notices.size(management_notices.standing().free_bytes))
        code = say("staff.store.head_code", code=short_code(store.head()))
        draw.html(*(tag("p", one, cls="mc-small") for one in (line, code, room)))


def _do(meanwhile: str, do: Callable[[Store], str], failed: str = "make_failed") -> None:
    """The right and the password are asked for here, where the work is done; a problem is said, and nothing changed."""
    with st.spinner(say(f"staff.store.{meanwhile}")):
        try:
            access.require_now(signed_in.sign_in(), Verb.MANAGE_PEOPLE, core_access.now())
            notices.keep(PLACE, do(signed_in.store()))
        except (AccessRefused, StoreProblem) as problem:
            notices.refuse(PLACE, say(f"staff.store.{failed}", why=str(problem)))
    st.rerun()
