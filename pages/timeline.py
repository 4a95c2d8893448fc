"""Screen 5, Your timeline: on a calendar, one visit minute by minute, and the cost over time."""

from __future__ import annotations

from views import choice, outcome, reasons, shell, summary, timeline_page
from views.outcome import say

consultation = shell.screen("timeline")
outcome.put_on()
out = outcome.of(consultation)

reasons.trying(out)
shown = timeline_page.title()
if not out.answers.get("concern"):
    timeline_page.empty()
else:
    timeline_page.DRAWN[shown](out)
    choice.ask(out)
summary.strip(consultation)
shell.bottom_bar(say("timeline.foot"), back=shell.Way(say("options_page.back"), "options"))
