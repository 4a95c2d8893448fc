"""Capacity, for who plans: hours that booked and planned visits need, beside the hours that are open. Facts only, no names."""

from __future__ import annotations

from views.context.words import say
from views.elements import draw, theme
from views.frame import shell
from views.staff import management_notices
from views.staff.capacity import asked, cards, move_card
from views.staff.figures import facts, take_with_you

theme.put_on(theme.RESULT)
shell.title(say("staff.capacity.title"), say("staff.capacity.lead"))
management_notices.banner()
figures = facts.figures()
facts.say_whose(figures)
view = asked.view(figures)
if view.here.is_empty:
    draw.note(say("staff.capacity.nothing"))
    cards.hours_missing(view)
else:
    cards.what_is_short(view)
    cards.hours_missing(view)
    cards.needed_cards(view)
    move_card.card(view)
    cards.how_counted(view)
    take_with_you.say_link()
management_notices.age_line()
shell.bottom_bar(say("staff.capacity.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
