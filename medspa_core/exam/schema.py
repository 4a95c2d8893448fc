"""The tables of reviews, exams, orders, treatments and approvals. Rows are only ever added. Migrations build them."""

from __future__ import annotations

from sqlalchemy import Integer, Text

from medspa_core.access.schema import people  # the tables that these point to
from medspa_core.records.schema import IsoDate, UtcTime, drafts, table
from medspa_core.records.table_parts import Parts, checks, index, key, links, needed, optional, unique

__all__ = ["drafts", "people"]


def _signed() -> Parts:
    """Who signed, under which licence, when."""
    return [*needed(Text, "person_id", "licence_number", "state"), *needed(UtcTime, "signed_at")]


rulings = table(
    "rulings",
    key(Text, "id"),
    needed(Text, "draft_id"),
    needed(Integer, "number"),
    needed(Text, "contraindication", "case_name", "answer", "options", "word", "note"),
    optional(IsoDate, "valid_until"),
    needed(Text, "rulebook_revision"),
    _signed(),
    unique("draft_id", "number"),
    links(draft_id="drafts", person_id="people"),
    checks(
        word="word IN ('cleared', 'limited', 'refused')",
        note="length(note) > 0",
        valid_until="(valid_until IS NULL) = (word = 'refused')",
    ),
)

exams = table(
    "exams",
    key(Text, "id"),
    needed(Text, "draft_id", "how", "examiner", "examiner_licence", "source"),
    needed(IsoDate, "examined_on", "valid_until"),
    needed(Text, "note"),
    needed(Integer, "answers_revision"),
    needed(Text, "agenda", "rulebook_revision"),
    _signed(),
    links(draft_id="drafts", person_id="people"),
    checks(
        how="how IN ('in_person', 'live_video', 'elsewhere')",
        source="(how = 'elsewhere') = (length(source) > 0)",
        valid_until="valid_until >= examined_on",
    ),
    index("draft_id"),
)

products = table(
    "products",
    key(Text, "id"),
    needed(Text, "kind", "name", "maker", "source", "route", "lot", "certificate"),
    needed(IsoDate, "expires_on"),
    needed(Text, "counsel"),
    _signed(),
    links(person_id="people"),
    checks(kind="kind IN ('exosome_product', 'prp_kit')"),
)

product_withdrawals = table(
    "product_withdrawals",
    key(Text, "product_id"),
    needed(Text, "person_id", "reason"),
    needed(UtcTime, "withdrawn_at"),
    links(product_id="products", person_id="people"),
)

orders = table(
    "orders",
    key(Text, "id"),
    needed(Text, "draft_id"),
    needed(Integer, "number"),
    needed(Text, "exam_id"),
    optional(Text, "replaces"),
    needed(Text, "option_id"),
    optional(Text, "product_id"),
    needed(Text, "area"),
    needed(Integer, "depth_tenths_mm", "sessions"),
    needed(IsoDate, "valid_until"),
    needed(Text, "note", "rulebook_revision"),
    _signed(),
    unique("draft_id", "number"),
    unique("replaces"),
    links(draft_id="drafts", exam_id="exams", product_id="products", person_id="people"),
    checks(sessions="sessions >= 1", depth="depth_tenths_mm >= 1"),
)

order_delegates = table(
    "order_delegates",
    key(Text, "order_id", "licence"),
    needed(Text, "person_id", "licence_number"),
    links(order_id="orders", person_id="people"),
)

order_revocations = table(
    "order_revocations",
    key(Text, "order_id"),
    needed(Text, "person_id", "reason"),
    needed(UtcTime, "revoked_at"),
    links(order_id="orders", person_id="people"),
)

treatments = table(
    "treatments",
    key(Text, "id"),
    needed(Text, "draft_id", "order_id"),
    needed(Integer, "session"),
    needed(Text, "option_id"),
    needed(IsoDate, "done_on"),
    optional(Text, "product_id"),
    needed(Text, "lot", "note", "rulebook_revision", "recorded_by"),
    needed(UtcTime, "recorded_at"),
    optional(Integer, "depth_tenths_mm"),  # of sessions recorded before these two were asked for: not known
    optional(Text, "amount"),
    unique("order_id", "session"),
    links(draft_id="drafts", order_id="orders", product_id="products", recorded_by="people"),
    checks(session="session >= 1"),
    index("draft_id"),
)

treatment_facts = table(
    "treatment_facts",
    key(Text, "treatment_id"),
    needed(Text, "fact_id"),
    links(treatment_id="treatments"),
)

treatment_steps = table(
    "treatment_steps",
    key(Text, "treatment_id"),
    key(Integer, "number"),
    needed(Text, "step", "licence", "person_id", "licence_number"),
    links(treatment_id="treatments", person_id="people"),
)

treatment_corrections = table(
    "treatment_corrections",
    key(Text, "id"),
    needed(Text, "treatment_id"),
    needed(Integer, "struck"),
    needed(Text, "what", "why", "person_id"),
    needed(UtcTime, "at"),
    links(treatment_id="treatments", person_id="people"),
    checks(struck="struck IN (0, 1)"),
    index("treatment_id"),
)

rulebook_approvals = table(
    "rulebook_approvals",
    key(Text, "id"),
    needed(Integer, "number"),
    needed(Text, "revision", "word", "content", "note"),
    _signed(),
    unique("number"),
    links(person_id="people"),
    checks(word="word IN ('approved', 'withdrawn')"),
)

standing_order_signatures = table(
    "standing_order_signatures",
    key(Text, "id"),
    needed(Text, "entry", "fingerprint"),
    needed(IsoDate, "valid_until"),
    _signed(),
    links(person_id="people"),
    index("entry"),
)
