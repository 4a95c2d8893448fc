"""The tables of the store. Migrations build them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, ForeignKeyConstraint, Integer, MetaData, Table, Text, TypeDecorator

from medspa_core.records.table_parts import LONG, NAMES, Parts, checks, index, key, links, needed, optional, unique

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0010",
    "0020",
    "0030",
    "0040",
    "0050",
    "0060",
    "0065",
    "0070",
    "0080",
    "0090",
    "0100",
    "0120",
    "0130",
    "0140",
    "0150",
)
"""Every version of the store this program can read, oldest first. The last one is what it writes."""


class UtcTime(TypeDecorator[datetime]):
    """A moment as UTC text of fixed width, so that text order is time order on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class IsoDate(TypeDecorator[date]):
    """A calendar date as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return None if value is None else date.fromisoformat(value)


MINUTES_OF = ("chair", "provider", "draw", "spin")
"""What of a visit takes minutes."""

metadata = MetaData(naming_convention=NAMES)


def table(name: str, *parts: Parts) -> Table:
    """A table of the store; a file holds it to the kinds of its columns, as a server does by itself."""
    return Table(name, metadata, *chain.from_iterable(parts), sqlite_strict=True)


drafts = table(
    "drafts",
    key(Text, "id"),
    needed(Text, "code_name"),
    needed(IsoDate, "as_of"),
    needed(UtcTime, "created_at", "saved_at"),
    optional(UtcTime, "finished_at"),
    needed(Integer, "revision"),
    needed(Text, "option_order"),
    optional(Text, "demo_of", "client_id", "location_id", "started_by"),
    links(client_id="clients"),
    checks(revision="revision >= 0", as_of="length(as_of) = 10"),
    index("saved_at"),
    index("client_id", "as_of"),
)

answers = table(
    "answers",
    key(Text, "draft_id", "question"),
    needed(Text, "answer", "how_asked"),
    links(draft_id="drafts"),
)

steps = table(
    "steps",
    key(Text, "draft_id"),
    key(Integer, "revision"),
    needed(Text, "kind"),
    needed(UtcTime, "at"),
    optional(Integer, "undone_by"),
    links(draft_id="drafts"),
    checks(
        kind="kind IN ('save', 'undo', 'clear', 'choice', 'finish')",
        undone_by="undone_by IS NULL OR undone_by > revision",
    ),
)

changes = table(
    "changes",
    key(Text, "draft_id"),
    key(Integer, "revision"),
    key(Text, "question"),
    optional(Text, "answer_before", "how_asked_before", "answer_after", "how_asked_after"),
    [ForeignKeyConstraint(["draft_id", "revision"], ["steps.draft_id", "steps.revision"], name="fk_changes_step")],
)

consultation_facts = table(
    "consultation_facts",
    key(Text, "id"),
    needed(Text, "month"),
    needed(IsoDate, "created_on"),
    needed(Integer, "demo"),
    optional(Text, "concern", "recommended"),
    needed(Text, "standing"),
    optional(Text, "pair_best", "pair_standing"),
    needed(Text, "chosen"),
    optional(Integer, "seq"),
    optional(IsoDate, "consulted_on"),
    optional(Text, "location", "provider", "age_band"),
    optional(Integer, "is_returning"),
    optional(Text, "reason"),
    optional(IsoDate, "booked_on", "first_visit_on", "last_visit_on", "finished_on"),
    optional(Integer, "open_visits"),
    checks(month="length(month) = 7", demo="demo IN (0, 1)"),
    index("month"),
    index("seq"),
)

visit_facts = table(
    "visit_facts",
    key(Text, "id"),
    needed(Integer, "seq", "demo"),
    needed(IsoDate, "day"),
    needed(Text, "status"),
    optional(IsoDate, "booked_on"),
    optional(Text, "consultation", "course"),
    optional(Integer, "number", "planned_visits", "rebooked"),
    optional(Text, "location", "provider", "age_band", "concern", "option_id"),
    optional(Integer, "is_returning"),
    optional(Integer, *(f"{when}{what}_minutes" for when in ("planned_", "") for what in MINUTES_OF)),
    optional(Integer, "reactions"),
    optional(Text, "import_id"),
    checks(status="status IN ('booked', 'performed', 'no_show', 'cancelled')", demo="demo IN (0, 1)"),
    index("seq"),
    index("consultation"),
    index("course"),
    index("import_id"),
)

sale_facts = table(
    "sale_facts",
    key(Text, "id"),
    needed(Integer, "seq", "demo"),
    needed(IsoDate, "day"),
    needed(Text, "what"),
    optional(Text, "consultation", "course"),
    optional(Text, "location", "provider", "age_band", "concern", "option_id"),
    optional(Integer, "is_returning"),
    needed(LONG, "paid_cents"),
    optional(LONG, "list_cents", "product_cost_cents", "worth_cents"),
    needed(Text, "currency"),
    optional(Text, "import_id"),
    checks(what="what IN ('payment', 'package', 'redemption', 'refund')", demo="demo IN (0, 1)"),
    index("seq"),
    index("import_id"),
)

fact_imports = table(
    "fact_imports",
    key(Text, "id"),
    needed(Integer, "number"),
    needed(Text, "kind", "file_hash", "mapping", "made_by"),
    needed(UtcTime, "made_at"),
    needed(Integer, "rows_in", "added", "updated", "unchanged", "not_ours", "refused"),
    optional(IsoDate, "first_day", "last_day"),
    needed(LONG, "cents_in", "cents_kept"),
    optional(UtcTime, "undone_at"),
    optional(Text, "undone_by"),
    unique("number"),
    checks(kind="kind IN ('visits', 'sales')"),
)

imported_rows = table(
    "imported_rows",
    key(Text, "row_key"),
    key(Integer, "number"),
    needed(Text, "fact_id", "content"),
    optional(Text, "before"),
    index("number"),
)
"""What an import added (before: NULL) or changed (what the fact was), by a keyed word for the file's row, so that
no reference is kept."""

import_mappings = table(
    "import_mappings",
    key(Text, "name"),
    needed(Text, "kind", "mapping", "saved_by"),
    needed(UtcTime, "saved_at"),
)

choices = table(
    "choices",
    key(Text, "draft_id"),
    needed(Text, "fact_id", "choice", "reason"),
    needed(UtcTime, "chosen_at"),
    optional(Text, "rulebook_revision", "shown", "next_kind"),
    optional(IsoDate, "next_day"),
    unique("fact_id"),
    links(draft_id="drafts", fact_id="consultation_facts"),
)

notes = table(
    "notes",
    key(Text, "draft_id"),
    key(Integer, "number"),
    needed(Text, "text"),
    needed(UtcTime, "at"),
    optional(UtcTime, "taken_back_at"),
    links(draft_id="drafts"),
    checks(number="number >= 1"),
)

AUDIT_TRIGGERS = ("audit_no_update", "audit_no_delete", "audit_next_only", "audit_no_truncate")
"""What keeps the audit log append-only; the last one PostgreSQL only."""

audit = table(
    "audit",
    key(Integer, "seq"),
    needed(UtcTime, "at"),
    needed(Text, "actor", "role", "device", "sign_in", "action", "object"),
    needed(Integer, "outcome"),
    needed(Text, "detail", "prev", "hash"),
    checks(
        action="action IN ('C', 'R', 'U', 'D', 'E')",
        outcome="outcome IN (0, 4, 8, 12)",
        hash="length(hash) = 64 AND length(prev) = 64",
    ),
    index("object", "seq"),
    index("actor", "seq"),
)

audit_head = table(
    "audit_head",
    key(Integer, "id"),
    needed(Integer, "seq"),
    needed(Text, "hash"),
    checks(one="id = 1"),
)

backups = table(
    "backups",
    key(Text, "id"),
    needed(UtcTime, "made_at", "proven_at"),
    needed(Text, "place"),
    needed(Integer, "bytes", "audit_seq"),
    checks(proven="proven_at >= made_at"),
    index("made_at"),
)

known_outside = table("known_outside", key(Text, "name"), needed(Text, "value"))

night_runs = table(
    "night_runs",
    key(Text, "id"),
    needed(Text, "kind"),
    needed(UtcTime, "began_at"),
    optional(UtcTime, "ended_at"),
    optional(Text, "outcome"),
    needed(Text, "lines"),
    checks(
        kind="kind IN ('backup', 'verify')",
        outcome="outcome IN ('done', 'found', 'failed')",
        ended="(ended_at IS NULL) = (outcome IS NULL)",
    ),
    index("kind", "began_at"),
)
