"""Compare: exosomes and PRP side by side without a client, for a phone call, for staff in training, for a curious client."""

from __future__ import annotations

from views.context import environment
from views.context.words import say
from views.elements import notices, theme
from views.frame import shell
from views.result.compared import compare
from views.session import open_consultation
from views.staff.compare import compare_cards, differences, picks

picks.open_started()
theme.put_on(theme.RESULT)
shell.title(say("compare.title"), say("compare.lead"))
notices.show(open_consultation.NOTICE)
today = environment.today()
found = compare(picks.picked(today), today)
compare_cards.notes(found)
compare_cards.time_card(found)
compare_cards.visit_and_cost(found)
differences.why_they_differ(found)
differences.the_same(found)
shell.bottom_bar(say("compare.foot"), back=shell.Way(say("compare.back"), "home"), ahead=picks.start_button(today))
