"""The headers of every answer, and the policy of what a page may load."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.util
import re
from pathlib import Path

Pairs = list[tuple[bytes, bytes]]
ALWAYS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
OURS_ONLY = frozenset(
    name.encode() for name in ("server", "x-powered-by", "content-security-policy", *(name for name, _ in ALWAYS))
)
OF_OUR_PAGES = (b"referrer-policy", b"same-origin")
"""Under no-referrer a browser sends a form with `Origin: null`, and we could not tell whose form it is."""
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def policy(host: str, *, tls: bool, scripts: tuple[str, ...] = ()) -> str:
    """What a page may load: ours, and nothing from anywhere else. `scripts`: the inline ones that may run, word for word."""
    script = " ".join(["'self'", *_hashes((*_streamlits_own(), *scripts))])
    return (
        f"default-src 'self'; script-src {script}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        f"font-src 'self' data:; connect-src 'self' {'wss' if tls else 'ws'}://{host}; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def with_ours(given: Pairs, path: str, host: str, *, tls: bool, scripts: tuple[str, ...] = ()) -> Pairs:
    """The answer's headers with ours in place."""
    kept = [(name.lower(), value) for name, value in given if name.lower() not in OURS_ONLY]
    if _never_kept(path, kept):
        kept = [(name, value) for name, value in kept if name not in (b"cache-control", b"etag", b"last-modified")]
        kept.append((b"cache-control", b"no-store"))
    ours = [(name.encode(), value.encode()) for name, value in ALWAYS]
    if OF_OUR_PAGES in given:
        ours[1] = OF_OUR_PAGES
    ours.append((b"content-security-policy", policy(host, tls=tls, scripts=scripts).encode()))
    if tls:
        ours.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return kept + ours


def _never_kept(path: str, given: Pairs) -> bool:
    """Pages and files made for one person stay in no cache; the program's own scripts and fonts may."""
    if path.startswith(("/static/", "/app/static/")):
        return False
    kind = dict(given).get(b"content-type", b"")
    return kind.startswith(b"text/html") or not path.endswith((".js", ".css", ".png", ".woff2"))


@functools.cache
def _streamlits_own() -> tuple[str, ...]:
    """The one line of script in Streamlit's page."""
    streamlit = importlib.util.find_spec("streamlit")  # its place only: the gate draws nothing
    assert streamlit is not None and streamlit.origin is not None
    page = Path(streamlit.origin).parent / "static" / "index.html"
    return tuple(INLINE_SCRIPT.findall(page.read_text("utf-8")))


@functools.cache
def _hashes(scripts: tuple[str, ...]) -> tuple[str, ...]:
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return tuple(f"'sha256-{one}'" for one in hashes)
