"""The calendar in words: whether the client's date holds, upkeep, and a table that says what the chart draws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import zip_longest

from medspa_core.formats.as_read import in_weeks
from medspa_core.safety import Verdict
from medspa_core.timeline import Band, Row, band_of
from medspa_core.wording.limits import is_at_best, is_ready
from medspa_core.wording.states import state_of
from medspa_core.wording.words import capital, listed
from views.context.words import say
from views.result.outcome import Outcome

COLUMNS = ("option", "visits", "maybe", "plan", "red", "not_yet", "start", "plan_start", "first", "best", "upkeep")


def alt_text(out: Outcome) -> str:
    """The calendar in one sentence."""
    names = listed([out.book.options[option].name for option in out.consultation.options])
    return say("timeline.alt", options=names, ready=lead(out))


def lead(out: Outcome) -> str:
    """Whether the client's date holds, for a first visit on the planned day; and for what a clinician looks first."""
    if not out.timeline.open_rows:
        return say("timeline.lead_none_open")
    return " ".join([_date_holds(out), *_later(out), *_looked_at_first(out)])


def _later(out: Outcome) -> Iterator[str]:
    """Which options can't start with the others, and from when."""
    data = out.timeline
    for day in sorted({row.start for row in data.open_rows} - {data.start}):
        names = listed([out.told.name(row.option) for row in data.open_rows if row.start == day])
        yield say("timeline.lead_later", Options=capital(names), day=out.told.day(day))


def _looked_at_first(out: Outcome) -> Iterator[str]:
    rows = out.timeline.open_rows
    asked = [row for row in rows if out.told.state(row.option).verdict is Verdict.NEEDS_REVIEW]
    if asked:
        yield say("timeline.lead_asked", options=_names(out, asked, rows))


def _names(out: Outcome, some: Sequence[Row], rows: Sequence[Row]) -> str:
    """The options by name; where they are all that are open, "both" or "all three"."""
    all_of_them = {2: "timeline.both", 3: "timeline.all_three"}.get(len(rows))
    if len(some) == len(rows) and all_of_them:
        return say(all_of_them)
    return listed([out.told.name(row.option) for row in some])


def _date_holds(out: Outcome) -> str:
    data = out.timeline
    start = out.told.day(data.start)
    if data.event is None:
        return say("timeline.lead_no_date", start=start)
    rows, ready = data.open_rows, _ready(out)
    if not ready:
        return too_late(out)
    key = "all_ready" if len(ready) == len(rows) else "some_ready"
    if key == "some_ready" and len(rows) - len(ready) == 1:
        key = "all_but_one_ready"
    best = [row for row in ready if is_at_best(out.told, row.option, row.start)]
    fields = {"event": out.told.day(data.event), "options": _names(out, ready, rows), "best": _best(ready, best)}
    told = say(f"timeline.lead_{key}", start=start, **fields)
    some = say("timeline.best_some", options=_names(out, best, rows)) if 0 < len(best) < len(ready) else ""
    return f"{told} {some}" if some else told


def _best(ready: Sequence[Row], best: Sequence[Row]) -> str:
    """Whether skin is at its best by the date too, or later; "" where the options differ in it, which is said apart."""
    if 0 < len(best) < len(ready):
        return ""
    return say("timeline.best_all" if best else "timeline.best_later")


def too_late(out: Outcome) -> str:
    """That no option which is open can be sure to be ready by the client's date; nothing where one can, or without a date."""
    data = out.timeline
    if data.event is None or not data.open_rows or _ready(out):
        return ""
    key = "start_too_late" if data.event < data.start else "none_ready"
    return say(f"timeline.lead_{key}", start=out.told.day(data.start), event=out.told.day(data.event))


def _ready(out: Outcome) -> list[Row]:
    return [row for row in out.timeline.open_rows if is_ready(out.told, row.option) == "ready"]


def upkeep(out: Outcome) -> str:
    """Upkeep in words: about once a year, every 9 months."""
    parts = []
    for row in out.timeline.open_rows:
        if row.upkeep:
            key = {1: "upkeep_each_one", 12: "upkeep_year"}.get(row.upkeep.typical, "upkeep_each")
            parts.append(say(f"timeline.{key}", option=out.told.name(row.option), months=row.upkeep.typical))
    return say("timeline.upkeep", list=", ".join(parts)) if parts else ""


def table_rows(out: Outcome) -> list[dict[str, str]]:
    """The calendar as a table: the same marks and bands, in words."""
    return [_table_row(out, row) for row in out.timeline.rows]


def _table_row(out: Outcome, row: Row) -> dict[str, str]:
    data, columns = out.timeline, [say(f"timeline.table_{name}") for name in COLUMNS]
    counted, own = (plan.sessions if plan else () for plan in (row.counted, row.own_plan))
    red, keep, name = row.redness, row.upkeep, out.book.options[row.option].name
    change, best = (band_of(bands, row.option) for bands in (data.first_change, data.at_its_best))
    values = (
        _days(out, [session.day for session in counted if session.usual]),
        _days(out, [session.day for session in counted if not session.usual]),
        _days(out, [session.day for session in own]),
        say("card.days", low=red.low, high=red.high) if red else "",
        _days(out, [row.not_before]),
        _days(out, [row.safe_start(row.counted)]),
        _days(out, [row.safe_start(row.own_plan)]),
        weeks_of(change) if change else "",
        weeks_of(best) if best else "",
        say("timeline.months_range", low=keep.low, high=keep.high) if keep else "",
    )
    shown = (state_of(out.told, row.option).text,) if row.excluded else values
    return dict(
        zip_longest(columns, (name, *(one or say("timeline.none") for one in shown)), fillvalue=say("timeline.none"))
    )


def _days(out: Outcome, days: Iterable[date | None]) -> str:
    return ", ".join(out.told.day(day) for day in days if day)


def weeks_of(band: Band) -> str:
    """A band in whole weeks from the first visit."""
    return say("timeline.weeks", **in_weeks(band.low, band.high))
