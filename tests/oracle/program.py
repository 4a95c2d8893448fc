"""The program's own result, to be held against the second reading."""

import tomllib
from datetime import date
from functools import cache

from medspa_core.recommendation import recommend
from medspa_core.result import result_as_dict
from medspa_core.rulebook import load_rulebook

from .by_hand import DATA


@cache
def shipped_rulebook():
    return load_rulebook(DATA)


def program(client, as_of):
    """One client's result in plain values."""
    return result_as_dict(recommend(client, shipped_rulebook(), as_of))


@cache
def reads_version_two():
    """Does the program have both halves of the model's version 2, the graded limits and the seven new questions?"""
    asked = tomllib.loads((DATA / "questions.toml").read_text("utf-8"))
    return "latex_allergy" in asked and "needle_comfort" in asked and "nobody_keeps" in program({}, date(2027, 1, 11))
