"""Screen 6, Your plan: what we looked at, what fits, the choice, the next date, Finish; and once finished, the page to keep."""

from __future__ import annotations

from views.consultation.finish import choice, page_to_keep, plan_page
from views.context.words import say
from views.elements import theme
from views.frame import shell
from views.redraw import screen_parts
from views.session.open_consultation import Consultation


def shows(now: Consultation) -> object:
    return now.answers


consultation = shell.screen("plan", in_parts=True)
theme.put_on(theme.RESULT)
if consultation.finished:
    page_to_keep.draw_page(consultation)
else:
    screen_parts.part(consultation, "looked", shows, plan_page.what_we_looked_at)
    screen_parts.part(consultation, "tiles", plan_page.tiles_show, plan_page.tiles)
    screen_parts.part(consultation, "dates", plan_page.dates_show, plan_page.dates)
    shell.bottom_bar(
        plan_page.line(consultation),
        back=shell.Way(say("options_page.back"), "timeline"),
        ahead=shell.Way(say("plan.finish"), do=lambda: choice.finish(consultation)),
    )
