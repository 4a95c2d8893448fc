"""Money, for the manager: what a chair hour earns, which treatment earns most, and whether that is more than chance."""

from __future__ import annotations

from views.context.words import say
from views.elements import draw, theme
from views.frame import shell
from views.staff import management_notices
from views.staff.figures import facts, filters
from views.staff.money import money_cards, take_money

theme.put_on(theme.RESULT)
shell.title(say("staff.money.title"), say("staff.money.lead"))
management_notices.banner()
figures = facts.figures()
facts.say_whose(figures)
if figures.last is None or not figures.is_recorded("sales"):
    draw.note(say("staff.money.none"))
else:
    kept = filters.whole_period(figures)
    if not filters.too_few(figures, kept, "sales", "staff.money"):
        cut = money_cards.pick_cut(figures)
        money_cards.an_hour(figures, kept, cut)
        money_cards.legend(figures)
        money_cards.others(figures, kept, cut)
        take_money.card(figures, kept)
management_notices.age_line()
shell.bottom_bar(say("staff.figures.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
