"""The tables of people and sign-ins, in the same store as the consultations. Migrations build them."""

from __future__ import annotations

from sqlalchemy import Integer, Text

from medspa_core.records.schema import IsoDate, UtcTime, table
from medspa_core.records.table_parts import checks, index, key, links, needed, optional, unique

locations = table(
    "locations",
    key(Text, "id"),
    needed(Text, "name"),
    needed(UtcTime, "created_at"),
    optional(Text, "state"),  # as on the licences; empty until the owner says it
    unique("name"),
)

people = table(
    "people",
    key(Text, "id"),
    needed(Text, "sign_in_name", "shown_name"),
    optional(Text, "email", "password_hash", "pin_hash", "recovery_hash"),
    needed(UtcTime, "created_at"),
    optional(UtcTime, "disabled_at"),
    unique("sign_in_name"),
    unique("email"),
)

person_roles = table(
    "person_roles",
    key(Text, "person_id", "role"),
    links(person_id="people"),
    checks(role="role IN ('aesthetician', 'clinician', 'medical_director', 'manager', 'owner')"),
)

person_locations = table(
    "person_locations",
    key(Text, "person_id", "location_id"),
    links(person_id="people", location_id="locations"),
)

licences = table(
    "licences",
    key(Text, "person_id", "kind", "state"),
    needed(Text, "number"),
    optional(IsoDate, "valid_until"),
    links(person_id="people"),
    checks(kind="kind IN ('needling', 'draw', 'medical')"),
)

devices = table(
    "devices",
    key(Text, "id"),
    needed(Text, "label", "location_id"),
    optional(Text, "code_hash"),
    optional(UtcTime, "code_until"),
    optional(Text, "token_hash"),
    needed(UtcTime, "created_at"),
    optional(UtcTime, "enrolled_at", "revoked_at"),
    unique("token_hash"),
    links(location_id="locations"),
)

sign_ins = table(
    "sign_ins",
    key(Text, "id"),
    needed(Text, "token_hash", "person_id"),
    optional(Text, "device_id"),
    needed(Text, "how"),
    needed(UtcTime, "started_at", "last_touch_at"),
    optional(UtcTime, "stepped_up_at"),
    optional(UtcTime, "second_due_at"),  # set: the second factor is still to be given, until then
    optional(Text, "held_to"),  # the consultation it is handed over for
    optional(UtcTime, "covered_at", "ended_at"),
    optional(Text, "ended_why"),
    unique("token_hash"),
    links(person_id="people", device_id="devices"),
    checks(how="how IN ('password', 'pin', 'oidc')"),
    index("person_id"),
)

sign_in_tries = table(
    "sign_in_tries",
    key(Text, "what"),
    needed(Integer, "wrong"),
    needed(UtcTime, "last_at"),
    optional(UtcTime, "refused_until"),
    checks(wrong="wrong >= 0"),
)

second_factors = table(
    "second_factors",
    key(Text, "person_id"),
    needed(Text, "secret"),
    needed(Integer, "last_step"),
    needed(UtcTime, "made_at"),
    optional(UtcTime, "confirmed_at"),
    links(person_id="people"),
    checks(last_step="last_step >= 0"),
)

break_glass = table(
    "break_glass",
    key(Text, "id"),
    needed(Text, "person_id", "reason"),
    needed(UtcTime, "opened_at", "until"),
    optional(Text, "seen_by"),
    optional(UtcTime, "seen_at"),
    links(person_id="people", seen_by="people"),
    checks(seen_by_another="seen_by IS NULL OR seen_by <> person_id"),
)

oidc_links = table(
    "oidc_links",
    key(Text, "issuer", "subject"),
    needed(Text, "person_id"),
    links(person_id="people"),
)

access_settings = table("access_settings", key(Text, "name"), needed(Text, "value"))
