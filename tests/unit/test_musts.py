"""When musts leave nothing: which ones to take back."""

from medspa_core.recommendation import opens_again, recommend
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, healthy
from views.staff.home.demo_clients import demo_clients


def test_each_must_that_alone_would_leave_an_option_is_named(rulebook: Rulebook) -> None:
    answers = healthy(concern="texture", budget=300, importance={"cost": "must"})
    result = recommend(answers, rulebook, AS_OF)
    assert (result.standing, result.why_none, result.musts_to_relax) == ("none_suitable", ("preference",), ("cost",))


def test_when_one_must_is_not_enough_the_fewest_together_are_named(rulebook: Rulebook) -> None:
    answers = healthy(concern="texture", budget=300, downtime_days=0, importance={"cost": "must", "downtime": "must"})
    assert recommend(answers, rulebook, AS_OF).musts_to_relax == ("cost", "downtime")


def test_no_must_is_named_when_safety_leaves_nothing(rulebook: Rulebook) -> None:
    answers = healthy(concern="texture", pregnant="yes", budget=300, importance={"cost": "must"})
    result = recommend(answers, rulebook, AS_OF)
    assert (result.why_none, result.musts_to_relax) == (("safety",), ())


def test_musts_that_only_help_together_are_one_way_back(rulebook: Rulebook) -> None:
    answers = healthy(concern="texture", budget=300, downtime_days=0, importance={"cost": "must", "downtime": "must"})
    assert recommend(answers, rulebook, AS_OF).ways_back == (("cost", "downtime"),)


def test_a_must_that_another_answer_repeats_is_not_offered(rulebook: Rulebook) -> None:
    """A blood draw that is never wanted stays out, whether or not it is a must too."""
    musts = {"blood_draw": "must", "evidence": "must"}
    answers = healthy(concern="hair_thinning", blood_draw_comfort="never", importance=musts)
    result = recommend(answers, rulebook, AS_OF)
    assert result.standing == "none_suitable"
    assert result.ways_back == (("evidence",),)
    assert opens_again(answers, "blood_draw", rulebook, AS_OF) == ()
    assert opens_again(answers, "evidence", rulebook, AS_OF) == ("microneedling_alone", "exosome_microneedling")


def test_every_way_back_that_is_offered_opens_something(rulebook: Rulebook) -> None:
    for demo in demo_clients():
        answers = demo.answers(AS_OF)
        for musts in recommend(answers, rulebook, AS_OF).ways_back:
            softer = {**answers, "importance": {**answers["importance"], **dict.fromkeys(musts, "lot")}}
            assert recommend(softer, rulebook, AS_OF).standing != "none_suitable", demo.name


def test_where_nothing_is_ranked_no_price_or_number_of_ours_is_told_as_a_flip(rulebook: Rulebook) -> None:
    """A tenth off the price would open microneedling; that is no answer to a client whom a must keeps from everything."""
    result = recommend(healthy(concern="texture", budget=950, importance={"cost": "must"}), rulebook, AS_OF)
    assert result.best is None
    assert {flip.kind for flip in result.flips} == {"answer"}
