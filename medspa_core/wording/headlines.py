"""The headline: a result goes in, the question asked first and its answer come out, what else fits, what each basis says."""

from __future__ import annotations

from dataclasses import dataclass

from medspa_core.result import PairResult
from medspa_core.wording.states import why_not
from medspa_core.wording.words import COUNTED, Told, capital

LESS_THAN_HALF, HALF, LESS = 0.5, 0.505, 0.9


@dataclass(frozen=True)
class Headline:
    """The question asked first, what else fits in the same size, then what each basis alone says."""

    pair: str
    rest: str
    bases: str


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
    said = told.words.say("bases.ours", best=told.name(ours))
    if ours == studies:
        close = [told.words.say("bases.small_lead")] if told.result.standing == "close_call" else []
        return " ".join([said, told.words.say("bases.studies_only_too"), *close])
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
