"""Sessions of pages that have gone: Streamlit keeps 128 of them for a tablet that comes back, here it is half as many.

With each, what was typed and not saved stays in memory for as long as the lock allows. What was saved is in the store in any
case, and is drawn again for a page whose session has gone.
"""

from __future__ import annotations

from functools import partial

from streamlit.runtime import memory_session_storage
from streamlit.runtime.memory_session_storage import MemorySessionStorage

MOST = 64
"""More tablets than lose the network at once in most clinics."""


def install() -> None:
    """For the whole process, before st.App is made; again changes nothing."""
    memory_session_storage.MemorySessionStorage = partial(  # type: ignore[misc, assignment]
        MemorySessionStorage, maxsize=MOST
    )
