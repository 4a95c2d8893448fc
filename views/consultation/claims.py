"""The claims ledger: what the practice says stands only beside its verdict; and where each number comes from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import streamlit as st

from medspa_core.formats.as_read import WEEK, in_weeks, money
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.said_by_program import EXPLAINED
from medspa_core.rulebook.schema.claims_and_sources import Claim, Source
from medspa_core.rulebook.schema.entries import Sourced
from medspa_core.wording.of_entries import points_of, studied_for
from medspa_core.wording.words import capital
from views.context.words import all_words, counted, say, short_date
from views.elements import choice_field, draw
from views.elements.draw import Element, tag
from views.frame import shell

ALL = "all"
NO_TOPIC = "none"
NO_YEAR = "not shown"  # in the list of sources: the page gives none
PLACES = ("us", "eu", "uk", "ca", "kr", "au", "other")


@dataclass(frozen=True)
class Origin:
    """Where one number on screen comes from."""

    parts: tuple[tuple[str, Sourced], ...] = ()  # what it is in words, and its entry in the rulebook
    text: str = ""
    sources: Iterable[str] = ()
    title: str = ""
    claims: tuple[str, ...] = ()


# --- the ledger -----------------------------------------------------------------------------------------------------


def ledger(book: Rulebook, named: str = "") -> None:
    """All claims, with filters by verdict and topic; one claim opens first if it is named in the address."""
    chosen = _filters(book)
    shown = [key for key, claim in book.claims.items() if _fits(claim, *chosen)]
    if named in book.claims:
        shown = [named, *(key for key in shown if key != named)]
    many = counted("why.shown", len(shown)) if shown else say("why.nothing")
    draw.html(tag("p", many, cls="rr-small", role="status"))
    if shell.staff_view():
        _field_words(book)
    for key in shown:
        with st.container(key=f"card_{key}"):
            draw.html(claim_card(book, book.claims[key]))
            _sources(book, book.claims[key].sources, key)


def _field_words(book: Rulebook) -> None:
    """What the words in grades and verdicts mean, for staff."""
    with st.expander(say("staff.field_words"), icon=":material/dictionary:", key="field_words"):
        draw.html(tag("div", *[tag("p", book.glossary[key].client, cls="rr-text") for key in EXPLAINED]))


def _filters(book: Rulebook) -> tuple[str, str]:
    claims = book.claims.values()
    verdicts = [ALL, *dict.fromkeys(claim.verdict for claim in claims)]
    topics = [ALL, *dict.fromkeys(topic for claim in claims for topic in claim.topics), NO_TOPIC]
    told = {
        "verdict": {one: _verdict_words(one) for one in verdicts},
        "topic": {one: _topic_words(book, one) for one in topics},
    }
    chosen = []
    with st.container(key="card_filters"):
        for name, words in told.items():
            label = say(f"why.filter_{name}")
            draw.html(tag("h2", label, cls="rr-h"))
            chosen.append(_one_of(f"filter_{name}", label, words, ALL))
    return chosen[0], chosen[1]


def _one_of(name: str, label: str, words: Mapping[str, str], start: str) -> str:
    """Taps of which one is always on."""
    with st.container(key=f"tap_{name}"):
        look = {"default": start, "required": True, "label_visibility": "collapsed"}
        return str(choice_field.as_pills(label, words, name, **look) or start)


def _verdict_words(verdict: str) -> str:
    return say("why.all") if verdict == ALL else say(f"why.verdict.{verdict}")


def _topic_words(book: Rulebook, topic: str) -> str:
    if topic in (ALL, NO_TOPIC):
        return say("why.all" if topic == ALL else "why.topic.none")
    return capital(book.criteria[topic].said.in_a_sentence)


def _fits(claim: Claim, verdict: str, topic: str) -> bool:
    by_topic = topic == ALL or topic in claim.topics or (topic == NO_TOPIC and not claim.topics)
    return by_topic and verdict in (ALL, claim.verdict)


def claim_card(book: Rulebook, claim: Claim) -> Element:
    """The claim and its verdict in one piece: neither is ever shown alone. Staff read the words of the field."""
    staff, counts = shell.staff_view(), [book.credences[topic] for topic in claim.topics]
    verdict = claim.verdict_words if staff else _verdict_words(claim.verdict)
    left = [
        tag("p", say("why.practice_says"), cls="cl-eyebrow"),
        tag("p", f"“{claim.practice_says}”", cls="cl-said"),
        tag("p", tag("span", draw.icon(_sign(claim.verdict)), verdict, cls="cl-verdict"), cls="rr-text"),
        tag("p", f"{say('why.grade')}: {claim.grade if staff else claim.tested}", cls="rr-small"),
    ]
    right = [
        tag("p", say("why.studies_say"), cls="cl-eyebrow"),
        tag("p", claim.honest, cls="cl-honest"),
    ]
    if counts:
        right.append(tag("p", say("why.counts", share=_share(min(counts))), cls="rr-small"))
    root = tag("div", tag("div", *left), tag("div", *right), cls="cl-grid")
    root.set("id", f"claim-{claim.number}")
    return root


def _share(credence: object) -> str:
    value = float(str(credence))
    known = {0.0: "counts_none", 1.0: "counts_full"}
    return say(f"why.{known[value]}") if value in known else f"{value:.0%}"


def _sign(verdict: str) -> str:
    return {"supported": "check", "contradicted": "no", "no_human_evidence": "no"}.get(verdict, "info")


def _sources(book: Rulebook, sources: Iterable[str], key: str) -> None:
    kept = list(sources)
    with st.expander(f"{say('why.sources')} ({len(kept)})", icon=":material/menu_book:", key=f"sources_{key}"):
        claim = book.claims.get(key)
        if claim is not None and shell.staff_view():
            draw.html(tag("p", claim.detail, cls="cl-detail"))
        draw.html(tag("div", *source_lines(book, kept)))


def source_lines(book: Rulebook, sources: Iterable[str]) -> Iterator[Element]:
    """Title, publisher, year, kind and address; the address as text, to be copied, never opened from the tablet."""
    for source_id in sources:
        if source_id in book.sources:  # the program may cite one that a clinic's own list of sources lacks
            yield _source_line(book.sources[source_id])


def _source_line(source: Source) -> Element:
    kind = say(f"why.kind.{source.kind}") if all_words().has(f"why.kind.{source.kind}") else source.kind
    year = say("why.no_year") if source.year == NO_YEAR else source.year
    about = f"{source.publisher} · {year} · {kind}"
    if source.seen != "yes":
        about = f"{about} · {say('why.not_seen')}"
    return tag(
        "p",
        tag("b", source.title),
        tag("small", about),
        tag("small", source.url or say("why.no_address")),
        cls="cl-source",
    )


# --- one number -----------------------------------------------------------------------------------------------------


def number(book: Rulebook, named: str, concern: str) -> None:
    """Where one number on a card comes from: its entry in the rulebook, how well known, its sources, and the claim."""
    origin = origin_of(book, named, concern)
    if origin is None:
        return
    with st.container(key="card_number"):
        draw.html(tag("p", say("why.number_title"), cls="cl-eyebrow"), tag("h2", origin.title, cls="mc-single"))
        if origin.text:
            draw.html(tag("p", origin.text, cls="rr-text"))
        for value, entry in origin.parts:
            draw.html(tag("div", *_part(book, value, entry)))
        draw.html(tag("div", *source_lines(book, origin.sources)))
        for key in origin.claims:
            draw.html(claim_card(book, book.claims[key]))


def _part(book: Rulebook, value: str, entry: Sourced) -> list[Element]:
    known = f"why.known.{entry.evidence}"
    grade = entry.evidence if shell.staff_view() or not all_words().has(known) else say(known)
    looked = say("why.last_looked", day=short_date(entry.reviewed))
    pieces = [
        tag("p", tag("b", value), cls="rr-text"),
        tag("p", f"{say('why.number_grade', grade=grade)} {looked}", cls="rr-small"),
    ]
    if entry.own_figure or not entry.sources:  # the second: a rulebook kept from before own figures were marked
        pieces.append(tag("p", say("why.number_no_source"), cls="rr-small"))
    return [*pieces, *source_lines(book, entry.sources)]


def origin_of(book: Rulebook, named: str, concern: str) -> Origin | None:
    """The origin of `visits.prp_microneedling`, `redness`, `studied` and the like; None for a name we don't know."""
    name, _, option = named.partition(".")
    if name not in ORIGINS:
        return None
    option = option if option in book.ranked else book.ranked[0]
    make, topic = ORIGINS[name]
    title = say(f"why.number.{name.removeprefix('not_')}", option=book.options[option].name)
    claims = tuple(key for key, claim in book.claims.items() if topic in claim.topics)
    return replace(make(book, option, concern if concern in book.concerns else ""), title=title, claims=claims)


def _visits(book: Rulebook, option: str, concern: str) -> Origin:
    sessions = book.options[option].sessions
    assert sessions is not None
    names, published = book.questions["concern"].words.answers, sessions.published
    told = {names[name]: found for name, found in published.items() if name == (concern or name)}
    own = {say("timeline.key_plan"): sessions.clinic} if sessions.clinic else {}
    return Origin(tuple((f"{what}: {_shares(found.shares)}", found) for what, found in {**told, **own}.items()))


def _shares(shares: Mapping[int, Decimal]) -> str:
    return ", ".join(all_words().counted("why.share", count, share=f"{share:.0%}") for count, share in shares.items())


def _one_visit(book: Rulebook, option: str, concern: str) -> Origin:
    visit = book.options[option].visit
    assert visit is not None
    return Origin(_steps(book, visit.steps), say("why.visit_sum"))


def _steps(book: Rulebook, steps: Iterable[str]) -> tuple[tuple[str, Sourced], ...]:
    """Each step of a visit with its minutes; a kept rulebook may call one otherwise."""
    found = []
    for step in (book.protocol.steps[name] for name in steps if name in book.protocol.steps):
        span = step.minutes
        minutes = f"{say('card.range', low=span.low, high=span.high)} min, {say('why.mostly', number=span.typical)}"
        found.append((f"{step.said.name}: {minutes}", step))
    return tuple(found)


def _course(book: Rulebook, option: str, concern: str) -> Origin:
    price = book.clinic.prices[option]
    value = say("why.price", money=money(price.amount, book.clinic.currency_sign))
    return Origin(((value, price),), say("why.course_sum"))


def _days(field: str, book: Rulebook, option: str, concern: str) -> Origin:
    entry = getattr(book.options[option], field)
    days = say("why.days", low=entry.days.low, typical=entry.days.typical, high=entry.days.high)
    weeks = in_weeks(entry.days.low, entry.days.high)
    value = say("why.weeks", **weeks, days=days) if entry.days.low >= WEEK else days
    return Origin(((value, entry),))


def _needles(book: Rulebook, option: str, concern: str) -> Origin:
    text = book.glossary["microneedling"].client if "microneedling" in book.glossary else ""
    return Origin(_steps(book, ["needling", *(["draw"] if book.options[option].blood_draw else [])]), text)


def _approval(book: Rulebook, option: str, concern: str) -> Origin:
    found = book.status[option].places.get(book.clinic.place) if option in book.status else None
    return Origin((), capital(found.client if found else say("card.not_measured")), found.sources if found else ())


def _points(book: Rulebook, option: str, concern: str) -> Origin:
    found = points_of(book, option, concern)
    if found is None:
        return Origin()
    text = f"{say('card.good')}: {found.good} {say('card.not_good')}: {found.not_good}"
    return Origin((), text, dict.fromkeys([*found.good_sources, *found.not_good_sources]))


def _studied(book: Rulebook, option: str, concern: str) -> Origin:
    found = studied_for(book, concern)
    return Origin((), found.text, found.sources) if found else Origin(text=say("studied.none"))


ORIGINS: dict[str, tuple[Callable[[Rulebook, str, str], Origin], str]] = {
    "visits": (_visits, "visits"),
    "one_visit": (_one_visit, "visit_time"),
    "course": (_course, "cost"),
    "first_change": (functools.partial(_days, "first_change"), ""),
    "at_best": (functools.partial(_days, "peak"), ""),
    "redness": (functools.partial(_days, "redness"), ""),
    "needles": (_needles, "blood_draw"),
    "approval": (_approval, ""),
    "good": (_points, ""),
    "not_good": (_points, ""),
    "studied": (_studied, "visits"),
}
"""By what a number is called: what makes its origin, and the topic of the claims on it."""


# --- what the rules say ---------------------------------------------------------------------------------------------


def status(book: Rulebook) -> None:
    """Regulatory status of each option in one place; starts with where the clinic is."""
    with st.container(key="card_status"):
        draw.html(tag("h2", say("why.status_title"), cls="rr-h"), tag("p", say("why.status_lead"), cls="rr-small"))
        names = book.questions["place"].words.answers
        place = _one_of(
            "place", say("why.place"), {one: names[one] for one in PLACES if one in names}, book.clinic.place
        )
        sources: dict[str, None] = {}
        for option, found in book.status.items():
            told = found.places.get(place)
            if told is None:
                continue  # kept from before every place had its words
            sources |= dict.fromkeys(told.sources)
            name = book.options[option].name if option in book.options else option
            draw.html(tag("p", draw.option_mark(option), tag("b", f"{name}. "), told.client, cls="rr-text"))
        if sources:
            _sources(book, sources, "status")
