"""The door: the pages there are and the look they share. Decides nothing."""

from __future__ import annotations

import streamlit as st

from medspa_core.records import StoreProblem
from medspa_core.rulebook import RulebookProblem
from medspa_core.settings import SettingsProblem
from views import core_access, shell, theme

st.set_page_config(page_title="MedSpa Consult", layout="wide", initial_sidebar_state="collapsed")
theme.put_on()
page = st.navigation(
    [st.Page(path, default=name == "home") for name, path in shell.PAGES.items() if shell.there(name)],
    position="hidden",
)
try:
    core_access.rulebook()
    core_access.store()
except (RulebookProblem, SettingsProblem, StoreProblem) as problem:
    st.text(str(problem))
else:
    page.run()
