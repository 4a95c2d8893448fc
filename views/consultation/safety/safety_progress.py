"""How far a part of Safety is: a dash for each of its cards, half a dash where one was begun; who does not see them hears
"2 of 8"."""

from __future__ import annotations

from collections.abc import Sequence

from views.consultation.safety.safety_cards import SafetyCard
from views.context.words import say
from views.elements import draw
from views.session.open_consultation import Consultation


def dashes(
    consultation: Consultation, within: Sequence[SafetyCard], shown: SafetyCard, *, ahead: bool = False
) -> draw.Element:
    """The cards of one part; when one that lies `ahead` is seen, the one before it has just been answered."""
    number = within.index(shown)
    done = [card.is_done(consultation.answers) or (ahead and n == number - 1) for n, card in enumerate(within)]
    half = [bool(card.left_open(consultation.answers)) for card in within]
    looks = ["now" if n == number else "on" if done[n] else "half" if half[n] else "off" for n in range(len(within))]
    marks = [draw.tag("i", "\u200b", cls=look, aria_hidden="true") for look in looks]
    line = say("safety.place", number=number + 1, total=len(within))
    return draw.tag("div", *marks, cls="mc-dashes", role="img", aria_label=line)
