"""Import, for who sees everybody's figures: visits and sales of a booking system's file, as facts without names."""

from __future__ import annotations

from views.context.words import say
from views.elements import theme
from views.frame import shell
from views.staff.imports import file_card, list_card, outcome_card, reading_card

theme.put_on(theme.RESULT)
shell.title(say("staff.import.title"), say("staff.import.lead"))
given = file_card.show()
if given is not None:
    reading = reading_card.show(given)
    if reading is not None:
        outcome_card.show(reading)
list_card.show()
shell.bottom_bar(say("staff.import.foot"), back=shell.Way(say("staff.figures.back_home"), "home"))
