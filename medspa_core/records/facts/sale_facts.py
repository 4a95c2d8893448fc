"""The nameless facts of sales: payments, packages, what is redeemed of them, refunds. Amounts in hundredths, never in floats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa

from medspa_core.records.audit.log import read_head
from medspa_core.records.facts.visit_facts import row_of
from medspa_core.records.schema import sale_facts

What = Literal["payment", "package", "redemption", "refund"]


@dataclass(frozen=True, slots=True)
class SaleFact:
    """One line of a sale. Nothing in it names anybody; what is None was not noted.

    `paid_cents`: what came in, in hundredths of the currency; below 0 for a refund, 0 for a redemption. `list_cents`: the price
    before any discount. `worth_cents`: of a redemption, what it uses up of its package.
    """

    day: date
    what: What
    paid_cents: int
    currency: str
    list_cents: int | None = None
    product_cost_cents: int | None = None
    worth_cents: int | None = None
    option: str | None = None
    location: str | None = None
    provider: str | None = None
    age_band: str | None = None
    is_returning: bool | None = None
    concern: str | None = None
    consultation: str | None = None
    course: str | None = None
    demo: bool = False
    import_id: str | None = None


def keep_sales(connection: sa.Connection, sales: Sequence[SaleFact]) -> list[str]:
    """Keeps them in the transaction under way; their new ids, in order.

    Their sequence number is that of the audit row that this transaction wrote before.
    """
    if not sales:
        return []
    seq = read_head(connection).seq
    rows = [row_of(one) | {"seq": seq} for one in sales]
    connection.execute(sa.insert(sale_facts), rows)
    return [row["id"] for row in rows]
