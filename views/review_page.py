"""The page Reviews: the worklist, and of one consultation the heading and what was done."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from medspa_core import exam
from medspa_core.access import AccessRefused
from medspa_core.exam import ReviewFile, WorklistLine
from views import behind, core_access, draw, sessions_told, shell, signed_in, signing, surroundings
from views import consultation as kept
from views.consultation import Consultation
from views.signing import Signer
from views.words import clock_time, plain, say, short_date

PRODUCT = "order_product"


@dataclass
class Reviewed:
    """One consultation as who signs reviews sees it."""

    file: ReviewFile
    consultation: Consultation
    signer: Signer
    names: dict[str, str]

    def name(self, person_id: str) -> str:
        """A colleague's name."""
        return self.names.get(person_id, "")


def begin() -> None:
    """The look of the page, and what the last tap led to."""
    signing.begin()


def opened() -> Reviewed | None:
    """The consultation of the address, or None: then the worklist is shown."""
    draft_id = st.query_params.get(kept.ADDRESS_KEY, "")
    person = signed_in.person()
    if not draft_id or person is None:
        return None
    product = st.session_state.get(PRODUCT) or None
    try:
        file = exam.review_file(signed_in.store(), person, draft_id, core_access.rulebook(), signing.today(), product)
    except AccessRefused:
        draw.note(say("staff.review.not_found"))
        return None
    shell.title(
        say("staff.review.of_client", name=file.draft.code_name),
        say("staff.review.of_client_lead", day=short_date(file.draft.as_of)),
    )
    signer = signing.signer(say("staff.review.no_licence"), file.here)
    return Reviewed(file, Consultation(file.draft, fresh=False), signer, signing.names())


def way_back(reviewed: Reviewed | None) -> shell.Way:
    """From one review to the worklist, from there to the clients."""
    if reviewed is None:
        return shell.Way(say("staff.review.home"), "home")
    return shell.Way(say("staff.review.back"), do=_to_the_worklist)


def _to_the_worklist() -> None:
    st.query_params.clear()
    st.session_state.pop(PRODUCT, None)


def waiting() -> None:
    """Who waits for a review, those without an exam first."""
    person = signed_in.person()
    assert person is not None
    shell.title(say("staff.review.title"), say("staff.review.lead"))
    lines = exam.worklist(signed_in.store(), person, core_access.rulebook(), signing.today())
    if not lines:
        draw.html(draw.tag("p", say("staff.review.none"), cls="mc-lead"))
    for line in lines:
        with st.container(key=f"list_review_{line.draft_id}"):
            label = f"**{plain(line.code_name)}**  \n{plain(_about(line))}"
            if st.button(label, key=f"open_review_{line.draft_id}", width="stretch"):
                shell.open_draft(line.draft_id, "review")


def _about(line: WorklistLine) -> str:
    saved = surroundings.local(line.saved_at)
    told = [f"{short_date(saved.date(), signing.today())} {clock_time(saved)}", *behind.how_far(line)]
    if line.unanswered:
        told.append(say("staff.review.unanswered", number=line.unanswered))
    return ". ".join([*told, say("staff.review.invented")] if line.invented else told)


def done(reviewed: Reviewed) -> None:
    """The sessions that were done, and the way to them."""
    standing = any(not one.terms.ended for one in reviewed.file.orders)
    if not reviewed.file.treatments and not standing:
        return
    with st.container(key="card_done"):
        shell.section(say("staff.review.treatments"))
        sessions_told.lines(reviewed.file.treatments, reviewed.file.orders)
        if st.button(say("staff.review.treatments_go"), key="go_sessions", icon=":material/syringe:"):
            shell.go("sessions")
