"""The tables of what the clinic offers. Rows are only ever added: what was offered on a day can always be read. Migrations
build them."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from medspa_core.access.schema import people
from medspa_core.records.schema import IsoDate, UtcTime, metadata

__all__ = ["people"]

offers = Table(
    "offers",
    metadata,
    Column("id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("id", name="pk_offers"),
    UniqueConstraint("number", name="uq_offers_number"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_offers_person"),
    sqlite_strict=True,
)

entered_products = Table(
    "entered_products",
    metadata,
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("lot", Text, nullable=False),
    Column("certificate", Text, nullable=False),
    Column("expires_on", IsoDate, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("id", name="pk_entered_products"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_entered_products_person"),
    CheckConstraint("kind IN ('exosome_product', 'prp_kit')", name="ck_entered_products_kind"),
    sqlite_strict=True,
)

dropped_products = Table(
    "dropped_products",
    metadata,
    Column("entry_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("dropped_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("entry_id", name="pk_dropped_products"),
    ForeignKeyConstraint(["entry_id"], ["entered_products.id"], name="fk_dropped_products_entry"),
    ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_dropped_products_person"),
    sqlite_strict=True,
)
