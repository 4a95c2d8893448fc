"""What stands in every page before Streamlit's own script: one tap counts once and where the finger is, what it led to is
said beside it, and a lost connection shows at once.

app.py gives it to the gate. The words are in the page, drawn unseen by whoever has a place for them; here is only when they show.
"""

from __future__ import annotations

from views.elements.page_scripts import script
from views.streamlit_patches.message_batching import TAKES_PACKS

AT_THE_ROOT = "window.__streamlit = {BACKEND_BASE_URL: window.location.origin}"
"""Where the server is: else a page that is opened by its own address asks for it below that address first, and is told 404."""

IN_EVERY_PAGE = ("one_tap", "not_connected", "notice_at_button", "print", "never_empty", "tap_on_chart")

FIRST = ";\n".join((AT_THE_ROOT, TAKES_PACKS, *map(script, IN_EVERY_PAGE)))
