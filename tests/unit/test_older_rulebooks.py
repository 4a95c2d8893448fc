"""Consultations of version 1 of the model, replayed under their own rulebook."""

from typing import Any

import pytest

from medspa_core.recommendation import recommend
from medspa_core.result import in_plain_values
from medspa_core.wording.headlines import headline
from medspa_core.wording.limit_marks import limit_mark
from medspa_core.wording.words import Told, read_words
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
    assert as_version_1_told_it(in_plain_values(result)) == then["result"]
    assert result.nobody_keeps == ()
    assert all(option.chance_within == {} for option in result.options.values())


@pytest.mark.parametrize("number", range(len(said_by_version_1())))
def test_an_old_consultation_is_told_in_todays_words_and_its_limits_are_marked(number: int) -> None:
    """Version 1 names no limit that nobody keeps; what breaks one is not said to fit all the same."""
    answers, book = said_by_version_1()[number]["answers"], rulebook_of_version_1()
    told = Told(recommend(answers, book, AS_OF), answers, book, read_words())
    first = " ".join(headline(told).lines)
    for option in book.ranked:
        beyond = [one for one in ("cost", "visits") if (mark := limit_mark(told, option, one)) and mark.sign == "over"]
        a_lot = [one for one in beyond if (answers.get("importance") or {}).get(one) == "lot"]
        assert not (a_lot and f"{told.name(option)} fits you best" in first.lower().replace("prp", "PRP")), first
