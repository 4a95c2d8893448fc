"""The revision of a rulebook: the same content gives the same revision, however the files are laid out."""

from __future__ import annotations

import hashlib
import json
from typing import Any

REVISION_LENGTH = 16


def revision_of(raw: dict[str, Any]) -> str:
    """Hexadecimal digits that change with any number, word or source, and not with the order of keys.

    The order of questions and of criteria counts: it is the order in which they are asked and listed.
    """
    ordered = {"order": [list(raw[file]) for file in ("questions.toml", "criteria.toml")], **raw}
    canonical = json.dumps(ordered, sort_keys=True, default=str, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:REVISION_LENGTH]
