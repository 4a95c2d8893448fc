"""The card "If some moved from PRP to exosomes": hours, revenue and product cost of the same courses, one beside the other."""

from __future__ import annotations

import streamlit as st

from medspa_core.offer import latest_offer
from medspa_core.practice.capacity.what_if import Move, move, product_cost_of_a_visit
from medspa_core.records.schema import MINUTES_OF
from views.charts.figures.capacity import MINUTES
from views.context import core_access
from views.context.words import say, short_date
from views.elements import draw
from views.elements.draw import tag
from views.staff.capacity.asked import View
from views.staff.capacity.cards import hours_of

NOBODY = 0


def card(view: View) -> None:
    """One choice, and what it would change."""
    book = view.figures.book
    to, since = book.model.pair
    names = {"from_name": book.options[since].in_a_sentence, "to_name": book.options[to].in_a_sentence}
    days = {"from_day": short_date(view.planned[0].first), "to_day": short_date(view.planned[-1].last)}
    with st.container(key="card_move"):
        draw.html(
            tag("h2", say("staff.capacity.move.title", **names), cls="rr-h"),
            tag("p", say("staff.capacity.move.lead", **days), cls="rr-small"),
        )
        one_in = _one_in(view)
        costs = product_cost_of_a_visit(view.figures.table, invented=view.figures.invented)
        share = 1 / one_in if one_in else 0.0
        found = move(view.here, view.planned, (since, to), share, book, view.assumptions, costs)
        if one_in == NOBODY:
            draw.html(tag("p", say("staff.capacity.move.nobody"), cls="rr-text"))
        elif not found.visits[0]:
            draw.html(tag("p", say("staff.capacity.move.no_visits", **names), cls="rr-text"))
        else:
            draw.html(draw.table(_rows(view, found, names)))
            draw.html(*[tag("p", line, cls="rr-small") for line in _below(view, names)])


def _one_in(view: View) -> int:
    words = {
        one: say("staff.capacity.move.one_in", number=one) if one else say("staff.capacity.move.none")
        for one in view.assumptions.one_in
    }
    with st.container(key="seg_box_move", width="content"):
        chosen = st.segmented_control(
            say("staff.capacity.move.choose"), list(words), default=view.assumptions.one_in_at_once, required=True,
            key="move", format_func=words.__getitem__, bind="query-params",
        )  # fmt: skip
    return NOBODY if chosen is None else int(chosen)


def _rows(view: View, found: Move, names: dict[str, str]) -> list[dict[str, object]]:
    rows = [(say("staff.capacity.move.visits"), *(f"{one:.1f}" for one in found.visits), _signed(found.visits))]
    for resource in MINUTES_OF:
        before, after = found.minutes[resource]
        what = say(f"staff.capacity.resource.{resource}.name")
        rows.append((what, hours_of(before), hours_of(after), _signed((before / MINUTES, after / MINUTES))))
    for name in ("revenue", "product_cost"):
        what, both = (
            say(f"staff.capacity.move.{name}", currency=view.figures.book.clinic.currency),
            getattr(found, name),
        )
        if both is None:
            rows.append((what, *[say("staff.capacity.move.not_recorded")] * 3))
        else:
            rows.append((what, *(f"{one:,.0f}" for one in both), f"{both[1] - both[0]:+,.0f}"))
    header = (
        say("staff.capacity.move.what"),
        *(say("staff.capacity.move.as_option", name=name) for name in names.values()),
        say("staff.capacity.move.difference"),
    )
    return [dict(zip(header, row, strict=True)) for row in rows]


def _signed(both: tuple[float, float]) -> str:
    """What the other treatment takes more, with its sign; 0 where nothing changes."""
    told = f"{both[1] - both[0]:+.1f}".removesuffix(".0")
    return "0" if float(told) == 0 else told


def _below(view: View, names: dict[str, str]) -> list[str]:
    book = view.figures.book
    to, since = book.model.pair
    sign = book.clinic.currency_sign
    prices = {
        "price_from": f"{sign}{book.clinic.prices[since].amount:,}",
        "price_to": f"{sign}{book.clinic.prices[to].amount:,}",
    }
    words = "prices" if latest_offer(core_access.store()) is not None else "prices_file"
    return [
        say("staff.capacity.move.same", **names),
        say(f"staff.capacity.move.{words}", **prices, **names),
        say("staff.capacity.move.costs"),
    ]
