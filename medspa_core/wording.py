"""A result in words, for two readers: a recommendation goes in, the client's sentences come out. Staff read the numbers.

Sentences live in `data/result_words.toml`; which one is said follows from the outcome alone, so every client with the same
outcome reads the same words. Screens and paper say it through here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from medspa_core.alike import is_alike
from medspa_core.explanation import Flip, Reason
from medspa_core.recommendation import WHOLE, OptionResult, PairResult, Recommendation
from medspa_core.rulebook import Rulebook
from medspa_core.safety import Verdict

FILE = Path(__file__).parent.parent / "data" / "result_words.toml"
COUNTED = "considered"
LESS_THAN_HALF, HALF, LESS = 0.5, 0.505, 0.9
LOT, LITTLE = 3, 1


class WordsMissing(KeyError):
    """A sentence is asked for that the file does not hold."""


@dataclass(frozen=True)
class Words:
    """The sentences of one file, read strictly."""

    path: str
    entries: Mapping[str, Any]

    def say(self, key: str, /, **fields: object) -> str:
        """The sentence under `key`, its {fields} filled in."""
        found = self.entry(key)
        if not isinstance(found, str):
            raise WordsMissing(f"{self.path}, {key}: expected a sentence")
        return found.format(**fields) if fields else found

    def has(self, key: str) -> bool:
        """Whether there is an entry."""
        try:
            self.entry(key)
        except WordsMissing:
            return False
        return True

    def entry(self, key: str) -> Any:
        """What stands under `key`."""
        found: Any = self.entries
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise WordsMissing(f"{self.path}, {key}: this entry is missing. Add it")
            found = found[part]
        return found


@lru_cache(maxsize=8)
def read_words(path: Path = FILE) -> Words:
    """The sentences of a file."""
    return Words(f"data/{path.name}", tomllib.loads(path.read_text("utf-8")))


@dataclass(frozen=True)
class Headline:
    """The question asked first, what else fits in the same size, then what each basis alone says."""

    pair: str
    rest: str
    bases: str


@dataclass(frozen=True)
class State:
    """May this client have it, in words: a sign, the words, and why if not."""

    sign: str  # check, ask, clock or no
    text: str
    detail: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReasonLine:
    """One reason in words: what it is, how much it counted, and towards which option by how many points."""

    criterion: str
    text: str
    weight: str
    towards: str
    points: int


@dataclass(frozen=True)
class ReasonList:
    """Why one option more than another: bars that add up, then what moved nothing and what was not used."""

    best: str
    other: str
    lines: tuple[ReasonLine, ...]
    same: tuple[str, ...]  # the two have the same figures
    both_fit: tuple[str, ...]  # they differ, and both fit what the client said
    neither_fits: tuple[str, ...]
    not_used: tuple[str, ...]
    no_weight: tuple[str, ...]

    @property
    def total(self) -> int:
        """Points between the two: the sum of all reasons."""
        return sum(line.points for line in self.lines)


@dataclass(frozen=True)
class Told:
    """What words about one client are made from."""

    result: Recommendation
    answers: Mapping[str, Any]
    rulebook: Rulebook
    words: Words

    def name(self, option: str | None) -> str:
        """The option in a sentence."""
        return self.rulebook.options[option].in_a_sentence if option else ""

    def state(self, option: str) -> OptionResult:
        return self.result.options[option]

    def is_open(self, option: str) -> bool:
        return self.state(option).verdict is not Verdict.EXCLUDED

    @property
    def open_ranked(self) -> tuple[str, ...]:
        """Options that are ranked and not ruled out."""
        return tuple(option for option in self.rulebook.ranked if self.is_open(option))

    @property
    def others(self) -> tuple[str, ...]:
        """Ranked options outside the pair."""
        return tuple(option for option in self.rulebook.ranked if option not in self.rulebook.model.pair)


def capital(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(items: Sequence[str], last: str = " and ") -> str:
    """One, two and three."""
    return last.join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def money_text(amount: int, rulebook: Rulebook) -> str:
    """$1,500."""
    return f"{rulebook.clinic.currency_sign}{amount:,}"


def day_text(day: date, as_of: date) -> str:
    """12 June, or 12 June 2028 where it is more than a year away."""
    far = abs((day - as_of).days) > 330 and day.year != as_of.year
    return f"{day.day} {day:%B}" + (f" {day.year}" if far else "")


# --- the headline ---------------------------------------------------------------------------------------------------


def headline(told: Told) -> Headline:
    """Answers the pair first, then what else fits in the same size, then what each basis alone says."""
    if not told.open_ranked:
        return Headline(_pair_question(told) + " " + _pair_out(told), told.words.say("also.only_wait"), "")
    return Headline(_pair_line(told), _rest_line(told), bases_line(told))


def _pair_question(told: Told) -> str:
    one, other = told.rulebook.model.pair
    return told.words.say("headline.ask", One=capital(told.name(one)), other=told.name(other))


def _pair_line(told: Told) -> str:
    """Exosomes or PRP? What the answers say of the two."""
    pair, say = told.result.pair, told.words.say
    question = _pair_question(told)
    if pair is None:
        return f"{question} {_pair_out(told)}"
    if pair.best is not None:
        return f"{question} {say(f'headline.{pair.standing}', best=told.name(pair.best))}"
    return f"{question} {say(_why_no_best(told))}"


def _why_no_best(told: Told) -> str:
    if not told.answers:
        return "headline.no_answers"
    return "headline.no_concern" if not told.answers.get("concern") else "headline.no_weight"


def _pair_out(told: Told) -> str:
    """The pair is broken up: which of the two is out, and why."""
    out = [option for option in told.rulebook.model.pair if not told.is_open(option)]
    if len(out) == len(told.rulebook.model.pair):
        return told.words.say("headline.two_out")
    verb = "is" if told.rulebook.options[out[0]].blood_draw else "are"
    subject = f"{capital(told.name(out[0]))} {verb}"
    kind = told.state(out[0]).excluded_by
    key = "headline.one_out" if kind == "preference" else "headline.one_out_unsure"
    return told.words.say(key, Out=subject, why=why_not(told, out[0]))


def _rest_line(told: Told) -> str:
    """What else fits, in the same size; waiting is always fine."""
    waiting, say = told.words.say("also.wait"), told.words.say
    if told.result.best is None:
        return say("headline.lead_ask") if not told.answers.get("concern") else waiting
    pair = told.result.pair
    if pair is None or pair.best is None:
        return f"{_what_is_left(told)} {waiting}"
    parts = [_beside_the_pair(told, other, pair.best) for other in told.others]
    return " ".join([*parts, waiting])


def _what_is_left(told: Told) -> str:
    left, say, best = told.open_ranked, told.words.say, told.result.best
    if len(left) == 1:
        return say("also.left_one", Best=capital(told.name(left[0])))
    if told.result.standing == "close_call" and told.result.runner_up:
        return say("also.left_close", best=told.name(best), other=told.name(told.result.runner_up))
    return say("also.left_best", best=told.name(best))


def _beside_the_pair(told: Told, other: str, best: str) -> str:
    """An option outside the pair, against the better of the two: ahead, about even or behind."""
    name = capital(told.name(other))
    if not told.is_open(other):
        return told.words.say("also.out", Option=name)
    ahead = told.result.best == other
    close = told.result.standing == "close_call"
    if close and other in (told.result.best, told.result.runner_up):
        key = "also.alone_about_even"
    else:
        key = "also.alone_even_better" if ahead else "also.alone_too" if close else "also.alone_less"
    return told.words.say(key, Option=name, cost=_cost_beside(told, other, best))


def _cost_beside(told: Told, option: str, best: str) -> str:
    """How its course compares in cost, at equal visits; nothing is said where there is nothing to gain."""
    ours, theirs = (told.state(o).course[COUNTED].spans["course_cost"] for o in (option, best))
    if ours is None or theirs is None or not theirs.typical:
        return ""
    share = ours.typical / theirs.typical
    for key, below in (("less_than_half", LESS_THAN_HALF), ("half", HALF), ("less", LESS)):
        if share < below:
            return told.words.say(f"also.{key}")
    return ""


def bases_line(told: Told) -> str:
    """What our experience alone and studies alone say, in one or two sentences; "" while nothing is ranked."""
    pair, concern = told.result.pair, told.answers.get("concern")
    if told.result.best is None or not concern:
        return ""
    if pair is None or pair.best is None:
        return _bases_of_all(told)
    return f"{_our_experience(told, pair)} {_studies(told, str(concern))}"


def _bases_of_all(told: Told) -> str:
    """With one of the pair gone: what each basis alone puts first among what is left."""
    ours, studies = (told.result.bases[basis].best for basis in ("clinic", "published"))
    if ours is None or studies is None or len(told.open_ranked) == 1:
        return ""
    said = told.words.say("bases.ours_only", best=told.name(ours))
    if ours == studies:
        return f"{said} {told.words.say('bases.studies_only_too')}"
    return f"{said} {told.words.say('bases.studies_only', best=told.name(studies))}"


def _our_experience(told: Told, pair: PairResult) -> str:
    ours, first = pair.by_basis["clinic"], told.result.bases["clinic"].best
    if ours is None:
        return told.words.say("bases.ours_even")
    key = "bases.ours_alone_first" if first in told.others else "bases.ours"
    return told.words.say(key, best=told.name(ours))


def _studies(told: Told, concern: str) -> str:
    """The effect in studies, for this concern: equal or not, and whether the plainest option is the best studied."""
    one, other = told.rulebook.model.pair
    effect, studied = _published(told, "result"), _published(told, "evidence")
    if effect[one] == effect[other]:
        said = told.words.say("bases.same_result")
    else:
        better = one if effect[one] > effect[other] else other
        pair = told.result.pair
        key = "other_result_too" if pair and pair.by_basis["clinic"] == better else "other_result"
        said = told.words.say(f"bases.{key}", best=told.name(better))
    best_studied = max(told.rulebook.ranked, key=lambda option: studied[option])
    if best_studied in told.others and told.is_open(best_studied):
        return said + told.words.say("bases.and_alone", concern=told.words.say(f"bases.concern.{concern}"))
    return said + told.words.say("bases.full_stop")


def _published(told: Told, criterion: str) -> dict[str, float]:
    values = {option: told.state(option).attainment["published"][criterion] for option in told.rulebook.ranked}
    return {option: value or 0.0 for option, value in values.items()}


# --- one option -----------------------------------------------------------------------------------------------------


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
            day = day_text(found.deferred_until, told.result.as_of)
            return State("clock", say("state.deferred", day=day), _client_words(told, option))
        case Verdict.NEEDS_REVIEW:
            return State("ask", say("state.needs_review"), _client_words(told, option))
    return State("check", say(f"state.{found.verdict.word}"), _client_words(told, option))


def why_not(told: Told, option: str) -> str:
    """Why an option is not for this client, after "because"."""
    found, say = told.state(option), told.words.say
    kind = _kind(told, option)
    if kind == "must":
        return say("why_not.must", criterion=say(f"criterion.{found.failed_musts[0]}"))
    if kind == "objects":
        return say("why_not.objects", material=say(f"why_not.material.{_objected(told, option)}"))
    return say(f"why_not.{kind}")


def short_why(told: Told, option: str) -> str:
    """The same in two or three words, for a card or a chart."""
    return told.words.say(f"why_not.short.{_kind(told, option)}")


def _kind(told: Told, option: str) -> str:
    """safety, place or product; or which wish: never_draw, must or objects."""
    found = told.state(option)
    if found.excluded_by != "preference":
        return found.excluded_by or "safety"
    if told.answers.get("blood_draw_comfort") == "never" and told.rulebook.options[option].blood_draw:
        return "never_draw"
    if found.failed_musts:
        return "must"
    return "objects" if _objected(told, option) else "preference"


def _objected(told: Told, option: str) -> str:
    """What this client does not want used, of what the option is made from."""
    objects = told.answers.get("objects_to") or []
    material = told.rulebook.options[option].material
    for answer in objects:
        if (answer == "own_blood") == ("own_blood" in material):
            return str(answer)
    return ""


def _client_words(told: Told, option: str) -> tuple[str, ...]:
    """What the client reads of the findings that set the verdict, each once."""
    found = told.state(option)
    texts = []
    for finding in found.findings:
        if finding.verdict is not found.verdict:
            continue
        if finding.is_gate:
            texts.append(told.rulebook.gates[finding.contraindication].client)
        elif case := told.rulebook.contraindications[finding.contraindication].cases.get(finding.case):
            texts.append(case.client)
    return tuple(dict.fromkeys(texts))


# --- reasons --------------------------------------------------------------------------------------------------------


def pair_reasons(told: Told) -> ReasonList | None:
    """Why one of the two more than the other; None without a contest."""
    pair = told.result.pair
    if pair is None or pair.best is None:
        return None
    other = next(option for option in told.rulebook.model.pair if option != pair.best)
    return _reason_list(told, pair.best, other, pair.reasons)


def overall_reasons(told: Told) -> ReasonList | None:
    """Why the leader of all more than the next best; None without a contest."""
    result = told.result
    if result.best is None or result.runner_up is None:
        return None
    return _reason_list(told, result.best, result.runner_up, result.reasons)


def _reason_list(told: Told, best: str, other: str, reasons: Iterable[Reason]) -> ReasonList:
    counted = [reason for reason in reasons if reason.weight]
    lines = tuple(_reason_line(told, reason, best, other) for reason in counted if reason.points)
    known = {reason.criterion for reason in reasons}
    level = _level(told, best, other, [reason.criterion for reason in counted if not reason.points])
    say = told.words.say
    return ReasonList(
        best=best,
        other=other,
        lines=lines,
        **level,
        not_used=tuple(say(f"told_us.{criterion}") for criterion in told.rulebook.criteria if criterion not in known),
        no_weight=tuple(say(f"criterion.{reason.criterion}") for reason in reasons if not reason.weight),
    )


def _level(told: Told, best: str, other: str, criteria: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What moved nothing: the two are the same on it, or they differ and both, or neither, fit what was said."""
    found: dict[str, list[str]] = {"same": [], "both_fit": [], "neither_fits": []}
    for criterion in criteria:
        if is_alike(criterion, best, other, told.rulebook, told.result.options):
            found["same"].append(_same_name(told, criterion, best))
        elif criterion != "ready_by" or _is_day(told.answers.get("event_date")):
            key = "both_fit" if _fits(told, best, criterion) else "neither_fits"
            found[key].append(told.words.say(f"told_us.{criterion}"))
    return {key: tuple(names) for key, names in found.items()}


def _same_name(told: Told, criterion: str, option: str) -> str:
    if criterion == "blood_draw" and not told.rulebook.options[option].blood_draw:
        return told.words.say("same.no_blood_draw")
    return told.words.say(f"same.{criterion}")


def _fits(told: Told, option: str, criterion: str) -> bool:
    attained = told.state(option).attainment[COUNTED][criterion] or 0.0
    return round(attained * WHOLE) >= told.rulebook.model.standing.must_at_least


def _reason_line(told: Told, reason: Reason, best: str, other: str) -> ReasonLine:
    weight = told.words.say(f"reasons.weight_{LOT if reason.weight >= LOT else LITTLE}")
    towards = reason.towards or best
    return ReasonLine(reason.criterion, _reason_text(told, reason, best, other), weight, towards, reason.points)


def _reason_text(told: Told, reason: Reason, best: str, other: str) -> str:
    say, answers, towards = told.words.say, told.answers, reason.towards or best
    match reason.criterion:
        case "visit_time":
            minutes = _minutes_between(told, towards, other if towards == best else best)
            return say("reason.visit_time", minutes=minutes) if minutes > 0 else say("reason.visit_time_level")
        case "ready_by" if _is_day(answers.get("event_date")):
            day = date.fromisoformat(answers["event_date"])
            return say("reason.ready_by", day=day_text(day, told.result.as_of))
        case "cost" if isinstance(answers.get("budget"), int):
            return say("reason.cost", money=money_text(answers["budget"], told.rulebook))
        case "blood_draw" if told.rulebook.options[towards].blood_draw:
            return say("reason.blood_draw_other")
    return say(f"reason.{reason.criterion}")


def _minutes_between(told: Told, shorter: str, longer: str) -> int:
    ours, theirs = (told.state(option).course[COUNTED].spans["visit_minutes"] for option in (shorter, longer))
    return theirs.typical - ours.typical if ours and theirs else 0


def _is_day(answer: Any) -> bool:
    return isinstance(answer, str) and answer[:1].isdigit()


# --- flips ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FlipLine:
    """One change in words: if ..., then ...; `answers` is what to try, None where it is a number of ours."""

    key: str
    change: str
    outcome: str
    answers: Mapping[str, Any] | None


def flip_lines(told: Told, limit: int | None = None) -> tuple[FlipLine, ...]:
    """The nearest changes, one a question: answers first for the pair, then for all options."""
    pair = told.result.pair
    flips = [*(pair.flips if pair else ()), *told.result.flips]
    show = told.rulebook.flips.rulebook.show if limit is None else limit
    found: dict[str, FlipLine] = {}
    left_out = told.words.entry("flips.leave_out")
    for flip in sorted(flips, key=lambda flip: flip.kind != "answer"):
        if flip.question in left_out:
            continue
        if flip.question not in found and len(found) < show and (line := _flip_line(told, flip)):
            found[flip.question] = line
    return tuple(found.values())


def _flip_line(told: Told, flip: Flip) -> FlipLine | None:
    outcome = _flip_outcome(told, flip)
    if outcome is None or _weighs_nothing(told, flip):
        return None
    if flip.question.startswith("sessions.") and max(flip.after.values()) < 1:
        return None  # a part of all courses: true, but not to be said in one plain sentence
    change = _flip_change(told, flip)
    return FlipLine(flip.question, change, outcome, _to_try(told, flip) if flip.kind == "answer" else None)


def _weighs_nothing(told: Told, flip: Flip) -> bool:
    """A criterion on which all that stand against each other are level moves nothing; its weight only dilutes the lead.
    A must that is taken back moves: it had shut something."""
    name, _, criterion = flip.question.partition(".")
    if name != "importance" or flip.before == "must":
        return False
    among = told.rulebook.model.pair if flip.scope == "pair" else told.open_ranked
    return len({told.state(option).attainment[COUNTED][criterion] for option in among}) <= 1


def _flip_outcome(told: Told, flip: Flip) -> str | None:
    now = told.result.pair if flip.scope == "pair" else told.result
    say = told.words.say
    if flip.best is None or now is None:
        return None
    if flip.standing == "close_call":
        return say("flips.to_close") if now.standing != "close_call" else None
    if flip.best != now.best:
        return _ahead(told, flip)
    if now.standing == "close_call":
        return say("flips.to_option", option=told.name(flip.best))
    return say("flips.more" if flip.standing == "clear" else "flips.little", option=told.name(flip.best))


def _ahead(told: Told, flip: Flip) -> str:
    if flip.scope == "pair" or told.result.best is None or _may_rule_out(flip):
        return told.words.say("flips.to_option", option=told.name(flip.best))
    second = told.name(told.result.best)
    return told.words.say("flips.to_option_first", option=told.name(flip.best), second=second)


def _may_rule_out(flip: Flip) -> bool:
    """Whether the change can take the option away that led: then nothing is "ahead" of it."""
    return flip.question == "objects_to" or flip.after in ("never", "must")


def _flip_change(told: Told, flip: Flip) -> str:
    say, after = told.words.say, flip.after
    name, _, part = flip.question.partition(".")
    if flip.kind == "rulebook":
        return _number_change(told, name, part, after)
    if name == "importance":
        return say(f"flip.importance_{after}", criterion=say(f"flip.weighed.{part}"))
    if name == "objects_to":
        return _objection_change(told, flip)
    if told.words.has(f"flip.{name}_{after}"):
        return say(f"flip.{name}_{after}")
    return say(_flip_key(told, flip), answer=_answer_text(told, name, after))


def _flip_key(told: Told, flip: Flip) -> str:
    """A number has its own words where it is less than the client said, and where it is none or one."""
    keys = [{0: "none", 1: "one"}.get(flip.after, "")] if isinstance(flip.after, int) else []
    if isinstance(flip.after, int) and (not isinstance(flip.before, int) or flip.after < flip.before):
        keys.append("less")
    found = (f"flip.{flip.question}_{key}" for key in keys if key)
    return next((key for key in found if told.words.has(key)), f"flip.{flip.question}")


def _objection_change(told: Told, flip: Flip) -> str:
    before, after = set(flip.before or ()), set(flip.after or ())
    changed = next(iter(sorted(before ^ after)))
    material = told.words.say(f"why_not.material.{changed}")
    return told.words.say("flip.objects_add" if changed in after else "flip.objects_drop", material=material)


def _answer_text(told: Told, question: str, answer: Any) -> str:
    asked = told.rulebook.questions[question]
    if asked.kind == "date":
        return day_text(date.fromisoformat(answer), told.result.as_of)
    if asked.unit == "money":
        return money_text(answer, told.rulebook)
    words = asked.words.answers.get(str(answer), str(answer))
    return words[:1].lower() + words[1:]


def _number_change(told: Told, name: str, part: str, after: Any) -> str:
    say = told.words.say
    if name == "price":
        return say("flip.price", option=told.name(part), money=money_text(after, told.rulebook))
    if name == "minutes":
        return say("flip.minutes", step=say(f"visit.step.{part}"), minutes=after)
    usual = max(after, key=lambda count: after[count])
    visits = say("cost.visits", number=usual) if usual != "1" else say("card.visit_count_one", number=1)
    return say("flip.sessions", visits=visits, option=told.name(part.partition(".")[2]))


def _to_try(told: Told, flip: Flip) -> dict[str, Any]:
    """The answer to put in place of the client's own, whole: importance is one object."""
    name, _, part = flip.question.partition(".")
    if name == "importance":
        return {name: {**(told.answers.get(name) or {}), part: flip.after}}
    return {name: flip.after}
