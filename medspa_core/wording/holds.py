"""What holds an option up, in words with its true cause: a result goes in, open questions, days and causes come out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from medspa_core.contraindication import NOT_SURE
from medspa_core.findings import Finding
from medspa_core.safety import Verdict, still_asked
from medspa_core.wording.states import PRODUCT, client_text
from medspa_core.wording.words import Told, capital, listed, small

UNANSWERED = "unanswered"
KINDS = ("age", "answer", NOT_SURE, "product", "place")
"""What can ask for a clinician's look, in the order in which it is said."""


def open_questions(told: Told) -> tuple[str, ...]:
    """The safety questions that are still asked and still open."""
    return still_asked(told.result.unanswered_safety, told.open_ranked, told.rulebook)


def open_line(told: Told) -> str:
    """51 safety questions are still open; "" where none is. The age stands on another screen and is called what it is."""
    still_open = open_questions(told)
    if not still_open:
        return ""
    if still_open == ("age",):
        return told.say("hold.age_open")
    return told.words.counted("hold.open", len(still_open))


@dataclass(frozen=True)
class Cause:
    """One thing for which a clinician looks first: of which kind it is, and which contraindication or gate asks for it; ""
    for answers that are not sure, which are counted together, whichever option they are about."""

    kind: str
    asked_by: str = ""


def causes(told: Told, option: str, *, unexplained: bool = False) -> frozenset[Cause]:
    """For what a clinician looks at this option first; an open question is no cause here, since it is counted by itself.
    `unexplained`: only what has no words of its own in the rulebook, such as an answer that is not sure."""
    found = told.state(option)
    if found.verdict is Verdict.EXCLUDED:
        return frozenset()
    reviewed = [finding for finding in found.findings if finding.verdict is Verdict.NEEDS_REVIEW]
    left = [finding for finding in reviewed if not (unexplained and client_text(told, finding))]
    return frozenset(
        Cause(kind) if kind == NOT_SURE else Cause(kind, finding.contraindication)
        for finding in left
        if (kind := _kind(finding))
    )


def _kind(finding: Finding) -> str:
    if finding.is_gate:
        return "product" if finding.question == PRODUCT else "place"
    if finding.case == UNANSWERED:
        return ""
    if finding.question == "age":
        return "age"
    return NOT_SURE if finding.case == NOT_SURE else "answer"


def answers_named(told: Told, asked: Collection[str], key: str, here: Collection[str] = ()) -> str:
    """Answers in the words of their questions: the one that is asked first, hard stops before all others, and how many more.
    `here`: those of which the first is named. A question that says of itself nothing for a sentence is counted only."""
    first = min(here or asked, key=list(told.rulebook.questions).index)
    cause = told.rulebook.questions[first].words.in_a_sentence
    many = "_many" if len(asked) > 1 else ""
    return told.say(f"{key}{'' if cause else '_unnamed'}{many}", cause=cause, number=len(asked) - 1)


def _why(told: Told, held: Mapping[str, Collection[Cause]]) -> str:
    """Several causes in one sentence: of your answer on diabetes, and because we have not recorded our product yet."""
    every = {cause for of_option in held.values() for cause in of_option}
    by_kind = {kind: {one.asked_by for one in every if one.kind == kind} for kind in KINDS}
    words = (_in_words(told, kind, found, held) for kind, found in by_kind.items() if found)
    return listed(list(dict.fromkeys(words)), told.say("hold.because_and"))


def _in_words(told: Told, kind: str, held: Collection[str], options: Iterable[str]) -> str:
    """The words of a kind; of a product the first sentence that the rulebook holds for clients, as its director has signed
    it. Answers that are not sure are counted over all options: that one is, is said of all of them."""
    if kind == "product":
        first = next(gate for key, gate in told.rulebook.gates.items() if key in held)
        return small(first.client.partition(". ")[0]).removesuffix(".")
    key = f"hold.because.{kind}"
    if kind == NOT_SURE:
        return answers_named(told, _not_sure(told, told.rulebook.ranked), key, _not_sure(told, options))
    return answers_named(told, held, key) if kind == "answer" else told.say(key)


def _not_sure(told: Told, options: Iterable[str]) -> frozenset[str]:
    """The answers on safety to these options that are not sure."""
    found = (finding for option in options for finding in told.state(option).findings)
    left = (finding for finding in found if finding.verdict is Verdict.NEEDS_REVIEW)
    return frozenset(finding.contraindication for finding in left if _kind(finding) == NOT_SURE)


def looked_at_first(told: Told, found: Mapping[str, Collection[Cause]], said: Collection[Cause] = ()) -> str:
    """That a clinician looks first, and why; "" where nothing but open questions asks for it. `found`: the causes of each
    option that is named; `said`: causes told before, which are not told again. Where several options are named, it is said
    which of them."""
    left = {option: [cause for cause in held if cause not in said] for option, held in found.items()}
    held = {option: why for option, why in left.items() if why}
    if not held:
        return ""
    why = _why(told, held)
    if len(held) == len(found):
        return told.say("hold.looks", why=why)
    return told.say("hold.looks_at", options=listed([told.name(option) for option in held]), why=why)


def from_days(told: Told, options: Iterable[str]) -> str:
    """PRP, from 6 December: each day once, with the options that wait for it."""
    by_day: dict[date, list[str]] = {}
    for option in options:
        if day := told.state(option).deferred_until:
            by_day.setdefault(day, []).append(told.name(option))
    return " ".join(
        told.say("hold.from_day", Options=capital(listed(names)), day=told.day(day))
        for day, names in sorted(by_day.items())
    )


def comma_from(told: Told, option: str) -> str:
    """The same as the end of a sentence that names the option; "" where nothing defers it."""
    day = told.state(option).deferred_until
    return told.say("hold.comma_from", day=told.day(day)) if day else ""


def so_far(told: Told, clause: str) -> str:
    """A verdict as a sentence; while safety questions are open it is one so far."""
    return told.say("hold.so_far", clause=clause) if open_questions(told) else capital(clause)
