"""What stands behind a consultation, for the staff's view only: its client, how far its review is, its notes. In words.

Nothing that can't be read just now, or by this person, stands in the way of the screen: it is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from medspa_core import clients, exam
from medspa_core.access import AccessRefused, Person, Verb
from medspa_core.clients import Client
from medspa_core.clients import consultations as guarded
from medspa_core.exam import WorklistLine
from medspa_core.records import Store, StoreProblem
from views.context import environment, per_run_cache
from views.context.words import counted, plain, say
from views.session import signed_in
from views.session.open_consultation import Consultation

Answer = TypeVar("Answer")


def client(consultation: Consultation) -> Client | None:
    """Whose consultation it is, if it is kept under a client."""
    client_id = consultation.draft.client_id
    return _read(lambda store, who: clients.open_client(store, who, client_id)) if client_id else None


def is_nobodys(consultation: Consultation) -> bool:
    """A consultation of an older version, which somebody here can give to a client."""
    draft = consultation.draft
    return draft.client_id is None and draft.demo_of is None and signed_in.allows(Verb.CHANGE_CLIENTS)


def client_words(one: Client) -> str:
    """The name where there is one, else the code name, as the label of a button."""
    return say("staff.behind.client", name=plain(one.details.name or one.details.code_name))


def _review_line(consultation: Consultation) -> WorklistLine | None:
    on = environment.today()

    def look() -> WorklistLine | None:
        return _read(lambda store, who: exam.review_line(store, who, consultation.id, consultation.book, on))

    return per_run_cache.once(f"review line {consultation.id}", look)


def sessions(consultation: Consultation) -> str:
    """Once there is an order: the way to record what was done."""
    line = _review_line(consultation)
    return say("staff.behind.sessions") if line is not None and line.ordered else ""


def review(consultation: Consultation) -> str:
    """Whether exam and order are on file, and how much of the agenda is open."""
    line = _review_line(consultation)
    if line is None:
        return ""
    return say("staff.behind.review", state=". ".join(how_far(line)))


def how_far(line: WorklistLine) -> list[str]:
    """Exam, order and open findings of a review, a few words each."""
    signed = [
        say("staff.review.examined" if line.examined else "staff.review.not_examined"),
        say("staff.review.ordered" if line.ordered else "staff.review.not_ordered"),
    ]
    return signed if line.held_back.unread else [*signed, say("staff.review.findings", number=line.open_findings)]


def notes(consultation: Consultation) -> str:
    """How many notes count."""
    found = _read(lambda store, who: guarded.read_notes(store, who, consultation.id))
    return "" if found is None else counted("staff.behind.notes", sum(note.taken_back_at is None for note in found))


def _read(verb: Callable[[Store, Person], Answer]) -> Answer | None:
    hands = signed_in.hands()
    if hands is None:
        return None
    try:
        return verb(*hands)
    except (AccessRefused, StoreProblem):
        return None
