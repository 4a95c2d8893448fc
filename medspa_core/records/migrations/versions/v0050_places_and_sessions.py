"""Locations have a state; a session keeps how deep and how much; corrections of sessions; consultations that were discarded."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None

SIGNED = "what was signed or done is never changed"
LIFTED = "EXISTS (SELECT 1 FROM guards_lifted WHERE draft_id = (SELECT draft_id FROM treatments WHERE id = OLD.treatment_id))"


def guards(dialect: str) -> list[str]:
    """A correction is never changed, and goes only with its client."""
    return _guard(dialect, "update", "1 = 1") + _guard(dialect, "delete", f"NOT {LIFTED}")


def _guard(dialect: str, what: str, when: str) -> list[str]:
    name = f"treatment_corrections_no_{what}"
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {what.upper()} ON treatment_corrections WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
        ]
    gone = "OLD" if what == "delete" else "NEW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{SIGNED}'; END IF; RETURN {gone}; END $$",
        f"CREATE TRIGGER {name} BEFORE {what.upper()} ON treatment_corrections FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def upgrade() -> None:
    op.add_column("locations", sa.Column("state", sa.Text))
    op.add_column("treatments", sa.Column("depth_tenths_mm", sa.Integer))
    op.add_column("treatments", sa.Column("amount", sa.Text))
    op.create_table(
        "treatment_corrections",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("treatment_id", sa.Text, nullable=False),
        sa.Column("struck", sa.Integer, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_treatment_corrections"),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name="fk_treatment_corrections_treatment"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_treatment_corrections_person"),
        sa.CheckConstraint("struck IN (0, 1)", name="ck_treatment_corrections_struck"),
        sqlite_strict=True,
    )
    op.create_index("ix_treatment_corrections_treatment", "treatment_corrections", ["treatment_id"])
    op.create_table(
        "discards",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("discarded_by", sa.Text, nullable=False),
        sa.Column("discarded_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name="pk_discards"),
        sqlite_strict=True,
    )
    for guard in guards(op.get_bind().dialect.name):
        op.execute(guard)


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
