"""What the columns of a file of visits or sales may be, and the ids that their words may mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, get_args

from medspa_core.records.facts.imports import ImportKind
from medspa_core.records.facts.sale_facts import What
from medspa_core.records.facts.visit_facts import Status

NOT_OURS = "not_ours"
"""A word of the file that says: this row is of another treatment, place or kind, and does not count here."""
NOT_NOTED = ""
STATUSES: Final[tuple[str, ...]] = get_args(Status)
WHATS: Final[tuple[str, ...]] = get_args(What)

MINUTES: Final = tuple(
    f"{when}{what}_minutes" for when in ("planned_", "") for what in ("chair", "provider", "draw", "spin")
)
DAYS: Final = ("day", "booked_on")
AMOUNTS: Final = ("amount", "list_price", "product_cost", "worth")
WHOLE: Final[Mapping[str, int]] = {"number": 99, "planned_visits": 99, "reactions": 99, **dict.fromkeys(MINUTES, 1_440)}
"""Whole numbers from 0, and the largest of each."""
WORDS: Final = ("option", "status", "what", "location", "provider", "currency")
REFERENCES: Final = ("client", "reference")

_BOTH = ("day", "option", "location", "provider", "client", "reference")
FIELDS: Final[Mapping[ImportKind, tuple[str, ...]]] = {
    "visits": (*_BOTH, "status", "booked_on", "number", "planned_visits", *MINUTES, "reactions"),
    "sales": (*_BOTH, "what", "amount", "list_price", "product_cost", "worth", "currency"),
}
"""What a column may be, by kind of file."""
NEEDED: Final[Mapping[ImportKind, tuple[str, ...]]] = {
    "visits": ("day", "option", "status"),
    "sales": ("day", "what", "amount", "currency"),
}
"""What each row must say, in a column or for the whole file; an option may be blank in a row."""


@dataclass(frozen=True)
class Known:
    """What there is here: options, places and people by id with their names, and the clinic's one currency."""

    options: Mapping[str, str]
    locations: Mapping[str, str]
    providers: Mapping[str, str]
    currency: str
    currency_sign: str

    def ids(self, field: str) -> Mapping[str, str]:
        """What the words of a field may mean: id -> name."""
        named = {"option": self.options, "location": self.locations, "provider": self.providers}
        fixed = {"status": STATUSES, "what": WHATS, "currency": (self.currency,)}
        return named[field] if field in named else {one: one for one in fixed[field]}
