"""The week, first for a manager: each number of the last whole week, and whether it is more than chance. Facts only, no names."""

from __future__ import annotations

from views.context import environment
from views.context.words import say
from views.elements import draw, theme
from views.frame import shell
from views.staff import management_notices
from views.staff.alerts import alerts_card
from views.staff.figures import facts, filters, take_with_you, week_tiles

theme.put_on(theme.RESULT)
today = environment.today()
shell.title(say("staff.figures.monday.title"), week_tiles.lead(today))
management_notices.banner()
figures = facts.figures()
facts.say_whose(figures)
if figures.last is None:
    draw.note(say("staff.figures.monday.no_facts"))
else:
    alerts_card.show(figures)
    where = filters.location(figures)
    if not filters.too_few(figures, week_tiles.all_weeks(today, where)):
        found = week_tiles.numbers(figures, today, where)
        week_tiles.what_is_different(found, len(figures.metrics.of_the_week) - len(found))
        week_tiles.tiles(figures, found)
        week_tiles.legend(figures, found, today)
        take_with_you.say_link()
management_notices.age_line()
shell.bottom_bar(say("staff.figures.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
