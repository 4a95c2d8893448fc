"""Clients: find somebody, add somebody, bring two entries of one person together."""

from __future__ import annotations

import streamlit as st

from views.context.words import say
from views.frame import shell
from views.staff.clients import clients_page, new_client, unassigned_consultations

clients_page.begin(say("staff.clients.title"), say("staff.clients.lead"))
with st.container(key="twin_clients", horizontal=True, gap="medium"):
    with st.container(key="card_find"):
        clients_page.find()
    with st.container(key="card_new_client"):
        new_client.somebody_new()
unassigned_consultations.consultations()
clients_page.duplicates()
shell.bottom_bar(say("staff.clients.foot"), back=shell.Way(say("staff.clients.back_home"), "home"))
