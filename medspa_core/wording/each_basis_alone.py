"""What our own figures alone and studies alone say: a result goes in, one or two sentences come out.

Neither is what fits this client: what goes beyond a limit or date of theirs is named with that, and nothing beyond one is
called a choice.
"""

from __future__ import annotations

from medspa_core.result import PairResult
from medspa_core.wording.limit_marks import beyond_marks
from medspa_core.wording.words import Told, capital


def bases_line(told: Told) -> str:
    """What our own figures alone and studies alone say, in one or two sentences; "" while nothing is ranked."""
    pair, concern = told.result.pair, told.answers.get("concern")
    if told.result.best is None or not concern:
        return ""
    if pair is None or pair.best is None:
        return _bases_of_all(told)
    if "result" not in told.rulebook.criteria:  # kept from before the screens named it
        return _our_figures(told, pair)
    return f"{_our_figures(told, pair)} {_studies(told, str(concern))}"


def _bases_of_all(told: Told) -> str:
    """With one of the pair gone: what each basis alone puts first among what is left."""
    ours, studies = (told.result.bases[basis].best for basis in ("clinic", "published"))
    if ours is None or studies is None or len(told.open_ranked) == 1:
        return ""
    said = told.words.say("bases.ours", best=_named(told, ours))
    if ours == studies:
        close = [told.words.say("bases.small_lead")] if told.result.standing == "close_call" else []
        return " ".join([said, told.words.say("bases.studies_only_too"), *close])
    return f"{said} {told.words.say('bases.studies_only', best=_named(told, studies))}"


def _our_figures(told: Told, pair: PairResult) -> str:
    """What our own figures alone put first, and the better of the two where it comes next: an option that a clinic added may
    lie between."""
    ours, first, points = pair.by_basis["clinic"], told.result.bases["clinic"].best, told.result.bases["clinic"].points
    if ours is None:
        return told.words.say("bases.ours_even")
    if first not in told.others:
        return told.words.say("bases.ours", best=_named(told, ours))
    if any(points[option] >= points[ours] for option in points if option not in (first, ours)):
        return told.words.say("bases.ours", best=_named(told, first))
    return told.words.say("bases.ours_then", first=_named(told, first), best=_named(told, ours))


def _named(told: Told, option: str) -> str:
    """The option, and what it goes beyond: exosomes, over by $200."""
    return ", ".join(filter(None, (told.name(option), beyond_marks(told, option))))


def _studies(told: Told, concern: str) -> str:
    """The effect in studies, for this concern: equal or not, and whether the plainest option is the best studied."""
    one, other = told.rulebook.model.pair
    effect = _published(told, "result")
    if effect[one] == effect[other]:
        said = told.words.say("bases.same_result")
    else:
        better = one if effect[one] > effect[other] else other
        pair = told.result.pair
        key = "other_result_too" if pair and pair.by_basis["clinic"] == better else "other_result"
        said = told.words.say(f"bases.{key}", best=told.name(better)) + _it_is(told, better, key)
    best_studied = _best_studied(told)
    if best_studied in told.others and told.is_open(best_studied) and not beyond_marks(told, best_studied):
        about = told.in_words("concern", concern)
        return said + told.words.say("bases.and_alone", Option=capital(told.name(best_studied)), concern=about)
    return said + told.words.say("bases.full_stop")


def _it_is(told: Told, option: str, key: str) -> str:
    """What the option that studies speak for goes beyond, in a sentence; what our own figures put first was told with it."""
    beyond = beyond_marks(told, option) if key == "other_result" else ""
    return told.words.say("bases.it_is", beyond=beyond) if beyond else ""


def _best_studied(told: Told) -> str:
    """The option with the most evidence; "" where the rulebook, a kept one, weighs none."""
    if "evidence" not in told.rulebook.criteria:
        return ""
    studied = _published(told, "evidence")
    return max(told.rulebook.ranked, key=lambda option: studied[option])


def _published(told: Told, criterion: str) -> dict[str, float]:
    values = {option: told.state(option).attainment["published"][criterion] for option in told.rulebook.ranked}
    return {option: value or 0.0 for option, value in values.items()}
