"""What somebody typed for a whole number, or for tenths: the number, or why it is none. Nothing is cut, rounded or guessed.

    read_whole("2.500", low=1, high=1_000_000, marks=("$", "USD"))      -> 2500
    read_whole("2.5k", low=1, high=1_000_000)                            -> Refused.NO_NUMBER
    read_tenths("1,5 mm", low=1, high=25, marks=("mm",))                 -> 15

A comma, a point, a space or an apostrophe may stand between thousands, a comma or a point before the smallest unit of money, of
which there must be none: `2,500.00` is 2500 and `2.50` is refused. Which of the two a mark before three last digits is, the
currency settles: where money has two decimals or none, `2.500` can only be 2500; where it has three it could be both, and
is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

LONGEST = 40
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
NO_DECIMALS = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"})
SPACES = "\u00a0\u2007\u2009\u202f"
APOSTROPHES = "\u2019\u02bc\u00b4`"
_DECIMAL = re.compile(r"(?P<whole>\d*)(?:[.,](?P<rest>\d+))?(?<=\d)")
_PLAIN = re.compile(r"\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?P<mark>[,. '])\d{3}(?:(?P=mark)\d{3})*")
_LAKHS = re.compile(r"[1-9]\d?(?:,\d{2})*,\d{3}")


class Refused(StrEnum):
    """Why what was typed is no answer."""

    NO_NUMBER = "no_number"
    NOT_WHOLE = "not_whole"
    NOT_TENTHS = "not_tenths"
    EITHER = "either"  # 2.500 where money has three decimals
    RANGE = "range"


def decimals_of(currency: str) -> int:
    """How many digits the smallest unit of a currency has."""
    if currency in THREE_DECIMALS:
        return 3
    return 0 if currency in NO_DECIMALS else 2


def read_whole(typed: str, low: int, high: int, marks: Sequence[str] = (), decimals: int = 2) -> int | Refused:
    """The whole number that was typed. `marks`: what may stand before or after it, as the sign of the currency."""
    text = _without(_even(typed), marks)
    if not text or len(text) > LONGEST or not any(sign.isdecimal() for sign in text):
        return Refused.NO_NUMBER
    found = _whole(text, decimals)
    if isinstance(found, int) and not low <= found <= high:
        return Refused.RANGE
    return found


def read_tenths(typed: str, low: int, high: int, marks: Sequence[str] = ()) -> int | Refused:
    """The tenths of what was typed: `1.5`, `1,5`, `1.50` and `1.5 mm` are 15. `2.500` could be 2500, so it is refused."""
    text = _without(_even(typed), marks)
    found = _DECIMAL.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return Refused.NO_NUMBER
    rest = found["rest"] or ""
    if len(rest) == 3 and found["whole"] not in ("", "0"):
        return Refused.EITHER
    if rest[1:].strip("0"):
        return Refused.NOT_TENTHS
    tenths = int(found["whole"] or "0") * 10 + int(rest[:1] or "0")
    return tenths if low <= tenths <= high else Refused.RANGE


def _even(typed: str) -> str:
    """One sort of digits, spaces and apostrophes."""
    text = unicodedata.normalize("NFKC", typed.translate(str.maketrans(SPACES, " " * len(SPACES))))
    text = text.translate(str.maketrans(APOSTROPHES, "'" * len(APOSTROPHES)))
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text).strip()


def _without(text: str, marks: Sequence[str]) -> str:
    for mark in (_even(mark).casefold() for mark in marks if mark):
        if text.casefold().startswith(mark):
            return text[len(mark) :].strip()
        if text.casefold().endswith(mark):
            return text[: -len(mark)].strip()
    return text


def _whole(text: str, decimals: int) -> int | Refused:
    grouped = _grouped(text)
    if grouped is not None:
        one_mark = not text.isdecimal() and len(re.findall(r"[,.]", text)) == 1
        return Refused.EITHER if decimals == 3 and one_mark else grouped
    whole, mark, rest = _at_last_mark(text)
    number = _grouped(whole, but_not=mark)
    if number is None or not rest.isdecimal():
        return Refused.NO_NUMBER
    return number if not int(rest) and len(rest) <= max(decimals, 2) else Refused.NOT_WHOLE


def _at_last_mark(text: str) -> tuple[str, str, str]:
    """What stands before the last comma or point, that mark, and what stands behind it."""
    at = max(text.rfind(","), text.rfind("."))
    return (text[:at], text[at], text[at + 1 :]) if at >= 0 else ("", "", "")


def _grouped(text: str, but_not: str = "") -> int | None:
    """A number without a fraction. `but_not`: a mark that stands before the fraction stands between no thousands."""
    found = _PLAIN.fullmatch(text) or _THOUSANDS.fullmatch(text) or _LAKHS.fullmatch(text)
    if found is None or (but_not and but_not in text):
        return None
    return int(re.sub(r"\D", "", text))
