"""Rulings, exams, products, orders, treatments, approvals; and the guards that keep each of their rows as it was signed."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None

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


def guards(dialect: str) -> list[str]:
    """Every guard of this version, in the words of the engine."""
    made = []
    for table, draft in ITS_CONSULTATION.items():
        lifted = LIFTED.format(draft=draft)
        made += _guard(dialect, table, "update", "1 = 1") + _guard(dialect, table, "delete", f"NOT {lifted}")
    for table in OF_THE_PRACTICE:
        made += _guard(dialect, table, "update", "1 = 1") + _guard(dialect, table, "delete", "1 = 1")
    return made


def _guard(dialect: str, table: str, what: str, when: str) -> list[str]:
    name = f"{table}_no_{what}"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
        ]
    gone = "OLD" if what == "delete" else "NEW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{SIGNED}'; END IF; RETURN {gone}; END $$",
        f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def upgrade() -> None:
    op.create_table(
        "rulings",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("contraindication", sa.Text, nullable=False),
        sa.Column("case_name", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Text),
        sa.Column("rulebook_revision", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rulings"),
        sa.UniqueConstraint("draft_id", "number", name="uq_rulings_number"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_rulings_draft"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_rulings_person"),
        sa.CheckConstraint("word IN ('cleared', 'limited', 'refused')", name="ck_rulings_word"),
        sa.CheckConstraint("length(note) > 0", name="ck_rulings_note"),
        sa.CheckConstraint("(valid_until IS NULL) = (word = 'refused')", name="ck_rulings_valid_until"),
        sqlite_strict=True,
    )
    op.create_table(
        "exams",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("examiner", sa.Text, nullable=False),
        sa.Column("examiner_licence", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("examined_on", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("answers_revision", sa.Integer, nullable=False),
        sa.Column("agenda", sa.Text, nullable=False),
        sa.Column("rulebook_revision", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exams"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_exams_draft"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_exams_person"),
        sa.CheckConstraint("how IN ('in_person', 'live_video', 'elsewhere')", name="ck_exams_how"),
        sa.CheckConstraint("(how = 'elsewhere') = (length(source) > 0)", name="ck_exams_source"),
        sa.CheckConstraint("valid_until >= examined_on", name="ck_exams_valid_until"),
        sqlite_strict=True,
    )
    op.create_index("ix_exams_draft", "exams", ["draft_id"])
    op.create_table(
        "products",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("maker", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("lot", sa.Text, nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Text, nullable=False),
        sa.Column("counsel", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_products_person"),
        sa.CheckConstraint("kind IN ('exosome_product', 'prp_kit')", name="ck_products_kind"),
        sqlite_strict=True,
    )
    op.create_table(
        "product_withdrawals",
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("withdrawn_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("product_id", name="pk_product_withdrawals"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_product_withdrawals_product"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_product_withdrawals_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("exam_id", sa.Text, nullable=False),
        sa.Column("replaces", sa.Text),
        sa.Column("option_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text),
        sa.Column("area", sa.Text, nullable=False),
        sa.Column("depth_tenths_mm", sa.Integer, nullable=False),
        sa.Column("sessions", sa.Integer, nullable=False),
        sa.Column("valid_until", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("rulebook_revision", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("draft_id", "number", name="uq_orders_number"),
        sa.UniqueConstraint("replaces", name="uq_orders_replaces"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_orders_draft"),
        sa.ForeignKeyConstraint(["exam_id"], ["exams.id"], name="fk_orders_exam"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_orders_product"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_orders_person"),
        sa.CheckConstraint("sessions >= 1", name="ck_orders_sessions"),
        sa.CheckConstraint("depth_tenths_mm >= 1", name="ck_orders_depth"),
        sqlite_strict=True,
    )
    op.create_table(
        "order_delegates",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "licence", name="pk_order_delegates"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_delegates_order"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_order_delegates_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "order_revocations",
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("revoked_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name="pk_order_revocations"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_revocations_order"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_order_revocations_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "treatments",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("session", sa.Integer, nullable=False),
        sa.Column("option_id", sa.Text, nullable=False),
        sa.Column("done_on", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text),
        sa.Column("lot", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("rulebook_revision", sa.Text, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_treatments"),
        sa.UniqueConstraint("order_id", "session", name="uq_treatments_session"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_treatments_draft"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_treatments_order"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_treatments_product"),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name="fk_treatments_recorded_by"),
        sa.CheckConstraint("session >= 1", name="ck_treatments_session"),
        sqlite_strict=True,
    )
    op.create_index("ix_treatments_draft", "treatments", ["draft_id"])
    op.create_table(
        "treatment_steps",
        sa.Column("treatment_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("treatment_id", "number", name="pk_treatment_steps"),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name="fk_treatment_steps_treatment"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_treatment_steps_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "rulebook_approvals",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("word", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rulebook_approvals"),
        sa.UniqueConstraint("number", name="uq_rulebook_approvals_number"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_rulebook_approvals_person"),
        sa.CheckConstraint("word IN ('approved', 'withdrawn')", name="ck_rulebook_approvals_word"),
        sqlite_strict=True,
    )
    op.create_table(
        "standing_order_signatures",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("licence_number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("signed_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_standing_order_signatures"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_standing_order_signatures_person"),
        sqlite_strict=True,
    )
    op.create_index("ix_standing_order_signatures_entry", "standing_order_signatures", ["entry"])
    for guard in guards(op.get_bind().dialect.name):
        op.execute(guard)


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
