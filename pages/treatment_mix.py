"""Treatment mix, for the manager: what was recommended against what was chosen, and of the pair. Facts only, no names."""

from __future__ import annotations

from medspa_core.access import Verb
from views import core_access, draw, mix_page, outcome, shell, signed_in, staff_ways
from views.outcome import say

outcome.put_on()
book = core_access.rulebook()
found = mix_page.facts()

shell.title(say("staff.mix_title"), say("staff.mix_lead"), say("staff.mix_demo") if any(found.columns["demo"]) else "")
staff_ways.banner()
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
home = shell.Way(say("why.back_home"), "home") if signed_in.allows(Verb.READ_CLIENTS) else None
shell.bottom_bar(say("staff.mix_foot"), back=home)
