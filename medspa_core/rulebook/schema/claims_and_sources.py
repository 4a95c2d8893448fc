"""Claims, what is never said, approval and sources: what the practice says and what the evidence says of it."""

from __future__ import annotations

from typing import Literal

from medspa_core.rulebook.schema.entries import AnswerId, CriterionId, Entry, SourceId

SourceKind = Literal[
    "rct",
    "observational",
    "systematic_review",
    "review",
    "preclinical",
    "regulator",
    "law",
    "professional_body",
    "label",
    "clinic",
    "general_page",
    "vendor",
    "news",
]
ClaimVerdict = Literal["supported", "plausible", "contested", "no_human_evidence", "contradicted", "omission"]


class Claim(Entry):
    """What the practice says, and what the evidence says of it."""

    number: int
    practice_says: str
    verdict: ClaimVerdict
    verdict_words: str
    grade: str
    tested: str
    honest: str
    detail: str
    topics: tuple[CriterionId, ...]
    sources: tuple[SourceId, ...]


class NeverSay(Entry):
    """Words that promise too much, as patterns, and what to say instead."""

    never: str
    patterns: tuple[str, ...]
    say: str


class StatusByPlace(Entry):
    """The approval of an option at one place."""

    client: str
    sources: tuple[SourceId, ...]


class Status(Entry):
    """Whether regulators have approved an option: one line for the card, one text per place."""

    approval_line: str
    places: dict[str, StatusByPlace]


class Source(Entry):
    """One line of sources.csv; `seen` says whether the text itself was read, `concern` which one a trial was about."""

    title: str
    publisher: str
    year: str
    kind: SourceKind
    url: str
    seen: Literal["yes", "no"]
    note: str
    concern: AnswerId = ""
