"""Treatment mix: what was recommended and what was chosen, by month, concern and option, and of the pair.

The nameless facts of consultations go in as columns; counts come out. A share is only given from a named minimum on; below
it there is the count alone. Every number has its definition in `DEFINITIONS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from medspa_core.rulebook.schema.entries import NO, NOT_YET

MINIMUM = 20
NO_ONE = "none"  # nothing was pointed to: a close call without a best, or nothing open
WAIT_OR_NOT = "wait"
NOT_TAKEN = (WAIT_OR_NOT, NOT_YET, NO)
FIRM = ("clear", "leans")

DEFINITIONS: Mapping[str, str] = {
    "consultations": "Consultations in which the client's answer was noted: an option, wait, not yet, or no.",
    "recommended": "What the answers pointed to, counted once, in the month of the consultation. Close calls count for "
    "the option that came first; a consultation without a best counts as none.",
    "chosen": "What the client picked, counted once, in the month of the consultation. Wait, not yet and no stand together.",
    "taken": "The client picked a treatment. The rest said wait, not yet or no.",
    "agreement": "The client picked the option the page pointed to. Close calls are left out. High is not a target.",
    "pair": "Of exosomes and PRP alone: what the answers pointed to, and which of the two was picked. Close calls stand apart.",
}


@dataclass(frozen=True)
class Facts:
    """Facts as columns of equal length."""

    columns: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(self.columns["month"])

    def where(self, keep: Iterable[bool]) -> Facts:
        """Some of the rows."""
        kept = [number for number, one in enumerate(keep) if one]
        return Facts({name: [values[number] for number in kept] for name, values in self.columns.items()})

    def between(self, first: str, last: str) -> Facts:
        """From one month to another, both included."""
        return self.where(first <= month <= last for month in self.columns["month"])

    def about(self, concern: str) -> Facts:
        """One concern only."""
        return self.where(found == concern for found in self.columns["concern"])

    @property
    def months(self) -> tuple[str, ...]:
        """Months in which there was a consultation, and those between."""
        found = sorted(set(self.columns["month"]))
        return months_between(found[0], found[-1]) if found else ()


@dataclass(frozen=True)
class Share:
    """A count of a whole; a share only where the whole is large enough."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of >= MINIMUM else None


@dataclass(frozen=True)
class Mix:
    """Counts of options in one group of consultations."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def share(self, option: str) -> Share:
        """One option's share of the group."""
        return Share(self.counts.get(option, 0), self.total)


@dataclass(frozen=True)
class PairMix:
    """Exosomes and PRP alone: what was pointed to, and what those clients picked."""

    pointed: Mapping[str, int]  # option or "close_call" -> consultations
    chosen: Mapping[str, Mapping[str, int]]  # pointed to -> picked -> consultations

    @property
    def total(self) -> int:
        return sum(self.pointed.values())


def months_between(first: str, last: str) -> tuple[str, ...]:
    """Every month from one to another, as 2026-11."""
    return tuple(np.arange(np.datetime64(first, "M"), np.datetime64(last, "M") + 1).astype(str).tolist())


def recommended(facts: Facts) -> Mix:
    """What the answers pointed to."""
    return Mix(Counter(best or NO_ONE for best in facts.columns["recommended"]))


def chosen(facts: Facts) -> Mix:
    """What clients picked; wait, not yet and no stand together."""
    return Mix(Counter(_choice(choice) for choice in facts.columns["chosen"]))


MEASURES = {"recommended": recommended, "chosen": chosen}


def by_month(facts: Facts, months: Sequence[str], measure: str) -> dict[str, Mix]:
    """Recommended or chosen, month by month."""
    return {month: MEASURES[measure](facts.between(month, month)) for month in months}


def by_concern(facts: Facts, concerns: Sequence[str], measure: str) -> dict[str, Mix]:
    """Recommended or chosen, by what the client wants to change."""
    return {concern: MEASURES[measure](facts.about(concern)) for concern in concerns}


def taken(facts: Facts) -> Share:
    """Consultations in which a treatment was picked."""
    return Share(sum(choice not in NOT_TAKEN for choice in facts.columns["chosen"]), len(facts))


def agreement(facts: Facts) -> Share:
    """Consultations that pointed to one option and in which that one was picked."""
    rows = zip(facts.columns["standing"], facts.columns["recommended"], facts.columns["chosen"], strict=True)
    firm = [(best, choice) for standing, best, choice in rows if standing in FIRM and best]
    return Share(sum(best == choice for best, choice in firm), len(firm))


def of_the_pair(facts: Facts, pair: Sequence[str]) -> PairMix:
    """Of the two alone: pointed to (close calls apart), and what was picked: one of the two, or something else."""
    pointed: Counter[str] = Counter()
    picked: dict[str, Counter[str]] = {}
    rows = zip(facts.columns["pair_best"], facts.columns["pair_standing"], facts.columns["chosen"], strict=True)
    for best, standing, choice in rows:
        if best is None or standing is None:
            continue
        to = str(best) if standing in FIRM else "close_call"
        pointed[to] += 1
        picked.setdefault(to, Counter())[str(choice) if choice in pair else "other"] += 1
    return PairMix(pointed, picked)


def _choice(choice: Any) -> str:
    return WAIT_OR_NOT if choice in NOT_TAKEN else str(choice)
