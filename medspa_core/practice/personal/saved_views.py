"""Views of figures that a manager keeps under a name: the filters of a page's address, each person's own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from medspa_core.access import Person, Verb
from medspa_core.access.rights import require_everywhere
from medspa_core.practice.personal.schema import saved_views
from medspa_core.records import Store
from medspa_core.records.audit.log import CREATED, DELETED
from medspa_core.records.stored_forms import from_row

MOST = 40
"""So many of one page are kept for one person: a list that is read."""
LONGEST_NAME, LONGEST_ADDRESS = 60, 2000


class SavedViewProblem(Exception):
    """Why a view was not kept, by its sentence."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A name, and what stands behind the ? of its page's address."""

    id: str
    name: str
    address: str


def list_views(store: Store, person: Person, page: str) -> list[SavedView]:
    """This person's own, by name."""
    mine = select(saved_views).where(saved_views.c.person_id == person.id, saved_views.c.page == page)
    with store.reading() as connection:
        return [from_row(SavedView, row) for row in connection.execute(mine.order_by(func.lower(saved_views.c.name)))]


def save_view(store: Store, person: Person, page: str, name: str, address: str, now: datetime) -> None:
    """Keeps it. What is kept under this name already is never replaced; the same view twice is once.

    Raises AccessRefused for who sees their own figures alone, SavedViewProblem("no_name"), ("too_long"), ("taken") or ("many").
    """
    require_everywhere(person, Verb.SEE_FIGURES)
    name = " ".join(name.split())
    if not name:
        raise SavedViewProblem("no_name")
    if len(name) > LONGEST_NAME or len(address) > LONGEST_ADDRESS:
        raise SavedViewProblem("too_long")
    with store.writing() as connection:
        mine = (saved_views.c.person_id == person.id) & (saved_views.c.page == page)
        kept = {row.name: row.address for row in connection.execute(select(saved_views).where(mine))}
        if name in kept:
            if kept[name] == address:
                return
            raise SavedViewProblem("taken")
        if len(kept) >= MOST:
            raise SavedViewProblem("many")
        row = {"id": secrets.token_urlsafe(12), "person_id": person.id, "page": page, "name": name, "address": address}
        connection.execute(insert(saved_views).values(at=now, **row))
        store.note(connection, now, CREATED, f"saved view {row['id']}", {"page": page})


def remove_view(store: Store, person: Person, view_id: str, now: datetime) -> None:
    """Takes one of this person's own away; twice is once. Raises AccessRefused."""
    require_everywhere(person, Verb.SEE_FIGURES)
    with store.writing() as connection:
        this = (saved_views.c.person_id == person.id) & (saved_views.c.id == view_id)
        if connection.execute(delete(saved_views).where(this)).rowcount:
            store.note(connection, now, DELETED, f"saved view {view_id}", {})
