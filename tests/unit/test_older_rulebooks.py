"""Consultations of version 1 of the model, replayed under their own rulebook."""

from typing import Any

import pytest

from medspa_core.recommendation import recommend
from medspa_core.result import result_as_dict
from tests.conftest import AS_OF
from tests.older_rulebooks import rulebook_of_version_1, said_by_version_1

Plain = dict[str, Any]
SINCE_VERSION_1 = {"version", "nobody_keeps", "staff_notices"}


def as_version_1_told_it(result: Plain) -> Plain:
    """Without what version 2 has added."""
    options = {
        option_id: {key: value for key, value in option.items() if key != "chance_within"}
        for option_id, option in result["options"].items()
    }
    return {key: value for key, value in result.items() if key not in SINCE_VERSION_1} | {"options": options}


@pytest.mark.parametrize("number", range(len(said_by_version_1())))
def test_an_old_consultation_says_under_its_own_rulebook_what_it_said_then(number: int) -> None:
    then = said_by_version_1()[number]
    result = recommend(then["answers"], rulebook_of_version_1(), AS_OF)
    assert as_version_1_told_it(result_as_dict(result)) == then["result"]
    assert result.nobody_keeps == ()
    assert all(option.chance_within == {} for option in result.options.values())
