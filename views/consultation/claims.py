"""The claims ledger: what the practice says stands only beside its verdict; and where each number comes from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from views.elements import draw
from views.elements.draw import Element, tag
from views.frame import shell

ALL = "all"
NO_TOPIC = "none"
NO_YEAR = "not shown"  # in the list of sources: the page gives none
PLACES = ("us", "eu", "uk", "ca", "kr", "au", "other")


@dataclass(frozen=True)
class Origin:
    """Where one number on screen comes from."""

    title: str
    parts: tuple[tuple[str, Sourced | None], ...]  # what it is in words, and its entry in the rulebook
    sources: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    text: str = ""


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
    verdicts = [ALL, *dict.fromkeys(claim.verdict for claim in book.claims.values())]
    topics = [ALL, *dict.fromkeys(topic for claim in book.claims.values() for topic in claim.topics), NO_TOPIC]
    with st.container(key="card_filters"):
        found = []
        for name, options, told in (
            ("verdict", verdicts, _verdict_words),
            ("topic", topics, functools.partial(_topic_words, book)),
        ):
            draw.html(tag("h2", say(f"why.filter_{name}"), cls="rr-h"))
            with st.container(key=f"tap_filter_{name}"):
                found.append(
                    st.pills(
                        say(f"why.filter_{name}"),
                        options,
                        default=ALL,
                        required=True,
                        format_func={option: told(option) for option in options}.__getitem__,
                        key=f"filter_{name}",
                        label_visibility="collapsed",
                        width="stretch",
                    )
                )
    return found[0] or ALL, found[1] or ALL


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


def _part(book: Rulebook, value: str, entry: Sourced | None) -> list[Element]:
    pieces = [tag("p", tag("b", value), cls="rr-text")]
    if entry is None:
        return pieces
    known = f"why.known.{entry.evidence}"
    grade = entry.evidence if shell.staff_view() or not all_words().has(known) else say(known)
    looked = say("why.last_looked", day=short_date(entry.reviewed))
    pieces.append(tag("p", f"{say('why.number_grade', grade=grade)} {looked}", cls="rr-small"))
    if entry.own_figure or not entry.sources:  # the second: a rulebook kept from before own figures were marked
        pieces.append(tag("p", say("why.number_no_source"), cls="rr-small"))
    return [*pieces, *source_lines(book, entry.sources)]


def origin_of(book: Rulebook, named: str, concern: str) -> Origin | None:
    """The origin of `visits.prp_microneedling`, `redness`, `studied` and the like; None for a name we don't know."""
    name, _, option = named.partition(".")
    option = option if option in book.ranked else book.ranked[0]
    make = ORIGINS.get(name)
    return make(book, option, concern if concern in book.concerns else "") if make else None


def _title(name: str, book: Rulebook, option: str) -> str:
    return say(f"why.number.{name}", option=book.options[option].name)


def _visits(book: Rulebook, option: str, concern: str) -> Origin:
    sessions = book.options[option].sessions
    assert sessions is not None
    parts = [
        (f"{book.questions['concern'].words.answers[name]}: {_shares(found.shares)}", found)
        for name, found in sessions.published.items()
        if name == (concern or name)
    ]
    if sessions.clinic:
        parts.append((f"{say('timeline.key_plan')}: {_shares(sessions.clinic.shares)}", sessions.clinic))
    return Origin(_title("visits", book, option), tuple(parts), claims=_claims_on(book, "visits"))


def _shares(shares: Mapping[int, Decimal]) -> str:
    return ", ".join(all_words().counted("why.share", count, share=f"{share:.0%}") for count, share in shares.items())


def _one_visit(book: Rulebook, option: str, concern: str) -> Origin:
    visit = book.options[option].visit
    assert visit is not None
    steps = [step for part in visit.one_after_another for step in ((part,) if isinstance(part, str) else part)]
    parts = tuple((_step(book, step), book.protocol.steps[step]) for step in steps)
    return Origin(
        _title("one_visit", book, option), parts, text=say("why.visit_sum"), claims=_claims_on(book, "visit_time")
    )


def _step(book: Rulebook, step: str) -> str:
    span = book.protocol.steps[step].minutes
    name = book.protocol.steps[step].said.name
    return f"{name}: {say('card.range', low=span.low, high=span.high)} min, {say('why.mostly', number=span.typical)}"


def _course(book: Rulebook, option: str, concern: str) -> Origin:
    price = book.clinic.prices[option]
    value = say("why.price", money=money(price.amount, book.clinic.currency_sign))
    parts = ((value, price),)
    return Origin(_title("course", book, option), parts, text=say("why.course_sum"), claims=_claims_on(book, "cost"))


def _days(name: str, field: str) -> Callable[[Rulebook, str, str], Origin]:
    def origin(book: Rulebook, option: str, concern: str) -> Origin:
        entry = getattr(book.options[option], field)
        days = say("why.days", low=entry.days.low, typical=entry.days.typical, high=entry.days.high)
        weeks = in_weeks(entry.days.low, entry.days.high)
        value = say("why.weeks", **weeks, days=days) if entry.days.low >= WEEK else days
        return Origin(_title(name, book, option), ((value, entry),))

    return origin


def _needles(book: Rulebook, option: str, concern: str) -> Origin:
    steps = ["needling", *(["draw"] if book.options[option].blood_draw else [])]
    text = book.glossary["microneedling"].client if "microneedling" in book.glossary else ""
    named = [step for step in steps if step in book.protocol.steps]  # a kept rulebook may call them otherwise
    parts = tuple((_step(book, step), book.protocol.steps[step]) for step in named)
    return Origin(_title("needles", book, option), parts, text=text, claims=_claims_on(book, "blood_draw"))


def _approval(book: Rulebook, option: str, concern: str) -> Origin:
    found = book.status[option].places.get(book.clinic.place) if option in book.status else None
    text, sources = (found.client, found.sources) if found else (say("card.not_measured"), ())
    return Origin(_title("approval", book, option), (), sources=sources, text=capital(text))


def _points(book: Rulebook, option: str, concern: str) -> Origin:
    found = points_of(book, option, concern)
    if found is None:
        return Origin(_title("good", book, option), ())
    text = f"{say('card.good')}: {found.good} {say('card.not_good')}: {found.not_good}"
    sources = dict.fromkeys([*found.good_sources, *found.not_good_sources])
    return Origin(_title("good", book, option), (), sources=tuple(sources), text=text)


def _studied(book: Rulebook, option: str, concern: str) -> Origin:
    found = studied_for(book, concern)
    text, sources = (found.text, found.sources) if found else (say("studied.none"), ())
    return Origin(say("why.number.studied"), (), sources=sources, text=text, claims=_claims_on(book, "visits"))


def _claims_on(book: Rulebook, topic: str) -> tuple[str, ...]:
    return tuple(key for key, claim in book.claims.items() if topic in claim.topics)


ORIGINS: dict[str, Callable[[Rulebook, str, str], Origin]] = {
    "visits": _visits,
    "one_visit": _one_visit,
    "course": _course,
    "first_change": _days("first_change", "first_change"),
    "at_best": _days("at_best", "peak"),
    "redness": _days("redness", "redness"),
    "needles": _needles,
    "approval": _approval,
    "good": _points,
    "not_good": _points,
    "studied": _studied,
}


# --- what the rules say ---------------------------------------------------------------------------------------------


def status(book: Rulebook) -> None:
    """Regulatory status of each option in one place; starts with where the clinic is."""
    with st.container(key="card_status"):
        draw.html(tag("h2", say("why.status_title"), cls="rr-h"), tag("p", say("why.status_lead"), cls="rr-small"))
        names = book.questions["place"].words.answers
        with st.container(key="tap_place"):
            place = st.pills(
                say("why.place"),
                [one for one in PLACES if one in names],
                default=book.clinic.place,
                required=True,
                format_func=dict(names).__getitem__,
                key="place",
                label_visibility="collapsed",
                width="stretch",
            )
        place = place or book.clinic.place
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
