"""What a screen shows when the program itself failed: a number to quote. Neither message nor values leave the server."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from views.words import say

LOG = logging.getLogger("medspa")


def show(problem: Exception) -> bool:
    """Logs number, kind and place of the error, never its text: that may hold an answer. Says the number on screen."""
    number = secrets.token_hex(4)
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "?"
    LOG.error("error %s: %s at %s", number, type(problem).__name__, where)
    st.error(say("trouble.line", number=number))
    return True
