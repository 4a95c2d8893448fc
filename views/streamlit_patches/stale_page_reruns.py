"""A message of a page that was left changes nothing on the page that is there, or that is asked for.

While a tap still leads from one page to the next, the browser goes on sending what the old page asks for: the look every few
seconds whether the sign-in holds, a quick second tap. Streamlit then runs a part of the old page for the new one: it forgets
what was chosen on the new page, tells the browser that the page has changed, and the browser clears it for a part that draws
nothing, so the screen stays empty until somebody loads it again. And while the new page waits for a run that is not over, such
a message, or a run of the old page that asks to be drawn again, is put into one request with it, for the old page as the last
that was named: the tap on the link is lost. From here on neither is run.

And a page is drawn on the page. A part that is drawn by itself is put back into its box, and where the next run draws is set
back only if the part was cut short. A run of the whole page that was asked for in the moment in which a part had just ended
goes on in the same thread: it drew all of the page into that part's box (into the closed fold of the answers so far), and the
browser took away what stood elsewhere, which was the page. From here on each run begins where a page begins.
"""

from __future__ import annotations

from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

_streamlits_own = ScriptRunner._run_script
_streamlits_own_request = ScriptRequests._request_rerun_locked


def install() -> None:
    """For the whole process, once; again changes nothing."""
    ScriptRunner._run_script = _unless_its_page_was_left  # type: ignore[method-assign, assignment]
    ScriptRequests._request_rerun_locked = _unless_its_page_is_being_left  # type: ignore[method-assign, assignment]


def _unless_its_page_was_left(runner: ScriptRunner, asked: RerunData) -> None:
    """What does not say its page is run: a browser always says it."""
    shown = runner._get_script_run_ctx().page_script_hash
    if asked.fragment_id_queue and asked.page_script_hash not in ("", shown):
        return
    context_dg_stack.set(get_default_dg_stack_value())
    _streamlits_own(runner, asked)


def _unless_its_page_is_being_left(requests: ScriptRequests, asked: RerunData) -> bool:
    """While the whole of another page waits to be run, a part of a page asks for nothing, nor does a run for its own page."""
    if _waits_for_another(requests, asked) and (asked.fragment_id or asked.fragment_id_queue or _is_of_this_run(asked)):
        return True
    return _streamlits_own_request(requests, asked)


def _waits_for_another(requests: ScriptRequests, asked: RerunData) -> bool:
    waits = requests._rerun_data
    whole = requests._state is ScriptRequestType.RERUN and not waits.fragment_id_queue
    return whole and bool(waits.page_script_hash) and asked.page_script_hash not in ("", waits.page_script_hash)


def _is_of_this_run(asked: RerunData) -> bool:
    """Whether a run asks that its own page is drawn again; what comes from the browser comes from no run."""
    running = get_script_run_ctx(suppress_warning=True)
    return running is not None and running.page_script_hash == asked.page_script_hash
