"""What shapes the invented practice's book and sales. All of it is made up, and nothing decides for a client.

Each of a manager's questions has something true to find in it: exosomes earn most per chair hour, people miss visits at one
location since some weeks, one week ahead has more in the book than that location is open, June is busier than August.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

WEEKS_BACK, WEEKS_AHEAD = 117, 6
"""So far back the first courses begin, three months before the first consultation; so far ahead there is a book."""

# Courses whose consultation was before the program: so many begin in a week, today and at the beginning
COURSES_A_WEEK: Final = {"Harbour": 13.0, "Old Town": 5.2, "Riverside": 4.6}
AT_THE_BEGINNING: Final = 0.65
SEASON: Final = {1: 1.3, 2: 1.05, 4: 1.1, 5: 1.5, 6: 1.5, 7: 0.7, 8: 0.5, 9: 0.95, 12: 0.9}
"""How many begin in a month, where that is not as many as in any other."""
AWAY: Final = {7: 0.1, 8: 0.45}
"""In these months so many visits of a course are put off, by three to five weeks."""
OPEN_ON: Final = {"Harbour": (0, 1, 2, 3, 4, 5), "Old Town": (0, 1, 2, 3, 4), "Riverside": (1, 2, 3, 4, 5)}
CONCERNS: Final = {"texture": 50, "acne_scars": 22, "pigment": 18, "hair_thinning": 10}
OPTIONS: Final = {"exosome_microneedling": 30, "prp_microneedling": 36, "microneedling_alone": 34}
LEANING_TIMES: Final = 2
"""Who leans to exosomes has them so much more often here too."""
AGES: Final = {"under 18": 0, "18-29": 12, "30-39": 26, "40-49": 31, "50-59": 20, "60-69": 9, "70-79": 2}

# One week ahead that is short of chair hours: its location, the whole weeks from now, and first visits more than usual
FULL_AT, FULL_IN_WEEKS, FULL_BY = "Riverside", 3, 26

# The way of a course
BOOKS: Final = 0.9
"""So many who chose a treatment book a first visit."""
BOOKS_AT_ONCE: Final = 0.6
BOOKS_WITHIN: Final = 14
FIRST_VISIT_IN: Final = (5, 28)
NEXT_IN: Final = (-2, 7)
"""Days around the interval of the practice."""
REBOOKS: Final = 0.82
"""So many leave with the next visit in the book; the others book it some days later."""
BOOKS_LATER: Final = (3, 18)
ENDS_EARLY: Final = 0.05
"""After each visit so many don't come back."""
CANCELLED: Final = 0.06
AGAIN_IN: Final = (4, 14)
GIVES_UP: Final = 0.12
"""So many who missed or cancelled don't come again."""
MISSED: Final = 0.05
MISSED_AT, MISSED_FOR, MISSED_THERE = "Old Town", timedelta(weeks=8), 0.3
"""Since eight weeks more people miss their visits at one location."""

# Minutes as they really were, of the planned ones, in per cent
AS_PLANNED: Final = (92, 112)
NEWCOMERS_MINUTES: Final = (104, 128)
WITHOUT_MINUTES: Final = 0.08
"""Of so many visits the minutes were not noted."""
REACTIONS: Final = {0: 93, 1: 6, 2: 1}

# Sales. Prices are the rulebook's; until nine months ago they were lower
PRICE_CHANGE: Final = timedelta(days=274)
OLD_PRICE: Final = {"exosome_microneedling": 0.9, "prp_microneedling": 0.93, "microneedling_alone": 0.94}
PRODUCT_COST: Final = {"exosome_microneedling": 165, "prp_microneedling": 96, "microneedling_alone": 28}
PACKAGES: Final = 0.4
"""So many pay the whole course at the first visit."""
PACKAGE_DISCOUNT: Final = 0.1
DISCOUNTED, DISCOUNT = 0.14, 0.15
"""Of single payments so many are discounted, and by how much."""
REFUNDED: Final = 0.6
"""So many packages of courses that end early are paid back, for what was not used."""
REFUNDED_PAYMENT: Final = 0.008
REFUND_IN: Final = (6, 20)
