"""An amount as another system writes it in, hundredths of the currency out, or why it is none. Nothing is rounded or guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from medspa_core.formats.typed_number import APOSTROPHES, LONGEST, SPACES

DecimalMark = Literal[".", ","]
DECIMAL_MARKS: tuple[str, ...] = get_args(DecimalMark)
LARGEST_CENTS = 10**12
FLOAT_NOISE = Decimal("0.000001")
"""How far from hundredths a computed cell of a workbook may lie: it says 19.990000000000002 for 19.99."""

_EVEN = str.maketrans(
    {**dict.fromkeys(SPACES, " "), **dict.fromkeys(APOSTROPHES, "'"), **dict.fromkeys("\u2212\u2010\u2011\u2013", "-")}
)
_OTHER_MARK = {".": ",", ",": "."}
_THREE_BEHIND = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_NUMBER = {
    mark: re.compile(
        rf"(?:[0-9]+|[1-9][0-9]{{0,2}}(?P<mark>[ '{re.escape(other)}])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*)?"
        rf"(?:{re.escape(mark)}[0-9]+)?"
    )
    for mark, other in _OTHER_MARK.items()
}


@dataclass(frozen=True, slots=True)
class NoAmount:
    """Why a cell is no amount. `either`: it may be two, by which mark stands before the decimals."""

    expected: str
    either: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """Hundredths; `mark`: before the decimals, "" where there are none and any other mark."""

    cents: int
    mark: str = ""


def read_amount(text: str, mark: str | None, signs: Sequence[str]) -> Amount | NoAmount:
    """Hundredths of an amount. `mark`: what stands before decimals, None if nobody said so; `signs`: of the currency, which may
    stand beside it. In brackets, or with a minus before or behind it, it is below zero."""
    plain, below = _bare(text, signs)
    if len(plain) > LONGEST or not any(one in "0123456789" for one in plain):
        return NoAmount("an amount")
    if mark is None and _THREE_BEHIND.fullmatch(plain):
        return NoAmount("an amount that can be read in one way", either=True)
    found = {
        one: value for one in DECIMAL_MARKS if one in (mark or one) and (value := _hundredths(plain, one)) is not None
    }
    if not found:
        return NoAmount("an amount" if mark is None else f'an amount with "{mark}" before its decimals')
    cents = set(found.values())
    if len(cents) > 1:
        return NoAmount("an amount that can be read in one way", either=True)
    value = cents.pop()
    if value != value.to_integral_value() or value > LARGEST_CENTS:
        return NoAmount("an amount in whole hundredths, not too large")
    seen = next(iter(found)) if len(found) == 1 and not plain.isdecimal() else ""
    return Amount(int(-value if below else value), seen)


def _bare(text: str, signs: Sequence[str]) -> tuple[str, bool]:
    """Without the currency's sign, brackets and minus; whether it is below zero."""
    plain = text.translate(_EVEN).strip()
    below = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1].strip() if below else plain
    for _ in range(2):  # -$5 and $-5
        for sign in (sign for sign in signs if sign):
            if plain.casefold().startswith(sign.casefold()):
                plain = plain[len(sign) :].strip()
            elif plain.casefold().endswith(sign.casefold()):
                plain = plain[: -len(sign)].strip()
        if plain[:1] == "-" or plain[-1:] == "-":
            below, plain = True, plain.strip("-").strip() if plain.count("-") == 1 else ""
    return plain.removeprefix("+"), below


def _hundredths(plain: str, mark: str) -> Decimal | None:
    """The amount with this mark before its decimals; None if it can't be one."""
    if not plain or _NUMBER[mark].fullmatch(plain) is None:
        return None
    digits = re.sub(rf"[ '{re.escape(_OTHER_MARK[mark])}]", "", plain).replace(mark, ".")
    value = Decimal(digits) * 100
    near = value.to_integral_value()
    return near if abs(value - near) < FLOAT_NOISE else value
