"""What the pages of owner, director and manager share: the banner about backups, ages and sizes, the way to the password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

import streamlit as st

from medspa_core import access
from medspa_core.access import Role
from medspa_core.records.backups import nightly_run
from medspa_core.records.backups.nightly_run import Kind, Outcome, Run, Standing
from views.context import core_access, environment
from views.context.words import cut_short, say
from views.elements import draw
from views.session import signed_in

TOLD = frozenset({Role.OWNER, Role.MANAGER, Role.MEDICAL_DIRECTOR})


def banner(*, never: bool = True) -> None:
    """What the owner, a manager or the director must know about the records' safety; nothing where all is well.

    `never`: also while there is no backup yet, as in a practice of the first day.
    """
    who = signed_in.person()
    if who is None or signed_in.on_trial() or not who.roles & TOLD:
        return
    found = standing()
    lines = warnings(found, environment.now())
    if lines and (never or found.last is not None):
        with st.container(key="mist_safe"):
            for line in lines:
                draw.note(line, kind="flag")


def standing() -> Standing:
    """How safe the records are at this moment."""
    return nightly_run.standing(core_access.store(), environment.settings().home, environment.now())


def warnings(found: Standing, now: datetime) -> list[str]:
    """One sentence for each thing to worry about."""
    lines = []
    if found.last is None:
        lines.append(say("staff.safe.never"))
    elif found.too_old:
        lines.append(say("staff.safe.too_old", age=age(now - found.last.proven_at)))
    if found.failed is not None:
        lines.append(say("staff.safe.failed", why=" ".join(found.failed.lines)))
    if found.short_of_room:
        lines.append(say("staff.safe.short", room=size(found.free_bytes)))
    if found.verified is not None and found.verified.outcome is Outcome.FOUND:
        lines.append(say("staff.safe.wrong"))
    return lines


def age_line() -> None:
    """The age of the last backup that counts, as one quiet line."""
    who = signed_in.person()
    if who is None or not who.roles & TOLD:
        return
    last = standing().last
    if last is not None:
        draw.html(draw.tag("p", say("staff.safe.age", age=age(environment.now() - last.proven_at)), cls="mc-help"))


def age(span: timedelta) -> str:
    """35 minutes, 5 hours, 3 days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 120:
        return say("staff.safe.minutes", number=minutes)
    if minutes < 2880:
        return say("staff.safe.hours", number=minutes // 60)
    return say("staff.safe.days", number=minutes // 1440)


def size(number: int) -> str:
    """1.4 GB, 380 kB."""
    for unit, bytes_of_it in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if number >= bytes_of_it:
            return f"{number / bytes_of_it:.1f} {unit}"
    return f"{number} B"


def moment(at: datetime) -> str:
    """Nov 22, 2026, 09:42, on the tablet's clock."""
    here = environment.local(at)
    return f"{cut_short(here.date(), year=True)}, {here:%H:%M}"


def password_is_due() -> bool:
    """Was the password given too long ago for what needs it just before?"""
    found = signed_in.sign_in()
    return found is None or not access.stepped_up(found, core_access.now())


def password_link(back: str) -> None:
    """The way to the gate's own page, which asks for the password once more and comes `back` here. A password is never typed into
    a Streamlit page."""
    draw.way_out(say("staff.audit.password"), f"/step-up?next={quote(back, safe='')}", cls="mc-way mc-way-main")


def asks_for_the_password(back: str | Callable[[], str], why: str = "staff.client.password_due") -> bool:
    """Where the password is due: says why, and the way to give it. Whether it is."""
    due = password_is_due()
    if due:
        draw.note(say(why))
        password_link(back if isinstance(back, str) else back())
    return due


def last_check(when_never: str, words: Mapping[Outcome, str]) -> Run | None:
    """What the last check of all records found, as one line in these words; nothing comes back where none was ever finished."""
    run = nightly_run.last_run(core_access.store(), Kind.VERIFY)
    if run is None or run.outcome is None:
        draw.note(say(when_never), kind="clock")
        return None
    told = say(words[run.outcome], when=moment(run.began_at), number=len(run.lines), why=" ".join(run.lines))
    draw.note(told, kind="check" if run.outcome is Outcome.DONE else "flag")
    return run
