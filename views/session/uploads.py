"""A field that takes a file. The gate lets one through only for a page that drew this, and for whom it was drawn.

    sent = uploads.field(say("..."), ["csv", "xlsx"], key="...", verb=Verb.IMPORT_FIGURES)

The file stays in memory; its name is shown and is never a path.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from medspa_core.access import Verb
from medspa_core.tables.files.found_table import SentFile
from views.context import core_access
from views.session import signed_in
from views.streamlit_patches import running_script


def field(words: str, endings: Sequence[str], key: str, verb: Verb) -> SentFile | None:
    """What was sent, if anything; nothing can be sent during the trial, nor by who may not do what it is for."""
    found = signed_in.sign_in()
    if found is None or not signed_in.allows(verb):
        return None
    core_access.uploads().open(running_script.session(), found, verb, core_access.now())
    sent = st.file_uploader(words, list(endings), key=key)
    return None if sent is None else SentFile(sent.name, sent.getvalue())
