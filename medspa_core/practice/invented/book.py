"""The invented practice's book: courses of its consultations and of people from before, visit by visit, with what was paid.

The past consultations and a day go in, facts of visits and sales come out, the same every time. Dice of its own: whoever is
invented in `demo_history` stays as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from medspa_core.course.course_book import course_book
from medspa_core.course.spans import Spread
from medspa_core.practice.demo_history import (
    LEANING,
    LEANS_TO,
    NEWCOMER,
    NEWCOMER_DAYS,
    SEED,
    TEAM,
    Dice,
    PastConsultation,
)
from medspa_core.practice.invented import numbers as given
from medspa_core.records import SaleFact, VisitFact
from medspa_core.records.facts.consultation_facts import age_band
from medspa_core.records.facts.invented import INVENTED
from medspa_core.records.facts.sale_facts import What
from medspa_core.records.facts.visit_facts import Status
from medspa_core.rulebook import CONSIDERED, Rulebook
from medspa_core.timeline import PlannedMinutes, planned_minutes

ONE_DAY = timedelta(days=1)
SEED_OF_THE_BOOK = SEED + 2


@dataclass(frozen=True, slots=True)
class Course:
    """What somebody began or will begin: what both its visits and its sales say, and its first visit."""

    about: Mapping[str, Any]
    planned: int
    booked_on: date
    first: date


Facts = tuple[list[VisitFact], list[SaleFact]]


def demo_book(past: Sequence[PastConsultation], fact_ids: Sequence[str], rulebook: Rulebook, today: date) -> Facts:
    """Visits and sales up to `today`, and what is in the book after it. `fact_ids`: of the facts of `past`, in its order."""
    dice, visits, sales = Dice(SEED_OF_THE_BOOK), [], []
    minutes = {option: planned_minutes(option, rulebook) for option in rulebook.ranked}
    courses = [*_of_consultations(past, fact_ids, rulebook, dice), *_from_before(rulebook, today, dice)]
    for number, course in enumerate(courses):
        walked = _Walk(course, f"invented-{number}", minutes[course.about["option"]], rulebook, today, dice)
        visits += walked.visits
        sales += walked.sales
    return visits, sales


# --- courses ----------------------------------------------------------------------------------------------------------


def _of_consultations(
    past: Sequence[PastConsultation], fact_ids: Sequence[str], rulebook: Rulebook, dice: Dice
) -> Iterator[Course]:
    """Of those who chose a treatment most book a first visit, the most of them at once."""
    for one, fact_id in zip(past, fact_ids, strict=True):
        if one.choice in rulebook.ranked and dice.share() < given.BOOKS:
            wait = 0 if dice.share() < given.BOOKS_AT_ONCE else dice.between(1, given.BOOKS_WITHIN)
            about = {
                "option": one.choice,
                "location": one.facts.location,
                "provider": one.facts.provider,
                "age_band": age_band(one.answers.get("age")),
                "is_returning": one.facts.is_returning,
                "concern": one.facts.concern,
                "consultation": fact_id,
            }
            yield _course(about, one.decided_on + timedelta(days=wait), rulebook, dice)


def _from_before(rulebook: Rulebook, today: date, dice: Dice) -> Iterator[Course]:
    """Courses of people whose consultation was before the program, week by week, by season; the last ones are still to come."""
    monday = today - timedelta(days=today.weekday())
    for week in range(-given.WEEKS_BACK, given.WEEKS_AHEAD + 1):
        start = monday + timedelta(weeks=week)
        grown = 1 - (1 - given.AT_THE_BEGINNING) * max(0, -week) / given.WEEKS_BACK
        for location, often in given.COURSES_A_WEEK.items():
            begun = often * grown * given.SEASON.get(start.month, 1.0)
            extra = given.FULL_BY if (location, week) == (given.FULL_AT, given.FULL_IN_WEEKS) else 0
            for _ in range(extra + int(begun + dice.share())):
                first = start + timedelta(days=dice.choice(given.OPEN_ON[location]))
                booked = first - timedelta(days=dice.between(*given.FIRST_VISIT_IN))
                if extra:
                    booked = min(booked, today - timedelta(days=dice.between(1, 9)))
                about = _somebody(location, (today - first).days, rulebook, dice)
                yield _course(about, booked, rulebook, dice, first)


def _somebody(location: str, days_ago: int, rulebook: Rulebook, dice: Dice) -> dict[str, Any]:
    team = _team(location, days_ago)
    provider = dice.weighted(list(team), list(team.values()))
    options = {
        option: often * (given.LEANING_TIMES if provider == LEANING and option == LEANS_TO else 1)
        for option, often in given.OPTIONS.items()
        if option in rulebook.ranked
    }
    return {
        "option": dice.weighted(list(options), list(options.values())),
        "location": location,
        "provider": provider,
        "age_band": dice.weighted(list(given.AGES), list(given.AGES.values())),
        "is_returning": True,
        "concern": dice.weighted(list(given.CONCERNS), list(given.CONCERNS.values())),
    }


def _team(location: str, days_ago: int) -> dict[str, int]:
    """Who works at a location so many days ago, and how often each one's clients come."""
    return {who: often for who, often in TEAM[location].items() if who != NEWCOMER or days_ago <= NEWCOMER_DAYS}


def _course(
    about: dict[str, Any], booked_on: date, rulebook: Rulebook, dice: Dice, first: date | None = None
) -> Course:
    if first is None:
        first = _open_day(booked_on + timedelta(days=dice.between(*given.FIRST_VISIT_IN)), about["location"])
    sessions = _sessions(rulebook, about["option"], about["concern"])
    planned = dice.weighted(range(sessions.first, sessions.last + 1), sessions.weights)
    return Course(about, planned, booked_on, first)


@lru_cache(maxsize=32)
def _sessions(rulebook: Rulebook, option: str, concern: str) -> Spread:
    found = course_book(rulebook).course(CONSIDERED, option, concern).sessions
    assert found is not None  # of a named concern it is known
    return found


def _open_day(day: date, location: str) -> date:
    """This day, or the next one on which the location is open."""
    while day.weekday() not in given.OPEN_ON[location]:
        day += ONE_DAY
    return day


# --- visit by visit ---------------------------------------------------------------------------------------------------


class _Walk:
    """One course from its first visit to its end, or to what is in the book."""

    def __init__(
        self, course: Course, name: str, minutes: PlannedMinutes, rulebook: Rulebook, today: date, dice: Dice
    ) -> None:
        self.course, self.minutes, self.rulebook, self.today, self.dice = course, minutes, rulebook, today, dice
        self.about: dict[str, Any] = {**course.about, "course": name, "demo": True, "import_id": INVENTED}
        self.option, self.location = course.about["option"], course.about["location"]
        self.is_package = dice.share() < given.PACKAGES
        self.visits: list[VisitFact] = []
        self.sales: list[SaleFact] = []
        self._go()

    def _go(self) -> None:
        day, booked_on, number = self._not_away(self.course.first), self.course.booked_on, 1
        while number <= self.course.planned and booked_on <= self.today:
            status: Status = "booked" if day >= self.today else self._came(day)
            self.visits.append(self._visit(day, booked_on, number, status))
            if status == "booked":
                return
            if status == "performed":
                self._pay(day, number)
                number += 1
            if self._stays_away(status):
                self._pay_back(day, number)
                return
            booked_on, day = self._next(day, status)

    def _came(self, day: date) -> Status:
        """Whether they came on a day that is past."""
        lately = self.location == given.MISSED_AT and day > self.today - given.MISSED_FOR
        missed = given.MISSED_THERE if lately else given.MISSED
        ways: tuple[Status, ...] = ("no_show", "cancelled", "performed")
        return self.dice.weighted(
            ways, [round(1000 * one) for one in (missed, given.CANCELLED, 1 - missed - given.CANCELLED)]
        )

    def _stays_away(self, status: str) -> bool:
        return self.dice.share() < (given.ENDS_EARLY if status == "performed" else given.GIVES_UP)

    def _next(self, day: date, status: str) -> tuple[date, date]:
        """When the next visit is booked, and for which day."""
        if status != "performed":
            later = day + timedelta(days=self.dice.between(*given.AGAIN_IN))
            return day, self._not_away(later)
        at_once = self.dice.share() < given.REBOOKS
        booked_on = day if at_once else day + timedelta(days=self.dice.between(*given.BOOKS_LATER))
        wished = day + timedelta(days=self.rulebook.protocol.interval.days + self.dice.between(*given.NEXT_IN))
        return booked_on, self._not_away(max(wished, booked_on + ONE_DAY))

    def _not_away(self, day: date) -> date:
        if self.dice.share() < given.AWAY.get(day.month, 0):
            day += timedelta(days=self.dice.between(21, 35))
        return _open_day(day, self.location)

    def _visit(self, day: date, booked_on: date, number: int, status: Status) -> VisitFact:
        planned = self.minutes
        return VisitFact(
            day=day,
            status=status,
            number=number,
            planned_visits=self.course.planned,
            booked_on=booked_on,
            planned_chair_minutes=planned.chair,
            planned_provider_minutes=planned.provider,
            planned_draw_minutes=planned.draw,
            planned_spin_minutes=planned.spin,
            **(self._as_it_was() if status == "performed" else {}),
            **self.about,
        )

    def _as_it_was(self) -> dict[str, Any]:
        """Minutes and reactions; now and then nobody noted the minutes."""
        is_new = self.about["provider"] == NEWCOMER
        per_cent = self.dice.between(*(given.NEWCOMERS_MINUTES if is_new else given.AS_PLANNED))
        reactions = self.dice.weighted(list(given.REACTIONS), list(given.REACTIONS.values()))
        if self.dice.share() < given.WITHOUT_MINUTES:
            return {"reactions": reactions}
        planned = {"chair": self.minutes.chair, "provider": self.minutes.provider, "draw": self.minutes.draw}
        minutes = {f"{what}_minutes": round(number * per_cent / 100) for what, number in planned.items()}
        return {**minutes, "spin_minutes": self.minutes.spin, "reactions": reactions}

    # --- sales --------------------------------------------------------------------------------------------------------

    def _price(self, day: date) -> int:
        """Of one visit on that day, in hundredths."""
        price = self.rulebook.clinic.prices[self.option].amount
        is_old = day < self.today - given.PRICE_CHANGE
        return 500 * round(price * (given.OLD_PRICE[self.option] if is_old else 1) / 5)

    def _pay(self, day: date, number: int) -> None:
        """At a visit: the whole course, of which each visit uses its part, or this visit."""
        price, cost = self._price(day), 100 * given.PRODUCT_COST[self.option]
        if self.is_package and number == 1:
            whole = price * self.course.planned
            self._sale(day, "package", whole - round(whole * given.PACKAGE_DISCOUNT), list_cents=whole)
        if self.is_package:
            bought = self.sales[0]
            self._sale(
                day, "redemption", 0, product_cost_cents=cost, worth_cents=bought.paid_cents // self.course.planned
            )
            return
        discount = round(price * given.DISCOUNT) if self.dice.share() < given.DISCOUNTED else 0
        self._sale(day, "payment", price - discount, list_cents=price, product_cost_cents=cost)
        if self.dice.share() < given.REFUNDED_PAYMENT:
            self._refund(day, price - discount)

    def _pay_back(self, day: date, number: int) -> None:
        """Of a package whose course ends early, what was not used."""
        if self.is_package and self.sales and number <= self.course.planned and self.dice.share() < given.REFUNDED:
            self._refund(day, self.sales[0].paid_cents - sum(one.worth_cents or 0 for one in self.sales))

    def _refund(self, day: date, cents: int) -> None:
        day += timedelta(days=self.dice.between(*given.REFUND_IN))
        if day <= self.today:
            self._sale(day, "refund", -cents)

    def _sale(self, day: date, what: What, paid_cents: int, **other: Any) -> None:
        sale = SaleFact(
            day=day, what=what, paid_cents=paid_cents, currency=self.rulebook.clinic.currency, **other, **self.about
        )
        self.sales.append(sale)
