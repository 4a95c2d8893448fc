"""What a clinician's word *Limit* asks of an order: its note, and the depth and the sessions that the note names.

A limit is a clinician's own words, so only they can say whether an order keeps it: what goes beyond what the note names is
warned of and asked about, never refused. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from medspa_core.exam.signing import Signature
from medspa_core.exam.verdicts import AfterReview, Word

COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_DEPTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:mm\b|millimet)", re.IGNORECASE)
_SESSIONS = re.compile(rf"\b(\d+|{'|'.join(COUNTS)})\s+(?:sessions?|treatments?|visits?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignedLimit:
    """One act of signing *Limit*. The smallest depth and count that its note names; None: it names none."""

    note: str
    valid_until: date | None
    signed: Signature
    depth_tenths_mm: int | None
    sessions: int | None


def signed_limits(review: AfterReview) -> tuple[SignedLimit, ...]:
    """Every limit that counts for one option today, the oldest first; one signed on many findings at once is one."""
    found: dict[tuple[str, Signature], SignedLimit] = {}
    limited = [ruling for _, ruling in review.ruled if ruling.word is Word.LIMITED]
    for one in sorted(limited, key=lambda ruling: ruling.number):
        found.setdefault((one.note, one.signed), _limit(one.note, one.valid_until, one.signed))
    return tuple(found.values())


def _limit(note: str, valid_until: date | None, signed: Signature) -> SignedLimit:
    depths = [round(float(one.replace(",", ".")) * 10) for one in _DEPTH.findall(note)]
    counts = [_count(one) for one in _SESSIONS.findall(note)]
    return SignedLimit(note, valid_until, signed, min(depths, default=None), min(counts, default=None))


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else COUNTS.index(word.casefold()) + 1


def beyond_depth(limits: Iterable[SignedLimit], depth_tenths_mm: int) -> Iterator[SignedLimit]:
    """The limits that name less than this depth."""
    return (one for one in limits if one.depth_tenths_mm is not None and depth_tenths_mm > one.depth_tenths_mm)


def beyond_sessions(limits: Iterable[SignedLimit], sessions: int) -> Iterator[SignedLimit]:
    """The limits that name fewer sessions."""
    return (one for one in limits if one.sessions is not None and sessions > one.sessions)
