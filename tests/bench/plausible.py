"""Invented clients as they might walk in: mostly healthy, with dates, budgets and wishes that go together.

Shares are our guesses (judgement), only there to see whether the model's numbers are lopsided. Columns of codes, so that a
million of them are made as quickly as they are judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from medspa_core.answer_codes import IN_A_WORD, Codes, Column
from medspa_core.intake import IntakeTable, columns_of
from medspa_core.rulebook import Rulebook

Shares = Mapping[str, float]

CONCERN: Shares = {"texture": 0.4, "acne_scars": 0.2, "hair_thinning": 0.2, "pigment": 0.2}
NEEDLES: Shares = {"fine": 0.6, "uneasy": 0.27, "rather_not": 0.11, "never": 0.02}
DRAW: Shares = {"fine": 0.45, "uneasy": 0.3, "rather_not": 0.2, "never": 0.05}
MATERIAL: Shares = {"no_preference": 0.6, "own": 0.25, "not_own": 0.15}
SMOKES: Shares = {"no": 0.82, "yes": 0.14, "not_sure": 0.04}
HYDRATION: Shares = {"good": 0.6, "poor": 0.3, "not_sure": 0.1}
SKIN_TYPE: Shares = {"1": 0.08, "2": 0.25, "3": 0.3, "4": 0.2, "5": 0.1, "6": 0.05, "not_sure": 0.02}
PRODUCT_SOURCE: Shares = {"human": 0.4, "plant": 0.4, "animal": 0.2}
OBJECTS_TO: Shares = {"": 0.88, "human_donor": 0.05, "animal": 0.05, "own_blood": 0.02}
IMPORTANCE: Shares = {"none": 0.12, "little": 0.5, "lot": 0.35, "must": 0.03}
STATED = 0.45  # of the criteria, the share a client says something about
HAS_SOMETHING = 0.012  # of the safety questions, the share of clients for whom it is not harmless
NOT_SURE = 0.25  # of those, the share who cannot say
HARMLESS = ("no", "none", "never")
NO_FINDING = ("not_asked", "settings")  # layers of questions nobody answers at the desk

MINUTES = (45, 60, 60, 75, 75, 90, 90, 120, IN_A_WORD)
VISITS = (1, 2, 3, 3, 4, 4, 5, 6, IN_A_WORD, IN_A_WORD)
BUDGETS = (700, 1000, 1500, 2000, 2000, 2500, 2500, 3000, 3500, 4000, 5000, IN_A_WORD)
REDNESS_DAYS = (0, 1, 1, 2, 2, 3, 3, 5, 7, IN_A_WORD)
STARTS = (IN_A_WORD, IN_A_WORD, IN_A_WORD, 7, 14, 28, 56)


def plausible_clients(rulebook: Rulebook, as_of: date, rows: int, seed: int) -> IntakeTable:
    """A table of invented clients; the same seed gives the same table."""
    rng = np.random.default_rng(seed)
    columns = {name: _codes(column, rows, rng) for name, column in columns_of(rulebook).items()}
    return IntakeTable(as_of, rows, columns, np.zeros(rows, dtype=np.int32))


def _codes(column: Column, rows: int, rng: np.random.Generator) -> Codes:
    shares: dict[str, Shares] = {
        "concern": CONCERN,
        "blood_draw_comfort": DRAW,
        "needle_comfort": NEEDLES,
        "material_preference": MATERIAL,
        "smokes": SMOKES,
        "hydration": HYDRATION,
        "skin_type": SKIN_TYPE,
        "exosome_product.source": PRODUCT_SOURCE,
        "exosome_product.use": {"after_needling": 1.0},
        "exosome_product.has_lot_and_certificate": {"true": 1.0},
    }
    numbers: dict[str, Sequence[int]] = {
        "minutes_per_visit": MINUTES,
        "visits_willing": VISITS,
        "budget": BUDGETS,
        "downtime_days": REDNESS_DAYS,
        "planned_start": STARTS,
    }
    if column.name in shares:
        return _drawn(column, shares[column.name], rows, rng)
    if column.name in numbers:
        return _as_codes(rng.choice(numbers[column.name], rows))
    if column.question_id == "importance":
        stated = rng.random(rows) < STATED
        return _as_codes(np.where(stated, _drawn(column, IMPORTANCE, rows, rng), 0))
    return _other(column, rows, rng)


def _other(column: Column, rows: int, rng: np.random.Generator) -> Codes:
    if column.name == "age":
        return _as_codes(np.clip(rng.normal(42, 13, rows), 18, 85))
    if column.name == "event_date":
        return _as_codes(np.where(rng.random(rows) < 0.5, rng.integers(30, 330, rows), IN_A_WORD))
    if column.name == "objects_to":
        bits = [1 << column.answers.index(answer) if answer else 0 for answer in OBJECTS_TO]
        return _as_codes(rng.choice(bits, rows, p=list(OBJECTS_TO.values())))
    if column.question.part == "safety" and column.kind == "choice" and column.question.layer not in NO_FINDING:
        return _safety(column, rows, rng)
    return _as_codes(np.full(rows, column.default))


def _safety(column: Column, rows: int, rng: np.random.Generator) -> Codes:
    """Nearly always the harmless answer; else one of the others."""
    harmless = next(answer for answer in column.answers if answer in HARMLESS)
    others = [answer for answer in column.answers if answer not in (harmless, "not_sure", "not_applicable")]
    something = {answer: HAS_SOMETHING * (1 - NOT_SURE) / len(others) for answer in others}
    return _drawn(column, {harmless: 1 - HAS_SOMETHING, **something, "not_sure": HAS_SOMETHING * NOT_SURE}, rows, rng)


def _drawn(column: Column, shares: Shares, rows: int, rng: np.random.Generator) -> Codes:
    codes = [1 + column.answers.index(answer) for answer in shares]
    return _as_codes(rng.choice(codes, rows, p=list(shares.values())))


def _as_codes(found: NDArray[np.generic]) -> Codes:
    return found.astype(np.int32)
