"""Steps and agreement, for the manager: how far consultations went, who chose what was recommended, and what is more than chance.
Facts only, no names of clients."""

from __future__ import annotations

from views.context.words import say
from views.elements import draw, theme
from views.frame import shell
from views.staff import management_notices
from views.staff.agreement import agreement_card, steps_card
from views.staff.figures import facts, filters, take_with_you

theme.put_on(theme.RESULT)
shell.title(say("staff.agreement.title"), say("staff.agreement.lead"))
management_notices.banner()
figures = facts.figures()
facts.say_whose(figures)
if figures.last is None:
    draw.note(say("staff.agreement.empty"))
else:
    kept = filters.whole_period(figures)
    if not filters.too_few(figures, kept):
        steps_card.show(figures, kept)
        agreement_card.show(figures, kept)
        take_with_you.say_link()
management_notices.age_line()
shell.bottom_bar(say("staff.figures.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
