"""What a screen shows when the program itself failed: a number to quote. Neither message nor values leave the server.

Nor are they in its log: what an error says may be an answer or a name, so only its kind and its places are written.
"""

from __future__ import annotations

import logging
import secrets
import threading
from pathlib import Path
from typing import Any

import streamlit as st

from medspa_core.records import StoreProblem
from views.context.words import say
from views.elements import draw

LOG = logging.getLogger("medspa")
PLACES = 8


def show(problem: Exception) -> bool:
    """Logs number, kind and place of the error, never its text: that may hold an answer. Says the number on screen."""
    if isinstance(problem, StoreProblem):
        closed(problem)
        return True
    number = secrets.token_hex(4)
    LOG.error("error %s: %s", number, _kind_and_places(problem))
    st.error(say("trouble.line", number=number))
    return True


def closed(problem: Exception) -> None:
    """A calm page in place of what can't be shown: what is the matter, what to do, and a way to try again."""
    LOG.warning("closed: %s", type(problem).__name__)
    lines = (problem.what_to_do, str(problem)) if isinstance(problem, StoreProblem) else (str(problem),)
    title = problem.title if isinstance(problem, StoreProblem) else say("trouble.title")
    with st.container(key="curtain"):
        again = draw.tag("a", say("trouble.again"), href="", target="_self", cls="mc-way")
        pieces = [draw.tag("p", line, cls="mc-lead" if at == 0 else "mc-help") for at, line in enumerate(lines)]
        draw.html(draw.tag("h1", title, cls="mc-title"), *pieces, draw.tag("p", again))


def keep_values_out_of_logs() -> None:
    """From now on no log of this process holds what an error says, whoever writes it: Streamlit logs each one whole."""
    made = logging.getLogRecordFactory()

    def without_values(*given: Any, **named: Any) -> logging.LogRecord:
        record = made(*given, **named)
        if isinstance(record.args, tuple):
            record.args = tuple(_kind_and_places(one) if isinstance(one, BaseException) else one for one in record.args)
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = "%s (%s)", (record.getMessage(), _kind_and_places(record.exc_info[1]))
        record.exc_info = None
        return record

    logging.setLogRecordFactory(without_values)
    threading.excepthook = _log_of_a_thread


def _log_of_a_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        LOG.error("a thread ended: %s", _kind_and_places(ended.exc_value))


def _kind_and_places(problem: BaseException) -> str:
    """Where it came from, outermost place first; not what it says."""
    places, trace = [], problem.__traceback__
    while trace is not None:
        places.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(problem).__name__} at {' '.join(places[-PLACES:]) or '?'}"
