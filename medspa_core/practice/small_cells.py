"""Small numbers hidden in a table that leaves the house: counts with their margins go in, what must be hidden comes out.

The table counts the same consultations in two ways (recommended, chosen), by the parts of a whole (the months of a quarter):
each row has its total, the whole has a row, and each way's counts add up to the total. A count below the smallest is hidden, 0
too. So are as many others that, from all that stays open, each hidden small count could still be anything from 0 to the
smallest count or beyond. Proof: the sums make a network in which a count is an arc from one sum to another, as far as a
count can go is how much can be sent around through other hidden ones. What is hidden as well is what costs least, one path after
the other; then each that turns out not to be needed is opened again.

Sources: L. H. Cox, Journal of the American Statistical Association 90 (1995) 1453-1462 (networks in suppression); J. Castro,
SORT 29 (2005) 53-84 (shortest paths).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping
from typing import Final

import pandas as pd

WHOLE: Final = "whole"
"""The row of the whole, under the rows of its parts."""
TOTAL: Final = ("", "total")
"""The column of each row's total. Every other column is named by its way of counting and its part."""

Cell = tuple[str, tuple[str, str]]
"""A row and a column."""
Sum = tuple[str, str]
"""A node: a row's sum in one way of counting, or a column's."""
Arc = tuple[Sum, Sum]


def with_margins(one: pd.DataFrame, other: pd.DataFrame, ways: tuple[str, str]) -> pd.DataFrame:
    """The table as it is to be hidden in: two countings of the same rows side by side, with totals and the whole.

    Raises ValueError where the two do not come to the same totals: then they are no countings of the same.
    """
    totals = one.sum(axis=1)
    if not totals.equals(other.sum(axis=1)):
        raise ValueError(f"{ways[0]} and {ways[1]} do not come to the same totals")
    found = pd.concat({"": totals.to_frame("total"), **dict(zip(ways, (one, other), strict=True))}, axis=1)
    return pd.concat([found, found.sum().to_frame(WHOLE).T])


def hidden(table: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """Which counts must be hidden; same shape. `table` as `with_margins` makes it."""
    counts = {(row, column): int(table.at[row, column]) for row in table.index for column in table.columns}
    first = next(way for way, _ in table.columns if (way, _) != TOTAL)
    arcs = {cell: _arc(cell, first) for cell in counts}
    small = sorted((cell for cell in counts if counts[cell] < smallest), key=lambda cell: (-counts[cell], cell))
    shut = set(small)
    for cell in small:
        shut |= _partners(cell, arcs, counts, shut, smallest)
    for cell in sorted(shut - {*small}, key=lambda cell: _price(cell, counts[cell]), reverse=True):
        if all(_is_safe(one, arcs, counts, shut - {cell}, smallest) for one in small):
            shut.remove(cell)
    rows = [[(row, column) in shut for column in table.columns] for row in table.index]
    return pd.DataFrame(rows, index=table.index, columns=table.columns)


def _arc(cell: Cell, first: str) -> Arc:
    """Between which two sums a count stands: what goes into each node comes out of it, which is all that a reader can add up."""
    row, (way, part) = cell
    rows = ((f"row {row}", "0"), (f"row {row}", "1"))
    if (way, part) == TOTAL:
        return rows if row == WHOLE else rows[::-1]
    pair = (rows[0] if way == first else rows[1], (way, part))
    return pair if (way == first) != (row == WHOLE) else pair[::-1]


def _price(cell: Cell, count: int) -> int:
    """What hiding costs: a part's count little, the whole's more, a total most; of equals the smaller goes first."""
    row, column = cell
    return (10**6 if row == WHOLE else 10**4) * (20 if column == TOTAL else 1) + count


def _partners(
    cell: Cell, arcs: Mapping[Cell, Arc], counts: Mapping[Cell, int], shut: Collection[Cell], smallest: int
) -> set[Cell]:
    """What has to be hidden beside those hidden already, so that this one could be 0, and could be the smallest count."""
    prices = {one: 0 if one in shut else _price(one, counts[one]) for one in counts}
    needed: set[Cell] = set()
    for goal in (0, smallest):
        used = _moved(cell, goal, arcs, counts, prices)
        assert used is not None, "with everything hidden a count can be anything"
        needed |= used
        prices.update(dict.fromkeys(used, 0))
    return needed


def _is_safe(
    cell: Cell, arcs: Mapping[Cell, Arc], counts: Mapping[Cell, int], shut: Collection[Cell], smallest: int
) -> bool:
    """From what is open, could this one be 0, and could it be the smallest count?"""
    prices = dict.fromkeys(shut, 0)
    return all(_moved(cell, goal, arcs, counts, prices) is not None for goal in (0, smallest))


def _moved(
    cell: Cell, goal: int, arcs: Mapping[Cell, Arc], counts: Mapping[Cell, int], prices: Mapping[Cell, int]
) -> set[Cell] | None:
    """Which counts of those with a price have to change for this one to become `goal`, at the least price; None: it can't."""
    at, used, prices = dict(counts), set(), dict(prices)
    prices.pop(cell, None)
    start, end = arcs[cell]
    sign = 1 if goal > at[cell] else -1
    while at[cell] != goal:
        path = _cheapest(*((end, start) if sign > 0 else (start, end)), arcs, at, prices)
        if path is None:
            return None
        step = min([abs(goal - at[cell]), *(at[one] for one, by in path if by < 0)])
        for one, by in [*path, (cell, sign)]:
            at[one] += by * step
        used |= {one for one, _ in path}
        prices.update({one: 0 for one, _ in path})
    return used


def _cheapest(
    start: Sum, end: Sum, arcs: Mapping[Cell, Arc], at: Mapping[Cell, int], prices: Mapping[Cell, int]
) -> list[tuple[Cell, int]] | None:
    """The cheapest way from one sum to another (Dijkstra): each count on it with +1 where it grows, -1 where it shrinks."""
    ways: dict[Sum, list[tuple[Sum, Cell, int]]] = {}
    for cell in prices:
        tail, head = arcs[cell]
        ways.setdefault(tail, []).append((head, cell, 1))
        if at[cell]:
            ways.setdefault(head, []).append((tail, cell, -1))
    ahead: list[tuple[int, int, Sum, list[tuple[Cell, int]]]] = [(0, 0, start, [])]
    seen: set[Sum] = set()
    while ahead:
        price, length, here, path = heapq.heappop(ahead)
        if here == end:
            return path
        if here in seen:
            continue
        seen.add(here)
        for there, cell, by in ways.get(here, ()):
            if there not in seen:
                heapq.heappush(ahead, (price + prices[cell], length + 1, there, [*path, (cell, by)]))
    return None
