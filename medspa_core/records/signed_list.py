"""Small files outside the store, signed with the audit key: what is said goes in, and comes out unless it was changed."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from medspa_core.records.keys import Keys, write_secret
from medspa_core.records.problems import StoreProblem

T = TypeVar("T")

UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)
"""What reading raises where the file is gone, changed, forged, or of a clinic with other keys."""


def write_signed(path: Path, kind: str, said: Any, keys: Keys, *, under: str = "") -> None:
    """Writes plain data under the name of its kind (or `under`), with a proof that only this clinic can make."""
    plain = json.loads(json.dumps(said))  # tuples as lists, as they are read back
    write_secret(path, json.dumps({under or kind: plain, "proof": _proof(kind, plain, keys)}, indent=1) + "\n")


def read_signed(path: Path, kind: str, keys: Keys, *, under: str = "") -> Any:
    """What was written there. Raises one of UNREADABLE."""
    written = json.loads(path.read_text("ascii"))
    said = written[under or kind]
    if not hmac.compare_digest(str(written["proof"]), _proof(kind, said, keys)):
        raise ValueError("another clinic's, or changed")
    return said


def read_beside(keys: Keys, kind: str, of_what: str, read: Callable[[Any], T]) -> T | None:
    """The list of this kind that lies beside the keys, `read`; None where there is none. A changed or forged one is refused."""
    path = None if keys.folder is None else keys.folder / f"{kind}.json"
    if path is None or not path.exists():
        return None
    try:
        return read(read_signed(path, kind, keys))
    except UNREADABLE:
        raise StoreProblem(f"{path}: the list of {of_what} was changed, or is of another clinic.") from None


def _proof(kind: str, said: Any, keys: Keys) -> str:
    return hmac.new(keys.audit, f"{kind} {json.dumps(said, sort_keys=True)}".encode(), "sha256").hexdigest()
