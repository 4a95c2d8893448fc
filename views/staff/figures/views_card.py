"""Views that a manager keeps under a name: links to them, a way to keep what the address asks for now, and one to let it go."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from medspa_core.access.rights import Reach, Verb, reach
from medspa_core.practice.personal.saved_views import (
    LONGEST_NAME,
    SavedView,
    SavedViewProblem,
    list_views,
    remove_view,
    save_view,
)
from views.context import core_access
from views.context.words import plain, say
from views.elements import draw
from views.session import signed_in
from views.staff.figures.mix_cards import heading

WHY_NOT = "view_not_kept"


def card(page: str) -> None:
    """Nothing during the trial, nor for who sees their own figures alone."""
    who = signed_in.person()
    if who is None or signed_in.on_trial() or reach(who, Verb.SEE_FIGURES) < Reach.EVERYWHERE:
        return
    with st.container(key="card_views"):
        heading(say("staff.figures.views.title"), say("staff.figures.views.lead"))
        for view in list_views(core_access.store(), who, page):
            _line(page, view)
        with (
            st.form("keep_view", border=False),
            st.container(key="bar_keep_view", horizontal=True, vertical_alignment="bottom"),
        ):
            st.text_input(say("staff.figures.views.name"), key="view_name", max_chars=LONGEST_NAME, autocomplete="off")
            st.form_submit_button(say("staff.figures.views.keep"), key="keep_view_now", on_click=_keep, args=(page,))
        if why := st.session_state.pop(WHY_NOT, ""):
            draw.refused(say(f"staff.figures.views.{why}"))


def _line(page: str, view: SavedView) -> None:
    with st.container(key=f"bar_view_{view.id}", horizontal=True, vertical_alignment="center"):
        draw.way_out(view.name, f"/{page}?{view.address}".rstrip("?"))
        st.button(
            say("staff.figures.views.remove", name=plain(view.name)), key=f"remove_view_{view.id}", on_click=_remove,
            args=(view.id,),
        )  # fmt: skip


def _keep(page: str) -> None:
    address = urlencode(sorted(st.query_params.to_dict().items()))
    if (hands := signed_in.hands(verb=Verb.SEE_FIGURES)) is None:
        return
    try:
        save_view(*hands, page, st.session_state["view_name"], address, core_access.now())
    except SavedViewProblem as problem:
        st.session_state[WHY_NOT] = str(problem)
        return
    st.session_state["view_name"] = ""


def _remove(view_id: str) -> None:
    if (hands := signed_in.hands(verb=Verb.SEE_FIGURES)) is not None:
        remove_view(*hands, view_id, core_access.now())
