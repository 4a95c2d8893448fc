"""Facts of an invented chain, as many as asked for, month by month: for trying how the figures do with very many.

What clients were like and chose is taken from consultations that the core has judged, over and over again; the rest is thrown
for all at once. The same number gives the same facts on every machine. No more than some months are held at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from medspa_core.practice.demo_history import DECIDES_AT_ONCE, DECIDES_WITHIN, RETURNING, TEAM, demo_history
from medspa_core.practice.facts_folder import OfMonth
from medspa_core.practice.facts_table import COLUMNS
from medspa_core.practice.invented import numbers as given
from medspa_core.records.facts.consultation_facts import age_band
from medspa_core.records.facts.reading import Kind
from medspa_core.records.facts.sale_facts import What
from medspa_core.records.schema import MINUTES_OF
from medspa_core.rulebook import Rulebook
from medspa_core.timeline import planned_minutes

MONTHS, MOST_VISITS = 36, 7
"""So many months back; a course has no more visits than so many, missed ones with them."""
PLANNED = {3: 6, 4: 3, 5: 1}
JUDGED = 240
FACTS_OF_A_CONSULTATION = 5.82
FACTS_OF_A_PRACTICE = 500_000
"""Of more facts than that there are two practices of three locations, and so on."""
STATUS = ("performed", "no_show", "cancelled", "booked")
PERFORMED, BOOKED = STATUS.index("performed"), STATUS.index("booked")
WHAT: tuple[str, ...] = get_args(What)
_JUDGED = ("concern", "recommended", "standing", "pair_best", "pair_standing")

Numbers = NDArray[np.int64]
Columns = Mapping[str, Any]


class ManyDice:
    """Throws for many at once, which depend on a seed and nothing else (splitmix64: Steele, Lea and Flood, OOPSLA 2014)."""

    def __init__(self, seed: int) -> None:
        self.thrown = seed << 36

    def shares(self, number: int) -> NDArray[np.float64]:
        """Each somewhere from 0 to just under 1."""
        found = np.arange(self.thrown, self.thrown + number, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        self.thrown += number
        for shift, times in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            found = (found ^ (found >> np.uint64(shift))) * np.uint64(times)
        shares: NDArray[np.float64] = ((found ^ (found >> np.uint64(31))) >> np.uint64(11)) * np.float64(2.0**-53)
        return shares

    def picks(self, number: int, weights: Sequence[float]) -> Numbers:
        """Each the place of one of the weights, as often as it weighs."""
        reached = np.cumsum(weights) / np.sum(weights)
        return np.searchsorted(reached[:-1], self.shares(number), side="right")

    def between(self, number: int, ends: tuple[int, int]) -> Numbers:
        """Whole numbers, both ends included."""
        return ends[0] + (self.shares(number) * (ends[1] - ends[0] + 1)).astype(np.int64)


def many_facts(number: int, rulebook: Rulebook, today: date) -> Iterator[OfMonth]:
    """About so many facts of three years before `today` and of the weeks after it: one table for each kind and month."""
    chain, waiting = _Chain(number, rulebook, today), defaultdict[tuple[str, Kind], list[pa.Table]](list)
    for month, begun in chain.months():
        for kind, facts in chain.begun_in(month, begun) if begun else ():
            named = pc.strftime(facts["day"], format="%Y-%m")
            for one in pc.unique(named).to_pylist():
                waiting[one, kind].append(facts.filter(pc.equal(named, one)))
        for key in sorted(one for one in waiting if one[0] <= str(month)):
            yield key[1], key[0], pa.concat_tables(waiting.pop(key))
    for key in sorted(waiting):
        yield key[1], key[0], pa.concat_tables(waiting[key])


class _Chain:
    """What all its facts have in common."""

    def __init__(self, number: int, rulebook: Rulebook, today: date) -> None:
        self.rulebook, self.dice, self.seq = rulebook, ManyDice(number), 0
        self.consultations, self.last = number / FACTS_OF_A_CONSULTATION, pd.Timestamp(today)
        self.today = _day(self.last)
        past = demo_history(rulebook, today, JUDGED)
        self.judged = {name: [getattr(one.facts, name) for one in past] for name in _JUDGED}
        self.judged["chosen"] = [one.choice for one in past]
        self.judged["age_band"] = [age_band(one.answers.get("age")) for one in past]
        self.options = list(rulebook.ranked)
        self.option_of = np.array([[*self.options, one.choice].index(one.choice) for one in past])
        practices = range(max(1, round(number / FACTS_OF_A_PRACTICE)))
        team = [(place, who, often) for place, people in TEAM.items() for who, often in people.items()]
        self.team = [(f"{place} {one}", f"{who}-{one}", often) for one in practices for place, who, often in team]
        minutes = [planned_minutes(option, rulebook) for option in self.options]
        self.minutes = {name: np.array([getattr(one, name) for one in minutes]) for name in MINUTES_OF}

    def months(self) -> Iterator[tuple[pd.Period, int]]:
        """Each month with how many consultations it has: by season, and growing."""
        every = pd.period_range(end=pd.Period(self.last, "M"), periods=MONTHS + 1)
        grown = np.linspace(given.AT_THE_BEGINNING, 1, len(every))
        weights = [given.SEASON.get(one.month, 1.0) * self._days_of(one) for one in every] * grown
        reached = np.round(np.cumsum(weights) / np.sum(weights) * self.consultations).astype(int)
        yield from zip(every, np.diff(reached, prepend=0).tolist(), strict=True)

    def _days_of(self, month: pd.Period) -> int:
        """Its days before today."""
        return max(0, min(self.today, _day((month + 1).start_time)) - _day(month.start_time))

    def begun_in(self, month: pd.Period, number: int) -> Iterator[tuple[Kind, pa.Table]]:
        """The consultations of a month, and everything that comes of them."""
        dice, judged = self.dice, self.dice.picks(number, [1] * JUDGED)
        team = dice.picks(number, [often for *_, often in self.team])
        about = {
            "location": _words([place for place, *_ in self.team], team),
            "provider": _words([who for _, who, _ in self.team], team),
            "is_returning": pa.array(dice.shares(number) < RETURNING),
            "age_band": _words(self.judged["age_band"], judged),
            "concern": _words(self.judged["concern"], judged),
        }
        courses = _Courses(self, _day(month.start_time) + dice.between(number, (0, self._days_of(month) - 1)), judged)
        ids = _names("c", self.seq + np.arange(number))
        own = {name: _words(self.judged[name], judged) for name in (*_JUDGED, "chosen")}
        yield "consultation", self._table("consultation", number, about | own | courses.how_far() | {"id": ids})
        kinds: tuple[tuple[Kind, Columns], ...] = ("visit", courses.visits), ("sale", courses.sales)
        for kind, columns in kinds:
            mine = pa.array(columns["of"])
            linked = {name: column.take(mine) for name, column in about.items()} | {"consultation": ids.take(mine)}
            linked |= {"course": linked["consultation"], "option": _words(self.options, courses.option[columns["of"]])}
            yield kind, self._table(kind, len(mine), {**linked, **columns})

    def _table(self, kind: Kind, number: int, columns: Columns) -> pa.Table:
        """Whole facts, with the numbers that go on from one month to the next."""
        seq = self.seq + np.arange(number)
        self.seq += number
        every = {"id": _names(kind[0], seq), "seq": seq, "demo": np.ones(number, bool), **columns}
        missing = pa.nulls(number)
        fields = [(one.name, every.get(one.name, missing)) for one in COLUMNS[kind]]
        arrays = [one if isinstance(one, pa.Array) else pa.array(one) for _, one in fields]
        kinds = [one.type for one in COLUMNS[kind]]
        return pa.table(
            [
                one if pa.types.is_dictionary(one.type) else one.cast(wanted)
                for one, wanted in zip(arrays, kinds, strict=True)
            ],
            names=[name for name, _ in fields],
        )


class _Courses:
    """Consultations begun on these days, and their visits and sales: each of their columns has one value a row, `of`: whose."""

    def __init__(self, chain: _Chain, day: Numbers, judged: Numbers) -> None:
        self.chain, self.dice, self.day, self.option = chain, chain.dice, day, chain.option_of[judged]
        number = len(day)
        self.planned = np.array([*PLANNED])[self.dice.picks(number, [*PLANNED.values()])]
        self.is_package = self.dice.shares(number) < given.PACKAGES
        decides = self.dice.between(number, (1, DECIDES_WITHIN)) * (self.dice.shares(number) > DECIDES_AT_ONCE)
        self.decided = np.where(day + decides < chain.today, day + decides, day)
        wait = self.dice.between(number, (1, given.BOOKS_WITHIN)) * (self.dice.shares(number) > given.BOOKS_AT_ONCE)
        self.booked_on, self.done = self.decided + wait, np.zeros(number, np.int64)
        self.next = self.booked_on + self.dice.between(number, given.FIRST_VISIT_IN)
        self.first_booked = self.booked_on.copy()
        self.first, self.last, self.open = np.full(number, -1), np.full(number, -1), np.zeros(number, np.int64)
        takes = (self.option < len(chain.options)) & (self.dice.shares(number) < given.BOOKS)
        self.booked = takes & (self.booked_on <= chain.today)
        visits, sales = self._walked()
        self.visits, self.sales = (_together(one, chain.rulebook.clinic.currency) for one in (visits, sales))

    def how_far(self) -> dict[str, Any]:
        """What a consultation says of its visits."""
        came = self.first >= 0
        finished = came & (self.done >= self.planned)
        return {
            "day": _days(self.day),
            "created_on": _days(self.decided),
            "booked_on": _days(self.first_booked, self.booked),
            "first_visit_on": _days(self.first, came),
            "last_visit_on": _days(self.last, came),
            "finished_on": _days(self.last, finished),
            "open_visits": pa.array(self.open, mask=~self.booked),
        }

    def _walked(self) -> tuple[list[Columns], list[Columns]]:
        """Visit after visit, for all whose course goes on."""
        visits: list[Columns] = []
        sales: list[Columns] = []
        on = np.flatnonzero(self.booked)
        for _ in range(MOST_VISITS):
            day, number = self.next[on], self.done[on] + 1
            ways = (1 - given.MISSED - given.CANCELLED, given.MISSED, given.CANCELLED)
            status = np.where(day >= self.chain.today, BOOKED, self.dice.picks(len(on), ways))
            came = status == PERFORMED
            stays = self.dice.shares(len(on)) >= np.where(came, given.ENDS_EARLY, given.GIVES_UP)
            at_once = self.dice.shares(len(on)) < given.REBOOKS
            goes_on = (status != BOOKED) & stays & (number + came <= self.planned[on])
            rebooked = (at_once & goes_on, came & (number < self.planned[on]))
            visits.append(self._visits(on, day, number, status) | {"rebooked": rebooked})
            sales += self._sales(on[came], day[came], number[came])
            self._note(on, day, status)
            later = np.where(at_once | ~came, 0, self.dice.between(len(on), given.BOOKS_LATER))
            self.booked_on[on] = day + later
            interval = self.chain.rulebook.protocol.interval.days + self.dice.between(len(on), given.NEXT_IN)
            wished = np.where(came, interval, self.dice.between(len(on), given.AGAIN_IN))
            self.next[on] = day + np.maximum(wished, later + 1)
            on = on[goes_on & (self.booked_on[on] <= self.chain.today)]
        return visits, sales

    def _note(self, on: Numbers, day: Numbers, status: Numbers) -> None:
        came, first = on[status == PERFORMED], on[(status == PERFORMED) & (self.first[on] < 0)]
        self.first[first] = self.next[first]
        self.last[came] = self.next[came]
        self.done[came] += 1
        self.open[on] += status == BOOKED

    def _visits(self, on: Numbers, day: Numbers, number: Numbers, status: Numbers) -> dict[str, Any]:
        came, option = status == PERFORMED, self.option[on]
        percent = self.dice.between(len(on), given.AS_PLANNED) / 100
        noted = came & (self.dice.shares(len(on)) >= given.WITHOUT_MINUTES)
        planned = {name: minutes[option] for name, minutes in self.chain.minutes.items()}
        reactions = self.dice.picks(len(on), [*given.REACTIONS.values()])
        return {
            "of": on,
            "day": day,
            "booked_on": self.booked_on[on],
            "number": number,
            "planned_visits": self.planned[on],
            "status": status,
            "reactions": (reactions, came),
            **{f"planned_{name}_minutes": minutes for name, minutes in planned.items()},
            **{f"{name}_minutes": (np.rint(one * percent).astype(int), noted) for name, one in planned.items()},
        }

    def _sales(self, on: Numbers, day: Numbers, number: Numbers) -> Iterator[Columns]:
        """At a first visit a package of the whole course; at each visit its part of it, or a payment."""
        option, packaged = self.option[on], self.is_package[on]
        bought_on = np.where(packaged & (number > 1), self.first[on], day)
        cents = self._prices(bought_on, option)
        costs = 100 * np.array([given.PRODUCT_COST[one] for one in self.chain.options])[option]
        off = np.where(self.dice.shares(len(on)) < given.DISCOUNTED, given.DISCOUNT, 0)
        worth = np.rint(cents * (1 - given.PACKAGE_DISCOUNT)).astype(int)
        yes = np.ones(len(on), bool)
        yield {
            "of": on,
            "day": day,
            "what": np.where(packaged, WHAT.index("redemption"), WHAT.index("payment")),
            "paid_cents": np.where(packaged, 0, np.rint(cents * (1 - off)).astype(int)),
            "list_cents": (cents, ~packaged),
            "product_cost_cents": (costs, yes),
            "worth_cents": (worth, packaged),
        }
        whole = packaged & (number == 1)
        visits = self.planned[on[whole]]
        yield {
            "of": on[whole],
            "day": day[whole],
            "what": np.full(whole.sum(), WHAT.index("package")),
            "paid_cents": worth[whole] * visits,
            "list_cents": (cents[whole] * visits, yes[whole]),
            "product_cost_cents": (costs[whole], ~yes[whole]),
            "worth_cents": (worth[whole], ~yes[whole]),
        }

    def _prices(self, day: Numbers, option: Numbers) -> Numbers:
        prices = np.array([self.chain.rulebook.clinic.prices[one].amount for one in self.chain.options], float)
        old = prices * [given.OLD_PRICE[one] for one in self.chain.options]
        is_old = day < self.chain.today - given.PRICE_CHANGE.days
        return (500 * np.rint(np.where(is_old, old[option], prices[option]) / 5)).astype(np.int64)


def _together(parts: Sequence[Columns], currency: str) -> dict[str, Any]:
    """The rows of all parts, as columns of Arrow. A column with a second array is missing where that says no."""
    found: dict[str, Any] = {"of": np.concatenate([part["of"] for part in parts])}
    for name in {*parts[0]} - {"of"}:
        if isinstance(parts[0][name], tuple):
            values, noted = (np.concatenate([part[name][place] for part in parts]) for place in (0, 1))
            found[name] = pa.array(values, mask=~noted)
            continue
        values = np.concatenate([part[name] for part in parts])
        words = {"status": STATUS, "what": WHAT}.get(name)
        found[name] = _words(words, values) if words else _days(values) if name in ("day", "booked_on") else values
    if "what" in found:
        found["currency"] = _words([currency], np.zeros(len(found["of"]), int))
    return found


def _day(moment: pd.Timestamp) -> int:
    """Days since 1970."""
    return int((moment - pd.Timestamp(0)).days)


def _days(days: Numbers, noted: NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(days.astype(np.int32), mask=None if noted is None else ~noted).cast(pa.date32())


def _words(words: Sequence[str | None], places: Numbers) -> pa.DictionaryArray:
    """The word at each place, each kept once."""
    codes, once = pd.factorize(np.array(words, dtype=object))
    found = codes[places].astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(found, mask=found < 0), pa.array(list(once), pa.string()))


def _names(kind: str, numbers: Numbers) -> pa.Array:
    return pc.binary_join_element_wise(kind, pa.array(numbers).cast(pa.string()), "-")
