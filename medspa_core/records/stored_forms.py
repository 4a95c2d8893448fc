"""What the store holds as it holds it: moments in UTC, answers as JSON, texts as typed, ids as the log may hold them."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from medspa_core.records.problems import StoreProblem

Kept = TypeVar("Kept")
Json = Any
"""What JSON can hold: null, true, 3, "text", lists and objects of these."""

LONGEST_ANSWER = 20_000
LONGEST_TEXT = 2_000


def in_utc(now: datetime) -> datetime:
    """The moment in UTC; one without a zone is a mistake of the caller's."""
    if now.tzinfo is None:
        raise ValueError("now: a time with its zone is needed")
    return now.astimezone(UTC)


def as_json(value: Json, what: str, longest: int = LONGEST_ANSWER) -> str:
    """JSON in plain ASCII with sorted keys: the same answer is always the same text."""
    try:
        text = json.dumps(value, sort_keys=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise StoreProblem(f"{what}: this answer can't be kept; it is not plain data.") from None
    if len(text) > longest:
        raise StoreProblem(f"{what}: this is too long to be kept (at most {longest} characters).")
    return text


def can_be_kept(text: str) -> bool:
    """No mark in it that a database can't hold: NUL, or half a character."""
    return not any(mark == "\0" or "\ud800" <= mark <= "\udfff" for mark in text)


def plain_text(value: str, what: str, *, empty: bool = False) -> str:
    """Text as typed; what a database can't hold (NUL, half a character) is refused. The message never repeats it.

    `what`: the field as staff call it, such as "the code name".
    """
    if not isinstance(value, str) or not (empty or value.strip()):
        raise StoreProblem(f"{_first_large(what)} is missing.")
    if len(value) > LONGEST_TEXT:
        raise StoreProblem(f"{_first_large(what)} is too long: at most {LONGEST_TEXT} characters.")
    if not can_be_kept(value):
        raise StoreProblem(f"{_first_large(what)} holds a character that can't be kept. Type it anew.")
    return value


def _first_large(what: str) -> str:
    return what[:1].upper() + what[1:]


def safe_id(draft_id: str) -> str:
    """An id as the log may hold it: what only looks like one may be anything that somebody typed."""
    return draft_id if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(draft_id)) else "no such id"


def from_row(kind: type[Kept], row: Any, **more: Any) -> Kept:
    """What a row holds: each field from the column of its name, but those that are given."""
    names = [one.name for one in fields(cast(Any, kind)) if one.name not in more]
    return kind(**{name: getattr(row, name) for name in names}, **more)
