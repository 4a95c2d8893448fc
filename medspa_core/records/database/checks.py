"""`verify`: a place and its keys go in, a line for everything that is wrong with the records comes out."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, func, select

from medspa_core.records import migration
from medspa_core.records.audit import log
from medspa_core.records.audit.log import Head
from medspa_core.records.client_schema import GUARDS, erasures, guards_lifted
from medspa_core.records.database import encrypted_file
from medspa_core.records.database.opening_check import Kind, against_outside, read_heads, refuse_a_damaged_log
from medspa_core.records.database.store_location import FilePlace, Place, looking
from medspa_core.records.keys import Keys
from medspa_core.records.problems import StoreProblem
from medspa_core.records.schema import REVISIONS, choices, consultation_facts, drafts, steps
from medspa_core.records.schema import audit as audit_log


def verify(place: Place, keys: Keys, second: Head | None = None) -> list[str]:
    """Every page, row and link, the audit chain against the head outside, and the facts. Empty: all is well.

    `second`: the head as it was noted in a second place.
    """
    try:
        if isinstance(place, FilePlace):
            if not place.path.is_file():
                return [f"{place.name}: there is no store"]
            refuse_a_damaged_log(place.path)
            with encrypted_file.looking_at(place.path, keys.store) as raw:
                encrypted_file.check_pages(raw, place.name)
        return _verify_rows(place, keys, second)
    except StoreProblem as problem:
        return [str(problem)]


def _verify_rows(place: Place, keys: Keys, second: Head | None) -> list[str]:
    heads = read_heads(keys)
    with looking(place, keys) as connection:
        version = migration.known_revision(connection, place.name)
        if version != REVISIONS[-1]:
            return [f"{place.name}: of an older version ({version}). Start the program once to bring it up to date."]
        amiss = [one for one in against_outside(connection, place, keys, heads) if one.kind in (Kind.KEY, Kind.HEAD)]
        lines = [str(one.problem) for one in amiss]
        if heads.damaged is not None or any(one.detail == "audit" for one in amiss):
            return lines  # without key and head every row would seem wrong
        lines += [str(one) for one in log.verify_chain(connection, keys.audit, heads.noted)]
        lines += _second_head(connection, second) + _facts(connection)
        return lines + _revisions(connection) + _guards(connection)


def _second_head(connection: Connection, second: Head | None) -> list[str]:
    """The row that was noted in the second place is there, and is the one noted."""
    if second is None or second.seq == 0:
        return []
    found = connection.execute(select(audit_log.c.hash).where(audit_log.c.seq == second.seq)).scalar_one_or_none()
    if found == second.hash:
        return []
    what = "is missing: cut off the end" if found is None else "is another: rewritten"
    return [f"audit {second.seq}: the row noted in the second place {what}"]


def _facts(connection: Connection) -> list[str]:
    """Each choice has its fact and says the same; no fact is left over."""
    joined = choices.outerjoin(consultation_facts, consultation_facts.c.id == choices.c.fact_id)
    query = (
        select(choices.c.draft_id)
        .select_from(joined)
        .where(consultation_facts.c.chosen.is_distinct_from(choices.c.choice))
    )
    lines = [f"facts: {one}: the fact is not what was chosen" for one in connection.execute(query).scalars()]
    query = select(consultation_facts.c.id).where(consultation_facts.c.id.not_in(select(choices.c.fact_id)))
    alone = connection.execute(query).scalars().all()
    kept = connection.execute(select(func.coalesce(func.sum(erasures.c.facts_kept), 0))).scalar_one()
    if len(alone) == kept:  # the nameless facts of erased consultations stay
        return lines
    return lines + [f"facts: {one}: belongs to no consultation" for one in alone]


def _guards(connection: Connection) -> list[str]:
    """Everything that keeps finished consultations as they were is in force, and nothing holds it off."""
    there = {name for _, name in log.guards_in_force(connection)}
    lines = [f"the guard {name} is gone" for name in GUARDS if name not in there]
    lifted = connection.execute(select(func.count()).select_from(guards_lifted)).scalar_one()
    return lines + (["the guards of finished consultations are lifted"] if lifted else [])


def _revisions(connection: Connection) -> list[str]:
    """Each consultation has exactly as many steps as its revision says."""
    counted = Counter(connection.execute(select(steps.c.draft_id)).scalars())
    rows = connection.execute(select(drafts.c.id, drafts.c.revision))
    return [f"consultation {row.id}: steps are missing" for row in rows if counted[row.id] != row.revision]
