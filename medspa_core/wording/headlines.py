"""The headline: a result goes in; out come the limits that nothing keeps, what fits best, and exosomes or PRP.

Only what keeps the client's own limits is said to fit. What holds an option up stands in the same sentences, with its cause.
"""

from __future__ import annotations

from dataclasses import dataclass

from medspa_core.result import NobodyKeeps
from medspa_core.wording.best_fit import best_fit, exosomes_or_prp
from medspa_core.wording.each_basis_alone import bases_line
from medspa_core.wording.holds import Cause
from medspa_core.wording.limits import amount_text, limit_of, typical_of
from medspa_core.wording.words import Told, listed

LARGE_LIMITS = 2
"""Of the limits that nothing keeps, so many stand in the large size; the rest stands below."""


@dataclass(frozen=True)
class Headline:
    """What stands in the large size, line by line; the sentences below it; and last what each basis alone says."""

    lines: tuple[str, ...]
    below: tuple[str, ...] = ()
    bases: str = ""
    causes: frozenset[Cause] = frozenset()  # for which a clinician looks first, as far as the lines name them

    @property
    def all_below(self) -> tuple[str, ...]:
        """Everything below the large size, where what each basis alone says is shown too."""
        return (*self.below, self.bases) if self.bases else self.below


def headline(told: Told, *, over: bool = False) -> Headline:
    """The limits that nothing keeps, the best fit, exosomes or PRP; below: waiting, and what each basis alone says.
    `over`: the talk is finished; then nobody is sent to a step that is closed, but told how to go on."""
    if not has_answered(told) or (told.open_ranked and not told.answers.get("concern")):
        return _nothing_to_say_yet(told, "no_concern" if has_answered(told) else "no_answers", over=over)
    unkept = [_unkept(told, found) for found in told.result.nobody_keeps]
    large, rest = unkept[:LARGE_LIMITS], unkept[LARGE_LIMITS:]
    if not told.open_ranked:
        return Headline((*large, told.say("headline.none_left")), tuple(rest))
    best = best_fit(told, _named_as_nearest(told))
    pair = exosomes_or_prp(told, best)
    lines = (*large, best.text, pair.text)
    below = (*rest, told.say("headline.waiting"))
    return Headline(tuple(filter(None, lines)), below, bases_line(told), best.causes | pair.causes)


def _nothing_to_say_yet(told: Told, key: str, *, over: bool) -> Headline:
    if not over:
        return Headline((told.say(f"headline.{key}"),))
    return Headline((told.say(f"headline.{key}_over"),), (told.say("headline.waiting"), told.say("headline.come_back")))


def has_answered(told: Told) -> bool:
    """Whether the client has said anything; what the clinic knows of itself is no answer of theirs."""
    of_the_clinic = {key for key, question in told.rulebook.questions.items() if question.part == "place"}
    return any(answer is not None and key not in of_the_clinic for key, answer in told.answers.items())


def _unkept(told: Told, found: NobodyKeeps) -> str:
    """One limit that no treatment keeps, and all that come nearest: what is as near as another is named beside it."""
    say, limit = told.say, limit_of(told.answers, found.criterion, told.rulebook) or 0
    said = told.limit(found.criterion)
    none_keeps = said.none_keeps if limit else said.none_keeps_zero or said.none_keeps
    text = none_keeps.format(limit=amount_text(told, found.criterion, limit, full=True))
    typical = dict.fromkeys(typical_of(told, option, found.criterion) or 0 for option in found.as_near)
    usual = listed([amount_text(told, found.criterion, number, full=True) for number in typical])
    if found.same_for_all and len(typical) == 1:
        return say("unkept.same", text=text, usual=usual)
    return say("unkept.nearest", text=text, usual=usual, **_nearest(told, found.as_near))


def _nearest(told: Told, options: tuple[str, ...]) -> dict[str, str]:
    """The options by name, and how "come" goes with them."""
    first, *others = options
    names = listed([told.rulebook.options[first].name, *map(told.name, others)])
    return {"Options": names, "come": told.words.entry("verb.comes")[1] if others else told.verb(first, "comes")}


def _named_as_nearest(told: Told) -> frozenset[str]:
    """What stands alone as the nearest to a limit in the large size; of several it has to be said which one leads."""
    large = told.result.nobody_keeps[:LARGE_LIMITS]
    return frozenset(found.nearest for found in large if len(found.as_near) == 1)
