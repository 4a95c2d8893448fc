"""People, roles, licences, locations, devices, sign-ins, tries, break-glass."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "locations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_locations"),
        sa.UniqueConstraint("name", name="uq_locations_name"),
        sqlite_strict=True,
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("sign_in_name", sa.Text, nullable=False),
        sa.Column("shown_name", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("password_hash", sa.Text),
        sa.Column("pin_hash", sa.Text),
        sa.Column("recovery_hash", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("disabled_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("sign_in_name", name="uq_people_sign_in_name"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sqlite_strict=True,
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_person_roles"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_person_roles_person"),
        sa.CheckConstraint(
            "role IN ('aesthetician', 'clinician', 'medical_director', 'manager', 'owner')", name="ck_person_roles_role"
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "person_locations",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("location_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "location_id", name="pk_person_locations"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_person_locations_person"),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_person_locations_location"),
        sqlite_strict=True,
    )
    op.create_table(
        "licences",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("valid_until", sa.Text),
        sa.PrimaryKeyConstraint("person_id", "kind", "state", name="pk_licences"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_licences_person"),
        sa.CheckConstraint("kind IN ('needling', 'draw', 'medical')", name="ck_licences_kind"),
        sqlite_strict=True,
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("location_id", sa.Text, nullable=False),
        sa.Column("code_hash", sa.Text),
        sa.Column("code_until", sa.Text),
        sa.Column("token_hash", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("enrolled_at", sa.Text),
        sa.Column("revoked_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("token_hash", name="uq_devices_token"),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_devices_location"),
        sqlite_strict=True,
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("device_id", sa.Text),
        sa.Column("how", sa.Text, nullable=False),
        sa.Column("started_at", sa.Text, nullable=False),
        sa.Column("last_touch_at", sa.Text, nullable=False),
        sa.Column("stepped_up_at", sa.Text),
        sa.Column("second_due_at", sa.Text),
        sa.Column("held_to", sa.Text),
        sa.Column("covered_at", sa.Text),
        sa.Column("ended_at", sa.Text),
        sa.Column("ended_why", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.UniqueConstraint("token_hash", name="uq_sign_ins_token"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sign_ins_person"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_sign_ins_device"),
        sa.CheckConstraint("how IN ('password', 'pin', 'oidc')", name="ck_sign_ins_how"),
        sqlite_strict=True,
    )
    op.create_index("ix_sign_ins_person", "sign_ins", ["person_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("last_at", sa.Text, nullable=False),
        sa.Column("refused_until", sa.Text),
        sa.PrimaryKeyConstraint("what", name="pk_sign_in_tries"),
        sa.CheckConstraint("wrong >= 0", name="ck_sign_in_tries_wrong"),
        sqlite_strict=True,
    )
    op.create_table(
        "second_factors",
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("last_step", sa.Integer, nullable=False),
        sa.Column("made_at", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.Text),
        sa.PrimaryKeyConstraint("person_id", name="pk_second_factors"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_second_factors_person"),
        sa.CheckConstraint("last_step >= 0", name="ck_second_factors_last_step"),
        sqlite_strict=True,
    )
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("seen_by", sa.Text),
        sa.Column("seen_at", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_break_glass"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_break_glass_person"),
        sa.ForeignKeyConstraint(["seen_by"], ["people.id"], name="fk_break_glass_seen_by"),
        sa.CheckConstraint("seen_by IS NULL OR seen_by <> person_id", name="ck_break_glass_seen_by_another"),
        sqlite_strict=True,
    )
    op.create_table(
        "oidc_links",
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("person_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_oidc_links"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_oidc_links_person"),
        sqlite_strict=True,
    )
    op.create_table(
        "access_settings",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_access_settings"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    raise NotImplementedError("a store is never taken back; the copy made before each migration is")
