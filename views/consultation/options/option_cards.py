"""The four options side by side: the same rows in the same order, size and type for all, waiting included.

One HTML grid: four columns in landscape with what is equal written once across them, two in portrait. Each number is a
link to where it comes from.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from medspa_core.formats.as_read import in_weeks
from medspa_core.rulebook import CONSIDERED
from medspa_core.timeline import first_change_span
from medspa_core.wording.limit_marks import Mark, date_marks, limit_mark
from medspa_core.wording.limits import event_of
from medspa_core.wording.of_entries import points_of
from medspa_core.wording.states import state_of
from views.charts.cost import money_range
from views.context.words import counted, say
from views.elements import draw, theme
from views.elements.draw import tag
from views.frame import shell
from views.result.outcome import Outcome
from views.session import open_consultation


def grid(out: Outcome, *, with_points: bool) -> Element:
    """The cards as one element. `with_points`: good and not so good stand on the card in landscape too."""
    options = out.consultation.options
    order = [*(row for row in _rows(out) if row not in ("good", "not_good") or with_points)]
    cards = [_card(out, option, number) for number, option in enumerate(options)]
    labels = tag(
        "div",
        tag("div", cls="rc-cell rc-head"),
        *[tag("div", _row_name(out, row), cls=f"rc-cell rc-{row}") for row in order],
        cls="rc-labels",
    )
    labels.set("aria-hidden", "true")
    root = tag("div", labels, *cards, cls="rc-grid" + (" rc-with-points" if with_points else ""))
    root.set("style", f"--rows: {len(order) + 1}; --cards: {len(cards)}")
    if out.shared:
        root.extend(_shared(out, order))
    return root


def _rows(out: Outcome) -> tuple[str, ...]:
    by_date = ("by_date",) if event_of(out.answers) else ()
    before = ("needles", "visits", "one_visit", "course", *by_date)
    return (*before, "first_change", "redness", "approval", "good", "not_good")


def _row_name(out: Outcome, row: str) -> str:
    event = event_of(out.answers)
    if row == "by_date" and event is not None:
        return say("card.by_date", day=out.told.day(event))
    return say(f"card.{row}")


def _card(out: Outcome, option: str, number: int) -> Element:
    name, state = out.book.options[option].name, state_of(out.told, option)
    head = tag(
        "div",
        tag("h2", draw.option_mark(option), name, cls="rc-name"),
        tag("p", draw.icon(state.sign), tag("span", state.text), cls="rc-state"),
        cls="rc-cell rc-head",
    )
    cells = [_cell(out, option, row) for row in _rows(out)]
    card = tag("section", head, *cells, cls=f"rc-card rc-{theme.option_look(option).css}")
    card.set("style", f"order: {number if number < 2 else number + 1}; --col: {number + 2}")
    card.set("aria-label", name)
    return card


def _cell(out: Outcome, option: str, row: str) -> Element:
    """One row of a card: its label (seen in portrait, heard everywhere), the value, and a link to its source."""
    ranked, marks = bool(out.book.options[option].rank), _marks_of(out, option, row)
    value = CELLS[row](out, option, marks) if ranked or row in FOR_ALL else _waiting(out, row, marks)
    label = tag("span", _row_name(out, row), cls="rc-label")
    shared = row in ("first_change", "redness") and out.shared
    cls = f"rc-cell rc-{row}" + ((" rc-is-shared" if ranked else " rc-wide-only") if shared else "")
    if not ranked or row == "by_date":
        return tag("div", label, value, cls=cls)
    return tag("a", label, value, cls=cls, **link(out, f"{row}.{option}"))


def link(out: Outcome, number: str) -> dict[str, str]:
    """The way to a number's source, in the same session; it can be opened by its address too, and knows the way back."""
    return {"href": f"why?{_from_here(out.consultation.id)}&{_asked(number)}", "data_inside": "yes"}


@functools.lru_cache(maxsize=1)
def _from_here(draft_id: str) -> str:
    return urlencode({open_consultation.ADDRESS_KEY: draft_id, shell.FROM: "options"})


@functools.cache
def _asked(number: str) -> str:
    return urlencode({"number": number})


def _shared(out: Outcome, order: list[str]) -> list[Element]:
    """What is the same for all, written once across the cards; in portrait one line between them. The days a client can live
    with are marked once for all."""
    first = out.book.ranked[0]
    change, marks = _weeks(out, first), _marks(_limit(out, first, "downtime"))
    found = []
    for row, text, why, signs in (
        ("first_change", change, "weeks_same", []),
        ("redness", _red_days(out, first, "card.days_after"), "days_same", marks),
    ):
        piece = tag(
            "a", tag("b", text), " ", tag("span", say(f"card.{why}")), *signs, cls="rc-shared", **link(out, row)
        )
        piece.set("style", f"grid-row: {order.index(row) + 2}")
        found.append(piece)
    line = say("card.shared_line", change=change, redness=_red_days(out, first, "card.days"))
    return [*found, tag("a", tag("span", line), *marks, cls="rc-shared-line", **link(out, "first_change"))]


def _weeks(out: Outcome, option: str) -> str:
    """From the first visit to a first change."""
    span = first_change_span(option, out.book)
    assert span is not None
    return say("card.weeks", **in_weeks(span.low, span.high))


def _red_days(out: Outcome, option: str, key: str) -> str:
    """Of redness after a visit."""
    found = out.book.options[option].redness
    assert found is not None
    return say(key, low=found.days.low, high=found.days.high)


# --- the cells ------------------------------------------------------------------------------------------------------


def _value(strong: str, more: str = "", plan: str = "", marks: Sequence[Mark] = (), *, plain: bool = False) -> Element:
    pieces: list[Element | str] = [tag("span", strong) if plain else tag("b", strong)] if strong else []
    if more:
        pieces += [" ", tag("span", more, cls="rc-more")]
    pieces += _marks(marks)
    if plan:
        pieces.append(tag("span", draw.icon("flag"), tag("span", say("card.our_plan", text=plan)), cls="rc-plan"))
    return tag("span", *pieces, cls="rc-value")


def _marks(marks: Sequence[Mark]) -> list[Element]:
    """A sign and words, in ink: within, over by how much, ready or not."""
    return [tag("span", draw.icon(mark.sign), tag("span", mark.text), cls="rc-mark") for mark in marks]


def _limit(out: Outcome, option: str, criterion: str) -> list[Mark]:
    """The mark of one limit, where the client gave it."""
    mark = limit_mark(out.told, option, criterion)
    return [mark] if mark else []


NO_VISITS = {
    "needles": "none",
    "visits": "none",
    "one_visit": "none",
    "by_date": "no_change_planned",
    "redness": "none",
}
"""What waiting has to show in a row, as the key of its words; "none planned" in any other."""

LIMITED = {"visits": "visits", "one_visit": "visit_time", "redness": "downtime", "course": "cost"}
"""The row of a card -> the criterion whose limit is marked there."""


def _marks_of(out: Outcome, option: str, row: str) -> Sequence[Mark]:
    """What a row is marked with: its limit, where the client gave one, or whether the client's date holds."""
    if row == "by_date":
        return date_marks(out.told, option, out.timeline.row(option).start)
    return _limit(out, option, LIMITED[row]) if row in LIMITED else ()


def _waiting(out: Outcome, row: str, marks: Sequence[Mark]) -> Element:
    """A cell of waiting: nothing to come for, nothing to pay."""
    if row == "course":
        return _value(out.told.money(0), marks=marks)
    return _value(say(f"card.{NO_VISITS.get(row, 'none_planned')}"), marks=marks)


def _needles(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    draws = out.book.options[option].blood_draw
    return _value(say("card.fine_needles"), say("card.and_draw" if draws else "card.and_no_draw"))


def _visits(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    row = out.timeline.row(option)
    own = _range(row.own_plan.low, row.own_plan.high) if row.own_plan else ""
    if row.counted is None:
        return _value(say("card.not_measured"), say("card.say_concern"), own)
    more = _range(row.counted.low, row.counted.high)
    return _value(counted("card.visit_count", row.counted.typical), more, own, marks)


def _one_visit(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    minutes = out.result.options[option].course[CONSIDERED].spans["visit_minutes"]
    if not minutes or not minutes.high:
        return _value(say("card.none"), marks=marks)
    return _value(say("card.minutes", number=minutes.typical), _range(minutes.low, minutes.high), marks=marks)


def _by_date(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    return _value("", marks=marks) if marks else _value(say("card.not_measured"), say("card.say_concern"))


def _first_change(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    return _value(_weeks(out, option))


def _redness(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    return _value(_red_days(out, option, "card.days"), marks=marks)


def _whole_course(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    row = out.timeline.row(option)
    own = money_range(out, row.own_plan) if row.own_plan else ""
    if row.counted is None:
        price = out.told.money(out.book.clinic.prices[option].amount)
        return _value(price, say("card.a_visit"), own)
    visits = counted("card.visit_count", row.counted.typical)
    return _value(out.told.money(row.counted.cost), visits, own, marks)


def _approval(out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    status = out.book.status.get(option)
    return _value(status.approval_line if status else say("card.not_measured"), plain=True)


def _points(name: str, out: Outcome, option: str, marks: Sequence[Mark]) -> Element:
    found = points_of(out.book, option, out.answers.get("concern") or "")
    return _value(getattr(found, name) if found else "", plain=True)


def _range(low: int, high: int) -> str:
    return say("card.range", low=low, high=high) if low != high else str(low)


FOR_ALL = ("approval", "good", "not_good")
"""Rows in which waiting has words of its own."""

CELLS: dict[str, Callable[[Outcome, str, Sequence[Mark]], Element]] = {
    "needles": _needles,
    "visits": _visits,
    "one_visit": _one_visit,
    "by_date": _by_date,
    "first_change": _first_change,
    "redness": _redness,
    "course": _whole_course,
    "approval": _approval,
    "good": functools.partial(_points, "good"),
    "not_good": functools.partial(_points, "not_good"),
}
