"""The door: the gate before everything, and behind it the pages a role may open and the look they share.

`streamlit run app.py` finds the `app` below and serves it; for each run of a page Streamlit executes this file as
`__main__`, and then it draws.
"""

from __future__ import annotations

from typing import Any

import streamlit as st


def draw() -> None:
    """One run: who is there, the pages open to them, the page."""
    st.set_page_config(page_title="MedSpa Consult", layout="wide", initial_sidebar_state="collapsed")
    theme.put_on()
    try:
        core_access.store()
        core_access.rulebook()
        person = signed_in.person()
    except (RulebookProblem, SettingsProblem, StoreProblem) as problem:
        error_page.closed(problem)
        return
    first, open_names = signed_in.open_pages(person, list(shell.PAGES))
    refused = signed_in.refused_page(list(shell.PAGES), open_names)
    page = st.navigation(pages_of(person, first, open_names, refused), position="hidden")
    if person is None:
        signed_in.lock_screen()
    if refused:
        signed_in.note_refused("page", refused)
    signed_in.watch(open_consultation.look_for_others)
    if signed_in.covered():
        shell.curtain(page.url_path or "you")
    notices.opened((page.url_path, st.query_params.get(open_consultation.ADDRESS_KEY, "")))
    if person is not None and page.url_path not in signed_in.IN_A_CLIENTS_HANDS and not person.held:
        staff_bar.show(person, page.url_path or first, open_names)
    page.run()


def pages_of(person: Person | None, first: str, open_names: list[str], refused: str) -> list[Any]:
    """What Streamlit may open: the pages open to who is there, and our own words where another is asked for."""
    pages = [st.Page(shell.PAGES[name]) for name in open_names]
    if first:
        # Streamlit opens a default page at "/" and nowhere else; its own address must lead to it as well.
        pages.insert(0, st.Page(shell.PAGES[first], default=True, url_path="start"))
    else:
        no_first = shell.back_to_the_client if open_names else signed_in.nothing_open
        pages.insert(0, st.Page(no_first, title="MedSpa Consult", default=True))
    if person is not None and refused:  # in its place our own words: Streamlit's say that it is nowhere
        shut = shell.back_to_the_client if person.held else shell.not_open
        pages.append(st.Page(shut, title="MedSpa Consult", url_path=refused))
    return pages


if __name__ == "__main__":
    from medspa_core.access import Person
    from medspa_core.records import StoreProblem
    from medspa_core.rulebook import RulebookProblem
    from medspa_core.settings import SettingsProblem
    from views.context import core_access
    from views.elements import notices, theme
    from views.frame import error_page, shell, staff_bar
    from views.session import open_consultation, signed_in

    draw()
else:
    import contextlib
    import gc
    from collections.abc import AsyncIterator
    from threading import Thread

    from starlette.middleware import Middleware

    from gate import Connections, Desk, Gate, Office, keep_uploads_in_memory, raise_limit, watched_by
    from views.context import core_access, environment
    from views.elements.page_scripts import SCRIPTS
    from views.frame import error_page
    from views.frame.head_script import FIRST
    from views.streamlit_patches.file_messages import FilesToWhoAsked
    from views.streamlit_patches.installed import install_all
    from views.streamlit_patches.message_batching import Together
    from views.streamlit_patches.message_filter import OnlyTaps

    error_page.keep_values_out_of_logs()
    install_all(st.__version__, wanted=environment.settings().streamlit_patches)
    connections = Connections(raise_limit())
    keep_uploads_in_memory(st.get_option("server.maxUploadSize"))
    # What is loaded by now stays, so no collection looks through it; and one comes after 20,000 new objects, not after 700: a
    # tap makes some thousands, and each collection on its way is a pause that somebody waits for.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    office = Office(
        environment.settings(), core_access.store, core_access.clock, core_access.files(), core_access.uploads()
    )
    office.refuse_an_open_address(st.get_option("server.address"))

    @contextlib.asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        """While the program is served somebody looks after its backups and its connections; the first client does not wait
        for its tables."""
        Thread(target=core_access.get_ready, daemon=True).start()
        watch = core_access.night_watch()
        watch.start()
        try:
            with watched_by(connections):
                yield
        finally:
            watch.stop()

    app = st.App(
        "app.py",
        lifespan=lifespan,
        routes=Desk(office).routes(),
        middleware=[
            Middleware(Gate, office=office, scripts=SCRIPTS, first=FIRST, connections=connections),
            Middleware(OnlyTaps),
            Middleware(Together),
            Middleware(FilesToWhoAsked),
        ],
        on_script_error=error_page.show,
    )
