"""A page takes one descriptor, its connection, and one that has gone takes none.

Streamlit makes an event loop for the scripts of each session, three descriptors, and keeps it for as long as the session, gone
ones too. Our scripts wait for nothing: no loop of them ever runs. From here on all sessions have one between them.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import Any

from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession

_streamlits_own, _streamlits_end = AppSession.__init__, app_session._close_script_event_loop


def install() -> asyncio.AbstractEventLoop:
    """For the whole process, once; again gives the next sessions another one."""
    shared = asyncio.new_event_loop()

    @wraps(_streamlits_own)
    def with_the_shared(session: AppSession, *given: Any, **more: Any) -> None:
        _streamlits_own(session, *given, **more)
        session._script_event_loop.close()
        session._script_event_loop = shared

    def unless_shared(loop: asyncio.AbstractEventLoop) -> None:
        if loop is not shared:
            _streamlits_end(loop)

    AppSession.__init__ = with_the_shared  # type: ignore[method-assign, assignment]
    app_session._close_script_event_loop = unless_shared
    return shared
