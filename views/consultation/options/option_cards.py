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
from medspa_core.result import CourseResult
from medspa_core.rulebook import CONSIDERED
from medspa_core.timeline import Plan, Row, first_change_span
from medspa_core.wording.limit_marks import Mark, date_marks, limit_mark
from medspa_core.wording.limits import event_of
from medspa_core.wording.of_entries import points_of
from medspa_core.wording.states import state_of
from views.context.words import counted, day_text, say
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
    labels = tag("div", tag("div", cls="rc-cell rc-head"), *[_label(out, row) for row in order], cls="rc-labels")
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


def _label(out: Outcome, row: str) -> Element:
    return tag("div", _row_name(out, row), cls=f"rc-cell rc-{row}")


def _row_name(out: Outcome, row: str) -> str:
    event = event_of(out.answers)
    if row == "by_date" and event is not None:
        return say("card.by_date", day=day_text(event, out.result.as_of))
    return say(f"card.{row}")


def _card(out: Outcome, option: str, number: int) -> Element:
    look = theme.option_look(option)
    head = tag(
        "div",
        tag("h2", draw.option_mark(option), out.consultation.book.options[option].name, cls="rc-name"),
        _state(out, option),
        cls="rc-cell rc-head",
    )
    cells = [_cell(out, option, row) for row in _rows(out)]
    card = tag("section", head, *cells, cls=f"rc-card rc-{look.css}")
    card.set("style", f"order: {number if number < 2 else number + 1}; --col: {number + 2}")
    card.set("aria-label", out.consultation.book.options[option].name)
    return card


def _state(out: Outcome, option: str) -> Element:
    state = state_of(out.told, option)
    return tag("p", draw.icon(state.sign), tag("span", state.text), cls="rc-state")


def _cell(out: Outcome, option: str, row: str) -> Element:
    """One row of a card: its label (seen in portrait, heard everywhere), the value, and a link to its source."""
    value = CELLS[row](out, option)
    label = tag("span", _row_name(out, row), cls="rc-label")
    shared = row in ("first_change", "redness") and out.shared
    ranked = bool(out.consultation.book.options[option].rank)
    cls = f"rc-cell rc-{row}" + ((" rc-is-shared" if ranked else " rc-wide-only") if shared else "")
    if not _has_source(out, option, row):
        return tag("div", label, value, cls=cls)
    return tag("a", label, value, cls=cls, **link(out, f"{row}.{option}"))


def _has_source(out: Outcome, option: str, row: str) -> bool:
    return bool(out.consultation.book.options[option].rank) and row != "by_date"


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
    """What is the same for all, written once across the cards; in portrait one line between them."""
    spots = {
        "first_change": (first_change(out), say("card.weeks_same")),
        "redness": (redness(out), say("card.days_same")),
    }
    found = []
    for row, (value, why) in spots.items():
        text = say("card.days_after", low=value[0], high=value[1]) if row == "redness" else _weeks(value)
        marks = _redness_marks(out) if row == "redness" else []
        piece = tag("a", tag("b", text), " ", tag("span", why), *marks, cls="rc-shared", **link(out, row))
        piece.set("style", f"grid-row: {order.index(row) + 2}")
        found.append(piece)
    line = say("card.shared_line", change=_weeks(spots["first_change"][0]), redness=say(
        "card.days", low=spots["redness"][0][0], high=spots["redness"][0][1]
    ))  # fmt: skip
    return [
        *found,
        tag("a", tag("span", line), *_redness_marks(out), cls="rc-shared-line", **link(out, "first_change")),
    ]


def _redness_marks(out: Outcome) -> list[Element]:
    """Of the redness that all share, beside the days the client can live with: once for all."""
    return _marks(_limit(out, out.consultation.book.ranked[0], "downtime"))


def first_change(out: Outcome, option: str = "") -> tuple[int, int]:
    """Days from the first visit to a first change, low and high."""
    book = out.consultation.book
    span = first_change_span(option or book.ranked[0], book)
    assert span is not None
    return span.low, span.high


def redness(out: Outcome, option: str = "") -> tuple[int, int]:
    """Days of redness after a visit, low and high."""
    book = out.consultation.book
    found = book.options[option or book.ranked[0]].redness
    assert found is not None
    return found.days.low, found.days.high


def _weeks(days: tuple[int, int]) -> str:
    return say("card.weeks", **in_weeks(*days))


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


def _row(out: Outcome, option: str) -> Row:
    return out.timeline.row(option)


def _needles(out: Outcome, option: str) -> Element:
    file = out.consultation.book.options[option]
    if not file.rank:
        return _value(say("card.none"))
    return _value(say("card.fine_needles"), say("card.and_draw" if file.blood_draw else "card.and_no_draw"))


def _visits(out: Outcome, option: str) -> Element:
    row, marks = _row(out, option), _limit(out, option, "visits")
    if not out.consultation.book.options[option].rank:
        return _value(say("card.none"), marks=marks)
    own = _range(row.own_plan.low, row.own_plan.high) if row.own_plan else ""
    if row.counted is None:
        return _value(say("card.not_measured"), say("card.say_concern"), own)
    more = _range(row.counted.low, row.counted.high)
    return _value(counted("card.visit_count", row.counted.typical), more, own, marks)


def _one_visit(out: Outcome, option: str) -> Element:
    minutes, marks = _course(out, option).spans["visit_minutes"], _limit(out, option, "visit_time")
    if not minutes or not minutes.high:
        return _value(say("card.none"), marks=marks)
    more = _range(minutes.low, minutes.high)
    return _value(say("card.minutes", number=minutes.typical), more, marks=marks)


def _by_date(out: Outcome, option: str) -> Element:
    marks = date_marks(out.told, option, _row(out, option).start)
    waits = not out.consultation.book.options[option].rank
    if not marks:
        return _value(say("card.not_measured"), say("card.say_concern"))
    return _value(say("card.no_change_planned") if waits else "", marks=marks)


def _first_change(out: Outcome, option: str) -> Element:
    if not out.consultation.book.options[option].rank:
        return _value(say("card.none_planned"))
    return _value(_weeks(first_change(out, option)))


def _redness(out: Outcome, option: str) -> Element:
    marks = _limit(out, option, "downtime")
    if not out.consultation.book.options[option].rank:
        return _value(say("card.none"), marks=marks)
    low, high = redness(out, option)
    return _value(say("card.days", low=low, high=high), marks=marks)


def _whole_course(out: Outcome, option: str) -> Element:
    row, book, marks = _row(out, option), out.consultation.book, _limit(out, option, "cost")
    if not book.options[option].rank:
        return _value(out.told.money(0), marks=marks)
    own = _money_range(out, row.own_plan) if row.own_plan else ""
    if row.counted is None:
        price = out.told.money(book.clinic.prices[option].amount)
        return _value(price, say("card.a_visit"), own)
    return _value(out.told.money(row.counted.cost), counted("card.visit_count", row.counted.typical), own, marks)


def _money_range(out: Outcome, plan: Plan) -> str:
    low = out.told.money(plan.low * plan.price)
    return low if plan.low == plan.high else say("card.range", low=low, high=f"{plan.high * plan.price:,}")


def _approval(out: Outcome, option: str) -> Element:
    status = out.consultation.book.status.get(option)
    return _value(status.approval_line if status else say("card.not_measured"), plain=True)


def _points(name: str) -> Callable[[Outcome, str], Element]:
    def cell(out: Outcome, option: str) -> Element:
        concern = out.answers.get("concern") or ""
        found = points_of(out.consultation.book, option, concern)
        return _value(getattr(found, name) if found else "", plain=True)

    return cell


def _course(out: Outcome, option: str) -> CourseResult:
    return out.result.options[option].course[CONSIDERED]


def _range(low: int, high: int) -> str:
    return say("card.range", low=low, high=high) if low != high else str(low)


CELLS: dict[str, Callable[[Outcome, str], Element]] = {
    "needles": _needles,
    "visits": _visits,
    "one_visit": _one_visit,
    "by_date": _by_date,
    "first_change": _first_change,
    "redness": _redness,
    "course": _whole_course,
    "approval": _approval,
    "good": _points("good"),
    "not_good": _points("not_good"),
}
