"""Text as it is searched for: what somebody typed goes in, words come out that accents, case and marks do not change."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

MOST_WORDS = 24
LONGEST_WORD = 40
NOT_TAKEN_APART = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
"""Letters that Unicode does not take apart into a letter and its mark."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")


def folded(text: str) -> str:
    """Small letters without accents: Éloïse, ELOISE and eloise are one."""
    apart = unicodedata.normalize("NFKD", " ".join(text.casefold().split()))
    bare = "".join(mark for mark in apart if unicodedata.category(mark) not in ("Mn", "Cf", "Cc"))
    return bare.translate(NOT_TAKEN_APART)


def words_to_keep(*texts: str | None) -> tuple[str, ...]:
    """Every word that should find a client: each as a whole, and its parts where a mark divides it."""
    found: dict[str, None] = {}
    for token in folded(" ".join(text for text in texts if text)).split():
        parts = re.split(r"[\W_]+", token)
        for word in ("".join(parts) or token, *parts):
            if word:
                found[word[:LONGEST_WORD]] = None
    return tuple(found)[:MOST_WORDS]


def key_of(text: str) -> str:
    """The text as it is compared with others: Smith Anna, anna smith and ANNA-SMITH are one."""
    return " ".join(sorted(re.split(r"[\W_]+", folded(text).strip()))).strip() or folded(text).strip()


def words_to_find(typed: str) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """What was typed, as beginnings of words and as the dates it may mean. 3/7/1984 may be two days."""
    rest, days = typed, []
    for pattern in (_ISO, _NUMBERS):
        for found in pattern.finditer(typed):
            days += _days(found)
        rest = pattern.sub(" ", rest)
    words = ("".join(re.split(r"[\W_]+", token)) or token for token in folded(rest).split())
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in words))[:MOST_WORDS], tuple(dict.fromkeys(days))


def _days(found: re.Match[str]) -> list[date]:
    one, two, three = (int(number) for number in found.groups())
    readings = [(one, two, three)] if one > 31 else [(three, two, one), (three, one, two)]
    days = []
    for year, month, day in readings:
        if 1 <= month <= 12 and 1 <= day <= 31 and year >= 1:
            try:
                days.append(date(year, month, day))
            except ValueError:
                continue
    return days
