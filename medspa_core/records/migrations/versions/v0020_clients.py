"""Clients, amendments, whole rulebooks, erasures; consultations know their client, location and who started them.

A finished consultation gets its guards here. A later migration that rebuilds one of these tables must make its guards
again: rebuilding drops them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0010"
branch_labels = None
depends_on = None

LIFTED = "EXISTS (SELECT 1 FROM guards_lifted WHERE draft_id IN ({id}, '*'))"
FINISHED = "EXISTS (SELECT 1 FROM drafts WHERE id = {id} AND finished_at IS NOT NULL)"
NEVER = "a finished consultation is never changed"
KEPT = "what was written stays"
OF_A_CONSULTATION = ("answers", "steps", "changes", "choices", "notes")


def guards(dialect: str) -> list[str]:
    """Every guard of this version, in the words of the engine."""
    made = []
    for what in ("update", "delete"):
        lifted = LIFTED.format(id="OLD.id")
        made += _guard(
            dialect,
            "drafts",
            f"drafts_finished_no_{what}",
            what,
            f"OLD.finished_at IS NOT NULL AND NOT {lifted}",
            NEVER,
        )
        for table in OF_A_CONSULTATION:
            made += _guard(dialect, table, f"{table}_finished_no_{what}", what, _of_a_finished("OLD.draft_id"), NEVER)
        free = f"NOT {LIFTED.format(id='OLD.draft_id')}" if what == "delete" else "1 = 1"
        made += _guard(dialect, "amendments", f"amendments_no_{what}", what, free, KEPT)
        made += _guard(dialect, "rulebook_revisions", f"rulebook_revisions_no_{what}", what, "1 = 1", KEPT)
    for table in OF_A_CONSULTATION:
        made += _guard(dialect, table, f"{table}_finished_no_insert", "insert", _of_a_finished("NEW.draft_id"), NEVER)
    return made


def _of_a_finished(draft: str) -> str:
    return f"{FINISHED.format(id=draft)} AND NOT {LIFTED.format(id=draft)}"


def _guard(dialect: str, table: str, name: str, what: str, when: str, says: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        ]
    gone = "OLD" if what == "delete" else "NEW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
        f"RAISE EXCEPTION '{says}'; END IF; RETURN {gone}; END $$",
        f"CREATE TRIGGER {name} BEFORE {what.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


NEW_COLUMNS = ("client_id", "location_id", "started_by")


def _more_columns_of_drafts(dialect: str) -> None:
    """A table of the file is made anew under another name, as SQLite adds no foreign key to one that is there."""
    if dialect != "sqlite":
        for name in NEW_COLUMNS:
            op.add_column("drafts", sa.Column(name, sa.Text))
        op.create_foreign_key("fk_drafts_client", "drafts", "clients", ["client_id"], ["id"])
        return
    op.create_table(
        "drafts_0020",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code_name", sa.Text, nullable=False),
        sa.Column("as_of", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("saved_at", sa.Text, nullable=False),
        sa.Column("finished_at", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("option_order", sa.Text, nullable=False),
        sa.Column("demo_of", sa.Text),
        *(sa.Column(name, sa.Text) for name in NEW_COLUMNS),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_drafts_client"),
        sa.CheckConstraint("revision >= 0", name="ck_drafts_revision"),
        sa.CheckConstraint("length(as_of) = 10", name="ck_drafts_as_of"),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO drafts_0020 SELECT *, NULL, NULL, NULL FROM drafts")
    op.execute("DROP TABLE drafts")
    op.execute("ALTER TABLE drafts_0020 RENAME TO drafts")
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])


def upgrade() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("code_name", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("birth_date", sa.Text),
        sa.Column("contact", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("location_id", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Text, nullable=False),
        sa.Column("code_key", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("merged_into", sa.Text),
        sa.Column("held_since", sa.Text),
        sa.Column("held_why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_clients"),
        sa.CheckConstraint("revision >= 0", name="ck_clients_revision"),
        sa.CheckConstraint("birth_date IS NULL OR length(birth_date) = 10", name="ck_clients_birth_date"),
        sa.CheckConstraint("merged_into IS NULL OR merged_into <> id", name="ck_clients_merged_into_another"),
        sa.CheckConstraint("(held_since IS NULL) = (held_why IS NULL)", name="ck_clients_held"),
        sqlite_strict=True,
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
    op.create_table(
        "client_words",
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("location_id", sa.Text),
        sa.PrimaryKeyConstraint("client_id", "word", name="pk_client_words"),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name="fk_client_words_client"),
        sqlite_strict=True,
    )
    op.create_index("ix_client_words_word", "client_words", ["word", "location_id", "client_id"])
    _more_columns_of_drafts(op.get_bind().dialect.name)
    op.create_index("ix_drafts_client", "drafts", ["client_id", "as_of"])
    op.create_table(
        "amendments",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_amendments"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_amendments_draft"),
        sqlite_strict=True,
    )
    op.create_index("ix_amendments_draft", "amendments", ["draft_id", "at"])
    op.create_table(
        "rulebook_revisions",
        sa.Column("revision", sa.Text, nullable=False),
        sa.Column("first_used_at", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_rulebook_revisions"),
        sqlite_strict=True,
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("client_ids", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_as", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text),
        sa.Column("confirmed_at", sa.Text),
        sa.Column("withdrawn_by", sa.Text),
        sa.Column("withdrawn_at", sa.Text),
        sa.Column("facts_kept", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="ck_erasures_two_people"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="ck_erasures_confirmed"),
        sa.CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="ck_erasures_withdrawn"),
        sa.CheckConstraint("facts_kept >= 0", name="ck_erasures_facts_kept"),
        sqlite_strict=True,
    )
    op.create_index("ix_erasures_client", "erasures", ["client_id"])
    op.create_table(
        "guards_lifted",
        sa.Column("draft_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("draft_id", name="pk_guards_lifted"),
        sqlite_strict=True,
    )
    for guard in guards(op.get_bind().dialect.name):
        op.execute(guard)


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
