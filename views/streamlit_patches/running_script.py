"""The run that is under way: which one it is, which parts of a page it draws, and which page was asked for.

Streamlit tells a page none of it. Without it each part of a screen would look up anew who is there, or be shown what an older run
had found: a sign-in that is over. A browser that lost sight of an answer would take it back. And a part that is drawn by itself
could not tell that it now stands in other hands.

Relied on: the run's context with `parallel_coordinator`, `fragment_ids_this_run`, `pages_manager.intended_page_name` and
`intended_page_script_hash`; `ThreadState.fragment_id`; the hash that a page is known by.
"""

from __future__ import annotations

from collections.abc import Iterable

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState
from streamlit.util import calc_hash


def this_run() -> object | None:
    """What is made anew for each run, and stays while its parts are drawn; None outside a run."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.parallel_coordinator


def session() -> str:
    """The id that Streamlit knows this page's connection by."""
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else str(context.session_id)


def parts_alone() -> tuple[str, ...]:
    """The parts of the page that this run draws by themselves; none where it draws the whole page."""
    context = get_script_run_ctx(suppress_warning=True)
    return () if context is None else tuple(context.fragment_ids_this_run or ())


def is_of_another_part() -> bool:
    """Whether the callback that runs is of a widget outside the parts that this run draws by themselves."""
    asked = parts_alone()
    return bool(asked) and ThreadState.get().fragment_id not in asked


def asked_for(names: Iterable[str]) -> str:
    """The one of these pages that was asked for in this run by address or hash; "" if none was."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return ""
    by_name, by_hash = context.pages_manager.intended_page_name, context.pages_manager.intended_page_script_hash
    return next((name for name in names if by_name == name or (by_hash and by_hash == calc_hash(name))), "")
