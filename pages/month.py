"""The month as a report for the manager: to read, to print, or to hand on as a link. Facts only, no names of clients."""

from __future__ import annotations

from views.context.words import say
from views.elements import draw, theme
from views.frame import shell
from views.staff import management_notices
from views.staff.figures import facts, filters, take_with_you
from views.staff.month import month_cards

theme.put_on(theme.RESULT)
shell.title(say("staff.month.title"), say("staff.month.lead"))
management_notices.banner()
figures = facts.figures()
facts.say_whose(figures)
if figures.last is None:
    draw.note(say("staff.month.empty"))
else:
    report = month_cards.asked(figures)
    if not filters.too_few(figures, report.of_the_month):
        month_cards.numbers(figures, report)
        month_cards.chosen(figures, report)
        month_cards.sentences(figures, report)
        take_with_you.say_link()
management_notices.age_line()
shell.bottom_bar(say("staff.figures.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
