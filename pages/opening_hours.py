"""Opening hours of each location, entered by who plans: what capacity is held against."""

from __future__ import annotations

from views.context.words import say
from views.elements import theme
from views.frame import shell
from views.staff.capacity import hours_form

theme.put_on(theme.RESULT)
shell.title(say("staff.capacity.enter.title"), say("staff.capacity.enter.lead"))
hours_form.hours()
shell.bottom_bar(say("staff.capacity.enter.foot"), back=shell.Way(say("staff.capacity.enter.back"), "capacity"))
