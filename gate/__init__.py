"""The gate: stands before every page, file and websocket. `app -> gate -> medspa_core`; it knows no page and no view."""

from gate.connections.connection_limits import Connections, watched_by
from gate.connections.open_file_limit import raise_limit
from gate.middleware import Gate
from gate.request_context import Office
from gate.sign_in_pages import Desk
from gate.uploads_in_memory import keep_uploads_in_memory

__all__ = ["Connections", "Desk", "Gate", "Office", "keep_uploads_in_memory", "raise_limit", "watched_by"]
