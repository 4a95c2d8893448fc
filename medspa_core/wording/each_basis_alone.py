"""What our own figures alone and studies alone say: a result goes in, one or two sentences come out.

Neither is what fits this client: what goes beyond a limit or date of theirs is named with that, and nothing beyond one is
called a choice.
"""

from __future__ import annotations

from medspa_core.result import PairResult
from medspa_core.wording.limit_marks import beyond_marks
from medspa_core.wording.words import Told, capital

Said = tuple[str, tuple[str, ...]]
"""A sentence, and the options that it names as put first."""


def bases_line(told: Told) -> str:
    """What our own figures alone and studies alone say, then what the options so named go beyond; "" while nothing is ranked."""
    pair, concern = told.result.pair, told.answers.get("concern")
    if told.result.best is None or not concern:
        return ""
    if pair is None or pair.best is None:
        parts = _bases_of_all(told)
    elif "result" not in told.rulebook.criteria:  # kept from before the screens named it
        parts = [_our_figures(told, pair)]
    else:
        parts = [_our_figures(told, pair), _studies(told, str(concern))]
    named = dict.fromkeys(option for _, options in parts for option in options)
    return " ".join([said for said, _ in parts] + _beyond(told, tuple(named)))


def _beyond(told: Told, named: tuple[str, ...]) -> list[str]:
    """At the usual visits: exosomes over by $2,000. PRP over by $1,400. Our own plan may be of fewer visits."""
    found = [f"{told.name(option)} {beyond}" for option in named if (beyond := beyond_marks(told, option))]
    return [told.say("bases.beyond", options=". ".join([*found[:1], *map(capital, found[1:])]))] if found else []


def _bases_of_all(told: Told) -> list[Said]:
    """With one of the pair gone: what each basis alone puts first among what is left."""
    ours, studies = (told.result.bases[basis].best for basis in ("clinic", "published"))
    if ours is None or studies is None or len(told.open_ranked) == 1:
        return []
    said = _put_first(told, "ours", ours)
    if ours != studies:
        return [said, _put_first(told, "studies_only", studies)]
    close = " " + told.say("bases.small_lead") if told.result.standing == "close_call" else ""
    return [said, (told.say("bases.studies_only_too") + close, ())]


def _our_figures(told: Told, pair: PairResult) -> Said:
    """What our own figures alone put first, and the better of the two where it comes next: an option that a clinic added may
    lie between."""
    ours, first, points = pair.by_basis["clinic"], told.result.bases["clinic"].best, told.result.bases["clinic"].points
    if ours is None:
        return told.say("bases.ours_even"), ()
    if first not in told.others:
        return _put_first(told, "ours", ours)
    if any(points[option] >= points[ours] for option in points if option not in (first, ours)):
        return _put_first(told, "ours", first)
    return told.say("bases.ours_then", first=told.name(first), best=told.name(ours)), (first, ours)


def _put_first(told: Told, key: str, option: str) -> Said:
    return told.say(f"bases.{key}", best=told.name(option)), (option,)


def _studies(told: Told, concern: str) -> Said:
    """The effect in studies, for this concern: equal or not, and whether the plainest option is the best studied."""
    one, other = told.rulebook.model.pair
    named: tuple[str, ...] = ()
    effect = _published(told, "result")
    if effect[one] == effect[other]:
        said = told.say("bases.same_result")
    else:
        better = one if effect[one] > effect[other] else other
        pair, named = told.result.pair, (better,)
        key = "other_result_too" if pair and pair.by_basis["clinic"] == better else "other_result"
        said = told.say(f"bases.{key}", best=told.name(better))
    best_studied = _best_studied(told)
    if best_studied in told.others and told.is_open(best_studied) and not beyond_marks(told, best_studied):
        about = told.in_words("concern", concern)
        said += told.say("bases.and_alone", Option=capital(told.name(best_studied)), concern=about)
        return said, named
    return said + told.say("bases.full_stop"), named


def _best_studied(told: Told) -> str:
    """The option with the most evidence; "" where the rulebook, a kept one, weighs none."""
    if "evidence" not in told.rulebook.criteria:
        return ""
    studied = _published(told, "evidence")
    return max(told.rulebook.ranked, key=lambda option: studied[option])


def _published(told: Told, criterion: str) -> dict[str, float]:
    values = {option: told.state(option).attainment["published"][criterion] for option in told.rulebook.ranked}
    return {option: value or 0.0 for option, value in values.items()}
