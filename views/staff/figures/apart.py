"""Which providers stand apart from all others by more than chance, in sentences: the same comparisons as the table of the mix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from medspa_core.practice.chance import against_the_rest
from medspa_core.practice.metric_tables import Asked
from views.context.words import say
from views.staff.figures.facts import Figures
from views.staff.figures.mix_cards import COMPARED


def sentences(figures: Figures, kept: Asked) -> Iterator[str]:
    """One a provider and share that differs, of the facts that are kept."""
    for metric in COMPARED:
        found = against_the_rest(figures.of(replace(kept, metric=metric, by=("provider",))).astype({"of": float}))
        named = found["provider"].notna()  # of whom no provider is noted, nobody sees: they are among the others alone
        for row in found[named & found["share"].notna()].to_dict("records"):
            if row["more_than_chance"]:
                key = "more" if row["points"] > 0 else "fewer"
                told = say(f"staff.figures.{key}", points=f"{abs(row['points']) * 100:.0f}")
                name = figures.metrics.metrics[metric].name
                yield say("staff.figures.apart", who=figures.name("provider", row["provider"]), name=name, told=told)


def compared(figures: Figures) -> str:
    """The names of the shares that were looked at."""
    return ", ".join(figures.metrics.metrics[metric].name for metric in COMPARED)
