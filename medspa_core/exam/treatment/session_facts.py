"""The nameless fact of a session that was recorded, in the transaction of the session; struck out, the fact goes."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, insert, select

from medspa_core.access import Person
from medspa_core.exam.orders import Order
from medspa_core.exam.schema import treatment_facts, treatments
from medspa_core.records.facts.visit_facts import VisitFact, forget_visit, keep_visits
from medspa_core.records.schema import choices, consultation_facts, drafts, visit_facts
from medspa_core.rulebook import Rulebook
from medspa_core.timeline import planned_minutes


def keep_session_fact(
    connection: Connection, treatment_id: str, order: Order, number: int, provider: Person, book: Rulebook
) -> None:
    """Adds the fact of a session: which of its order's, of which consultation, by whom, with the minutes of a usual visit."""
    row = connection.execute(
        select(treatments.c.done_on, drafts.c.location_id, drafts.c.demo_of, choices.c.fact_id)
        .join(drafts, drafts.c.id == treatments.c.draft_id)
        .outerjoin(choices, choices.c.draft_id == drafts.c.id)
        .where(treatments.c.id == treatment_id)
    ).one()
    known = consultation_facts.c
    query = select(known.location, known.age_band, known.is_returning, known.concern).where(known.id == row.fact_id)
    about = connection.execute(query).one_or_none()
    minutes = planned_minutes(order.terms.option, book)
    (fact_id,) = keep_visits(
        connection,
        [
            VisitFact(
                day=row.done_on,
                status="performed",
                option=order.terms.option,
                location=(about.location if about else None) or row.location_id,
                provider=provider.id,
                age_band=about.age_band if about else None,
                is_returning=None if about is None or about.is_returning is None else bool(about.is_returning),
                concern=about.concern if about else None,
                consultation=row.fact_id,
                course=_course(connection, order),
                number=number,
                planned_visits=order.terms.sessions,
                planned_chair_minutes=minutes.chair,
                planned_provider_minutes=minutes.provider,
                planned_draw_minutes=minutes.draw,
                planned_spin_minutes=minutes.spin,
                demo=row.demo_of is not None,
            )
        ],
    )
    connection.execute(insert(treatment_facts).values(treatment_id=treatment_id, fact_id=fact_id))


def _course(connection: Connection, order: Order) -> str:
    """The word that the sessions of this order share; the first one draws it."""
    found = connection.execute(
        select(visit_facts.c.course)
        .join(treatment_facts, treatment_facts.c.fact_id == visit_facts.c.id)
        .join(treatments, treatments.c.id == treatment_facts.c.treatment_id)
        .where(treatments.c.order_id == order.id)
    ).first()
    return str(found.course) if found is not None else secrets.token_urlsafe(16)


def forget_session_fact(connection: Connection, treatment_id: str) -> None:
    """A session that counts no more is no visit. Sessions from before facts of visits were kept have none."""
    mine = treatment_facts.c.treatment_id == treatment_id
    fact_id = connection.execute(select(treatment_facts.c.fact_id).where(mine)).scalar_one_or_none()
    if fact_id is not None:
        forget_visit(connection, fact_id)
