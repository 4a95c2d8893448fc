"""The parts of the page What is kept: erasures that wait for the second person, and what is past its time.

The owner does not read clients: nothing here names anybody.
"""

from __future__ import annotations

import streamlit as st

from medspa_core import access, clients
from medspa_core.access import SignIn, Verb
from medspa_core.clients import Proposal
from medspa_core.clients.retention import Past, past_their_time, read_periods
from medspa_core.records import Store
from views.context import environment
from views.context.core_access import now
from views.context.words import calm, counted, say, short_date
from views.elements import draw
from views.frame import shell
from views.session import signed_in
from views.staff import lists, management_notices
from views.staff.clients import clients_page
from views.staff.clients.clients_page import by_sign_in, done, tell


def waiting() -> None:
    """Each proposal, with its reason, for the second of the two."""
    shell.section(say("staff.kept.waiting"))
    found = done(clients.proposals)
    if not found:
        draw.html(draw.tag("p", say("staff.kept.waiting_none"), cls="mc-small"))
        return
    due = management_notices.asks_for_the_password("/kept")
    people = access.shown_names(signed_in.store())
    for one in found:
        with st.container(key=f"card_erasure_{one.id}"):
            _proposal(one, people.get(one.proposed_by, ""), due)


def _proposal(one: Proposal, by: str, due: bool) -> None:
    day = short_date(environment.local(one.proposed_at).date())
    said = say("staff.kept.proposal", by=by, day=day, number=one.consultations)
    draw.html(draw.tag("p", calm(one.reason), cls="mc-strong", dir="auto"), draw.tag("p", said, cls="mc-small"))
    if one.held:
        draw.note(say("staff.kept.held"))
    if due:
        return
    with st.container(key=f"bar_erasure_{one.id}", horizontal=True):
        with st.popover(say("staff.kept.confirm"), icon=":material/delete_forever:", disabled=one.held):
            draw.html(draw.tag("p", say("staff.kept.confirm_line"), cls="mc-help"))
            st.button(say("staff.kept.confirm"), key=f"confirm_{one.id}", on_click=_confirm, args=(one.id,))
        st.button(say("staff.kept.withdraw"), key=f"withdraw_{one.id}", on_click=_withdraw, args=(one.id,))


def _confirm(proposal_id: str) -> None:
    gone = by_sign_in(lambda store, found: clients.confirm_erasure(store, found, proposal_id, now()))
    if gone is not None:
        tell(say("staff.kept.erased", number=gone))


def _withdraw(proposal_id: str) -> None:
    def withdrawn(store: Store, found: SignIn) -> bool:
        clients.withdraw_erasure(store, found, proposal_id, now())
        return True

    if by_sign_in(withdrawn):
        tell(say("staff.kept.withdrawn"))


def past() -> None:
    """What is past its time, when somebody asks."""
    if st.session_state.pop("kept_goes_on", False):
        shell.go("client")
    with st.container(key="card_past"):
        shell.section(say("staff.kept.past"), say("staff.kept.past_help"))
        if lists.quiet("look_past", say("staff.kept.past_look"), icon=":material/event_busy:"):
            _look()


def _look() -> None:
    own = environment.settings().home / "retention.toml"
    today = environment.today()
    found = done(lambda store, who: past_their_time(store, who, read_periods(own), today))
    if found is None:
        clients_page.told()
    else:
        _report(found)


def _report(found: Past) -> None:
    held = sum(one.held for one in found.clients)
    numbers = {
        "past_clients": len(found.clients),
        "past_held": held,
        "past_unfinished": found.unfinished,
        "past_invented": found.invented,
        "past_audit": found.audit_rows,
    }
    what, number = say("staff.kept.past"), say("staff.kept.number")
    draw.html(draw.table([{what: say(f"staff.kept.{name}"), number: f"{many:,}"} for name, many in numbers.items()]))
    free = [one for one in found.clients if not one.held]
    if free and signed_in.allows(Verb.READ_CLIENTS):
        st.session_state["oldest"] = free[0].id
        st.button(say("staff.kept.past_open"), key="open_oldest", on_click=_open)


def _open() -> None:
    st.session_state[clients_page.OPEN] = st.session_state.pop("oldest", None)
    st.session_state["kept_goes_on"] = True


def invented() -> None:
    """Everything that was only made up, and what was typed during the trial, goes at one tap, after the password."""
    with st.container(key="card_invented"):
        shell.section(say("staff.invented.title"), say("staff.invented.lead"))
        found = done(clients.count_invented)
        if found is None:
            return
        if not found.consultations and not found.trial_clients:
            draw.html(draw.tag("p", say("staff.invented.none"), cls="mc-small"))
            return
        talks = counted("staff.invented.consultations", found.consultations)
        typed = counted("staff.invented.clients", found.trial_clients)
        words = say("staff.invented.there", consultations=talks, clients=typed)
        draw.html(draw.tag("p", words, cls="mc-small"))
        if management_notices.asks_for_the_password("/kept"):
            return
        with st.popover(say("staff.invented.discard"), icon=":material/delete_sweep:"):
            draw.html(draw.tag("p", say("staff.invented.discard_line"), cls="mc-help"))
            st.button(say("staff.invented.discard"), key="discard_invented", on_click=_discard_invented)


def _discard_invented() -> None:
    gone = by_sign_in(lambda store, found: clients.discard_invented(store, found, now()))
    if gone is not None:
        tell(counted("staff.invented.discarded", gone))
