"""The tables of people and sign-ins, in the same store as the consultations. Migrations build them."""

from __future__ import annotations

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

from medspa_core.records.schema import IsoDate, UtcTime, metadata

locations = Table(
    "locations",
    metadata,
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("state", Text),  # as on the licences; empty until the owner says it
    PrimaryKeyConstraint("id", name="pk_locations"),
    UniqueConstraint("name", name="uq_locations_name"),
    sqlite_strict=True,
)

people = Table(
    "people",
    metadata,
    Column("id", Text, nullable=False),
    Column("sign_in_name", Text, nullable=False),
    Column("shown_name", Text, nullable=False),
    Column("email", Text),
    Column("password_hash", Text),
    Column("pin_hash", Text),
    Column("recovery_hash", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
    PrimaryKeyConstraint("id", name="pk_people"),
    UniqueConstraint("sign_in_name", name="uq_people_sign_in_name"),
    UniqueConstraint("email", name="uq_people_email"),
    sqlite_strict=True,
)

person_roles = Table(
    "person_roles",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "role", name="pk_person_roles"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_person_roles_person"),
    CheckConstraint(
        "role IN ('aesthetician', 'clinician', 'medical_director', 'manager', 'owner')", name="ck_person_roles_role"
    ),
    sqlite_strict=True,
)

person_locations = Table(
    "person_locations",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("location_id", Text, nullable=False),
    PrimaryKeyConstraint("person_id", "location_id", name="pk_person_locations"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_person_locations_person"),
    ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_person_locations_location"),
    sqlite_strict=True,
)

licences = Table(
    "licences",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("valid_until", IsoDate),
    PrimaryKeyConstraint("person_id", "kind", "state", name="pk_licences"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_licences_person"),
    CheckConstraint("kind IN ('needling', 'draw', 'medical')", name="ck_licences_kind"),
    sqlite_strict=True,
)

devices = Table(
    "devices",
    metadata,
    Column("id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("code_hash", Text),
    Column("code_until", UtcTime),
    Column("token_hash", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("enrolled_at", UtcTime),
    Column("revoked_at", UtcTime),
    PrimaryKeyConstraint("id", name="pk_devices"),
    UniqueConstraint("token_hash", name="uq_devices_token"),
    ForeignKeyConstraint(["location_id"], ["locations.id"], name="fk_devices_location"),
    sqlite_strict=True,
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("id", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("device_id", Text),
    Column("how", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("last_touch_at", UtcTime, nullable=False),
    Column("stepped_up_at", UtcTime),
    Column("second_due_at", UtcTime),  # set: the second factor is still to be given, until then
    Column("held_to", Text),  # the consultation it is handed over for
    Column("covered_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("ended_why", Text),
    PrimaryKeyConstraint("id", name="pk_sign_ins"),
    UniqueConstraint("token_hash", name="uq_sign_ins_token"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sign_ins_person"),
    ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_sign_ins_device"),
    CheckConstraint("how IN ('password', 'pin', 'oidc')", name="ck_sign_ins_how"),
    Index("ix_sign_ins_person", "person_id"),
    sqlite_strict=True,
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    Column("what", Text, nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("refused_until", UtcTime),
    PrimaryKeyConstraint("what", name="pk_sign_in_tries"),
    CheckConstraint("wrong >= 0", name="ck_sign_in_tries_wrong"),
    sqlite_strict=True,
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("person_id", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("last_step", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("confirmed_at", UtcTime),
    PrimaryKeyConstraint("person_id", name="pk_second_factors"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_second_factors_person"),
    CheckConstraint("last_step >= 0", name="ck_second_factors_last_step"),
    sqlite_strict=True,
)

break_glass = Table(
    "break_glass",
    metadata,
    Column("id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    Column("seen_by", Text),
    Column("seen_at", UtcTime),
    PrimaryKeyConstraint("id", name="pk_break_glass"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_break_glass_person"),
    ForeignKeyConstraint(["seen_by"], ["people.id"], name="fk_break_glass_seen_by"),
    CheckConstraint("seen_by IS NULL OR seen_by <> person_id", name="ck_break_glass_seen_by_another"),
    sqlite_strict=True,
)

oidc_links = Table(
    "oidc_links",
    metadata,
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    PrimaryKeyConstraint("issuer", "subject", name="pk_oidc_links"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_oidc_links_person"),
    sqlite_strict=True,
)

access_settings = Table(
    "access_settings",
    metadata,
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("name", name="pk_access_settings"),
    sqlite_strict=True,
)
