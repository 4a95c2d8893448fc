"""The tables of clients, amendments, whole rulebooks and erasures. Migrations build them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import Integer, Text, text

from medspa_core.records.schema import IsoDate, UtcTime, table
from medspa_core.records.table_parts import checks, index, key, links, needed, optional

BYTE_ORDER = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its bytes on both engines, so that words with one beginning lie side by side."""

IS_MERGED, IS_KEPT = text("merged_into IS NOT NULL"), text("merged_into IS NULL")
"""Half an index each: what is looked for by the one is never in the other, and both engines choose right."""

GUARDED = ("drafts", "answers", "steps", "changes", "choices", "notes")
ONLY_ADDED = (
    *("amendments", "rulebook_revisions"),
    *("rulings", "exams", "orders", "order_delegates", "order_revocations", "treatments", "treatment_steps"),
    *("treatment_corrections", "products", "product_withdrawals", "rulebook_approvals", "standing_order_signatures"),
    *("offers", "entered_products", "dropped_products", "opening_hours"),
)
"""Tables whose rows are never changed, finished or not: what was added, signed, done, entered or approved."""
GUARDS = (
    *(f"{table}_finished_no_{what}" for table in GUARDED for what in ("update", "delete")),
    *(f"{table}_finished_no_insert" for table in GUARDED[1:]),
    *(f"{table}_no_{what}" for table in ONLY_ADDED for what in ("update", "delete")),
)
"""What keeps a finished consultation and everything signed as it was, whoever writes past the verbs."""

clients = table(
    "clients",
    key(Text, "id"),
    needed(Text, "code_name"),
    optional(Text, "name"),
    optional(IsoDate, "birth_date"),
    optional(Text, "contact", "note", "location_id"),
    needed(UtcTime, "created_at", "changed_at"),
    needed(Text, "code_key"),
    optional(Text, "name_key"),
    needed(Integer, "revision"),
    optional(Text, "merged_into"),
    optional(UtcTime, "held_since"),
    optional(Text, "held_why"),
    checks(
        revision="revision >= 0",
        birth_date="birth_date IS NULL OR length(birth_date) = 10",
        merged_into_another="merged_into IS NULL OR merged_into <> id",
        held="(held_since IS NULL) = (held_why IS NULL)",
    ),
    index("birth_date", "location_id"),
    index("changed_at", "id"),
    index("code_key", "location_id", only=IS_KEPT),
    index("merged_into", only=IS_MERGED),
    index("name_key", "birth_date", "location_id", only=IS_KEPT),
)

client_words = table(
    "client_words",
    key(Text, "client_id"),
    key(BYTE_ORDER, "word"),
    optional(Text, "location_id"),
    links(client_id="clients"),
    index("word", "location_id", "client_id"),
)

amendments = table(
    "amendments",
    key(Text, "id"),
    needed(Text, "draft_id"),
    needed(UtcTime, "at"),
    needed(Text, "by", "what", "why"),
    links(draft_id="drafts"),
    index("draft_id", "at"),
)

rulebook_revisions = table(
    "rulebook_revisions",
    key(Text, "revision"),
    needed(UtcTime, "first_used_at"),
    needed(Text, "files"),
)

erasures = table(
    "erasures",
    key(Text, "id"),
    needed(Text, "client_id", "client_ids", "reason", "proposed_by", "proposed_as"),
    needed(UtcTime, "proposed_at"),
    optional(Text, "confirmed_by"),
    optional(UtcTime, "confirmed_at"),
    optional(Text, "withdrawn_by"),
    optional(UtcTime, "withdrawn_at"),
    needed(Integer, "facts_kept"),
    checks(
        two_people="confirmed_by IS NULL OR confirmed_by <> proposed_by",
        confirmed="(confirmed_by IS NULL) = (confirmed_at IS NULL)",
        withdrawn="(withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
        facts_kept="facts_kept >= 0",
    ),
    index("client_id"),
)

discards = table(
    "discards",
    key(Text, "draft_id"),
    needed(Text, "discarded_by"),
    needed(UtcTime, "discarded_at"),
)
"""Consultations that were thrown away: an id and who, nothing of what stood in them."""

guards_lifted = table("guards_lifted", key(Text, "draft_id"))
"""Empty but inside the one transaction that erases these consultations, or copies a whole store (`*`)."""
