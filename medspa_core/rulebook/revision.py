"""The revision of a rulebook: the same content gives the same revision, however the files are laid out."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from medspa_core.rulebook.schema.offered import SAYS_WHO

REVISION_LENGTH = 16


def revision_of(raw: dict[str, Any]) -> str:
    """Hexadecimal digits that change with any number, word or source of the files, and not with the order of keys.

    The order of questions and of criteria counts: it is the order in which they are asked and listed. What the clinic is
    called, and who answers its telephone, decides nothing and does not count. `raw` is as the files are written: of the
    program's own words, which stand in where a file has none, a rulebook has no other revision.
    """
    decides = {key: value for key, value in raw["clinic.toml"].items() if key not in SAYS_WHO}
    order = [list(raw[file]) for file in ("questions.toml", "criteria.toml")]
    ordered = {"order": order, **raw, "clinic.toml": decides}
    canonical = json.dumps(ordered, sort_keys=True, default=str, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:REVISION_LENGTH]
