"""The patches that are put on, and the versions of Streamlit that they were tried with."""

from __future__ import annotations

import logging
from importlib import import_module

from medspa_core.settings import NAMES

LOG = logging.getLogger("medspa")

TRIED = ("1.67.0",)
ALWAYS = ("pages_folder",)
"""Put on whatever the setting says: without it a page would be open."""
PATCHES = (
    "whole_callbacks",
    "stale_page_reruns",
    "message_queue",
    "event_batching",
    "session_storage",
    "shared_event_loop",
)
"""Modules of this folder, each with an `install()` for the whole process. The others are middleware, which app.py names."""
SETTING = NAMES["streamlit_patches"]


class StreamlitProblem(SystemExit):
    """Streamlit has not what a patch needs; one line."""


def install_all(version: str, *, wanted: bool) -> None:
    """Puts all of them on, or those of ALWAYS alone where they are not wanted; says so where this version was not tried.

    Raises StreamlitProblem.
    """
    tried = ", ".join(TRIED)
    if not wanted:
        LOG.warning(
            "%s=no: Streamlit %s runs as it is. Pages are slower, and quick taps can be lost.", SETTING, version
        )
    elif version not in TRIED:
        LOG.warning(
            "Streamlit %s was not tried (tried: %s). %s=no goes on without our patches.", version, tried, SETTING
        )
    for name in (*ALWAYS, *(PATCHES if wanted else ())):
        try:
            import_module(f"views.streamlit_patches.{name}").install()
        except (ImportError, AttributeError) as missing:
            raise StreamlitProblem(
                f"Streamlit {version} has not what views/streamlit_patches/{name}.py needs ({missing}). "
                f"Install {TRIED[-1]}, or set {SETTING}=no to go on without our patches."
            ) from missing
