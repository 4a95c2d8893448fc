"""The tables of the store. Migrations build them; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

REVISIONS = ("0001", "0002", "0003", "0004", "0010", "0020", "0030", "0040", "0050", "0060", "0065", "0070", "0080")
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


metadata = MetaData()

drafts = Table(
    "drafts",
    metadata,
    Column("id", Text, nullable=False),
    Column("code_name", Text, nullable=False),
    Column("as_of", IsoDate, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("revision", Integer, nullable=False),
    Column("option_order", Text, nullable=False),
    Column("demo_of", Text),
    Column("client_id", Text),
    Column("location_id", Text),
    Column("started_by", Text),
    PrimaryKeyConstraint("id", name="pk_drafts"),
    ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_drafts_client"),
    CheckConstraint("revision >= 0", name="ck_drafts_revision"),
    CheckConstraint("length(as_of) = 10", name="ck_drafts_as_of"),
    Index("ix_drafts_saved_at", "saved_at"),
    Index("ix_drafts_client", "client_id", "as_of"),
    sqlite_strict=True,
)

answers = Table(
    "answers",
    metadata,
    Column("draft_id", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("how_asked", Text, nullable=False),
    PrimaryKeyConstraint("draft_id", "question", name="pk_answers"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_answers_draft"),
    sqlite_strict=True,
)

steps = Table(
    "steps",
    metadata,
    Column("draft_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("undone_by", Integer),
    PrimaryKeyConstraint("draft_id", "revision", name="pk_steps"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_steps_draft"),
    CheckConstraint("kind IN ('save', 'undo', 'clear', 'choice', 'finish')", name="ck_steps_kind"),
    CheckConstraint("undone_by IS NULL OR undone_by > revision", name="ck_steps_undone_by"),
    sqlite_strict=True,
)

changes = Table(
    "changes",
    metadata,
    Column("draft_id", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer_before", Text),
    Column("how_asked_before", Text),
    Column("answer_after", Text),
    Column("how_asked_after", Text),
    PrimaryKeyConstraint("draft_id", "revision", "question", name="pk_changes"),
    ForeignKeyConstraint(["draft_id", "revision"], ["steps.draft_id", "steps.revision"], name="fk_changes_step"),
    sqlite_strict=True,
)

consultation_facts = Table(
    "consultation_facts",
    metadata,
    Column("id", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("created_on", IsoDate, nullable=False),
    Column("demo", Integer, nullable=False),
    Column("concern", Text),
    Column("recommended", Text),
    Column("standing", Text, nullable=False),
    Column("pair_best", Text),
    Column("pair_standing", Text),
    Column("chosen", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_consultation_facts"),
    CheckConstraint("length(month) = 7", name="ck_consultation_facts_month"),
    CheckConstraint("demo IN (0, 1)", name="ck_consultation_facts_demo"),
    Index("ix_consultation_facts_month", "month"),
    sqlite_strict=True,
)

choices = Table(
    "choices",
    metadata,
    Column("draft_id", Text, nullable=False),
    Column("fact_id", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("chosen_at", UtcTime, nullable=False),
    Column("rulebook_revision", Text),
    Column("shown", Text),
    Column("next_kind", Text),
    Column("next_day", IsoDate),
    PrimaryKeyConstraint("draft_id", name="pk_choices"),
    UniqueConstraint("fact_id", name="uq_choices_fact"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_choices_draft"),
    ForeignKeyConstraint(["fact_id"], ["consultation_facts.id"], name="fk_choices_fact"),
    sqlite_strict=True,
)

notes = Table(
    "notes",
    metadata,
    Column("draft_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("taken_back_at", UtcTime),
    PrimaryKeyConstraint("draft_id", "number", name="pk_notes"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_notes_draft"),
    CheckConstraint("number >= 1", name="ck_notes_number"),
    sqlite_strict=True,
)

AUDIT_TRIGGERS = ("audit_no_update", "audit_no_delete", "audit_next_only", "audit_no_truncate")
"""What keeps the audit log append-only; the last one PostgreSQL only."""

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, nullable=False, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("sign_in", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("outcome", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("seq", name="pk_audit"),
    CheckConstraint("action IN ('C', 'R', 'U', 'D', 'E')", name="ck_audit_action"),
    CheckConstraint("outcome IN (0, 4, 8, 12)", name="ck_audit_outcome"),
    CheckConstraint("length(hash) = 64 AND length(prev) = 64", name="ck_audit_hash"),
    Index("ix_audit_object", "object", "seq"),
    Index("ix_audit_actor", "actor", "seq"),
    sqlite_strict=True,
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, nullable=False, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_audit_head"),
    CheckConstraint("id = 1", name="ck_audit_head_one"),
    sqlite_strict=True,
)

backups = Table(
    "backups",
    metadata,
    Column("id", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("proven_at", UtcTime, nullable=False),
    Column("place", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("audit_seq", Integer, nullable=False),
    PrimaryKeyConstraint("id", name="pk_backups"),
    CheckConstraint("proven_at >= made_at", name="ck_backups_proven"),
    Index("ix_backups_made_at", "made_at"),
    sqlite_strict=True,
)

known_outside = Table(
    "known_outside",
    metadata,
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("name", name="pk_known_outside"),
    sqlite_strict=True,
)

night_runs = Table(
    "night_runs",
    metadata,
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("began_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", Text),
    Column("lines", Text, nullable=False),
    PrimaryKeyConstraint("id", name="pk_night_runs"),
    CheckConstraint("kind IN ('backup', 'verify')", name="ck_night_runs_kind"),
    CheckConstraint("outcome IN ('done', 'found', 'failed')", name="ck_night_runs_outcome"),
    CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ck_night_runs_ended"),
    Index("ix_night_runs_kind", "kind", "began_at"),
    sqlite_strict=True,
)
