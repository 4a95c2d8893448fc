"""Keyed words for the rows and courses of a file: the same again for the same row, and no way back to a reference.

They are made with a key of the clinic's that never changes, so nobody without it can try references out.
"""

from __future__ import annotations

import base64
import hmac
from datetime import date
from typing import Any

from medspa_core.records import Keys
from medspa_core.records.facts.imports import ImportKind

BETWEEN = "\x1f"
BYTES = 16


class RowKeys:
    """The keyed words of one file. Rows that nothing tells apart are counted, so that two payments of a day stay two."""

    def __init__(self, keys: Keys, kind: ImportKind) -> None:
        self._kind, self._secret = kind, hmac.digest(keys.pepper, b"imported rows", "sha256")
        self._seen, self._again = set[int](), dict[int, int]()

    def course(self, client: str | None, option: str | None) -> str | None:
        """The word that a client's visits of one option share; None where the file does not tell clients apart."""
        if client is None:
            return None
        return base64.urlsafe_b64encode(self._word("course", client, option or "")).rstrip(b"=").decode()

    def row(self, row: dict[str, Any]) -> tuple[str, int]:
        """The word of a row, and how many rows before it in this file were the same by it."""
        base = self._word(self._kind, *map(_text, self._natural(row)))
        short = int.from_bytes(base[:8], "big")
        if short not in self._seen:
            self._seen.add(short)
            return base.hex(), 0
        times = self._again[short] = self._again.get(short, 0) + 1
        return self._word(base.hex(), str(times)).hex(), times

    def _natural(self, row: dict[str, Any]) -> tuple[Any, ...]:
        """What tells a row from all others. What may change later, as the state of a visit, is not among it."""
        client, service = row.get("client"), row.get("service")
        what = (row.get("what"),)
        if row.get("reference"):
            return ("reference", client, row["reference"], service, *what)
        if self._kind == "sales":
            return (client, row["day"], service, *what, row["amount"])
        places = () if client else (row.get("location"), row.get("provider"))
        return (client, row["day"], service, *places)

    def _word(self, *parts: str) -> bytes:
        return hmac.digest(self._secret, BETWEEN.join(parts).encode(), "sha256")[:BYTES]


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
