"""What the clinic offers: each version of prices and kit, and products that wait for the director's approval."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None

KEPT = "what was signed or done is never changed"
TABLES = ("offers", "entered_products", "dropped_products")


def guards(dialect: str) -> list[str]:
    """No row is changed or removed."""
    return [line for table in TABLES for what in ("update", "delete") for line in _guard(dialect, table, what)]


def _guard(dialect: str, table: str, what: str) -> list[str]:
    name = f"{table}_no_{what}"
    if dialect == "sqlite":
        return [f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"]
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{KEPT}'; END $$",
        f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("entered_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offers"),
        sa.UniqueConstraint("number", name="uq_offers_number"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_offers_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "entered_products",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("maker", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("route", sa.Text, nullable=False),
        sa.Column("lot", sa.Text, nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("entered_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entered_products"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_entered_products_person"),
        sa.CheckConstraint("kind IN ('exosome_product', 'prp_kit')", name="ck_entered_products_kind"),
        sqlite_strict=True,
    )
    op.create_table(
        "dropped_products",
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("dropped_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_dropped_products"),
        sa.ForeignKeyConstraint(["entry_id"], ["entered_products.id"], name="fk_dropped_products_entry"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_dropped_products_person"),
        sqlite_strict=True,
    )
    for guard in guards(op.get_bind().dialect.name):
        op.execute(guard)


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
