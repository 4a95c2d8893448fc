"""Rulings, exams, products, orders, treatments, approvals; and the guards that keep each of their rows as it was signed."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table, guard
from medspa_core.records.table_parts import checks, key, links, needed, optional, unique

revision = "0030"
down_revision = "0020"

SIGNATURE = ("person_id", "licence_number", "state", "signed_at")
SIGNED = "what was signed or done is never changed"
LIFTED = "EXISTS (SELECT 1 FROM guards_lifted WHERE draft_id = {draft})"
ITS_CONSULTATION = {
    "rulings": "OLD.draft_id",
    "exams": "OLD.draft_id",
    "orders": "OLD.draft_id",
    "order_delegates": "(SELECT draft_id FROM orders WHERE id = OLD.order_id)",
    "order_revocations": "(SELECT draft_id FROM orders WHERE id = OLD.order_id)",
    "treatments": "OLD.draft_id",
    "treatment_steps": "(SELECT draft_id FROM treatments WHERE id = OLD.treatment_id)",
}
"""Where a row's consultation is found: while a client is erased, the rows of their consultations may go."""
OF_THE_PRACTICE = ("products", "product_withdrawals", "rulebook_approvals", "standing_order_signatures")


def _guards() -> None:
    for table, draft in ITS_CONSULTATION.items():
        guard(table, "update", SIGNED, "1 = 1")
        guard(table, "delete", SIGNED, f"NOT {LIFTED.format(draft=draft)}")
    for table in OF_THE_PRACTICE:
        for what in ("update", "delete"):
            guard(table, what, SIGNED, "1 = 1")


def upgrade() -> None:
    create_table(
        "rulings",
        key(sa.Text, "id"),
        needed(sa.Text, "draft_id"),
        needed(sa.Integer, "number"),
        needed(sa.Text, "contraindication", "case_name", "answer", "options", "word", "note"),
        optional(sa.Text, "valid_until"),
        needed(sa.Text, "rulebook_revision", *SIGNATURE),
        unique("draft_id", "number"),
        links(draft_id="drafts", person_id="people"),
        checks(
            word="word IN ('cleared', 'limited', 'refused')",
            note="length(note) > 0",
            valid_until="(valid_until IS NULL) = (word = 'refused')",
        ),
    )
    create_table(
        "exams",
        key(sa.Text, "id"),
        needed(sa.Text, "draft_id", "how", "examiner", "examiner_licence", "source"),
        needed(sa.Text, "examined_on", "valid_until", "note"),
        needed(sa.Integer, "answers_revision"),
        needed(sa.Text, "agenda", "rulebook_revision", *SIGNATURE),
        links(draft_id="drafts", person_id="people"),
        checks(
            how="how IN ('in_person', 'live_video', 'elsewhere')",
            source="(how = 'elsewhere') = (length(source) > 0)",
            valid_until="valid_until >= examined_on",
        ),
    )
    op.create_index("ix_exams_draft", "exams", ["draft_id"])
    create_table(
        "products",
        key(sa.Text, "id"),
        needed(sa.Text, "kind", "name", "maker", "source", "route", "lot", "certificate"),
        needed(sa.Text, "expires_on", "counsel", *SIGNATURE),
        links(person_id="people"),
        checks(kind="kind IN ('exosome_product', 'prp_kit')"),
    )
    create_table(
        "product_withdrawals",
        key(sa.Text, "product_id"),
        needed(sa.Text, "person_id", "reason", "withdrawn_at"),
        links(product_id="products", person_id="people"),
    )
    create_table(
        "orders",
        key(sa.Text, "id"),
        needed(sa.Text, "draft_id"),
        needed(sa.Integer, "number"),
        needed(sa.Text, "exam_id"),
        optional(sa.Text, "replaces"),
        needed(sa.Text, "option_id"),
        optional(sa.Text, "product_id"),
        needed(sa.Text, "area"),
        needed(sa.Integer, "depth_tenths_mm", "sessions"),
        needed(sa.Text, "valid_until", "note", "rulebook_revision", *SIGNATURE),
        unique("draft_id", "number"),
        unique("replaces"),
        links(draft_id="drafts", exam_id="exams", product_id="products", person_id="people"),
        checks(sessions="sessions >= 1", depth="depth_tenths_mm >= 1"),
    )
    create_table(
        "order_delegates",
        key(sa.Text, "order_id", "licence"),
        needed(sa.Text, "person_id", "licence_number"),
        links(order_id="orders", person_id="people"),
    )
    create_table(
        "order_revocations",
        key(sa.Text, "order_id"),
        needed(sa.Text, "person_id", "reason", "revoked_at"),
        links(order_id="orders", person_id="people"),
    )
    create_table(
        "treatments",
        key(sa.Text, "id"),
        needed(sa.Text, "draft_id", "order_id"),
        needed(sa.Integer, "session"),
        needed(sa.Text, "option_id", "done_on"),
        optional(sa.Text, "product_id"),
        needed(sa.Text, "lot", "note", "rulebook_revision", "recorded_by", "recorded_at"),
        unique("order_id", "session"),
        links(draft_id="drafts", order_id="orders", product_id="products", recorded_by="people"),
        checks(session="session >= 1"),
    )
    op.create_index("ix_treatments_draft", "treatments", ["draft_id"])
    create_table(
        "treatment_steps",
        key(sa.Text, "treatment_id"),
        key(sa.Integer, "number"),
        needed(sa.Text, "step", "licence", "person_id", "licence_number"),
        links(treatment_id="treatments", person_id="people"),
    )
    create_table(
        "rulebook_approvals",
        key(sa.Text, "id"),
        needed(sa.Integer, "number"),
        needed(sa.Text, "revision", "word", "content", "note", *SIGNATURE),
        unique("number"),
        links(person_id="people"),
        checks(word="word IN ('approved', 'withdrawn')"),
    )
    create_table(
        "standing_order_signatures",
        key(sa.Text, "id"),
        needed(sa.Text, "entry", "fingerprint", "valid_until", *SIGNATURE),
        links(person_id="people"),
    )
    op.create_index("ix_standing_order_signatures_entry", "standing_order_signatures", ["entry"])
    _guards()
