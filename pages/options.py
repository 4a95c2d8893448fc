"""Screen 4, Your options: limits that nothing keeps, what fits best, which of the two, four equal cards, why, what changes it."""

from __future__ import annotations

from medspa_core.wording.headlines import has_answered
from views.consultation.answers import answer_summary
from views.consultation.finish import choice
from views.consultation.options import options_page, reasons
from views.context.words import say
from views.elements import theme
from views.frame import shell
from views.redraw import screen_parts
from views.result import outcome
from views.session.open_consultation import Consultation


def draw(now: Consultation) -> None:
    """All that another answer changes: trying one draws this again, and nothing else."""
    out = outcome.of(now)
    reasons.trying(now)
    options_page.headline(out)
    screen_parts.part(now, "cards", options_page.cards_show, options_page.cards)
    options_page.notes(out)
    if has_answered(out.told):
        options_page.nothing_left(out)
        reasons.panels(out)
        choice.ask(now)
    if shell.staff_view():
        reasons.staff_numbers(out)


consultation = shell.screen("options", in_parts=True)
theme.put_on(theme.RESULT)
screen_parts.part(consultation, "options", outcome.shows, draw)
answer_summary.strip(consultation)
shell.bottom_bar(
    say("options_page.foot"),
    back=shell.Way(say("options_page.back"), "what_matters"),
    ahead=shell.Way(say("options_page.next"), "timeline"),
)
