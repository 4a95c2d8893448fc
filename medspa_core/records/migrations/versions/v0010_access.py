"""People, roles, licences, locations, devices, sign-ins, tries, break-glass."""

import sqlalchemy as sa
from alembic import op

from medspa_core.records.migrations.steps import create_table
from medspa_core.records.table_parts import checks, key, links, needed, optional, unique

revision = "0010"
down_revision = "0004"


def upgrade() -> None:
    create_table(
        "locations",
        key(sa.Text, "id"),
        needed(sa.Text, "name", "created_at"),
        unique("name"),
    )
    create_table(
        "people",
        key(sa.Text, "id"),
        needed(sa.Text, "sign_in_name", "shown_name"),
        optional(sa.Text, "email", "password_hash", "pin_hash", "recovery_hash"),
        needed(sa.Text, "created_at"),
        optional(sa.Text, "disabled_at"),
        unique("sign_in_name"),
        unique("email"),
    )
    create_table(
        "person_roles",
        key(sa.Text, "person_id", "role"),
        links(person_id="people"),
        checks(role="role IN ('aesthetician', 'clinician', 'medical_director', 'manager', 'owner')"),
    )
    create_table(
        "person_locations",
        key(sa.Text, "person_id", "location_id"),
        links(person_id="people", location_id="locations"),
    )
    create_table(
        "licences",
        key(sa.Text, "person_id", "kind", "state"),
        needed(sa.Text, "number"),
        optional(sa.Text, "valid_until"),
        links(person_id="people"),
        checks(kind="kind IN ('needling', 'draw', 'medical')"),
    )
    create_table(
        "devices",
        key(sa.Text, "id"),
        needed(sa.Text, "label", "location_id"),
        optional(sa.Text, "code_hash", "code_until", "token_hash"),
        needed(sa.Text, "created_at"),
        optional(sa.Text, "enrolled_at", "revoked_at"),
        unique("token_hash"),
        links(location_id="locations"),
    )
    create_table(
        "sign_ins",
        key(sa.Text, "id"),
        needed(sa.Text, "token_hash", "person_id"),
        optional(sa.Text, "device_id"),
        needed(sa.Text, "how", "started_at", "last_touch_at"),
        optional(sa.Text, "stepped_up_at", "second_due_at", "held_to", "covered_at", "ended_at", "ended_why"),
        unique("token_hash"),
        links(person_id="people", device_id="devices"),
        checks(how="how IN ('password', 'pin', 'oidc')"),
    )
    op.create_index("ix_sign_ins_person", "sign_ins", ["person_id"])
    create_table(
        "sign_in_tries",
        key(sa.Text, "what"),
        needed(sa.Integer, "wrong"),
        needed(sa.Text, "last_at"),
        optional(sa.Text, "refused_until"),
        checks(wrong="wrong >= 0"),
    )
    create_table(
        "second_factors",
        key(sa.Text, "person_id"),
        needed(sa.Text, "secret"),
        needed(sa.Integer, "last_step"),
        needed(sa.Text, "made_at"),
        optional(sa.Text, "confirmed_at"),
        links(person_id="people"),
        checks(last_step="last_step >= 0"),
    )
    create_table(
        "break_glass",
        key(sa.Text, "id"),
        needed(sa.Text, "person_id", "reason", "opened_at", "until"),
        optional(sa.Text, "seen_by", "seen_at"),
        links(person_id="people", seen_by="people"),
        checks(seen_by_another="seen_by IS NULL OR seen_by <> person_id"),
    )
    create_table(
        "oidc_links",
        key(sa.Text, "issuer", "subject"),
        needed(sa.Text, "person_id"),
        links(person_id="people"),
    )
    create_table("access_settings", key(sa.Text, "name"), needed(sa.Text, "value"))
