"""What holds an option up, in words with its true cause: a result goes in, open questions, days and causes come out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from medspa_core.contraindication import NOT_SURE
from medspa_core.findings import Finding
from medspa_core.safety import Verdict, still_asked
from medspa_core.wording.states import PRODUCT, client_text
from medspa_core.wording.words import Told, capital, listed

UNANSWERED = "unanswered"
CAUSES = ("age", "answer", "not_sure", "product", "place")
"""In the order in which they are said; an open question is no cause here, since it is counted by itself."""


def open_questions(told: Told) -> tuple[str, ...]:
    """The safety questions that are still asked and still open."""
    return still_asked(told.result.unanswered_safety, told.open_ranked, told.rulebook)


def open_line(told: Told) -> str:
    """51 safety questions are still open; "" where none is. The age stands on another screen and is called what it is."""
    still_open = open_questions(told)
    if not still_open:
        return ""
    if still_open == ("age",):
        return told.words.say("hold.age_open")
    number = len(still_open)
    return told.words.say("hold.open_one" if number == 1 else "hold.open_many", number=number)


def causes(told: Told, option: str, *, unexplained: bool = False) -> tuple[str, ...]:
    """Why a clinician looks at this option first, after "because": each kind of cause once, in words.
    `unexplained`: only what has no words of its own in the rulebook, such as an answer that is not sure."""
    found = told.state(option)
    if found.verdict is Verdict.EXCLUDED:
        return ()
    reviewed = [finding for finding in found.findings if finding.verdict is Verdict.NEEDS_REVIEW]
    left = [finding for finding in reviewed if not (unexplained and client_text(told, finding))]
    by_kind = {kind: [finding for finding in left if _cause(finding) == kind] for kind in CAUSES}
    return tuple(_in_words(told, kind, held) for kind, held in by_kind.items() if held)


def _cause(finding: Finding) -> str:
    if finding.is_gate:
        return "product" if finding.question == PRODUCT else "place"
    if finding.case == UNANSWERED:
        return ""
    if finding.question == "age":
        return "age"
    return "not_sure" if finding.case == NOT_SURE else "answer"


def _in_words(told: Told, kind: str, held: Sequence[Finding]) -> str:
    """The words of a kind; of a product the first sentence that the rulebook holds for clients, as its director has signed
    it."""
    if kind == "product":
        text = told.rulebook.gates[held[0].contraindication].client.partition(". ")[0]
        return text[:1].lower() + text[1:].removesuffix(".")
    key = f"hold.because.{kind}"
    several = len(held) > 1 and told.words.has(f"{key}_many")
    return told.words.say(f"{key}_many" if several else key)


def because(told: Told, found: Sequence[str]) -> str:
    """Several causes in one sentence: of one of your answers, and because we have not recorded our product yet."""
    return listed(found, told.words.say("hold.because_and"))


def looked_at_first(told: Told, found: Mapping[str, Collection[str]], said: Collection[str] = ()) -> str:
    """That a clinician looks first, and why; "" where nothing but open questions asks for it. `found`: the causes of each
    option that is named; `said`: causes told before. Where several options are named, it is said which of them."""
    left = {option: [cause for cause in why if cause not in said] for option, why in found.items()}
    held = [option for option, why in left.items() if why]
    why = because(told, list(dict.fromkeys(cause for one in left.values() for cause in one)))
    if not held:
        return ""
    if len(held) == len(found):
        return told.words.say("hold.looks", why=why)
    return told.words.say("hold.looks_at", options=listed([told.name(option) for option in held]), why=why)


def from_days(told: Told, options: Iterable[str]) -> str:
    """PRP, from 6 December: each day once, with the options that wait for it."""
    by_day: dict[date, list[str]] = {}
    for option in options:
        if day := told.state(option).deferred_until:
            by_day.setdefault(day, []).append(told.name(option))
    return " ".join(
        told.words.say("hold.from_day", Options=capital(listed(names)), day=told.day(day))
        for day, names in sorted(by_day.items())
    )


def comma_from(told: Told, option: str) -> str:
    """The same as the end of a sentence that names the option; "" where nothing defers it."""
    day = told.state(option).deferred_until
    return told.words.say("hold.comma_from", day=told.day(day)) if day else ""


def so_far(told: Told, clause: str) -> str:
    """A verdict as a sentence; while safety questions are open it is one so far."""
    return told.words.say("hold.so_far", clause=clause) if open_questions(told) else capital(clause)
