"""One option in words: a result goes in, its state line comes out, as every screen says it, and why it is not for this client."""

from __future__ import annotations

from dataclasses import dataclass

from medspa_core.findings import Finding
from medspa_core.fit import OBJECTION_TO_SOURCE
from medspa_core.safety import Verdict
from medspa_core.wording.words import Told, listed

PRODUCT = "exosome_product"


@dataclass(frozen=True)
class State:
    """May this client have it, in words: a sign, the words of a card, the same where there is room to say why, and what was
    found."""

    sign: str  # check, ask, clock or no
    text: str
    in_full: str
    detail: tuple[str, ...] = ()


SIGNS = {Verdict.EXCLUDED: "no", Verdict.DEFERRED: "clock", Verdict.NEEDS_REVIEW: "ask"}
OF_THE_CLINICIAN = {
    Verdict.EXCLUDED: "state.clinician_no",
    Verdict.CAUTION: "state.clinician_with_care",
    Verdict.CLEAR: "state.clinician_yes",
}
"""What is said where a clinician's word has changed the verdict to this one."""


def state_of(told: Told, option: str) -> State:
    """The state line of an option, after the clinician's review: a sign and words, never a traffic light."""
    found, say = told.state(option), told.words.say
    if not told.rulebook.options[option].rank:
        return State("check", say("state.always"), say("state.always"))
    sign, detail = SIGNS.get(found.verdict, "check"), _client_words(told, option)
    if found.verdict in OF_THE_CLINICIAN and found.verdict is not told.by_answers.options[option].verdict:
        text = say(OF_THE_CLINICIAN[found.verdict])
    elif found.verdict is Verdict.EXCLUDED:
        because = (
            say("state.because_found", found=detail[0]) if detail else say("state.because", why=why_not(told, option))
        )
        return State(sign, say("state.excluded", why=short_why(told, option)), because, detail)
    else:
        text = say(f"state.{found.verdict.word}", day=told.day(found.deferred_until) if found.deferred_until else "")
    return State(sign, text, text, detail)


def why_not(told: Told, option: str) -> str:
    """Why an option is not for this client, after "because"."""
    found, say = told.state(option), told.words.say
    kind = _kind(told, option)
    if kind == "must":
        names = [told.criterion(one).in_a_sentence for one in found.failed_musts]
        return say("why_not.must" if len(names) == 1 else "why_not.musts", criterion=listed(names))
    if kind == "objects":
        return say("why_not.objects", material=told.in_words("objects_to", _objected(told, option)))
    return say(f"why_not.{kind}")


def short_why(told: Told, option: str) -> str:
    """The same in two or three words, for a card or a chart."""
    return told.say(f"why_not.short.{_kind(told, option)}")


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
    """What this client does not want used, of what the option is made from; of a product, what this one is from."""
    recorded = told.answers.get(PRODUCT) or {"source": told.rulebook.clinic.exosome_product.source}
    source = OBJECTION_TO_SOURCE.get(str(recorded.get("source")), "")
    made_of = [source if one == PRODUCT else one for one in told.rulebook.options[option].material]
    return next((one for one in made_of if one in (told.answers.get("objects_to") or ())), "")


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
