"""The gate: stands before every page, file and websocket. `app -> gate -> medspa_core`; it knows no page and no view."""

from gate.connections import Connections, watched_by
from gate.descriptors import raise_limit
from gate.desk import Desk
from gate.door import Gate
from gate.office import Office

__all__ = ["Connections", "Desk", "Gate", "Office", "raise_limit", "watched_by"]
