"""Why we say this: the claims ledger, what the rules say by place, and where each number comes from."""

from __future__ import annotations

import streamlit as st

from views.consultation import claims
from views.context import core_access
from views.context.words import say
from views.elements import draw, theme
from views.frame import shell
from views.session import open_consultation

opened = open_consultation.open_consultation()
if opened is not None:
    shell.screen("why")
else:
    draw.html(draw.tag("div", "\u200b", cls="rr-top"))
theme.put_on(theme.RESULT)
book = core_access.rulebook()
concern = str(opened.answers.get("concern") or "") if opened is not None else st.query_params.get("about", "")

shell.title(say("why.title"), say("why.lead"))
claims.number(book, st.query_params.get("number", ""), concern)
claims.ledger(book, st.query_params.get("claim", ""))
claims.status(book)
if opened is not None:
    back = shell.way_back("options")
elif st.query_params.get(shell.FROM) == "compare":
    back = shell.Way(say("why_back.compare"), "compare")
else:
    back = shell.Way(say("why.back_home"), "home")
shell.bottom_bar(say("why.foot"), back=back)
