"""Random tokens and codes. A token is shown once to its holder; the store keeps its SHA-256 only."""

from __future__ import annotations

import hashlib
import hmac
import secrets

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""For codes that somebody reads and types: nothing that looks like something else."""


def new_token() -> str:
    """32 random bytes, for a cookie."""
    return secrets.token_urlsafe(32)


def new_id() -> str:
    """A random id of 128 bits."""
    return secrets.token_hex(16)


def new_code(groups: int) -> str:
    """A code to read and type, as XK4P-7M2D-9TFH."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(groups))


def hashed(token: str) -> str:
    """What the store keeps of a token or a code."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def code_as_kept(typed: str) -> str:
    """The hash of a code as somebody typed it: small letters, spaces and missing lines make no difference."""
    return hashed("".join(letter for letter in typed[:100].upper() if letter.isalnum()))


def nameless(kind: str, text: str, pepper: bytes) -> str:
    """A name for a counter that does not tell what was typed: people type passwords into the name field."""
    return f"{kind}:{hmac.digest(pepper, text.encode('utf-8', 'replace'), 'sha256').hex()}"
