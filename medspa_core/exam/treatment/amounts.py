"""How much of a product was used: what was typed beside the unit of the field goes in, an amount with a unit comes out."""

from __future__ import annotations

import re

UNIT = "ml"
"""What the field asks for, and what stands beside it."""
_BARE = re.compile(r"\d+(?:[.,]\d+)?")


def with_unit(typed: str) -> str:
    """A number alone is in the unit of the field; what names a unit of its own stays as it was typed."""
    amount = typed.strip()
    return amount if not has_no_unit(amount) else f"{amount} {UNIT}"


def has_no_unit(amount: str) -> bool:
    """Whether it is a number alone, as older sessions may have it: nobody knows of what."""
    return _BARE.fullmatch(amount.strip()) is not None
