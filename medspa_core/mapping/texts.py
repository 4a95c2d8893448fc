"""Titles and answers as they are compared and written: nothing fuzzier than letter case and blanks makes two of them one."""

from __future__ import annotations

import unicodedata

LONGEST_TOLD = 60
NOT_SEEN = ("Cc", "Cf", "Zl", "Zp")  # kinds of characters that an editor does not show, or shows as another line


def folded(text: str) -> str:
    """Without letter case, and with one plain blank wherever blanks of any kind or line ends stand."""
    return " ".join(text.replace("\ufeff", "").split()).casefold()


def quoted(text: str) -> str:
    """A text in TOML, in one line. What cannot be seen is written as its number."""
    return f'"{"".join(_written(mark) for mark in text)}"'


def in_short(text: str) -> str:
    """A text as it is told: in one line, with its own letters, not too long."""
    return quoted(text if len(text) <= LONGEST_TOLD else f"{text[: LONGEST_TOLD - 1]}…")


def _written(mark: str) -> str:
    if mark in ('"', "\\"):
        return f"\\{mark}"
    if mark == "\n":
        return "\\n"
    if unicodedata.category(mark) in NOT_SEEN:
        return f"\\u{ord(mark):04x}" if ord(mark) <= 0xFFFF else f"\\U{ord(mark):08x}"
    return mark
