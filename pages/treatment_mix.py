"""Treatment mix, for the manager: what was recommended against what was chosen, and of the pair. Facts only, no names."""

from __future__ import annotations

from views.context import core_access
from views.context.words import say
from views.elements import draw, theme
from views.frame import shell
from views.staff import management_notices
from views.staff.practice import treatment_mix_page

theme.put_on(theme.RESULT)
book = core_access.rulebook()
shell.title(say("staff.mix_title"), say("staff.mix_lead"))
management_notices.banner()
found, invented = treatment_mix_page.facts()
if invented:
    draw.note(say("staff.mix_demo"))
if not len(found):
    treatment_mix_page.empty()
else:
    now, before, months = treatment_mix_page.filters(found, book)
    if not len(now):
        draw.note(say("staff.mix_nothing_here"))
    else:
        treatment_mix_page.numbers(now, before)
        treatment_mix_page.by_month_card(now, months, book)
        treatment_mix_page.pair_card(now, book)
        treatment_mix_page.concern_card(now, book)
management_notices.age_line()
shell.bottom_bar(say("staff.mix_foot"), back=shell.Way(say("why.back_home"), "home"))
