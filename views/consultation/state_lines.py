"""The state of an option for this client, as every screen says it: an icon's name and a line in the client's words.

icon, line = state_line(consultation, "prp_microneedling")     # ("ask", "Let's ask the clinician first")
"""

from __future__ import annotations

from datetime import date
from typing import Any

from views.consultation.safety.staff_view import wording
from views.context.words import say, short_date
from views.session.open_consultation import Consultation


def state_line(consultation: Consultation, option: str) -> tuple[str, str]:
    """Always open; open, after the exam; let's ask first; not yet, from a date; not for you, because."""
    if not consultation.book.options[option].rank:
        return "check", say("state.always_open")
    result = consultation.result["options"][option]
    verdict = result["verdict"]
    if verdict == "excluded":
        return "no", _because(consultation, option, result)
    if verdict == "deferred":
        day = short_date(date.fromisoformat(result["deferred_until"]), consultation.as_of)
        return "clock", say("state.not_yet", day=day)
    if verdict == "needs_review":
        return "ask", say("state.ask")
    return "check", say("state.open_after_exam")


def _because(consultation: Consultation, option: str, result: dict[str, Any]) -> str:
    file = consultation.book.options[option]
    never_needles = file.needles and consultation.answers.get("needle_comfort") == "never"
    if never_needles and result["excluded_by"] == "preference":
        return say("state.because_no_needles")
    if result["failed_musts"]:
        names = [consultation.book.criteria[criterion].said.name for criterion in result["failed_musts"]]
        return say("state.because_must" if len(names) == 1 else "state.because_musts", criterion=", ".join(names))
    strict = [finding for finding in result["findings"] if finding["verdict"] == "excluded"]
    if strict:
        client = wording(consultation.book, strict[0]["contraindication"], strict[0]["answer"], option)[0]
        return say("state.because", reason=client)
    if file.blood_draw and consultation.answers.get("blood_draw_comfort") == "never":
        return say("state.because_never")
    return say("state.because_object", material=_unwanted(consultation, "own_blood" in file.material))


def _unwanted(consultation: Consultation, own_blood: bool) -> str:
    """What the client does not want used, of what this option is made from."""
    words = consultation.book.questions["objects_to"].words.answers
    named = [one for one in consultation.answers.get("objects_to", []) if (one == "own_blood") == own_blood]
    return ", ".join(words[one].lower() for one in named)
