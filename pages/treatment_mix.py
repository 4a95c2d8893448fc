"""Treatment mix, for the manager: what was recommended, chosen, booked and performed, and what is more than chance. Facts only,
no names."""

from __future__ import annotations

from views.context.words import say
from views.elements import theme
from views.frame import shell
from views.staff import management_notices
from views.staff.figures import facts, filters, mix_bars, mix_cards, take_with_you, views_card

theme.put_on(theme.RESULT)
shell.title(say("staff.figures.title"), say("staff.figures.lead"))
management_notices.banner()
figures = facts.figures()
facts.say_whose(figures)
if figures.last is None:
    mix_cards.empty()
else:
    view = filters.view(figures)
    if not filters.too_few(figures, view.ask("consultations")):
        mix_cards.numbers(figures, view)
        mix_cards.line_card(figures, view)
        mix_bars.card(figures, view)
        mix_cards.pair_card(figures, view)
        mix_cards.differs_card(figures, view)
        take_with_you.card(figures, view)
    views_card.card("treatment_mix")
management_notices.age_line()
shell.bottom_bar(say("staff.figures.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
