"""Needles in the skin: who never wants them is kept from all that have them, and nobody is told to want them."""

from pathlib import Path
from typing import Any

import pytest

from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook, RulebookProblem, load_rulebook
from tests.added_option import add_light, copy_of_data
from tests.conftest import AS_OF, healthy

Plain = dict[str, Any]


@pytest.mark.parametrize("said", [None, "fine", "uneasy", "rather_not", "never"])
def test_needles_are_never_a_flip_and_never_a_next_question(said: str | None, rulebook: Rulebook) -> None:
    result = recommend(healthy(concern="texture", budget=700, needle_comfort=said), rulebook, AS_OF)
    flips = [*result.flips, *(result.pair.flips if result.pair else ())]
    assert "needle_comfort" not in {flip.question for flip in flips}
    assert "needle_comfort" not in {one.question for one in result.next_questions}


@pytest.mark.parametrize("said", ["fine", "uneasy", "rather_not"])
def test_short_of_never_needles_change_nothing_but_what_staff_are_told(said: str, rulebook: Rulebook) -> None:
    client = healthy(concern="acne_scars", budget=2000)
    silent = recommend(client, rulebook, AS_OF).as_dict()
    found = recommend({**client, "needle_comfort": said}, rulebook, AS_OF).as_dict()
    assert {**found, "staff_notices": []} == {**silent, "staff_notices": []}


def test_an_option_without_needles_stays_open_for_who_never_wants_them(tmp_path: Path) -> None:
    folder = add_light(copy_of_data(tmp_path))
    light = folder / "options" / "light.toml"
    light.write_text(
        light.read_text("utf-8").replace("blood_draw = false", "blood_draw = false\nneedles = false"), "utf-8"
    )
    result = recommend(healthy(concern="texture", needle_comfort="never"), load_rulebook(folder), AS_OF)
    assert result.best == "light"
    assert [key for key, option in result.options.items() if option.excluded_by is None] == ["light", "wait"]


def test_an_added_option_of_before_has_needles_as_the_one_it_is_like(tmp_path: Path) -> None:
    assert load_rulebook(add_light(copy_of_data(tmp_path))).options["light"].needles is True


def test_an_option_must_say_whether_it_has_needles(tmp_path: Path) -> None:
    folder = copy_of_data(tmp_path)
    wait = folder / "options" / "wait.toml"
    wait.write_text(wait.read_text("utf-8").replace("needles = false", ""), "utf-8")
    with pytest.raises(RulebookProblem, match=r"options/wait\.toml, needles: this key is missing\. Add it"):
        load_rulebook(folder)
