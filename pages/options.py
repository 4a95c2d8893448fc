"""Screen 4, Your options: which of the two, what else fits, four equal cards, why, and what would change it."""

from __future__ import annotations

from views import choice, options_page, outcome, reasons, shell, summary
from views.outcome import say

consultation = shell.screen("options")
outcome.put_on()
out = outcome.of(consultation)

reasons.trying(out)
options_page.headline(out)
options_page.cards(out)
options_page.under_the_cards(out)
if out.answers:
    options_page.nothing_left(out)
    reasons.panels(out)
    choice.ask(out)
if shell.staff_view():
    reasons.staff_numbers(out)
summary.strip(consultation)
shell.bottom_bar(
    say("options_page.foot"),
    back=shell.Way(say("options_page.back"), "what_matters"),
    ahead=shell.Way(say("options_page.next"), "timeline"),
)
