"""Amounts as the page Money says them: in the clinic's currency, whole, or a part of a hundred."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from medspa_core.formats.as_read import money
from medspa_core.practice.metrics import Metric
from views.context.words import say
from views.staff.figures.facts import Figures

Row = Mapping[Hashable, Any]


def amount(figures: Figures, metric: Metric, value: float) -> str:
    """$1,500, or 12.3%."""
    if metric.unit == "percent":
        return f"{value:.1%}"
    return money(round(float(value)), figures.book.clinic.currency_sign)


def likely(figures: Figures, metric: Metric, row: Row, words: str = "staff.figures.low_and_high") -> str:
    """Where the rate likely lies; nothing where it was not drawn."""
    if pd.isna(row["low"]):
        return ""
    return say(words, **{end: amount(figures, metric, row[end]) for end in ("low", "high")})


def rate_told(figures: Figures, metric: Metric, row: Row) -> str:
    """The rate or sum, or that there is too little for one, or nothing noted that it is made of."""
    if metric.is_rate and pd.isna(row["value"]):
        return say("staff.money.not_recorded")
    value = row["rate"] if metric.is_rate else row["value"]
    return say("staff.money.too_few") if pd.isna(value) else amount(figures, metric, value)
