"""Treatment mix, for the manager: what was recommended against what was chosen, and of the pair. Facts only, no names."""

from __future__ import annotations

from views import core_access, draw, mix_page, shell, staff_ways, theme
from views.outcome import say

theme.put_on(theme.RESULT)
book = core_access.rulebook()
shell.title(say("staff.mix_title"), say("staff.mix_lead"))
staff_ways.banner()
found, invented = mix_page.facts()
if invented:
    draw.note(say("staff.mix_demo"))
if not len(found):
    mix_page.empty()
else:
    now, before, months = mix_page.filters(found, book)
    if not len(now):
        draw.note(say("staff.mix_nothing_here"))
    else:
        mix_page.numbers(now, before)
        mix_page.by_month_card(now, months, book)
        mix_page.pair_card(now, book)
        mix_page.concern_card(now, book)
staff_ways.age_line()
shell.bottom_bar(say("staff.mix_foot"), back=shell.Way(say("why.back_home"), "home"))
