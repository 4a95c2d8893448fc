"""One option in words: a result goes in, its state line on a card comes out, and why it is not for this client."""

from __future__ import annotations

from dataclasses import dataclass

from medspa_core.findings import Finding
from medspa_core.safety import Verdict
from medspa_core.wording.words import Told

PRODUCT = "exosome_product"


@dataclass(frozen=True)
class State:
    """May this client have it, in words: a sign, the words, and why if not."""

    sign: str  # check, ask, clock or no
    text: str
    detail: tuple[str, ...] = ()


def state_of(told: Told, option: str) -> State:
    """The state line of a card: a sign and words, never a traffic light."""
    found, say = told.state(option), told.words.say
    if not told.rulebook.options[option].rank:
        return State("check", say("state.always"))
    match found.verdict:
        case Verdict.EXCLUDED:
            return State("no", say("state.excluded", why=short_why(told, option)), _client_words(told, option))
        case Verdict.DEFERRED:
            assert found.deferred_until is not None
            day = told.day(found.deferred_until)
            return State("clock", say("state.deferred", day=day), _client_words(told, option))
        case Verdict.NEEDS_REVIEW:
            return State("ask", say("state.needs_review"), _client_words(told, option))
    return State("check", say(f"state.{found.verdict.word}"), _client_words(told, option))


def why_not(told: Told, option: str) -> str:
    """Why an option is not for this client, after "because"."""
    found, say = told.state(option), told.words.say
    kind = _kind(told, option)
    if kind == "must":
        return say("why_not.must", criterion=told.criterion(found.failed_musts[0]).in_a_sentence)
    if kind == "objects":
        return say("why_not.objects", material=told.in_words("objects_to", _objected(told, option)))
    return say(f"why_not.{kind}")


def short_why(told: Told, option: str) -> str:
    """The same in two or three words, for a card or a chart."""
    return told.words.say(f"why_not.short.{_kind(told, option)}")


def _kind(told: Told, option: str) -> str:
    """safety, place or product; too_young; clinician; or which wish: no_needles, never_draw, must or objects."""
    found = told.state(option)
    if found.excluded_by == "safety" and too_young(told, option):
        return "too_young"
    if found.excluded_by == "safety" and not any(one.verdict is Verdict.EXCLUDED for one in found.findings):
        return "clinician"  # no answer rules it out, so it is the clinician's word
    if found.excluded_by != "preference":
        return found.excluded_by or "safety"
    if told.answers.get("needle_comfort") == "never" and told.rulebook.options[option].needles:
        return "no_needles"
    if told.answers.get("blood_draw_comfort") == "never" and told.rulebook.options[option].blood_draw:
        return "never_draw"
    if found.failed_musts:
        return "must"
    return "objects" if _objected(told, option) else "preference"


def too_young(told: Told, option: str) -> bool:
    """Whether it is the age that rules this out: that is no answer to a safety question, and nobody should look for one."""
    found = told.state(option).findings
    return any(one.contraindication == "age" and one.verdict is Verdict.EXCLUDED for one in found)


def _objected(told: Told, option: str) -> str:
    """What this client does not want used, of what the option is made from."""
    objects = told.answers.get("objects_to") or []
    material = told.rulebook.options[option].material
    for answer in objects:
        if (answer == "own_blood") == ("own_blood" in material):
            return str(answer)
    return ""


def _client_words(told: Told, option: str) -> tuple[str, ...]:
    """What the client reads of the findings, each once, the strictest first. What is ruled out is told why, and no more;
    else the milder ones count too: a care that is named for one option is not left out for another that has it as well."""
    found = told.state(option)
    least = Verdict.EXCLUDED if found.verdict is Verdict.EXCLUDED else Verdict.CAUTION
    texts = []
    for finding in sorted(found.findings, key=lambda finding: -finding.verdict):
        if finding.verdict >= least and (text := client_text(told, finding)):
            texts.append(text)
    return tuple(dict.fromkeys(texts))


def client_text(told: Told, finding: Finding) -> str:
    """What the client reads of one finding; "" where the rulebook has no words for it, as for an open question, and of a
    product that is not recorded: that a clinician looks first is said with this cause in full."""
    if finding.is_gate and finding.question == PRODUCT and finding.verdict is Verdict.NEEDS_REVIEW:
        return ""
    if finding.is_gate:
        return told.rulebook.gates[finding.contraindication].client
    case = told.rulebook.contraindications[finding.contraindication].cases.get(finding.case)
    return case.client if case else ""
