"""A message of a page that was left changes nothing on the page that is there.

While a tap still leads from one page to the next, the browser goes on sending what the old page asks for: the look every few
seconds whether the sign-in holds, a quick second tap. Streamlit then runs a part of the old page for the new one: it forgets
what was chosen on the new page, tells the browser that the page has changed, and the browser clears it for a part that draws
nothing, so the screen stays empty until somebody loads it again. From here on such a message is not run.
"""

from __future__ import annotations

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

_streamlits_own = ScriptRunner._run_script


def only_for_the_page_that_is_there() -> None:
    """For the whole process, once; again changes nothing."""
    ScriptRunner._run_script = _unless_its_page_was_left  # type: ignore[method-assign, assignment]


def _unless_its_page_was_left(runner: ScriptRunner, asked: RerunData) -> None:
    """What does not say its page is run: a browser always says it."""
    shown = runner._get_script_run_ctx().page_script_hash
    if asked.fragment_id_queue and asked.page_script_hash not in ("", shown):
        return
    _streamlits_own(runner, asked)
