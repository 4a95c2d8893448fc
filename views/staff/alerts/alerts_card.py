"""What somebody asked to be told of: what is so now, each with the way to its page, and a switch for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import streamlit as st

from medspa_core import exam
from medspa_core.access.rights import Reach, Verb, reach
from medspa_core.practice.metric_tables import Asked
from medspa_core.practice.personal.alerts import Alert, Alerts, entries_due, read_alerts, switch, switched_on
from views.context import core_access, environment
from views.context.words import counted, say
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.session import signed_in
from views.staff import management_notices
from views.staff.capacity import asked, cards
from views.staff.figures import apart, week_tiles
from views.staff.figures.facts import Figures


def show(figures: Figures) -> None:
    """Nothing during the trial, nor for who sees their own figures alone."""
    who = signed_in.person()
    if who is None or signed_in.on_trial() or reach(who, Verb.SEE_FIGURES) < Reach.EVERYWHERE:
        return
    alerts, on = _alerts(), switched_on(core_access.store(), who)
    with st.container(key="card_alerts"):
        shell.section(say("staff.alerts.title"), say("staff.alerts.lead" if on else "staff.alerts.none_on"))
        _what_is_so(figures, alerts, [kind for kind in alerts.kinds if kind in on])
        with st.expander(say("staff.alerts.switches")):
            for kind, alert in alerts.kinds.items():
                _switch(kind, alert, is_on=kind in on)


def _what_is_so(figures: Figures, alerts: Alerts, kinds: list[str]) -> None:
    told = [(kind, line) for kind in kinds for line in FOUND[kind](figures, alerts)]
    if kinds and not told:
        draw.html(tag("p", say("staff.alerts.nothing"), cls="rr-text"))
    for place, (kind, line) in enumerate(told):
        page = alerts.kinds[kind].page
        with st.container(key=f"bar_alert_{place}", horizontal=True, vertical_alignment="center"):
            draw.html(tag("p", line, cls="rr-text"))
            here = page == "week" or not signed_in.allows(signed_in.NEEDS[page])
            if not here and st.button(say(f"staff.ways.{page}"), key=f"alert_{place}"):
                shell.go(page)


def _switch(kind: str, alert: Alert, *, is_on: bool) -> None:
    key = f"alert_on_{kind}"
    st.session_state.setdefault(key, is_on)
    st.toggle(alert.name, key=key, on_change=_switched, args=(kind,))
    draw.html(tag("p", alert.words, cls="rr-small"))


def _switched(kind: str) -> None:
    who = signed_in.person()
    if who is not None:
        switch(signed_in.store(), who, kind, bool(st.session_state[f"alert_on_{kind}"]), core_access.now())


@st.cache_resource(show_spinner=False)
def _alerts() -> Alerts:
    return read_alerts(environment.PROGRAM / "data")


# --- what is so now -------------------------------------------------------------------------------------------------


def _changed(figures: Figures, alerts: Alerts) -> Iterator[str]:
    found = week_tiles.numbers(figures, environment.today())
    news = [week_tiles.in_line(one) for one in found.values() if one.mark.kind in ("changed", "stands_out")]
    if news:
        yield say("staff.alerts.changed", those=", ".join(news))


def _outside(figures: Figures, alerts: Alerts) -> Iterator[str]:
    assert figures.last is not None
    yield from apart.sentences(figures, Asked("", first_day=(figures.last - timedelta(days=365)).isoformat()))


def _short_week(figures: Figures, alerts: Alerts) -> Iterator[str]:
    told = cards.short_now(asked.of_every_location(figures))
    if told is not None:
        yield told


def _backup(figures: Figures, alerts: Alerts) -> Iterator[str]:
    found = management_notices.standing()
    if found.last is None or found.too_old:
        yield management_notices.warnings(found, environment.now())[0]


def _reviews(figures: Figures, alerts: Alerts) -> Iterator[str]:
    who = signed_in.person()
    assert who is not None
    number = exam.number_waiting(signed_in.store(), who, core_access.rulebook(), environment.today())
    if number:
        yield counted("staff.alerts.reviews", number)


def _entries(figures: Figures, alerts: Alerts) -> Iterator[str]:
    number = entries_due(core_access.rulebook(), alerts.review_after_months, environment.today())
    if number:
        yield counted("staff.alerts.entries", number)


FOUND: dict[str, Callable[[Figures, Alerts], Iterator[str]]] = {
    "changed": _changed,
    "outside": _outside,
    "short_week": _short_week,
    "backup": _backup,
    "reviews": _reviews,
    "entries": _entries,
}
