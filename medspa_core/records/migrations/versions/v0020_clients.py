"""Clients, amendments, whole rulebooks, erasures; consultations know their client, location and who started them.

A finished consultation gets its guards here. A later migration that rebuilds one of these tables must make its guards
again: rebuilding drops them.
"""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table, guard
from medspa_core.records.table_parts import checks, key, links, needed, optional

revision = "0020"
down_revision = "0010"

LIFTED = "EXISTS (SELECT 1 FROM guards_lifted WHERE draft_id IN ({id}, '*'))"
FINISHED = "EXISTS (SELECT 1 FROM drafts WHERE id = {id} AND finished_at IS NOT NULL)"
NEVER = "a finished consultation is never changed"
KEPT = "what was written stays"
OF_A_CONSULTATION = ("answers", "steps", "changes", "choices", "notes")


def _guards() -> None:
    for what in ("update", "delete"):
        a_finished_one = f"OLD.finished_at IS NOT NULL AND NOT {LIFTED.format(id='OLD.id')}"
        guard("drafts", what, NEVER, a_finished_one, f"drafts_finished_no_{what}")
        for table in OF_A_CONSULTATION:
            guard(table, what, NEVER, _of_a_finished("OLD.draft_id"), f"{table}_finished_no_{what}")
        guard("amendments", what, KEPT, f"NOT {LIFTED.format(id='OLD.draft_id')}" if what == "delete" else "1 = 1")
        guard("rulebook_revisions", what, KEPT, "1 = 1")
    for table in OF_A_CONSULTATION:
        guard(table, "insert", NEVER, _of_a_finished("NEW.draft_id"), f"{table}_finished_no_insert")


def _of_a_finished(draft: str) -> str:
    return f"{FINISHED.format(id=draft)} AND NOT {LIFTED.format(id=draft)}"


NEW_COLUMNS = ("client_id", "location_id", "started_by")


def _more_columns_of_drafts(dialect: str) -> None:
    """A table of the file is made anew under another name, as SQLite adds no foreign key to one that is there."""
    if dialect != "sqlite":
        for name in NEW_COLUMNS:
            op.add_column("drafts", sa.Column(name, sa.Text))
        op.create_foreign_key("fk_drafts_client", "drafts", "clients", ["client_id"], ["id"])
        return
    create_table(
        "drafts_0020",
        needed(sa.Text, "id", "code_name", "as_of", "created_at", "saved_at"),
        optional(sa.Text, "finished_at"),
        needed(sa.Integer, "revision"),
        needed(sa.Text, "option_order"),
        optional(sa.Text, "demo_of", *NEW_COLUMNS),
        [
            sa.PrimaryKeyConstraint("id", name="pk_drafts"),
            sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_drafts_client"),
            sa.CheckConstraint("revision >= 0", name=op.f("ck_drafts_revision")),
            sa.CheckConstraint("length(as_of) = 10", name=op.f("ck_drafts_as_of")),
        ],
    )
    op.execute("INSERT INTO drafts_0020 SELECT *, NULL, NULL, NULL FROM drafts")
    op.execute("DROP TABLE drafts")
    op.execute("ALTER TABLE drafts_0020 RENAME TO drafts")
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])


def upgrade() -> None:
    create_table(
        "clients",
        key(sa.Text, "id"),
        needed(sa.Text, "code_name"),
        optional(sa.Text, "name", "birth_date", "contact", "note", "location_id"),
        needed(sa.Text, "created_at", "changed_at", "code_key"),
        optional(sa.Text, "name_key"),
        needed(sa.Integer, "revision"),
        optional(sa.Text, "merged_into", "held_since", "held_why"),
        checks(
            revision="revision >= 0",
            birth_date="birth_date IS NULL OR length(birth_date) = 10",
            merged_into_another="merged_into IS NULL OR merged_into <> id",
            held="(held_since IS NULL) = (held_why IS NULL)",
        ),
    )
    op.create_index("ix_clients_birth_date", "clients", ["birth_date", "location_id"])
    op.create_index("ix_clients_changed_at", "clients", ["changed_at", "id"])
    kept, merged = sa.text("merged_into IS NULL"), sa.text("merged_into IS NOT NULL")
    halves = {
        "ix_clients_code_key": (["code_key", "location_id"], kept),
        "ix_clients_merged_into": (["merged_into"], merged),
        "ix_clients_name_key": (["name_key", "birth_date", "location_id"], kept),
    }
    for name, (columns, which) in halves.items():
        op.create_index(name, "clients", columns, sqlite_where=which, postgresql_where=which)
    create_table(
        "client_words",
        key(sa.Text, "client_id"),
        key(sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), "word"),
        optional(sa.Text, "location_id"),
        links(client_id="clients"),
    )
    op.create_index("ix_client_words_word", "client_words", ["word", "location_id", "client_id"])
    _more_columns_of_drafts(op.get_bind().dialect.name)
    op.create_index("ix_drafts_client", "drafts", ["client_id", "as_of"])
    create_table(
        "amendments",
        key(sa.Text, "id"),
        needed(sa.Text, "draft_id", "at", "by", "what", "why"),
        links(draft_id="drafts"),
    )
    op.create_index("ix_amendments_draft", "amendments", ["draft_id", "at"])
    create_table(
        "rulebook_revisions",
        key(sa.Text, "revision"),
        needed(sa.Text, "first_used_at", "files"),
    )
    create_table(
        "erasures",
        key(sa.Text, "id"),
        needed(sa.Text, "client_id", "client_ids", "reason", "proposed_by", "proposed_as", "proposed_at"),
        optional(sa.Text, "confirmed_by", "confirmed_at", "withdrawn_by", "withdrawn_at"),
        needed(sa.Integer, "facts_kept"),
        checks(
            two_people="confirmed_by IS NULL OR confirmed_by <> proposed_by",
            confirmed="(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            withdrawn="(withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
            facts_kept="facts_kept >= 0",
        ),
    )
    op.create_index("ix_erasures_client", "erasures", ["client_id"])
    create_table("guards_lifted", key(sa.Text, "draft_id"))
    _guards()
