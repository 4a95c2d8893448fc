"""The tables of reviews, exams, orders, treatments and approvals. Rows are only ever added. Migrations build them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from medspa_core.access.schema import people  # the tables that these point to
from medspa_core.records.schema import IsoDate, UtcTime, drafts, metadata

__all__ = ["drafts", "people"]


def _signed() -> tuple[Column[Any], ...]:
    """Who signed, under which licence, when."""
    return (
        Column("person_id", Text, nullable=False),
        Column("licence_number", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("signed_at", UtcTime, nullable=False),
    )


rulings = Table(
    "rulings",
    metadata,
    Column("id", Text, nullable=False),
    Column("draft_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("contraindication", Text, nullable=False),
    Column("case_name", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("valid_until", IsoDate),
    Column("rulebook_revision", Text, nullable=False),
    *_signed(),
    PrimaryKeyConstraint("id", name="pk_rulings"),
    UniqueConstraint("draft_id", "number", name="uq_rulings_number"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_rulings_draft"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_rulings_person"),
    CheckConstraint("word IN ('cleared', 'limited', 'refused')", name="ck_rulings_word"),
    CheckConstraint("length(note) > 0", name="ck_rulings_note"),
    CheckConstraint("(valid_until IS NULL) = (word = 'refused')", name="ck_rulings_valid_until"),
    sqlite_strict=True,
)

exams = Table(
    "exams",
    metadata,
    Column("id", Text, nullable=False),
    Column("draft_id", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("examiner", Text, nullable=False),
    Column("examiner_licence", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("examined_on", IsoDate, nullable=False),
    Column("valid_until", IsoDate, nullable=False),
    Column("note", Text, nullable=False),
    Column("answers_revision", Integer, nullable=False),
    Column("agenda", Text, nullable=False),
    Column("rulebook_revision", Text, nullable=False),
    *_signed(),
    PrimaryKeyConstraint("id", name="pk_exams"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_exams_draft"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_exams_person"),
    CheckConstraint("how IN ('in_person', 'live_video', 'elsewhere')", name="ck_exams_how"),
    CheckConstraint("(how = 'elsewhere') = (length(source) > 0)", name="ck_exams_source"),
    CheckConstraint("valid_until >= examined_on", name="ck_exams_valid_until"),
    Index("ix_exams_draft", "draft_id"),
    sqlite_strict=True,
)

products = Table(
    "products",
    metadata,
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("expires_on", IsoDate, nullable=False),
    Column("counsel", Text, nullable=False),
    *_signed(),
    PrimaryKeyConstraint("id", name="pk_products"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_products_person"),
    CheckConstraint("kind IN ('exosome_product', 'prp_kit')", name="ck_products_kind"),
    sqlite_strict=True,
)

product_withdrawals = Table(
    "product_withdrawals",
    metadata,
    Column("product_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdrawn_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("product_id", name="pk_product_withdrawals"),
    ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_product_withdrawals_product"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_product_withdrawals_person"),
    sqlite_strict=True,
)

orders = Table(
    "orders",
    metadata,
    Column("id", Text, nullable=False),
    Column("draft_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("exam_id", Text, nullable=False),
    Column("replaces", Text),
    Column("option_id", Text, nullable=False),
    Column("product_id", Text),
    Column("area", Text, nullable=False),
    Column("depth_tenths_mm", Integer, nullable=False),
    Column("sessions", Integer, nullable=False),
    Column("valid_until", IsoDate, nullable=False),
    Column("note", Text, nullable=False),
    Column("rulebook_revision", Text, nullable=False),
    *_signed(),
    PrimaryKeyConstraint("id", name="pk_orders"),
    UniqueConstraint("draft_id", "number", name="uq_orders_number"),
    UniqueConstraint("replaces", name="uq_orders_replaces"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_orders_draft"),
    ForeignKeyConstraint(["exam_id"], ["exams.id"], name="fk_orders_exam"),
    ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_orders_product"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_orders_person"),
    CheckConstraint("sessions >= 1", name="ck_orders_sessions"),
    CheckConstraint("depth_tenths_mm >= 1", name="ck_orders_depth"),
    sqlite_strict=True,
)

order_delegates = Table(
    "order_delegates",
    metadata,
    Column("order_id", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("licence_number", Text, nullable=False),
    PrimaryKeyConstraint("order_id", "licence", name="pk_order_delegates"),
    ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_delegates_order"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_order_delegates_person"),
    sqlite_strict=True,
)

order_revocations = Table(
    "order_revocations",
    metadata,
    Column("order_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("revoked_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("order_id", name="pk_order_revocations"),
    ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_revocations_order"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_order_revocations_person"),
    sqlite_strict=True,
)

treatments = Table(
    "treatments",
    metadata,
    Column("id", Text, nullable=False),
    Column("draft_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("session", Integer, nullable=False),
    Column("option_id", Text, nullable=False),
    Column("done_on", IsoDate, nullable=False),
    Column("product_id", Text),
    Column("lot", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("rulebook_revision", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("depth_tenths_mm", Integer),  # of sessions recorded before these two were asked for: not known
    Column("amount", Text),
    PrimaryKeyConstraint("id", name="pk_treatments"),
    UniqueConstraint("order_id", "session", name="uq_treatments_session"),
    ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_treatments_draft"),
    ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_treatments_order"),
    ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_treatments_product"),
    ForeignKeyConstraint(["recorded_by"], ["people.id"], name="fk_treatments_recorded_by"),
    CheckConstraint("session >= 1", name="ck_treatments_session"),
    Index("ix_treatments_draft", "draft_id"),
    sqlite_strict=True,
)

treatment_steps = Table(
    "treatment_steps",
    metadata,
    Column("treatment_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("licence_number", Text, nullable=False),
    PrimaryKeyConstraint("treatment_id", "number", name="pk_treatment_steps"),
    ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name="fk_treatment_steps_treatment"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_treatment_steps_person"),
    sqlite_strict=True,
)

treatment_corrections = Table(
    "treatment_corrections",
    metadata,
    Column("id", Text, nullable=False),
    Column("treatment_id", Text, nullable=False),
    Column("struck", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    PrimaryKeyConstraint("id", name="pk_treatment_corrections"),
    ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name="fk_treatment_corrections_treatment"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_treatment_corrections_person"),
    CheckConstraint("struck IN (0, 1)", name="ck_treatment_corrections_struck"),
    Index("ix_treatment_corrections_treatment", "treatment_id"),
    sqlite_strict=True,
)

rulebook_approvals = Table(
    "rulebook_approvals",
    metadata,
    Column("id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("revision", Text, nullable=False),
    Column("word", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("note", Text, nullable=False),
    *_signed(),
    PrimaryKeyConstraint("id", name="pk_rulebook_approvals"),
    UniqueConstraint("number", name="uq_rulebook_approvals_number"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_rulebook_approvals_person"),
    CheckConstraint("word IN ('approved', 'withdrawn')", name="ck_rulebook_approvals_word"),
    sqlite_strict=True,
)

standing_order_signatures = Table(
    "standing_order_signatures",
    metadata,
    Column("id", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("valid_until", IsoDate, nullable=False),
    *_signed(),
    PrimaryKeyConstraint("id", name="pk_standing_order_signatures"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_standing_order_signatures_person"),
    Index("ix_standing_order_signatures_entry", "entry"),
    sqlite_strict=True,
)
