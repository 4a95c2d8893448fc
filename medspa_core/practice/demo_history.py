"""An invented practice: two years of consultations with plausible clients, judged by the real core.

A day goes in; the same rows come out every time. Dates are offsets before that day, so the demo never goes stale.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from medspa_core.course.course_book import course_book
from medspa_core.intake import read_intake
from medspa_core.records import ChoiceFacts
from medspa_core.rulebook import CONSIDERED, WHOLE, Rulebook
from medspa_core.rulebook.checks.said_checks import NO_ANSWERS
from medspa_core.rulebook.schema.entries import NO, NOT_YET
from medspa_core.safety import Verdict
from medspa_core.standing import NOBODY, STANDINGS, Judgement, judge

SEED, CONSULTATIONS, DAYS = 20231, 600, 730
WAIT = "wait"
SMALL_THINGS = {  # now and then one of these: question -> answer
    "cold_sores_ever": "yes",
    "nsaid": "last_7_days",
    "anaemia": "not_sure",
    "sunburn_or_tan": "yes",
    "anticoagulant": "yes",
    "retinoid_or_acid_last_7_days": "yes",
    "poor_veins": "yes",
    "past_pigment_change": "yes",
    "diabetes": "controlled",
}
PRODUCT = {"source": "plant", "use": "after_needling", "has_lot_and_certificate": True}
TASTE, WISH = 0.04, 0.045  # of the fit: how far tastes differ; what the client came for
STEADY = 0.6  # share of the consultations that don't grow with the practice
HOLD, HOLD_IF_ASKED = 0.16, 0.3  # share who wait, say not yet or no

# Who sees whom, drawn by dice of its own, so that the clients stay as they are: location -> provider -> how often
TEAM = {
    "Harbour": {"P-01": 6, "P-02": 5, "P-03": 4},
    "Old Town": {"P-04": 5, "P-05": 4, "P-06": 2},
    "Riverside": {"P-07": 4, "P-08": 3},
}
NEWCOMER, NEWCOMER_DAYS = "P-08", 210  # began so many days ago; P-07 saw their clients before
LEANS_TO, LEANING, LEAN = "exosome_microneedling", "P-02", 0.45  # this one's clients choose it more often
LATELY_DAYS, LATELY = 63, 0.25  # everybody's do since nine weeks ago
OTHERS = ("prp_microneedling", "microneedling_alone")
RETURNING = 0.35
DECIDES_AT_ONCE, DECIDES_WITHIN = 0.3, 18  # share who say on the day itself; days after it, for the others


T = TypeVar("T")


class Dice:
    """Throws that depend on a seed and nothing else: the same on every machine and with every version of Python."""

    def __init__(self, seed: int) -> None:
        self.seed, self.thrown = seed, 0

    def share(self) -> float:
        """Somewhere from 0 to just under 1."""
        self.thrown += 1
        digest = hashlib.sha256(f"{self.seed}:{self.thrown}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def choice(self, among: Sequence[T]) -> T:
        """One of them, each as likely as the others."""
        return among[int(self.share() * len(among))]

    def weighted(self, among: Sequence[T], weights: Sequence[int]) -> T:
        """One of them, by weight."""
        left = self.share() * sum(weights)
        for one, weight in zip(among, weights, strict=True):
            left -= weight
            if left < 0:
                return one
        return among[-1]

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.share() * (high - low + 1))

    def bell(self, middle: float, spread: float) -> float:
        """Mostly near the middle: twelve throws, added up."""
        return middle + spread * (sum(self.share() for _ in range(12)) - 6)


@dataclass(frozen=True)
class PastConsultation:
    """One invented consultation, as `records` keeps it."""

    number: int
    code_name: str
    on: date
    decided_on: date
    answers: Mapping[str, Any]
    option_order: tuple[str, ...]
    choice: str
    facts: ChoiceFacts


def demo_history(rulebook: Rulebook, today: date, consultations: int = CONSULTATIONS) -> tuple[PastConsultation, ...]:
    """Invented consultations of the two years before `today`, oldest first."""
    dice, seen_by, decided = Dice(SEED), Dice(SEED + 1), Dice(SEED + 3)
    days = sorted((_days_ago(dice) for _ in range(consultations)), reverse=True)
    return tuple(
        _decided(_seen(_consultation(number, today - timedelta(days=ago), rulebook, dice), ago, seen_by), ago, decided)
        for number, ago in enumerate(days)
    )


def _decided(past: PastConsultation, days_ago: int, dice: Dice) -> PastConsultation:
    """The consultation with the day of the answer: the day itself, or some days later, before today."""
    days = 0 if dice.share() < DECIDES_AT_ONCE else dice.between(1, DECIDES_WITHIN)
    return replace(past, decided_on=past.on + timedelta(days=days if days < days_ago else 0))


def _seen(past: PastConsultation, days_ago: int, dice: Dice) -> PastConsultation:
    """The consultation with where it was, who led it, and what their ways and the last weeks made of the choice."""
    everybody = [(place, who, often) for place, team in TEAM.items() for who, often in team.items()]
    place, provider, _ = dice.weighted(everybody, [often for *_, often in everybody])
    if provider == NEWCOMER and days_ago > NEWCOMER_DAYS:
        provider = "P-07"
    facts = replace(past.facts, location=place, provider=provider, is_returning=dice.share() < RETURNING)
    leans = (LEAN if provider == LEANING else 0) + (LATELY if days_ago <= LATELY_DAYS else 0)
    turns = dice.share() < leans and past.choice in OTHERS
    return replace(past, facts=facts, choice=LEANS_TO if turns and past.facts.pair_best is not None else past.choice)


def _days_ago(dice: Dice) -> int:
    """The practice grows: more consultations lately than two years ago; none on the day itself."""
    share = dice.share()
    return 1 + int((DAYS - 1) * (share if dice.share() < STEADY else 1 - math.sqrt(share)))


def _consultation(number: int, on: date, rulebook: Rulebook, dice: Dice) -> PastConsultation:
    answers = plausible_client(rulebook, on, dice)
    judgement = judge(read_intake(answers, rulebook, on), course_book(rulebook), robust_bases=(CONSIDERED,))
    facts = facts_of(judgement, rulebook, answers.get("concern"))
    code_name = f"{chr(ord('A') + number // 100 % 26)}-{100 + number % 100 * 9}"
    order = rulebook.order_shown(number)
    return PastConsultation(number, code_name, on, on, answers, order, _choose(judgement, rulebook, dice), facts)


# --- plausible clients ----------------------------------------------------------------------------------------------


def plausible_client(rulebook: Rulebook, on: date, dice: Dice) -> dict[str, Any]:
    """Answers of somebody who might walk in: mostly healthy, with wishes and limits of all sizes."""
    answers = {**_healthy(rulebook), **_plans(on, dice), "exosome_product": PRODUCT}
    if dice.share() < 0.3:
        question = dice.choice(sorted(SMALL_THINGS))
        answers[question] = SMALL_THINGS[question]
    return answers


def _healthy(rulebook: Rulebook) -> dict[str, Any]:
    found: dict[str, Any] = {"skin_type": "2"}
    for name, question in rulebook.questions.items():
        no = next((answer for answer in question.answers if answer in NO_ANSWERS), None)
        if question.part == "safety" and question.kind == "choice" and no and name not in found:
            found[name] = no
    return found


def _plans(on: date, dice: Dice) -> dict[str, Any]:
    has_date = dice.share() < 0.45
    return {
        "age": int(min(74, max(22, dice.bell(43, 11)))),
        "concern": dice.weighted(("texture", "acne_scars", "pigment", "hair_thinning"), (50, 22, 18, 10)),
        "event_date": (on + timedelta(days=dice.between(45, 330))).isoformat() if has_date else "none",
        "minutes_per_visit": dice.choice((50, 60, 60, 75, 75, 90, 90, 120, "any")),
        "visits_willing": dice.choice((2, 3, 3, 3, 4, 4, 5, 6, "any")),
        "budget": dice.choice((800, 1200, 1500, 2000, 2200, 2500, 2800, 3000, 3500, "any")),
        "downtime_days": dice.choice((1, 2, 3, 3, 4, "any")),
        "blood_draw_comfort": dice.weighted(("fine", "uneasy", "rather_not", "never"), (44, 26, 24, 6)),
        "planned_start": (on + timedelta(days=dice.choice((0, 7, 14, 21, 35)))).isoformat(),
        "material_preference": dice.weighted(("no_preference", "own", "not_own"), (70, 20, 10)),
        "smokes": dice.weighted(("no", "yes"), (85, 15)),
        "hydration": dice.weighted(("good", "poor", "not_sure"), (70, 20, 10)),
        "importance": _importance(dice),
    }


def _importance(dice: Dice) -> dict[str, str]:
    asked = ("blood_draw", "visit_time", "visits", "ready_by", "cost", "downtime", "calm_skin", "evidence")
    return {name: dice.weighted(("none", "little", "lot"), (20, 50, 30)) for name in asked if dice.share() < 0.7}


# --- what they chose ------------------------------------------------------------------------------------------------


def facts_of(judgement: Judgement, rulebook: Rulebook, concern: str | None) -> ChoiceFacts:
    """The nameless fact of one client's judgement, as the screen would keep it."""
    best, pair_standing = int(judgement.best[0]), int(judgement.pair_standing[0])
    pair_best = int(judgement.pair.best[0]) if NOBODY not in (pair_standing, best) else NOBODY
    return ChoiceFacts(
        concern=concern,
        recommended=rulebook.ranked[best] if best != NOBODY else None,
        standing=STANDINGS[int(judgement.standing[0])],
        pair_best=rulebook.ranked[pair_best] if pair_best != NOBODY else None,
        pair_standing=STANDINGS[pair_standing] if pair_standing != NOBODY else None,
    )


def _choose(judgement: Judgement, rulebook: Rulebook, dice: Dice) -> str:
    """More often than not what fits best; tastes differ, some wait, some say no."""
    best = int(judgement.best[0])
    asks_clinician = best == NOBODY or judgement.safety.verdict[0, best] >= Verdict.NEEDS_REVIEW
    if dice.share() < (HOLD_IF_ASKED if asks_clinician else HOLD) or best == NOBODY:
        return dice.weighted((WAIT, NOT_YET, NO), (40, 45, 15))
    asked_for = dice.choice(rulebook.model.pair)  # most come for one of the two
    return max(_tastes(judgement, rulebook, asked_for, dice))[1]


def _tastes(judgement: Judgement, rulebook: Rulebook, asked_for: str, dice: Dice) -> Iterator[tuple[float, str]]:
    """Each open option with its fit, a wish for what the client came for, and taste."""
    points, whole = judgement.contests[CONSIDERED].points, WHOLE * int(judgement.weight_total[0])
    for place, option in enumerate(rulebook.ranked):
        if not judgement.excluded[place, 0]:
            wish = WISH if option == asked_for else 0.0
            yield int(points[place, 0]) / whole + wish + dice.bell(0, TASTE), option
