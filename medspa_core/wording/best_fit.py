"""What fits best of all, and exosomes or PRP: a result goes in, the two sentences of the headline come out.

Each begins with "so far" while safety questions are open, and names what holds up the options that it answers with.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from medspa_core.wording import holds
from medspa_core.wording.limits import beyond_line
from medspa_core.wording.states import why_not
from medspa_core.wording.words import Told, capital, listed


@dataclass(frozen=True)
class Said:
    """A line, the options it answers with, and the causes it names."""

    text: str
    options: tuple[str, ...] = ()
    causes: frozenset[holds.Cause] = frozenset()


def best_fit(told: Told, named: Collection[str]) -> Said:
    """What fits best of all. `named`: what a sentence about a limit has named as nearest; it is not named twice, unless it
    has to be said that it leads so far."""
    best, other, is_so_far = told.result.best, told.result.runner_up, bool(holds.open_questions(told))
    if best is None:
        return Said(_joined(holds.so_far(told, told.say("headline.no_weight")), holds.open_line(told)))
    if told.result.standing == "close_call" and other is not None:
        options: tuple[str, ...] = (best, other)
        text = _joined(holds.so_far(told, _close(told, options)), holds.from_days(told, options))
    else:
        options = (best,)
        text = (
            holds.from_days(told, options)
            if best in named and not is_so_far
            else holds.so_far(told, _leads(told, best))
        )
    held = {option: holds.causes(told, option) for option in options}
    beyond = beyond_line(told, options, just_named=is_so_far or best not in named)
    rest = (beyond, holds.looked_at_first(told, held), holds.open_line(told))
    return Said(_joined(text, *rest), options, _all(held))


def exosomes_or_prp(told: Told, before: Said) -> Said:
    """Exosomes or PRP? What the answers say of the two; what the line before has said is not said again."""
    pair, say = told.result.pair, told.words.say
    one, other = told.rulebook.model.pair
    question = say("headline.ask", One=capital(told.name(one)), other=told.name(other))
    if pair is None:
        return Said(_joined(question, _one_is_out(told)))
    if pair.best is None:
        return Said("")
    if pair.standing == "close_call":
        options: tuple[str, ...] = (one, other)
        answer = _close_pair(told, options, before)
    else:
        options = (pair.best,)
        answer = _pair_leads(told, pair.best, pair.standing)
    held = {option: holds.causes(told, option) for option in options}
    new = [option for option in options if option not in before.options]
    beyond = beyond_line(told, new, just_named=len(options) == 1) if new else ""
    rest = (beyond, _later(told, options, before), holds.looked_at_first(told, held, before.causes))
    return Said(_joined(question, holds.so_far(told, answer), *rest), options, _all(held))


# --- what fits best -------------------------------------------------------------------------------------------------


def _leads(told: Told, best: str) -> str:
    """X fits you best. What breaks a limit that counts is only said to come first."""
    if len(told.open_ranked) == 1:
        key = "headline.only"
    elif told.state(best).breaks:
        key = "headline.first"
    else:
        key = "headline.best" if told.result.standing == "clear" else "headline.best_a_little"
    verbs = {word: told.verb(best, word) for word in ("fits", "comes", "is")}
    return told.say(key, best=told.name(best), **verbs) + holds.comma_from(told, best) + "."


def _close(told: Told, options: tuple[str, ...]) -> str:
    """Both fit where both keep the limits that count; else it is only said between whom the call is close."""
    key = "headline.close" if any(told.state(option).breaks for option in options) else "headline.close_fit"
    names = listed([told.name(option) for option in options])
    return told.say(key, options=names) + "."


# --- exosomes or PRP ------------------------------------------------------------------------------------------------


def _close_pair(told: Told, options: tuple[str, ...], before: Said) -> str:
    if set(options) == set(before.options):
        return told.say("headline.pair_close") + "."
    key = "headline.pair_close" if any(told.state(option).breaks for option in options) else "headline.pair_close_fit"
    return told.say(key) + "."


def _pair_leads(told: Told, best: str, standing: str) -> str:
    key = "headline.pair_a_little" if standing == "leans" else "headline.pair"
    return told.say(key, best=told.name(best)) + holds.comma_from(told, best) + "."


def _later(told: Told, options: tuple[str, ...], before: Said) -> str:
    """From when, of a close call; of one that leads it is said already, so only where the other of the two waits longer."""
    if len(options) > 1:
        return holds.from_days(told, [option for option in options if option not in before.options])
    days = {option: told.state(option).deferred_until for option in told.rulebook.model.pair}
    leads = days[options[0]]
    return holds.from_days(told, [option for option, day in days.items() if day and (leads is None or day > leads)])


def _one_is_out(told: Told) -> str:
    """The pair is broken up: which of the two is out, and why."""
    out = [option for option in told.rulebook.model.pair if not told.is_open(option)]
    if len(out) == len(told.rulebook.model.pair):
        return told.say("headline.two_out")
    key = "headline.one_out" if told.state(out[0]).excluded_by == "preference" else "headline.one_out_unsure"
    subject = f"{capital(told.name(out[0]))} {told.verb(out[0], 'is')}"
    return told.say(key, Out=subject, why=why_not(told, out[0]))


def _all(held: Mapping[str, frozenset[holds.Cause]]) -> frozenset[holds.Cause]:
    return frozenset(cause for why in held.values() for cause in why)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
