"""Screen 5, Your timeline: on a calendar, one visit minute by minute, and the cost over time."""

from __future__ import annotations

from views.consultation import timeline_page
from views.consultation.answers import answer_summary
from views.context.words import say
from views.elements import theme
from views.frame import shell
from views.redraw import screen_parts
from views.result import outcome

consultation = shell.screen("timeline", in_parts=True)
theme.put_on(theme.RESULT)

screen_parts.part(consultation, "charts", outcome.shows, timeline_page.draw_charts)
answer_summary.strip(consultation)
shell.bottom_bar(say("timeline.foot"), back=shell.Way(say("options_page.back"), "options"), ahead=shell.onward("plan"))
