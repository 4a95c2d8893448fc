"""Passwords and PINs: what is refused, how they are hashed, how they are checked. Nothing is cut off or trimmed."""

from __future__ import annotations

import functools
import hmac
import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from medspa_core.access.secrets.common_passwords import is_common

SHORTEST = 8
LONGEST = 1024
PIN = re.compile(r"[0-9]{6}", re.ASCII)
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


class PasswordProblem(ValueError):
    """A password or PIN that cannot be used; the sentence says why and never repeats it."""


def hash_password(password: str, *names: str) -> str:
    """The hash to keep. Raises PasswordProblem: too short, too common, or one of the person's own names."""
    plain = _one_form(password)
    if len(plain) < SHORTEST:
        raise PasswordProblem(f"Use at least {SHORTEST} characters; 15 or more are better, a sentence is fine.")
    if len(plain) > LONGEST:
        raise PasswordProblem(f"Use at most {LONGEST} characters.")
    if is_common(plain) or plain.casefold() in {_one_form(name).casefold() for name in names}:
        raise PasswordProblem("Many people use this password, so it is tried first. Use another; a sentence is fine.")
    return _hasher.hash(plain)


def password_is(password: str, kept: str | None) -> bool:
    """Is it this one? Without a kept hash the same work is done, so that an unknown name takes the same time."""
    return _matches(_one_form(password[: LONGEST + 1]), kept)


def hash_pin(pin: str, pepper: bytes) -> str:
    """The hash to keep of a six-digit PIN. Raises PasswordProblem."""
    if not PIN.fullmatch(pin):
        raise PasswordProblem("A PIN has six digits.")
    if len(set(pin)) == 1 or pin in "01234567890" or pin in "09876543210" or pin in _WALKS:
        raise PasswordProblem("This PIN is tried first by everybody. Use another.")
    return _hasher.hash(_peppered(pin, pepper))


def pin_is(pin: str, kept: str | None, pepper: bytes) -> bool:
    """Is it this PIN? Without a kept hash the same work is done."""
    return _matches(_peppered(pin[:64], pepper), kept)


def needs_new_hash(kept: str) -> bool:
    """Was it hashed with weaker settings than today's?"""
    return _hasher.check_needs_rehash(kept)


_WALKS = ("121212", "123123", "112233", "147258", "159753", "789456", "696969", "123321", "654321", "131313")


def _peppered(pin: str, pepper: bytes) -> bytes:
    if len(pepper) < 32:
        raise ValueError("the pepper is too short")
    return hmac.digest(pepper, pin.encode(), "sha256")


def _one_form(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _matches(given: str | bytes, kept: str | None) -> bool:
    try:
        return _hasher.verify(kept or _nobodys(), given) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
