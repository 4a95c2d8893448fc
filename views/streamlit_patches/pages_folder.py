"""No page is opened past app.py.

Streamlit takes a folder pages/ beside the program for a list of pages, until the program has named its own. The first address
that a fresh server is asked for, if it is not "/", then opens a file of it: without the door, its look and its lock.

Relied on: the flag of `PagesManager` that a first `st.navigation` takes down.
"""

from __future__ import annotations

from streamlit.runtime.pages_manager import PagesManager


def install() -> None:
    """For the whole process, once; again changes nothing."""
    PagesManager.uses_pages_directory = False
