"""The program's own result, to be held against the second reading."""

from functools import cache

from medspa_core.recommendation import recommend
from medspa_core.result import in_plain_values
from medspa_core.rulebook import load_rulebook

from .by_hand import DATA


@cache
def shipped_rulebook():
    return load_rulebook(DATA)


def program(client, as_of):
    """One client's result in plain values."""
    return in_plain_values(recommend(client, shipped_rulebook(), as_of))
