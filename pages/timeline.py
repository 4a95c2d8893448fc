"""Screen 5, Your timeline: on a calendar, one visit minute by minute, and the cost over time."""

from __future__ import annotations

from views import outcome, parts, shell, summary, theme, timeline_page
from views.outcome import say

consultation = shell.screen("timeline", in_parts=True)
theme.put_on(theme.RESULT)

parts.part(consultation, "charts", outcome.shows, timeline_page.draw_charts)
summary.strip(consultation)
shell.bottom_bar(say("timeline.foot"), back=shell.Way(say("options_page.back"), "options"), ahead=shell.onward("plan"))
