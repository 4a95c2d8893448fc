"""Where the two differ, each with what stands behind it, and where they are the same: figure by figure, none left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from medspa_core.timeline import band_of
from medspa_core.wording.words import capital, listed
from views.charts.compare.timeline import visits_range
from views.context.words import say
from views.elements import draw
from views.elements.draw import tag
from views.frame import shell
from views.result.compared import Compared
from views.staff import lists


@dataclass(frozen=True)
class Difference:
    """In what they differ; the topic of the claim behind it, or the number that tells where it comes from."""

    name: str
    text: str
    topic: str = ""
    number: str = ""


def _minutes(found: Compared, option: str) -> object:
    visit = found.visit(option)
    return visit.low, visit.typical, visit.high


def _visits(found: Compared, option: str) -> object:
    plan = found.timeline.row(option).counted
    return plan and (plan.low, plan.typical, plan.high)


def _band(name: str, found: Compared, option: str) -> object:
    band = band_of(getattr(found.timeline, name), option)
    return band and (band.low, band.typical, band.high)


Figure = Callable[[Compared, str], object]
FIGURES: Mapping[str, Figure] = {
    "draw": lambda found, option: found.book.options[option].blood_draw,
    "made_of": lambda found, option: found.book.options[option].material,
    "minutes": _minutes,
    "price": lambda found, option: found.book.clinic.prices[option].amount,
    "visits": _visits,
    "first": partial(_band, "first_change"),
    "best": partial(_band, "at_its_best"),
    "redness": lambda found, option: found.timeline.row(option).redness,
}
"""What is held side by side: an option's own figure of each."""
TOPICS = {"draw": "blood_draw", "made_of": "source", "minutes": "visit_time", "visits": "visits"}
NUMBERS = {"price": "course", "first": "first_change", "best": "at_best", "redness": "redness"}
"""What has no claim of the practice's own leads to where its number comes from (views/consultation/claims.py)."""


def is_same(found: Compared, name: str) -> bool:
    """Whether both have the same figure."""
    return len({repr(FIGURES[name](found, option)) for option in found.order}) == 1


def differences(found: Compared) -> list[Difference]:
    """Each figure that is another, in words; and our own plan where it differs and is not what is counted."""
    told = [
        Difference(name, _told(found, name), TOPICS.get(name, ""), NUMBERS.get(name, ""))
        for name in FIGURES
        if not is_same(found, name)
    ]
    plans = {row.own_plan and (row.own_plan.low, row.own_plan.high) for row in found.rows}
    if len(plans) > 1:
        told.append(Difference("plan", say("compare.differs.plan"), TOPICS["visits"]))
    return told


def _told(found: Compared, name: str) -> str:
    """In a few words: of two numbers by how much and which has more, else both."""
    one, other = found.order
    if name == "draw":
        with_draw = one if found.book.options[one].blood_draw else other
        return say("compare.differs.draw", option=found.short(with_draw))
    if name == "minutes":
        longer, shorter = sorted(found.order, key=lambda option: -found.visit(option).typical)
        minutes = found.visit(longer).typical - found.visit(shorter).typical
        return say("compare.differs.minutes", number=minutes, option=found.short(longer))
    if name == "price":
        dear, cheap = sorted(found.order, key=lambda option: -found.book.clinic.prices[option].amount)
        more = found.book.clinic.prices[dear].amount - found.book.clinic.prices[cheap].amount
        return say("compare.differs.price", money=found.told.money(more), option=found.short(dear))
    if name == "visits":
        return say("compare.differs.visits", each=_each_visits(found))
    return say(f"compare.differs.{name}")


def _each_visits(found: Compared) -> str:
    plans = [(found.short(row.option), row.counted) for row in found.rows]
    return ", ".join(f"{name} {visits_range(plan)}" for name, plan in plans if plan)


def why_they_differ(found: Compared) -> None:
    """A button for each, which opens what stands behind it on the page Why we say this."""
    shell.section(say("compare.why"))
    with st.grid(3, min_column_width=280, gap="small", key="compare_why"):
        for one in differences(found):
            if lists.line(f"why_{one.name}", one.text, _behind(found, one), icon=":material/menu_book:"):
                shell.open_why(**_address(found, one))


def claim_of(found: Compared, topic: str) -> str:
    """The first claim of the practice's own on a topic."""
    return next((key for key, claim in found.book.claims.items() if topic in claim.topics), "")


def _behind(found: Compared, one: Difference) -> str:
    key = claim_of(found, one.topic)
    if not key:
        return say("compare.where_from")
    claim = found.book.claims[key]
    return say("compare.claim", number=claim.number, verdict=say(f"why.verdict.{claim.verdict}"))


def _address(found: Compared, one: Difference) -> dict[str, str]:
    key = claim_of(found, one.topic)
    if key:
        return {"claim": key}
    dearest = max(found.order, key=lambda option: found.book.clinic.prices[option].amount)
    return {"number": f"{one.number}.{dearest}", "about": found.picked.concern}


def the_same(found: Compared) -> None:
    """What is the same for both, what was studied of the two, and the approval of each in the same words as on its card."""
    same = [say(f"compare.same.{name}") for name in FIGURES if is_same(found, name)]
    said = found.book.questions["concern"].said
    studied = said.studied.get(found.picked.concern) if said else None
    lines = (
        [tag("p", tag("b", say("compare.same_title")), " ", capital(listed(same)), ".", cls="rr-text")] if same else []
    )
    if studied:
        lines.append(tag("p", tag("b", say("compare.studied_title")), " ", studied.text, cls="rr-text"))
    for option in found.order:
        status = found.book.status.get(option)
        told = status.approval_line if status else say("card.not_measured")
        lines.append(tag("p", draw.option_mark(option), tag("b", found.short(option)), f": {told}.", cls="rr-text"))
    with st.container(key="card_compare_same"):
        draw.html(*lines)
