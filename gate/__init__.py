"""The gate: stands before every page, file and websocket. `app -> gate -> medspa_core`; it knows no page and no view."""

from gate.desk import Desk
from gate.door import Gate
from gate.office import Office

__all__ = ["Desk", "Gate", "Office"]
