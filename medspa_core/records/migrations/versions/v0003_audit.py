"""The audit log with its guards, its head, and the list of proven backups."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import checks, key, needed

revision = "0003"
down_revision = "0002"

SQLITE_GUARDS = (
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END""",
    """CREATE TRIGGER audit_next_only BEFORE INSERT ON audit
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
)
POSTGRES_GUARDS = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$""",
    """CREATE FUNCTION audit_next() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM audit) THEN
            RAISE EXCEPTION 'the audit log is only added to';
        END IF;
        RETURN NEW;
    END $$""",
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_next_only BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_next()",
)


def upgrade() -> None:
    create_table(
        "audit",
        key(sa.Integer, "seq"),
        needed(sa.Text, "at", "actor", "role", "device", "sign_in", "action", "object"),
        needed(sa.Integer, "outcome"),
        needed(sa.Text, "detail", "prev", "hash"),
        checks(
            action="action IN ('C', 'R', 'U', 'D', 'E')",
            outcome="outcome IN (0, 4, 8, 12)",
            hash="length(hash) = 64 AND length(prev) = 64",
        ),
    )
    op.create_index("ix_audit_object", "audit", ["object", "seq"])
    op.create_index("ix_audit_actor", "audit", ["actor", "seq"])
    create_table(
        "audit_head",
        key(sa.Integer, "id"),
        needed(sa.Integer, "seq"),
        needed(sa.Text, "hash"),
        checks(one="id = 1"),
    )
    op.execute(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")  # noqa: S608  (a constant)
    create_table(
        "backups",
        key(sa.Text, "id"),
        needed(sa.Text, "made_at", "proven_at", "place"),
        needed(sa.Integer, "bytes", "audit_seq"),
        checks(proven="proven_at >= made_at"),
    )
    op.create_index("ix_backups_made_at", "backups", ["made_at"])
    guards = SQLITE_GUARDS if op.get_bind().dialect.name == "sqlite" else POSTGRES_GUARDS
    for guard in guards:
        op.execute(guard)
