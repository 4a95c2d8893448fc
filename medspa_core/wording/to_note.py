"""What a client heeds, or why nothing is left: a result and the choice go in, the rulebook's own words on it come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medspa_core.rulebook.schema.entries import NOT_YET
from medspa_core.safety import Verdict
from medspa_core.wording.states import state_of, too_young, why_not
from medspa_core.wording.words import Told, capital, listed


def to_note(told: Told, chosen: str | None) -> tuple[str, ...]:
    """Of a chosen treatment what was found, each sentence once; of all that are open where nothing is decided yet: the blood
    thinner is heeded at home too."""
    open_now = told.open_ranked
    return tuple(found_of(told, open_now if chosen == NOT_YET else [one for one in open_now if one == chosen]))


def found_of(told: Told, options: Iterable[str]) -> dict[str, list[str]]:
    """What was found, each sentence once with its options. That a clinician looks first is left out: it is said beside it."""
    by_text: dict[str, list[str]] = {}
    for option in options:
        for text in state_of(told, option).detail:
            if rest := text.replace(told.say("notes.said_already"), "").strip():
                by_text.setdefault(rest, []).append(option)
    return by_text


def why_none(told: Told) -> tuple[str, ...]:
    """Why no treatment is left, in the words of what rules them out, and what may change it; nothing where one is open."""
    if told.open_ranked:
        return ()
    found = [text for option in told.rulebook.ranked for text in state_of(told, option).detail]
    return tuple(dict.fromkeys([*found, *_wishes(told), *_clinicians_no(told)]))


def none_without_needles(told: Told) -> bool:
    """Whether the client never wants needles, and nothing here is without them."""
    ranked = (told.rulebook.options[option] for option in told.rulebook.ranked)
    return told.answers.get("needle_comfort") == "never" and all(option.needles for option in ranked)


def all_too_young(told: Told) -> bool:
    """Whether it is the client's age that rules everything out."""
    return all(too_young(told, option) for option in told.rulebook.ranked)


def _wishes(told: Told) -> Iterator[str]:
    """Of what the client's own answers rule out, which answer; each answer once."""
    out = [option for option in told.rulebook.ranked if told.state(option).excluded_by == "preference"]
    if out and none_without_needles(told):
        yield told.say("needles.never")
        return
    by_why: dict[str, list[str]] = {}
    for option in out:
        by_why.setdefault(why_not(told, option), []).append(told.name(option))
    for why, names in by_why.items():
        yield told.say("plan.closed", Option=capital(listed(names)), why=why)


def _clinicians_no(told: Told) -> Iterator[str]:
    """A no of the clinician's that no finding speaks for."""
    for option in told.rulebook.ranked:
        state = told.state(option)
        if state.excluded_by == "safety" and all(one.verdict is not Verdict.EXCLUDED for one in state.findings):
            yield told.say("notes.clinician_no")
