"""What waits for who is signed in, by their roles and at their locations: a line each, and the page that shows just those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import streamlit as st

from medspa_core import access, clients, exam, offer
from medspa_core.access import Person, Verb
from medspa_core.clients import consultations
from medspa_core.exam import Waits
from medspa_core.records import DraftLine
from views.context import core_access, environment
from views.context.words import counted, entry, say
from views.elements import draw
from views.frame import shell
from views.session import signed_in
from views.staff import management_notices

LIST = "home_list"
UNDECIDED = "undecided"


@dataclass(frozen=True)
class Line:
    """So many of one kind, and where they are. `kind` of the page Reviews; `here`: they are listed on this very page."""

    name: str
    number: int
    page: str
    kind: Waits | None = None
    here: str = ""


def what_waits() -> None:
    """A button for each kind that waits; a calm word where nothing does. Nothing during the trial: nobody is there yet."""
    who = signed_in.person()
    if who is None or signed_in.on_trial():
        return
    lines = [line for line in _lines(who) if line.number]
    with st.container(key="card_waits", gap="small"):
        shell.section(say("staff.start.waits"))
        if not lines:
            draw.html(draw.tag("p", say("staff.start.nothing"), cls="mc-small"))
            return
        with st.container(key="bar_waits", horizontal=True):
            for line in lines:
                _button(line)


def _button(line: Line) -> None:
    words = counted(f"staff.start.line.{line.name}", line.number)
    pressed = st.button(words, key=f"waits_{line.name}", icon=":material/arrow_forward:", icon_position="right")
    if not pressed:
        return
    if line.here:
        st.session_state[LIST] = line.here
        st.rerun()
    if line.kind is not None:
        st.session_state["review_kind"] = line.kind
    shell.go(line.page)


def _lines(who: Person) -> Iterator[Line]:
    if signed_in.allows(Verb.SIGN_REVIEW):
        found = exam.waiting_counts(signed_in.store(), who, core_access.rulebook(), environment.today())
        for kind in (Waits.EXAM, Waits.WORD, Waits.ORDER):
            yield Line(str(kind), found[kind], "review", kind)
    if signed_in.allows(Verb.READ_CLIENTS):
        yield Line(UNDECIDED, len(undecided()), "home", here=UNDECIDED)
    if signed_in.allows(Verb.APPROVE_RULEBOOK):
        yield Line("rulebook", int(core_access.training_only()), "approval")
        yield Line("lots", len(offer.entered_waiting(signed_in.store(), who)), "approval")
    if signed_in.allows(Verb.PURGE):
        theirs = [
            one for one in clients.proposals(signed_in.store(), who) if one.proposed_by != who.id and not one.held
        ]
        yield Line("erasures", len(theirs), "kept")
    if signed_in.allows(Verb.SET_OFFER):
        yield Line("prices", int(offer.latest_offer(core_access.store()) is None), "offer")
        yield Line("product", int(not _has_a_product(who)), "offer")
    if signed_in.allows(Verb.MANAGE_PEOPLE):
        places = access.list_locations(signed_in.store())
        yield Line("state", sum(not one.state for one in places), "people")
        yield Line("licence", int(not _somebody_signs()), "people")
        yield Line("backup", int(management_notices.standing().last is None), "store")


def _somebody_signs() -> bool:
    """Whether anybody who signs reviews has a medical licence on file that counts today: without it nothing is ordered."""
    on = environment.today()
    signing = [one for one in access.list_people(signed_in.store()) if access.may(one, Verb.SIGN_REVIEW)]
    return any(held.kind == "medical" and held.valid_on(on) for one in signing for held in one.licences)


def _has_a_product(who: Person) -> bool:
    on = environment.today()
    waiting = (one.product.kind for one in offer.entered_waiting(signed_in.store(), who))
    usable = (one.kind for one in exam.list_products(core_access.store()) if one.usable(on))
    return "exosome_product" in (*waiting, *usable)


def undecided() -> list[DraftLine]:
    """Talks of late that ended without a treatment chosen, the newest of each client."""
    hands = signed_in.hands()
    if hands is None:
        return []
    today = environment.today()
    since = today - timedelta(days=entry("staff.start.undecided_days"))
    return consultations.list_undecided(*hands, since, today)
