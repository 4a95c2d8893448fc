"""The page Reviews: the worklist, and of one consultation the heading and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from medspa_core import exam
from medspa_core.access import AccessRefused
from medspa_core.exam import ExamProblem, ReviewFile, Waits, WorklistLine
from medspa_core.rulebook import Rulebook
from views.consultation.answers.answer_words import answer_words
from views.context import core_access, environment
from views.context.words import clock_time, say, short_date
from views.elements import choice_field, draw
from views.frame import shell, staff_context
from views.session import open_consultation, signed_in
from views.session.open_consultation import Consultation
from views.staff import held_back, lists, signing
from views.staff.signing import Signer
from views.staff.treatments import recorded_sessions

PRODUCT, TAPPED = "order_product", "order_product_tapped"
"""In the session: the lot of the order, and for which consultation somebody chose one with a tap."""
QUEUE = "review_queue"
"""In the session: the consultations of the list as it was shown last, in its order."""
A_LOOK_FULL = 8


@dataclass
class Reviewed:
    """One consultation as who signs reviews sees it."""

    file: ReviewFile
    consultation: Consultation
    signer: Signer
    names: dict[str, str]

    @property
    def mine(self) -> str:
        """What the keys of this review's fields end on: what was typed for one client never stands in another's form."""
        return f"--{self.file.draft.id}"

    @property
    def product(self) -> str | None:
        """The lot that somebody chose for this client with a tap. One that just stands in the field, as the only one, is no
        word of the clinician's: nothing that is signed on findings rests on it."""
        return tapped_product(self.file.draft.id)

    def name(self, person_id: str) -> str:
        """A colleague's name."""
        return self.names.get(person_id, "")


def tapped_product(draft_id: str) -> str | None:
    """The lot that was chosen with a tap for this consultation."""
    return st.session_state.get(PRODUCT) or None if st.session_state.get(TAPPED) == draft_id else None


def opened() -> Reviewed | None:
    """The consultation of the address, or None: then the worklist is shown."""
    draft_id = st.query_params.get(open_consultation.ADDRESS_KEY, "")
    person = signed_in.person()
    if not draft_id or person is None:
        return None
    product, book = tapped_product(draft_id), core_access.rulebook()
    try:
        file = exam.review_file(signed_in.store(), person, draft_id, book, environment.today(), product)
    except AccessRefused:
        draw.note(say("staff.review.not_found"))
        return None
    except ExamProblem as problem:  # answers of an older version that today's questions no longer take
        draw.note(f"{say('staff.held_back.unread')} {problem}", kind="flag")
        return None
    shell.title(
        say("staff.review.of_client", name=file.draft.code_name),
        say("staff.review.of_client_lead", day=short_date(file.draft.as_of)),
    )
    signer = signing.signer(say("staff.review.no_licence"), file.here)
    return Reviewed(file, Consultation(file.draft, fresh=False), signer, signing.names())


def way_back(reviewed: Reviewed | None) -> shell.Way:
    """From one review to the list, from there to the clients."""
    if reviewed is None:
        return shell.Way(say("staff.review.home"), "home")
    return shell.Way(say("staff.review.back"), do=_to_the_list)


def way_on(reviewed: Reviewed | None) -> shell.Way | None:
    """To the next review of the list as it was shown last."""
    queue = _queue()
    if reviewed is None or reviewed.file.draft.id not in queue:
        return None
    after = queue[queue.index(reviewed.file.draft.id) + 1 :]
    return shell.Way(say("staff.review.next"), do=lambda: _open(after[0])) if after else None


def place(reviewed: Reviewed) -> None:
    """Which of the list this is, and the way to the one before."""
    queue, here = _queue(), reviewed.file.draft.id
    if here not in queue:
        return
    at = queue.index(here)
    with st.container(key="bar_place", horizontal=True, vertical_alignment="center"):
        draw.html(
            draw.tag("p", say("staff.review.place", number=at + 1, total=len(queue)), cls="mc-help"), width="content"
        )
        if at:
            lists.quiet("review_before", say("staff.review.before"), on_click=_open, args=(queue[at - 1],))


def _queue() -> list[str]:
    found: list[str] = st.session_state.get(QUEUE, [])
    return found


def _open(draft_id: str) -> None:
    st.query_params[open_consultation.ADDRESS_KEY] = draft_id
    _no_product()


def _to_the_list() -> None:
    st.query_params.clear()
    _no_product()


def _no_product() -> None:
    for key in (PRODUCT, TAPPED):
        st.session_state.pop(key, None)


# --- the list -------------------------------------------------------------------------------------------------------


def waiting() -> None:
    """Who waits for what, one kind at a time; invented ones apart, and in no count."""
    person = signed_in.person()
    assert person is not None
    shell.title(say("staff.review.title"), say("staff.review.lead"))
    if not any(held.kind == "medical" and held.valid_on(environment.today()) for held in person.licences):
        draw.note(say("staff.review.no_licence"), kind="flag")
    lines = exam.worklist(signed_in.store(), person, core_access.rulebook(), environment.today())
    real = [line for line in lines if not line.invented]
    shown = _chosen_kind(real)
    found = _named(shown)
    st.session_state[QUEUE] = [line.draft_id for line in found]
    if not found:
        draw.html(draw.tag("p", say("staff.review.none"), cls="mc-lead"))
    for line in found:
        _line(line)
    if len(lines) == exam.MOST:
        draw.html(draw.tag("p", say("staff.review.most", number=exam.MOST), cls="mc-help"))
    _invented([line for line in lines if line.invented])


def _chosen_kind(lines: list[WorklistLine]) -> list[WorklistLine]:
    """The lines of the kind that was tapped; at first the first kind that somebody waits for."""
    kinds = {kind: [line for line in lines if line.waits_for is kind] for kind in Waits}
    labels = {
        kind: say("staff.review.kind_count", kind=say(f"staff.review.kind.{kind}"), number=len(found))
        for kind, found in kinds.items()
    }
    first = next((kind for kind in Waits if kinds[kind]), Waits.EXAM)
    with st.container(key="tap_two_kind"):
        shown: dict[str, Any] = {"default": first, "required": True, "label_visibility": "collapsed"}
        kind = choice_field.as_pills(say("staff.review.kinds"), labels, "review_kind", **shown)
    return kinds[kind or first]


def _named(lines: list[WorklistLine]) -> list[WorklistLine]:
    """Those whose code name holds what was typed; the field is there once there is more than one look full."""
    if len(lines) <= A_LOOK_FULL:
        return lines
    typed = st.text_input(say("home.find"), key="find_review", max_chars=80, live=True)
    wanted = (typed or "").strip().casefold()
    return [line for line in lines if wanted in line.code_name.casefold()]


def _line(line: WorklistLine) -> None:
    if lists.line(f"open_review_{line.draft_id}", line.code_name, _about(line), held_back.mark(line.held_back)):
        shell.open_draft(line.draft_id, "review")


def choice_words(book: Rulebook, choice: str | None) -> str:
    """What the client chose; a word for nothing yet."""
    if choice is None:
        return say("staff.review.no_choice")
    return book.options[choice].name if choice in book.options else say(f"choice.{choice}")


def _about(line: WorklistLine) -> str:
    book, saved = core_access.rulebook(), environment.local(line.saved_at)
    told = [f"{short_date(saved.date(), environment.today())} {clock_time(saved)}"]
    for question in ("age", "concern"):
        answer = getattr(line, question)
        if answer is not None:
            told.append(answer_words(book, question, answer, environment.today()))
    told += [choice_words(book, line.choice), *staff_context.how_far(line)]
    if line.unanswered:
        told.append(say("staff.review.unanswered", number=line.unanswered))
    return ". ".join(told)


def _invented(lines: list[WorklistLine]) -> None:
    if lines:
        label = say("staff.review.invented_fold", number=len(lines))
        lists.folded(label, "invented_fold", lambda: list(map(_line, lines)))


def done(reviewed: Reviewed) -> None:
    """The sessions that were done, and the way to them."""
    standing = any(not one.terms.ended for one in reviewed.file.orders)
    if not reviewed.file.treatments and not standing:
        return
    with st.container(key="card_done"):
        shell.section(say("staff.review.treatments"))
        recorded_sessions.lines(reviewed.file.treatments, reviewed.file.orders)
        if st.button(say("staff.review.treatments_go"), key="go_sessions", icon=":material/syringe:"):
            shell.go("sessions")
