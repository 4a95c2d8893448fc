"""All that a run has drawn reaches the browser, also when a tap begins the next run before it was sent.

When a part of a page is about to be drawn, Streamlit throws away what waits to be sent of that part. If that is from a run of
the whole page, the browser hears that the page was drawn and that this part was not in it: it takes the part away, forgets what
was chosen there, and at the next message names nothing as chosen, which counts as an answer taken back. From here on what
waits is sent, in its order, and then what the next run draws.
"""

from __future__ import annotations

from streamlit.runtime.app_session import AppSession

_streamlits_own = AppSession._clear_queue


def install() -> None:
    """For the whole process, once; again changes nothing."""
    AppSession._clear_queue = _clear_for_a_whole_page  # type: ignore[method-assign, assignment]


def _clear_for_a_whole_page(session: AppSession, fragment_ids_this_run: list[str] | None = None) -> None:
    """A whole page replaces all that waits of the one before. A part replaces nothing, and nothing of it is put into what waits,
    where it would come before its own run has begun."""
    if fragment_ids_this_run is None:
        _streamlits_own(session)
    else:
        session._browser_queue._delta_index_map = {}
