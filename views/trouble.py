"""What a screen shows when the program itself failed: a number to quote. Neither message nor values leave the server."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from medspa_core.records import StoreProblem
from views import draw
from views.words import say

LOG = logging.getLogger("medspa")


def show(problem: Exception) -> bool:
    """Logs number, kind and place of the error, never its text: that may hold an answer. Says the number on screen."""
    if isinstance(problem, StoreProblem):
        closed(problem)
        return True
    number = secrets.token_hex(4)
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    LOG.error("error %s: %s at %s", number, type(problem).__name__, where)
    st.error(say("trouble.line", number=number))
    return True


def closed(problem: Exception) -> None:
    """A calm page in place of what can't be shown: what is the matter, what to do, and a way to try again."""
    LOG.warning("closed: %s", type(problem).__name__)
    lines = (problem.what_to_do, str(problem)) if isinstance(problem, StoreProblem) else (str(problem),)
    title = problem.title if isinstance(problem, StoreProblem) else say("trouble.title")
    with st.container(key="curtain"):
        again = draw.tag("a", say("trouble.again"), href="", target="_self", cls="mc-link")
        pieces = [draw.tag("p", line, cls="mc-lead" if at == 0 else "mc-help") for at, line in enumerate(lines)]
        draw.html(draw.tag("h1", title, cls="mc-title"), *pieces, draw.tag("p", again))
