"""The card of Money that hands it out: what a chair hour earned by quarter and treatment, as a file."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from medspa_core.access import SignIn
from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.mix_export import quarters_over
from medspa_core.practice.rates_export import ENDS, RATES, export_rates
from medspa_core.records import Store
from views.context import environment
from views.context.words import say
from views.session import downloads
from views.staff.figures.facts import Figures
from views.staff.figures.filters import step_name
from views.staff.figures.mix_cards import heading
from views.staff.figures.take_with_you import Rows, above, files, made_of, say_link


def card(figures: Figures, kept: Asked) -> None:
    """The two files, or why there is none."""
    with st.container(key="card_take"):
        heading(say("staff.figures.take.title"), say("staff.money.take_lead"))
        quarters = quarters_over(kept.first_day, kept.last_day, environment.today())
        files(quarters, "money", lambda kind: _maker(figures, quarters, kind))
        say_link()


def _maker(figures: Figures, quarters: tuple[str, ...], kind: str) -> downloads.Make:
    """Its words are taken along: it is made in a thread without a page."""
    title, metrics = say("staff.money.title"), [figures.metrics.metrics[rate] for rate in RATES]
    names = {option: figures.name("option", option) for option in figures.book.ranked}
    header = [say("staff.figures.take.quarter"), figures.metrics.cuts["option"].name]
    for metric in metrics:
        header += [metric.name, *(say(f"staff.money.take_{end}", name=metric.name) for end in ENDS[1:])]
    first, last = (step_name(quarters[place]) for place in (0, -1))
    period = say("staff.figures.take.period_words", first=first, last=last)
    hidden = say("staff.money.take_hidden", minimum=metrics[0].minimum)
    lines = above(title, metrics, period, hidden, invented=figures.invented)
    missing, quarter_names = say("staff.money.too_few"), {quarter: step_name(quarter) for quarter in quarters}

    def rows(store: Store, asker: SignIn, now: datetime) -> Rows:
        found = export_rates(store, asker, figures.table, figures.metrics, quarters, figures.invented, now, kind)
        told: Rows = [
            [
                quarter_names[quarter],
                names.get(option, option),
                *(missing if pd.isna(one) else round(one) for one in row),
            ]
            for (quarter, option), row in zip(found.index, found.to_numpy(), strict=True)
        ]
        return [*lines, list(header), *told]

    return made_of(rows, title, kind)
