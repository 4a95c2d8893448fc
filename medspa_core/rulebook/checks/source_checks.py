"""Where numbers and rules come from: each source cited exists, and a number stands on a worthy one or is called our own."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from medspa_core.rulebook.book import Rulebook
from medspa_core.rulebook.problems import unknown
from medspa_core.rulebook.schema import entries, offered, weighed

CITING = ("contraindications", "gates", "standing_orders", "claims")
"""Files whose entries cite sources and are no numbers a client can open."""


def source_problems(book: Rulebook, shipped: Collection[str]) -> Iterator[str]:
    """Each source cited exists and no other stands in sources.csv; then what the rulebook's own rules on sources say.

    `shipped` are those cited by what a clinic's own settings have replaced: they may stand uncited.
    """
    cited = list(_citations(book))
    not_known = [line for where, sources in cited for line in unknown(where, "source", sources, book.sources)]
    yield from not_known
    for source_id in sorted(set(book.sources).difference(*(sources for _, sources in cited), shipped)):
        yield f"sources.csv, {source_id}: nothing cites this source. Remove it, or cite it"
    yield from _concerns(book)
    if book.model.sources is not None and not not_known:
        for where, number in numbers(book):
            yield from _number(where, number, book, book.model.sources)
        yield from _sessions_by_concern(book)


def numbers(book: Rulebook) -> Iterator[tuple[str, entries.Sourced]]:
    """Every number that says where it is from, by its place in the files."""
    for key, criterion in book.criteria.items():
        yield f"criteria.toml, {key}", criterion
    yield "protocol.toml, interval", book.protocol.interval
    for step_id, step in book.protocol.steps.items():
        yield f"protocol.toml, steps.{step_id}", step
    for option_id, price in book.clinic.prices.items():
        yield f"clinic.toml, prices.{option_id}", price
    for option_id, option in book.options.items():
        yield from _option_numbers(f"options/{option_id}.toml", option)


def _option_numbers(where: str, option: offered.OptionFile) -> Iterator[tuple[str, entries.Sourced]]:
    for name in ("first_change", "peak", "redness", "upkeep"):
        part = getattr(option, name)
        if part is not None:
            yield f"{where}, {name}", part
    if option.sessions is not None and option.sessions.clinic is not None:
        yield f"{where}, sessions.clinic", option.sessions.clinic
    for concern, sessions in _published(option).items():
        yield f"{where}, sessions.published.{concern}", sessions


def _published(option: offered.OptionFile) -> dict[str, offered.Sessions]:
    return option.sessions.published if option.sessions is not None else {}


def _citations(book: Rulebook) -> Iterator[tuple[str, tuple[str, ...]]]:
    for where, number in numbers(book):
        yield where, number.sources
    for file in CITING:
        for key, entry in getattr(book, file).items():
            yield f"{file}.toml, {key}", entry.sources
    for option_id, status in book.status.items():
        for place, text in status.places.items():
            yield f"status.toml, {option_id}.{place}", text.sources


def _concerns(book: Rulebook) -> Iterator[str]:
    """A trial is about one of the concerns that are asked, or about none."""
    for source_id, source in book.sources.items():
        if source.concern and source.concern not in book.concerns:
            yield f"sources.csv, {source_id}: concern {source.concern!r} is not known. Correct it, or leave it empty"


def _number(where: str, number: entries.Sourced, book: Rulebook, rules: weighed.SourceRules) -> Iterator[str]:
    """A number stands on sources or is our own; on none of a kind that is too weak, and not on one clinic's page alone."""
    if bool(number.sources) == number.own_figure:
        found = "both" if number.own_figure else "neither"
        yield f"{where}: a number has sources, or own_figure = true; found {found}. Keep one of the two"
    kinds = [book.sources[name].kind for name in number.sources]
    for name, kind in zip(number.sources, kinds, strict=True):
        if kind in rules.not_behind_a_number:
            yield f"{where}: no number stands on {kind}; found source {name!r}. Cite a better one, or say own_figure = true"
    if len(kinds) == 1 and kinds[0] in rules.never_alone:
        yield f"{where}: no number stands on one {kinds[0]} alone. Add another source, or say own_figure = true"


def _sessions_by_concern(book: Rulebook) -> Iterator[str]:
    """How often a treatment is given for one concern is not taken from trials of another."""
    for option_id, option in book.options.items():
        for concern, sessions in _published(option).items():
            for name in sessions.sources:
                about = book.sources[name].concern
                if about not in ("", concern):
                    where = f"options/{option_id}.toml, sessions.published.{concern}"
                    yield f"{where}: source {name!r} is about {about}. Cite one about {concern}, or say own_figure = true"
