"""What is refused in one client's answers, word for word; and that every answer survives being coded."""

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from medspa_core.answer_codes import IN_A_WORD, UNANSWERED, answer_of, code_of
from medspa_core.formats.shown import HugeNumber
from medspa_core.intake import IntakeProblem, columns_of, read_intake, repeated
from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook
from medspa_core.tables.cell_values import cell_value
from tests.conftest import AS_OF, healthy
from tests.unit.strategies import clients

Plain = dict[str, Any]
EVENT = 'expected a date (YYYY-MM-DD) after 2026-11-22 and no later than 2036-11-22 or "none"'
START = 'expected a date (YYYY-MM-DD) and no later than 2036-11-22 or "now"'
YES_NO = "expected yes, no, not_sure or not_applicable"
CRITERIA = "result, blood_draw, visit_time, visits, ready_by, cost, downtime, calm_skin, consistency, evidence, source"


def problems(answers: Plain, rulebook: Rulebook, as_of: date = AS_OF) -> tuple[str, ...]:
    with pytest.raises(IntakeProblem) as refused:
        read_intake(answers, rulebook, as_of)
    return refused.value.problems


REFUSED: dict[str, tuple[Plain, str]] = {
    # age
    "a negative age": ({"age": -4}, "age: expected 0-120, found -4"),
    "an age of 400": ({"age": 400}, "age: expected 0-120, found 400"),
    "an age of 41.5": ({"age": 41.5}, "age: expected a whole number 0-120, found 41.5"),
    "an age of true": ({"age": True}, "age: expected a whole number 0-120, found true"),
    "an age in words": ({"age": "forty"}, 'age: expected a whole number 0-120, found "forty"'),
    "an age in quotes": ({"age": "41"}, 'age: expected a whole number 0-120, found "41"'),
    "an empty age": ({"age": ""}, 'age: expected a whole number 0-120, found ""'),
    "an age that is not a number": ({"age": math.nan}, "age: expected a whole number 0-120, found NaN"),
    "an endless age": ({"age": math.inf}, "age: expected a whole number 0-120, found Infinity"),
    "an age in a list": ({"age": [41]}, "age: expected a whole number 0-120, found [41]"),
    "an age of 200,000 digits": (
        {"age": HugeNumber("9" * 200_000)},
        "age: expected a whole number 0-120, found a number of 200000 digits",
    ),
    # dates
    "yesterday": ({"event_date": "2026-11-21"}, f'event_date: {EVENT}, found "2026-11-21"'),
    "today": ({"event_date": "2026-11-22"}, f'event_date: {EVENT}, found "2026-11-22"'),
    "the year 9999": ({"event_date": "9999-06-12"}, f'event_date: {EVENT}, found "9999-06-12"'),
    "a day after ten years": ({"event_date": "2036-11-23"}, f'event_date: {EVENT}, found "2036-11-23"'),
    "30 February": ({"event_date": "2027-02-30"}, f'event_date: {EVENT}, found "2027-02-30"'),
    "29 February of a common year": ({"event_date": "2027-02-29"}, f'event_date: {EVENT}, found "2027-02-29"'),
    "a week date": ({"event_date": "2027-W06-1"}, f'event_date: {EVENT}, found "2027-W06-1"'),
    "a date without hyphens": ({"event_date": "20270612"}, f'event_date: {EVENT}, found "20270612"'),
    "an American date": ({"event_date": "06/12/2027"}, f'event_date: {EVENT}, found "06/12/2027"'),
    "a date and a time": ({"event_date": "2027-06-12T10:00"}, f'event_date: {EVENT}, found "2027-06-12T10:00"'),
    "a number for a date": ({"event_date": 20270612}, f"event_date: {EVENT}, found 20270612"),
    "digits of another script": ({"event_date": "２０２７-06-12"}, ""),
    "now for an event": ({"event_date": "now"}, f'event_date: {EVENT}, found "now"'),
    "a start in the year 9999": ({"planned_start": "9999-01-01"}, f'planned_start: {START}, found "9999-01-01"'),
    "none for a start": ({"planned_start": "none"}, f'planned_start: {START}, found "none"'),
    # plans
    "no minutes": (
        {"minutes_per_visit": 9},
        'minutes_per_visit: expected 10-480 or "any", found 9',
    ),
    "thirteen visits": ({"visits_willing": 13}, 'visits_willing: expected 1-12 or "any", found 13'),
    "no visit": ({"visits_willing": 0}, 'visits_willing: expected 1-12 or "any", found 0'),
    "no budget": ({"budget": 0}, 'budget: expected 1-1000000 or "any", found 0'),
    "a budget over a million": ({"budget": 1_000_001}, 'budget: expected 1-1000000 or "any", found 1000001'),
    "fifteen red days": ({"downtime_days": 15}, 'downtime_days: expected 0-14 or "any", found 15'),
    "any in capitals": ({"budget": "ANY"}, 'budget: expected a whole number 1-1000000 or "any", found "ANY"'),
    # choices
    "an unknown concern": (
        {"concern": "wrinkles"},
        'concern: expected texture, acne_scars, hair_thinning or pigment, found "wrinkles"',
    ),
    "a list for a scalar": ({"pregnant": ["yes"]}, f'pregnant: {YES_NO}, found ["yes"]'),
    "true for yes": ({"pregnant": True}, f"pregnant: {YES_NO}, found true"),
    "a maybe": ({"anticoagulant": "maybe"}, f'anticoagulant: {YES_NO}, found "maybe"'),
    "a yes in capitals": ({"pregnant": "YES"}, f'pregnant: {YES_NO}, found "YES"'),
    "a yes with a space": ({"pregnant": "yes "}, f'pregnant: {YES_NO}, found "yes "'),
    "an empty answer": ({"pregnant": ""}, f'pregnant: {YES_NO}, found ""'),
    "an unknown place": ({"place": "mars"}, 'place: expected us, eu, uk, ca, kr, au or other, found "mars"'),
    "a skin type of 7": ({"skin_type": 7}, "skin_type: expected 1, 2, 3, 4, 5, 6 or not_sure, found 7"),
    "a long text": (
        {"pregnant": "y" * 1000},
        f'pregnant: {YES_NO}, found "{"y" * 58}…',
    ),
    "lines in an answer": ({"pregnant": "yes\nno"}, f'pregnant: {YES_NO}, found "yes\\nno"'),
    # lists, objects, settings
    "a text for a list": (
        {"objects_to": "plant"},
        'objects_to: expected a list of own_blood, human_donor, animal or plant, found "plant"',
    ),
    "an unknown objection": (
        {"objects_to": ["plant", "robots"]},
        'objects_to: expected a list of own_blood, human_donor, animal or plant, found ["plant", "robots"]',
    ),
    "a list inside a list": (
        {"objects_to": [["plant"]]},
        'objects_to: expected a list of own_blood, human_donor, animal or plant, found [["plant"]]',
    ),
    "a text for the importance": ({"importance": "lot"}, f'importance: expected an object of {CRITERIA}, found "lot"'),
    "an unknown criterion": ({"importance": {"price": "lot"}}, f"importance.price: expected one of {CRITERIA}"),
    "an unknown importance": (
        {"importance": {"cost": "very"}},
        'importance.cost: expected none, little, lot or must, found "very"',
    ),
    "an importance of 3": ({"importance": {"cost": 3}}, "importance.cost: expected none, little, lot or must, found 3"),
    "an unknown source": (
        {"exosome_product": {"source": "yeast"}},
        'exosome_product.source: expected human, animal or plant, found "yeast"',
    ),
    "an unknown field of the product": (
        {"exosome_product": {"brand": "X"}},
        "exosome_product.brand: expected one of source, use, has_lot_and_certificate",
    ),
    "papers in words": (
        {"exosome_product": {"has_lot_and_certificate": "yes"}},
        'exosome_product.has_lot_and_certificate: expected true or false, found "yes"',
    ),
    "a kit of 1": ({"prp_kit_cleared": 1}, "prp_kit_cleared: expected true or false, found 1"),
    # keys
    "an unknown question": ({"shoe_size": 41}, "shoe_size: not a question of this rulebook"),
    "a part outside of its question": (
        {"since.nsaid": "2026-11-20"},
        'since.nsaid: not a question of this rulebook; write it inside since: {"since": {"nsaid": ...}}',
    ),
    "a misspelt question": ({"pregnnt": "no"}, "pregnnt: not a question of this rulebook; did you mean pregnant?"),
    "an unknown question without an answer": ({"shoe_size": None}, "shoe_size: not a question of this rulebook"),
    "a key with a line break": ({"a\nb": 1}, '"a\\nb": not a question of this rulebook'),
    "an empty key": ({"": 1}, '"": not a question of this rulebook'),
}


@pytest.mark.parametrize("what", [key for key, (_, line) in REFUSED.items() if line])
def test_what_cannot_be_used_is_one_exact_line(what: str, rulebook: Rulebook) -> None:
    answers, line = REFUSED[what]
    assert problems(answers, rulebook) == (line,)
    assert line.isprintable()


def test_digits_of_another_script_are_no_date(rulebook: Rulebook) -> None:
    (line,) = problems(REFUSED["digits of another script"][0], rulebook)
    assert line.startswith(f"event_date: {EVENT}, found ")


def test_every_problem_is_told_at_once(rulebook: Rulebook) -> None:
    found = problems({"age": -4, "concern": "wrinkles", "x": 1, "importance": {"cost": "very", "y": "lot"}}, rulebook)
    assert [line.partition(":")[0] for line in sorted(found)] == sorted(
        ["age", "concern", "x", "importance.cost", "importance.y"]
    )


def test_a_key_of_a_megabyte_and_a_deep_value_are_still_one_short_line(rulebook: Rulebook) -> None:
    deep: Any = "yes"
    for _ in range(200):
        deep = [deep]
    for answers in ({"k" * 1_000_000: 1}, {"pregnant": deep}, {"pregnant": "z" * 1_000_000}):
        (line,) = problems(answers, rulebook)
        assert len(line) < 250 and "\n" not in line


def test_what_is_refused_is_refused_by_recommend_too(rulebook: Rulebook) -> None:
    with pytest.raises(IntakeProblem, match=r"^age: expected 0-120, found -4$"):
        recommend({"age": -4}, rulebook, AS_OF)


def test_an_old_consultation_is_read_with_its_own_date(rulebook: Rulebook) -> None:
    answers = {"event_date": "2025-06-12"}
    assert read_intake(answers, rulebook, date(2025, 1, 1))["event_date"][0] == 162
    assert len(problems(answers, rulebook)) == 1


def test_ten_years_from_a_leap_day_end_on_the_last_of_february(rulebook: Rulebook) -> None:
    leap_day = date(2028, 2, 29)
    assert read_intake({"event_date": "2038-02-28"}, rulebook, leap_day)["event_date"][0] == 3652
    assert len(problems({"event_date": "2038-03-01"}, rulebook, leap_day)) == 1


# --- what is accepted -----------------------------------------------------------------------------------------------

EDGES: dict[str, tuple[Any, ...]] = {
    "age": (0, 120, 41.0),
    "minutes_per_visit": (10, 480, "any"),
    "visits_willing": (1, 12, "any"),
    "budget": (1, 1_000_000, "any"),
    "downtime_days": (0, 14, "any"),
    "event_date": ("2026-11-23", "2036-11-22", "none"),
    "planned_start": ("2026-11-22", "2036-11-22", "now"),
    "objects_to": ([], ["own_blood"], ["plant", "animal", "human_donor", "own_blood"]),
    "skin_type": ("1", "6", 3),
    "prp_kit_cleared": (True, False),
}


@pytest.mark.parametrize("question", EDGES)
def test_the_edges_of_each_range_are_accepted(question: str, rulebook: Rulebook) -> None:
    for value in EDGES[question]:
        assert read_intake({question: value}, rulebook, AS_OF).rows == 1


def test_a_start_in_the_past_counts_as_today(rulebook: Rulebook) -> None:
    assert read_intake({"planned_start": "2026-01-01"}, rulebook, AS_OF)["planned_start"][0] == 0


def test_an_answer_repeated_in_a_list_counts_once(rulebook: Rulebook) -> None:
    once = read_intake({"objects_to": ["plant"]}, rulebook, AS_OF)["objects_to"][0]
    assert read_intake({"objects_to": ["plant", "plant"]}, rulebook, AS_OF)["objects_to"][0] == once


def test_a_null_is_a_missing_key_and_nothing_stands_in_for_it(rulebook: Rulebook) -> None:
    nothing = read_intake({}, rulebook, AS_OF)
    nulls = {key: None for key in rulebook.questions}
    nulled = read_intake({**nulls, "importance": {"cost": None}}, rulebook, AS_OF)
    for name, column in columns_of(rulebook).items():
        assert nothing[name][0] == nulled[name][0] == column.default
        if rulebook.questions[column.question_id].part != "place":
            assert answer_of(column, column.default, AS_OF) in (None, [])


def test_the_clinics_settings_stand_where_a_request_gives_none(rulebook: Rulebook) -> None:
    table, columns = read_intake({}, rulebook, AS_OF), columns_of(rulebook)
    given = {name: answer_of(columns[name], int(table[name][0]), AS_OF) for name in columns}
    assert (given["place"], given["prp_kit_cleared"], given["spin_during_numbing"]) == ("us", True, False)
    assert given["exosome_product.source"] is None


# --- round trip -----------------------------------------------------------------------------------------------------


def possible_answers(name: str, rulebook: Rulebook) -> list[Any]:
    """Every answer of a question, or a number's and a date's edges and words."""
    column = columns_of(rulebook)[name]
    question = column.question
    match column.kind:
        case "choice":
            return list(column.answers)
        case "product":
            return [answer == "true" if answer in ("true", "false") else answer for answer in column.answers]
        case "yes_no_setting":
            return [True, False]
        case "several":
            bits = range(1 << len(column.answers))
            return [[answer for bit, answer in enumerate(column.answers) if code >> bit & 1] for code in bits]
        case "whole_number":
            return [question.low, question.low + 1, question.high, *column.answers]
        case "since":
            return ["2026-11-22", "2026-11-21", "2026-02-28", "2020-02-29", "2016-11-22"]
        case _:
            return ["2026-11-23", "2027-02-28", "2028-02-29", "2036-11-22", *column.answers]


def test_every_answer_is_the_answer_of_its_code(rulebook: Rulebook) -> None:
    for name, column in columns_of(rulebook).items():
        answers = possible_answers(name, rulebook)
        codes = [code_of(column, answer, AS_OF) for answer in answers]
        assert [answer_of(column, code, AS_OF) for code in codes] == answers, name
        assert len(set(codes)) == len(codes), name
        has_words = column.kind in ("whole_number", "date") and bool(column.answers)
        assert UNANSWERED not in codes and (IN_A_WORD in codes) == has_words, name


def test_every_answer_is_the_same_in_a_cell_of_a_table(rulebook: Rulebook) -> None:
    for name, column in columns_of(rulebook).items():
        for answer in possible_answers(name, rulebook):
            cell = {True: "true", False: "false"}.get(answer) if isinstance(answer, bool) else str(answer)
            if isinstance(answer, list):
                cell = "|".join(answer) or "none"
            value = cell_value(column, str(cell))
            assert code_of(column, value, AS_OF) == code_of(column, answer, AS_OF), f"{name}: {cell}"
        assert cell_value(column, "") is None


@settings(max_examples=80, deadline=None)
@given(client=clients())
def test_a_whole_intake_comes_back_from_its_codes(client: Plain, rulebook: Rulebook) -> None:
    table, columns = read_intake(client, rulebook, AS_OF), columns_of(rulebook)
    again: Plain = {}
    for name, column in columns.items():
        answer = answer_of(column, int(table[name][0]), AS_OF)
        key, _, part = name.partition(".")
        if part and answer is not None:
            again.setdefault(key, {})[part] = answer
        elif not part:
            again[key] = answer
    second = read_intake(again, rulebook, AS_OF)
    assert all(second[name][0] == table[name][0] for name in columns)


def test_a_repeated_row_may_be_written_to_without_touching_the_first(rulebook: Rulebook) -> None:
    table = read_intake(healthy(concern="texture"), rulebook, AS_OF)
    many = repeated(table, 3)
    many.columns["age"][1] = 99
    assert many.columns["age"].tolist() == [40, 99, 40] and table["age"].tolist() == [40]
