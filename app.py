"""The door: the pages there are and the look they share. Decides nothing.

`streamlit run app.py` finds the `app` below and serves it; for each run of a page Streamlit executes this file as
`__main__`, and then it draws.
"""

from __future__ import annotations

import streamlit as st


def draw() -> None:
    """One run: the look, the rulebook and the store, the page."""
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


if __name__ == "__main__":
    draw()
else:
    from collections.abc import AsyncIterator
    from contextlib import asynccontextmanager
    from threading import Thread

    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from streamlit.runtime.pages_manager import PagesManager

    from views import core_access
    from views.together import Together

    @asynccontextmanager
    async def get_ready(_: st.App) -> AsyncIterator[None]:
        """Beside the start of the server, so that neither it nor the first client waits."""
        Thread(target=core_access.get_ready, daemon=True).start()
        yield

    # Else the first address asked of a fresh server, if it is not "/", opens a file of pages/ without this door.
    PagesManager.uses_pages_directory = False
    app = st.App("app.py", lifespan=get_ready, middleware=[Middleware(GZipMiddleware), Middleware(Together)])
