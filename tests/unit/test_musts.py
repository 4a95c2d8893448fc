"""When musts leave nothing: which ones to take back."""

from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook
from tests.conftest import AS_OF, healthy


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
