"""What a clinician's word *Limit*, or the note of an exam, asks of an order: the note, and the depth and the sessions it names.

A limit is a clinician's own words, so only they can say whether an order keeps it: what goes beyond what the note names is
warned of and asked about, never refused. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from medspa_core.exam.exams import Exam
from medspa_core.exam.orders import Order
from medspa_core.exam.signing import Signature
from medspa_core.exam.verdicts import AfterReview, Word

COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_UNIT = r"(?:mm\b|millimet)"
_NUMBER = r"(?<![\d.,/])(?:(?:(?P<whole>\d+)\s+)?(?P<part>\d+)\s*/\s*(?P<of>[1-9]\d*)|(?P<plain>\d*[.,]\d{1,2}|\d+))"
_CONNECTING = r"(?:\s|[:=≤<]|\b(?:of|is|at most|up to|no more than|max(?:imum)?)\b)*"
_OTHER_UNIT = r"(?!\d|[.,]\d|\s*/|\s*(?:µ|μ|u\w|mic|c?m\b|nm\b|%|x\b|×|pass|time|sess|treat|visit|day|week|month))"
_IN_MILLIMETRES = re.compile(rf"{_NUMBER}\s*-?\s*{_UNIT}", re.IGNORECASE)
_AFTER_DEPTH = re.compile(rf"\bdepth\b{_CONNECTING}{_NUMBER}(?!\s*-?\s*{_UNIT}){_OTHER_UNIT}", re.IGNORECASE)
_UNITS = re.compile(_UNIT, re.IGNORECASE)
_NAMES_DEPTH = re.compile(rf"\bdepth\b|\d\s*-?\s*{_UNIT}", re.IGNORECASE)
_VULGAR = re.compile(r"[¼-¾⅐-⅞]")
_KINDS = (
    r"(?:(?:needling|microneedling|prp|exosomes?|treatment|more|further|such|full|separate|monthly|weekly)\s+){0,2}"
)
_SESSIONS = re.compile(
    rf"(?<![\d.,/])\b(\d+|single|{'|'.join(COUNTS)})\s+{_KINDS}(?:sessions?|treatments?|visits?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SignedLimit:
    """One act of signing *Limit*, or an exam. The smallest depth and count that its note names; None: it names none."""

    note: str
    valid_until: date | None
    signed: Signature
    depth_tenths_mm: int | None
    sessions: int | None
    of_exam: bool = False


def signed_limits(review: AfterReview, exam: Exam | None, on: date) -> tuple[SignedLimit, ...]:
    """Every limit that counts for one option on that day, the oldest first; one signed on many findings at once is one. Last what
    the note of the exam asks."""
    return (*_of_words(review), *_of_exam(exam, on))


def _of_exam(exam: Exam | None, on: date) -> Iterator[SignedLimit]:
    """An exam's note is no limit by itself: it is one where it speaks of a depth or of sessions."""
    if exam is None or exam.valid_until < on:
        return
    if _NAMES_DEPTH.search(exam.note) or _SESSIONS.search(exam.note):
        yield replace(_limit(exam.note, exam.valid_until, exam.signed), of_exam=True)


def _of_words(review: AfterReview) -> tuple[SignedLimit, ...]:
    found: dict[tuple[str, Signature], SignedLimit] = {}
    limited = [ruling for _, ruling in review.ruled if ruling.word is Word.LIMITED]
    for one in sorted(limited, key=lambda ruling: ruling.number):
        found.setdefault((one.note, one.signed), _limit(one.note, one.valid_until, one.signed))
    return tuple(found.values())


def _limit(note: str, valid_until: date | None, signed: Signature) -> SignedLimit:
    counts = [_count(one) for one in _SESSIONS.findall(note)]
    return SignedLimit(note, valid_until, signed, _smallest_depth(note), min(counts, default=None))


def _smallest_depth(note: str) -> int | None:
    """In tenths of a millimetre. None also where one of the depths was not understood, or is no whole tenth: the others alone
    would tell of another limit than the one that was signed."""
    text = _VULGAR.sub(lambda found: " " + unicodedata.normalize("NFKC", found[0]).replace("\u2044", "/"), note)
    named = list(_IN_MILLIMETRES.finditer(text))
    if len(named) < len(_UNITS.findall(text)):
        return None
    tenths = [_value(one) * 10 for one in [*named, *_AFTER_DEPTH.finditer(text)]]
    if not tenths or any(one.denominator != 1 for one in tenths):
        return None
    return int(min(tenths))


def _value(found: re.Match[str]) -> Fraction:
    if found["plain"]:
        return Fraction(found["plain"].replace(",", "."))
    return int(found["whole"] or 0) + Fraction(int(found["part"]), int(found["of"]))


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return 1 if word.casefold() == "single" else COUNTS.index(word.casefold()) + 1


def beyond_depth(limits: Iterable[SignedLimit], depth_tenths_mm: int) -> Iterator[SignedLimit]:
    """The limits that name less than this depth."""
    return (one for one in limits if one.depth_tenths_mm is not None and depth_tenths_mm > one.depth_tenths_mm)


def beyond_sessions(limits: Iterable[SignedLimit], sessions: int) -> Iterator[SignedLimit]:
    """The limits that name fewer sessions."""
    return (one for one in limits if one.sessions is not None and sessions > one.sessions)


def signed_beyond(limit: SignedLimit, order: Order) -> bool:
    """Whether the order was signed beyond a limit that stood there already."""
    deep, many = order.depth_tenths_mm, order.terms.sessions
    beyond = any(beyond_depth([limit], deep)) or any(beyond_sessions([limit], many))
    return beyond and limit.signed.signed_at <= order.signed.signed_at
