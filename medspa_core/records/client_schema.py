"""The tables of clients, amendments, whole rulebooks and erasures. Migrations build them; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from medspa_core.records.schema import IsoDate, UtcTime, metadata

BYTE_ORDER = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by its bytes on both engines, so that words with one beginning lie side by side."""

IS_MERGED, IS_KEPT = text("merged_into IS NOT NULL"), text("merged_into IS NULL")
"""Half an index each: what is looked for by the one is never in the other, and both engines choose right."""

GUARDED = ("drafts", "answers", "steps", "changes", "choices", "notes")
ONLY_ADDED = (
    *("amendments", "rulebook_revisions"),
    *("rulings", "exams", "orders", "order_delegates", "order_revocations", "treatments", "treatment_steps"),
    *("treatment_corrections", "products", "product_withdrawals", "rulebook_approvals", "standing_order_signatures"),
    *("offers", "entered_products", "dropped_products"),
)
"""Tables whose rows are never changed, finished or not: what was added, signed, done, entered or approved."""
GUARDS = (
    *(f"{table}_finished_no_{what}" for table in GUARDED for what in ("update", "delete")),
    *(f"{table}_finished_no_insert" for table in GUARDED[1:]),
    *(f"{table}_no_{what}" for table in ONLY_ADDED for what in ("update", "delete")),
)
"""What keeps a finished consultation and everything signed as it was, whoever writes past the verbs."""

clients = Table(
    "clients",
    metadata,
    Column("id", Text, nullable=False),
    Column("code_name", Text, nullable=False),
    Column("name", Text),
    Column("birth_date", IsoDate),
    Column("contact", Text),
    Column("note", Text),
    Column("location_id", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("code_key", Text, nullable=False),
    Column("name_key", Text),
    Column("revision", Integer, nullable=False),
    Column("merged_into", Text),
    Column("held_since", UtcTime),
    Column("held_why", Text),
    PrimaryKeyConstraint("id", name="pk_clients"),
    CheckConstraint("revision >= 0", name="ck_clients_revision"),
    CheckConstraint("birth_date IS NULL OR length(birth_date) = 10", name="ck_clients_birth_date"),
    CheckConstraint("merged_into IS NULL OR merged_into <> id", name="ck_clients_merged_into_another"),
    CheckConstraint("(held_since IS NULL) = (held_why IS NULL)", name="ck_clients_held"),
    Index("ix_clients_birth_date", "birth_date", "location_id"),
    Index("ix_clients_changed_at", "changed_at", "id"),
    Index("ix_clients_code_key", "code_key", "location_id", sqlite_where=IS_KEPT, postgresql_where=IS_KEPT),
    Index("ix_clients_merged_into", "merged_into", sqlite_where=IS_MERGED, postgresql_where=IS_MERGED),
    Index(
        "ix_clients_name_key", "name_key", "birth_date", "location_id", sqlite_where=IS_KEPT, postgresql_where=IS_KEPT
    ),
    sqlite_strict=True,
)

client_words = Table(
    "client_words",
    metadata,
    Column("client_id", Text, nullable=False),
    Column("word", BYTE_ORDER, nullable=False),
    Column("location_id", Text),
    PrimaryKeyConstraint("client_id", "word", name="pk_client_words"),
    ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_client_words_client"),
    Index("ix_client_words_word", "word", "location_id", "client_id"),
    sqlite_strict=True,
)

amendments = Table(
    "amendments",
    metadata,
    Column("id", Text, nullable=False),
    Column("draft_id", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_amendments"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_amendments_draft"),
    Index("ix_amendments_draft", "draft_id", "at"),
    sqlite_strict=True,
)

rulebook_revisions = Table(
    "rulebook_revisions",
    metadata,
    Column("revision", Text, nullable=False),
    Column("first_used_at", UtcTime, nullable=False),
    Column("files", Text, nullable=False),
    PrimaryKeyConstraint("revision", name="pk_rulebook_revisions"),
    sqlite_strict=True,
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("client_ids", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_as", Text, nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_at", UtcTime),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", UtcTime),
    Column("facts_kept", Integer, nullable=False),
    PrimaryKeyConstraint("id", name="pk_erasures"),
    CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="ck_erasures_two_people"),
    CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="ck_erasures_confirmed"),
    CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="ck_erasures_withdrawn"),
    CheckConstraint("facts_kept >= 0", name="ck_erasures_facts_kept"),
    Index("ix_erasures_client", "client_id"),
    sqlite_strict=True,
)

discards = Table(
    "discards",
    metadata,
    Column("draft_id", Text, nullable=False),
    Column("discarded_by", Text, nullable=False),
    Column("discarded_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("draft_id", name="pk_discards"),
    sqlite_strict=True,
)
"""Consultations that were thrown away: an id and who, nothing of what stood in them."""

guards_lifted = Table(
    "guards_lifted",
    metadata,
    Column("draft_id", Text, nullable=False),
    PrimaryKeyConstraint("draft_id", name="pk_guards_lifted"),
    sqlite_strict=True,
)
"""Empty but inside the one transaction that erases these consultations, or copies a whole store (`*`)."""
