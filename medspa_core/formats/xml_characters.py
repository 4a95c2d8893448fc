"""Characters that XML 1.0 cannot hold: with one of them in it, a browser draws nothing of what our pages hand it as XML."""

from __future__ import annotations

import re

_NOT_HELD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def not_held(text: str) -> tuple[str, ...]:
    """Those that stand in a text, each once, as U+000B."""
    return tuple(f"U+{ord(one):04X}" for one in dict.fromkeys(_NOT_HELD.findall(text)))


def held(text: str) -> str:
    """The text without them."""
    return _NOT_HELD.sub("", text)
