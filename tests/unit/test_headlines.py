"""The headline: limits that nothing keeps, then what fits best, then exosomes or PRP; holds and open questions in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook, load_rulebook
from medspa_core.rulebook.schema.judged import Gate
from medspa_core.safety import Verdict
from medspa_core.wording.flips import flip_lines
from medspa_core.wording.headlines import headline
from medspa_core.wording.limit_marks import limit_mark
from medspa_core.wording.limits import limits
from medspa_core.wording.plan_words import looked_at
from medspa_core.wording.states import state_of
from medspa_core.wording.words import Told, read_words
from tests.added_option import add_light, copy_of_data
from tests.conftest import AS_OF, DATA, healthy
from tests.unit.strategies import Plain, clients
from tests.unit.test_wording import of_the_pictures, told

BOOK = load_rulebook(DATA)
FEW = settings(max_examples=60, deadline=None)
SEVEN_HUNDRED = {
    "concern": "texture", "budget": 700, "minutes_per_visit": 75, "event_date": "2027-06-20", "importance": {"cost": "lot"},
}  # fmt: skip
OPEN = re.compile(r"(\d+ safety questions are|One safety question is|Your age is still) open\.")


def lines(rulebook: Rulebook, **answers: Any) -> tuple[str, ...]:
    return headline(told(rulebook, **answers)).lines


def said(client: Plain) -> Told:
    return Told(recommend(client, BOOK, AS_OF), client, BOOK, read_words())


# --- the order of the sentences -------------------------------------------------------------------------------------


def test_the_best_fit_comes_first_then_the_pair_then_waiting_and_what_each_basis_says(rulebook: Rulebook) -> None:
    found = headline(of_the_pictures(rulebook))
    assert found.lines[0].startswith("Microneedling alone fits you best")
    assert found.lines[1] == "Exosomes or PRP? Exosomes, a little. They are over your $2,500."
    assert found.below == ("Waiting costs nothing and is fine too.",)
    assert found.bases == (
        "By our own figures alone: exosomes. "
        "Studies so far put neither ahead. Microneedling alone is a fair first choice for texture. "
        "At the usual visits: exosomes over by $200."
    )
    assert found.all_below == (*found.below, found.bases)


def test_a_limit_that_nothing_keeps_is_said_before_any_praise(rulebook: Rulebook) -> None:
    assert lines(rulebook, **SEVEN_HUNDRED, blood_draw_comfort="never") == (
        "No treatment here fits $700 at the usual visits. Microneedling comes nearest: $1,050.",
        "Exosomes or PRP? PRP is not for you, because you never want a blood draw.",
    )


def test_where_all_are_as_near_that_is_said_and_a_third_limit_stands_below(rulebook: Rulebook) -> None:
    limits = {
        "visits_willing": 2,
        "downtime_days": 1,
        "importance": {"cost": "lot", "visits": "lot", "downtime": "lot"},
    }
    found = headline(told(rulebook, **{**SEVEN_HUNDRED, **limits}))
    assert found.lines[:2] == (
        "No treatment here fits 2 visits: 3 visits, the same for all.",
        "No treatment here fits $700 at the usual visits. Microneedling comes nearest: $1,050.",
    )
    assert found.below[0] == "No treatment here fits 1 red day a visit: 2 red days, the same for all."


def test_each_that_comes_as_near_to_a_limit_is_named_and_which_one_leads_is_still_said(rulebook: Rulebook) -> None:
    """Microneedling and exosomes take 58 minutes, PRP 78: only the order by rank would name one of the two."""
    wishes = {"minutes_per_visit": 45, "importance": {"visit_time": "lot", "evidence": "none"}}
    client = told(rulebook, concern="texture", blood_draw_comfort="rather_not", budget=5000, **wishes)
    assert client.result.best == "exosome_microneedling"
    assert headline(client).lines[:2] == (
        "No treatment here fits 45 minutes a visit. Microneedling and exosomes come nearest: 58 minutes.",
        "Exosomes come first for you.",
    )


def test_what_is_as_near_by_other_amounts_names_each_amount(rulebook: Rulebook) -> None:
    """A thousandth is the finest that is counted; so $1,050 and $1,053 can be as near to $3, and are not the same."""
    amounts = {option: price.amount for option, price in rulebook.clinic.prices.items()}
    prices = {**amounts, "prp_microneedling": amounts["microneedling_alone"] + 1}
    near = with_prices(rulebook, prices)
    first = lines(near, **{**SEVEN_HUNDRED, "budget": 3})[0]
    assert (
        first == "No treatment here fits $3 at the usual visits. Microneedling and PRP come nearest: $1,050 and $1,053."
    )


def with_prices(rulebook: Rulebook, amounts: dict[str, int]) -> Rulebook:
    """The rulebook with other prices."""
    prices = {key: price.model_copy(update={"amount": amounts[key]}) for key, price in rulebook.clinic.prices.items()}
    return replace(rulebook, clinic=rulebook.clinic.model_copy(update={"prices": prices}))


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        ({"minutes_per_visit": 40, "importance": {"visit_time": "lot"}}, "No treatment here fits 40 minutes a visit. "),
        ({"visits_willing": 1, "importance": {"visits": "lot"}}, "No treatment here fits 1 visit: 3 visits, the same"),
        (
            {"downtime_days": 0, "importance": {"downtime": "must"}},
            "No treatment here comes without red days: 2 red days,",
        ),
        ({"budget": 300, "importance": {"cost": "must"}}, "No treatment here fits $300 at the usual visits. "),
    ],
)
def test_each_limit_has_its_sentence(rulebook: Rulebook, answers: dict[str, Any], first: str) -> None:
    assert lines(rulebook, concern="texture", **answers)[0].startswith(first)


def test_a_limit_that_counts_a_little_does_not_lead(rulebook: Rulebook) -> None:
    found = lines(rulebook, **{**SEVEN_HUNDRED, "importance": {"cost": "little"}})
    assert not found[0].startswith("No treatment")


def test_what_breaks_a_limit_that_another_keeps_is_not_said_to_fit(rulebook: Rulebook) -> None:
    wishes = dict.fromkeys(("cost", "result", "evidence", "blood_draw"), "lot")
    found = told(rulebook, concern="hair_thinning", budget=2000, blood_draw_comfort="fine", importance=wishes)
    assert found.result.best == "prp_microneedling"
    assert headline(found).lines[0] == "PRP comes first for you. It is over your $2,000."


def test_the_better_of_the_two_says_what_it_goes_beyond(rulebook: Rulebook) -> None:
    found = lines(rulebook, **{**SEVEN_HUNDRED, "budget": 1500})
    assert found == (
        "Microneedling alone fits you best.",
        "Exosomes or PRP? Exosomes, a little. They are over your $1,500.",
    )


def test_a_close_call_says_that_both_fit(rulebook: Rulebook) -> None:
    found = lines(rulebook, concern="texture")
    assert found == ("A close call: PRP and exosomes both fit you.", "Exosomes or PRP? A close call.")


# --- what is ruled out ----------------------------------------------------------------------------------------------


def test_a_must_that_rules_one_out_is_named(rulebook: Rulebook) -> None:
    client = of_the_pictures(rulebook, importance={"cost": "must"})
    assert (
        headline(client).lines[-1] == "Exosomes or PRP? Exosomes are not for you, because the cost is a must for you."
    )


def test_what_the_client_does_not_want_used_is_named(rulebook: Rulebook) -> None:
    assert (
        "because you don't want your own blood used"
        in headline(of_the_pictures(rulebook, objects_to=["own_blood"])).lines[-1]
    )


def test_when_nothing_is_left_waiting_is_still_open(rulebook: Rulebook) -> None:
    client = told(rulebook, concern="texture", pregnant="yes")
    assert headline(client).lines == ("No treatment is for you right now. Waiting is always open.",)
    assert [state_of(client, option).sign for option in rulebook.ranked] == ["no", "no", "no"]
    assert state_of(client, "wait").text == "Always open"


def test_where_both_bases_name_one_and_it_is_close_the_lead_is_said_to_be_small(rulebook: Rulebook) -> None:
    client = told(rulebook, concern="hair_thinning", age=55, citrate_allergy="yes", poor_veins="yes")
    assert client.result.standing == "close_call"
    assert "both fit" in headline(client).lines[0]
    assert (
        headline(client).bases
        == "By our own figures alone: exosomes. By studies alone it is the same. The lead is small."
    )


def test_then_is_said_of_our_experience_only_where_nothing_lies_between(tmp_path: Path) -> None:
    """Light needling, which the clinic has added, lies between microneedling and the better of the two."""
    with_light = load_rulebook(add_light(copy_of_data(tmp_path)))
    wishes = {
        "cost": "lot",
        "evidence": "lot",
        "calm_skin": "none",
        "consistency": "none",
        "result": "none",
        "visits": "none",
    }
    client = {"concern": "texture", "budget": 1050, "minutes_per_visit": 60, "importance": wishes}
    for book, sentence in (
        (BOOK, "By our own figures alone: microneedling alone, then exosomes."),
        (with_light, "By our own figures alone: light needling"),
    ):
        assert headline(told(book, **client)).bases.startswith(sentence)


def test_what_each_basis_alone_says_is_no_advice_over_a_limit_that_was_given(rulebook: Rulebook) -> None:
    found = headline(told(rulebook, concern="texture", budget=700, importance={"cost": "little"}))
    assert found.bases == (
        "By our own figures alone: exosomes. Studies so far put neither ahead. At the usual visits: exosomes over by $2,000."
    )
    scars = headline(told(rulebook, concern="acne_scars", budget=700, event_date="2026-12-20")).bases
    assert scars.endswith(
        "At the usual visits: exosomes over by $2,900, not ready by December 20. PRP over by $2,100, not ready by December 20."
    )
    tight = told(rulebook, concern="texture", minutes_per_visit=40, event_date="2026-12-10", blood_draw_comfort="never")
    assert "At the usual visits: exosomes over by 18 min, not ready by December 10." in headline(tight).bases


@FEW
@given(clients())
def test_of_each_basis_nothing_is_named_first_without_what_it_goes_beyond(client: Plain) -> None:
    found = said(client)
    text = headline(found).bases
    assert "points to" not in text
    named = re.search(r"figures alone: (.*?)(?:[.;] |\.$)", text)
    if named and "level" not in named[1]:
        first = named[1].partition(", ")[0]
        option = next(one for one in BOOK.ranked if found.name(one) == first)
        marks = [limit_mark(found, option, criterion) for criterion in limits(BOOK)]
        beyond = re.search(rf"At the usual visits: .*?\b{first} over by", text, re.IGNORECASE)
        assert bool(beyond) == any(mark and mark.sign == "over" for mark in marks), text
    if "fair first choice" in text:
        alone = next(one for one in BOOK.ranked if one not in BOOK.model.pair)
        assert not [1 for one in limits(BOOK) if (mark := limit_mark(found, alone, one)) and mark.sign == "over"]


# --- nothing said yet, open questions and holds ---------------------------------------------------------------------


@pytest.mark.parametrize("answers", [{}, {"age": 40}])
def test_once_the_talk_is_over_nobody_is_sent_to_a_step(rulebook: Rulebook, answers: dict[str, Any]) -> None:
    found = headline(told(rulebook, healthy=False, **answers), over=True)
    assert "So we can't say yet what fits you." in found.lines[0]
    assert found.below == (
        "Waiting costs nothing and is fine too.",
        "You can come back at any time. Then we begin with a few questions.",
    )


@pytest.mark.parametrize("of_the_clinic", [{}, {"exosome_product": {"source": "plant"}, "place": "us"}])
def test_who_has_answered_nothing_gets_no_verdict(rulebook: Rulebook, of_the_clinic: dict[str, Any]) -> None:
    """What the clinic knows of its product and its place is no answer of the client's."""
    assert headline(told(rulebook, healthy=False, **of_the_clinic)).lines == ("No answers yet. Start with You.",)


def test_without_a_concern_that_is_asked_first(rulebook: Rulebook) -> None:
    assert lines(rulebook, age=40) == ("First tell us what you would like to change.",)


def test_while_safety_questions_are_open_a_verdict_is_one_so_far(rulebook: Rulebook) -> None:
    client = told(rulebook, healthy=False, concern="hair_thinning", age=40)
    number = len(client.result.unanswered_safety)
    first, pair = headline(client).lines
    assert number > 40
    assert first.startswith("So far PRP fits you best.") and first.endswith(f"{number} safety questions are open.")
    assert pair == "Exosomes or PRP? So far PRP."


def test_what_a_limit_has_named_as_nearest_leads_so_far(rulebook: Rulebook) -> None:
    found = lines(rulebook, **SEVEN_HUNDRED, blood_draw_comfort="never", metal_allergy=None)
    assert found[1] == "So far microneedling alone comes first for you. One safety question is open."


def test_where_nothing_counts_nothing_is_pointed_to(rulebook: Rulebook) -> None:
    nothing = dict.fromkeys(rulebook.criteria, "none")
    assert lines(rulebook, concern="texture", importance=nothing) == ("Nothing you said points to one of them.",)
    open_too = lines(rulebook, concern="texture", importance=nothing, age=None)
    assert open_too == ("So far nothing you said points to one of them. Your age is still open.",)


def test_an_open_age_is_called_that(rulebook: Rulebook) -> None:
    assert lines(rulebook, concern="hair_thinning", age=None)[0] == "So far PRP fits you best. Your age is still open."


def test_what_is_deferred_says_from_when(rulebook: Rulebook) -> None:
    assert lines(rulebook, concern="hair_thinning", nsaid="last_2_days") == (
        "PRP fits you best, from November 29.",
        "Exosomes or PRP? PRP, from November 29.",
    )


def test_the_other_of_the_two_says_from_when_too(rulebook: Rulebook) -> None:
    pair = headline(of_the_pictures(rulebook, nsaid="last_2_days")).lines[-1]
    assert pair == "Exosomes or PRP? Exosomes, a little. They are over your $2,500. PRP, from November 29."


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ({"anticoagulant": "yes"}, "of your answer on a medicine that thins the blood"),
        ({"anticoagulant": "not_sure"}, "your answer on a medicine that thins the blood is not sure"),
        ({"anticoagulant": "not_sure", "diabetes": "not_sure"}, "your answers on diabetes and 1 more are not sure"),
        (
            {"latex_allergy": "yes", "autoimmune": "other", "anaemia": "yes"},
            "of your answers on autoimmune disease and 1 more",
        ),
        ({"age": 20}, "of your age"),
    ],
)
def test_a_review_names_its_true_cause(rulebook: Rulebook, answers: dict[str, Any], cause: str) -> None:
    first = lines(rulebook, concern="hair_thinning", **answers)[0]
    assert first.endswith(f"The clinician looks first, because {cause}.")


NOT_SURE = ("citrate_allergy", "metal_allergy", "bleeding_disorder", "diabetes", "autoimmune")
"""The first is about PRP alone, the second about needling, so about all three."""


@pytest.mark.parametrize("concern", ["texture", "hair_thinning"])
@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_answers_that_are_not_sure_are_counted_over_all_options(rulebook: Rulebook, concern: str, number: int) -> None:
    for first in range(len(NOT_SURE)):
        turned = (*NOT_SURE[first:], *NOT_SURE[:first])
        client = told(rulebook, concern=concern, **dict.fromkeys(turned[:number], "not_sure"))
        text = " ".join(headline(client).lines)
        assert (" is not sure." in text) <= (number == 1), text
        assert (" are not sure." in text) <= (number > 1), text
        assert number < len(NOT_SURE) or f"and {number - 1} more are not sure." in text


def test_of_a_close_call_the_answers_of_both_are_counted(rulebook: Rulebook) -> None:
    found = told(rulebook, concern="texture", citrate_allergy="not_sure", metal_allergy="not_sure")
    assert found.result.standing == "close_call"
    assert "your answers on metal allergy and 1 more are not sure" in " ".join(headline(found).lines)


@FEW
@given(clients())
def test_one_answer_is_said_to_be_not_sure_only_where_one_is(client: Plain) -> None:
    found = said(client)
    reviewed = {
        one.contraindication
        for option in BOOK.ranked
        for one in found.state(option).findings
        if one.verdict is Verdict.NEEDS_REVIEW and one.case == "not_sure"
    }
    text = " ".join(headline(found).lines)
    assert " is not sure." not in text or len(reviewed) == 1
    more = re.search(r"and (\d+) more are not sure", text)
    assert more is None or int(more[1]) == len(reviewed) - 1


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_answers_that_a_clinician_looks_at_are_counted_in_what_was_looked_at(rulebook: Rulebook, number: int) -> None:
    found = dict.fromkeys(NOT_SURE[:number], "not_sure")
    safety = dict(looked_at(told(rulebook, concern="texture", **found)))["Safety"]
    named = (
        f"answers on metal allergy and {number - 1} more"
        if number == 2
        else f"answers on autoimmune disease and {number - 1} more"
    )
    assert {
        0: "Nothing found; the exam is still needed.",
        1: "The clinician looks at your answer on allergy to citrate with you.",
    }.get(number, f"The clinician looks at your {named} with you.") == safety
    assert dict(looked_at(told(rulebook, age=17)))["Safety"] == "These treatments are for adults."


def test_what_is_never_wanted_is_named_among_what_matters(rulebook: Rulebook) -> None:
    client = told(rulebook, needle_comfort="never", blood_draw_comfort="never", objects_to=["own_blood", "animal"])
    assert dict(looked_at(client))["What matters"] == (
        "Never a blood draw. Never needles in the skin. Not wanted: your own blood and a product from animals."
    )


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_open_safety_questions_are_counted(rulebook: Rulebook, number: int) -> None:
    left_out = dict.fromkeys(("metal_allergy", "diabetes", "autoimmune", "fever_or_illness_now", "keloid")[:number])
    text = lines(rulebook, concern="hair_thinning", **left_out)[0]
    words = {0: "", 1: "One safety question is open."}.get(number, f"{number} safety questions are open.")
    assert text.endswith(words) and ("open" in text) == bool(number)


@pytest.mark.parametrize(
    ("answers", "cause"),
    [
        ({"exosome_product": None}, "we have not recorded our exosome product yet"),
        ({"place": "kr"}, "of the rules here"),
    ],
)
def test_what_the_clinic_has_not_settled_is_never_put_on_the_clients_answers(
    rulebook: Rulebook, answers: dict[str, Any], cause: str
) -> None:
    found = lines(rulebook, concern="texture", **answers)[0]
    assert f"The clinician looks at exosomes first, because {cause}." in found
    assert "answer" not in found


def test_of_a_product_that_is_not_recorded_a_client_reads_what_the_director_signs(rulebook: Rulebook) -> None:
    gate = rulebook.gates["exosome_product_not_recorded"]
    other = "We do not know our product."
    changed = replace(rulebook, gates={**rulebook.gates, "exosome_product_not_recorded": replaced(gate, other)})
    for book in (rulebook, changed):
        signed = book.gates["exosome_product_not_recorded"].client
        found = lines(book, concern="texture", exosome_product=None)[0]
        assert f", because {signed[:1].lower()}{signed[1:]}" in found


def replaced(gate: Gate, client: str) -> Gate:
    return gate.model_copy(update={"client": client})


def test_an_answer_and_the_product_are_both_named(rulebook: Rulebook) -> None:
    client = of_the_pictures(rulebook, exosome_product=None, anticoagulant="yes")
    first, pair = headline(client).lines
    assert "because of your answer on a medicine that thins the blood." in first
    assert "because we have not recorded our exosome product yet." in pair


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
def test_every_answer_that_a_clinician_looks_at_is_named_in_the_clients_words(rulebook: Rulebook, answer: str) -> None:
    for key, rule in rulebook.contraindications.items():
        question = rulebook.questions[key]
        if question.part != "safety" or answer not in (*rule.cases, "not_sure"):
            continue
        named = question.words.in_a_sentence
        assert named and named[0].islower() and not named.endswith((".", "?")), key
        found = told(rulebook, concern="texture", **{key: answer})
        text = " ".join(headline(found).lines)
        if "The clinician looks" in text:
            assert f"your answer on {named}" in text, key
        assert "of your answers" not in text


def test_what_the_second_line_adds_is_named_and_what_the_first_has_named_is_not_named_again(rulebook: Rulebook) -> None:
    first, pair = headline(of_the_pictures(rulebook, diabetes="controlled", exosome_product_allergy="yes")).lines
    assert "because of your answer on diabetes." in first
    assert "diabetes" not in pair


def test_an_answer_of_a_rulebook_that_has_no_words_for_it_is_counted(rulebook: Rulebook) -> None:
    """A consultation of before keeps its own rulebook, and a clinic's own question may say nothing for a sentence."""
    questions = {
        key: one.model_copy(update={"words": one.words.model_copy(update={"in_a_sentence": ""})})
        for key, one in rulebook.questions.items()
    }
    older = replace(rulebook, questions=questions)
    assert lines(older, concern="texture", diabetes="controlled")[0].endswith("because of one of your answers.")
    assert "some answers are not sure yet" in lines(older, concern="texture", diabetes="not_sure", cancer="not_sure")[0]


# --- of any client --------------------------------------------------------------------------------------------------


@FEW
@given(clients())
def test_limits_that_nothing_keeps_stand_first_in_the_order_of_the_criteria(client: Plain) -> None:
    found, result = headline(said(client)), recommend(client, BOOK, AS_OF)
    told_first = [line for line in found.lines if line.startswith("No treatment here ")]
    assert len(told_first) == min(2, len(result.nobody_keeps))
    assert list(found.lines[: len(told_first)]) == told_first
    assert len([line for line in found.below if line.startswith("No treatment here ")]) == max(
        0, len(result.nobody_keeps) - 2
    )


@FEW
@given(clients())
def test_nothing_that_breaks_a_limit_that_counts_is_said_to_fit(client: Plain) -> None:
    found = said(client)
    for line in headline(found).lines:
        if re.search(r"\bfits? you\b|both fit", line):
            names = [o for o in BOOK.ranked if found.name(o).lower() in line.partition("?")[0].lower()]
            named = BOOK.model.pair if "both fit" in line and "?" in line else names
            assert not [option for option in named if found.state(option).breaks], line


@FEW
@given(clients(), st.sampled_from((900, 1500, 2700)))
def test_a_flip_is_ahead_of_what_is_still_open_and_only_what_keeps_the_limits_is_just_named(
    client: Plain, budget: int
) -> None:
    """Of the two, what breaks a limit after the change is ahead of the other; what the change takes away is behind nobody."""
    found = said({**client, "budget": budget})
    both = [(found.result, flip) for flip in found.result.flips]
    both += [(found.result.pair, flip) for flip in (found.result.pair.flips if found.result.pair else ())]
    for line in flip_lines(found, limit=20):
        first, _, second = line.outcome.partition(", ahead of ")
        turned = [
            (now, flip)
            for now, flip in both
            if flip.question == line.key and flip.best and found.name(flip.best) == first
        ]
        if second:
            assert any(now.best in flip.still_open and found.name(now.best) == second for now, flip in turned), line
        elif turned:
            assert any(
                not flip.breaks or now.best not in flip.still_open or now.best == flip.best for now, flip in turned
            ), line


@FEW
@given(clients())
@example(healthy(concern="hair_thinning", sunburn_or_tan="yes"))
def test_what_the_headline_answers_with_is_open_and_its_hold_is_said(client: Plain) -> None:
    found = said(client)
    text = " ".join(headline(found).lines)
    best = found.result.best
    assert bool(OPEN.search(text)) == ("So far" in text)
    if best is None:
        return
    state = found.state(best)
    assert state.verdict is not Verdict.EXCLUDED
    if state.verdict is Verdict.DEFERRED:
        assert re.search(r", from (\d+ \w+|\w+ \d+)", text) or "So far" in text
    if state.verdict is Verdict.NEEDS_REVIEW:
        assert "The clinician looks" in text or OPEN.search(text)
    reviewed = [one for one in state.findings if one.verdict is Verdict.NEEDS_REVIEW]
    product = [one for one in reviewed if one.is_gate and one.question == "exosome_product"]
    assert not product or "we have not recorded our exosome product yet" in text


@FEW
@given(clients())
def test_every_headline_is_whole_sentences_without_a_gap(client: Plain) -> None:
    found = headline(said(client))
    assert found.lines
    for line in (*found.lines, *found.all_below):
        assert line.endswith(".") and line[0].isupper() and "{" not in line and "  " not in line, line


def test_a_limit_that_counts_only_a_little_is_not_passed_over_in_praise(rulebook: Rulebook) -> None:
    """PRP leads here by what studies say of scars, over the budget and not ready in time: that is said, and not that it fits."""
    said = headline(told(rulebook, **healthy(concern="acne_scars", budget=2500, blood_draw_comfort="fine"))).lines
    assert said[0].startswith("PRP comes first for you") and "over your $2,500" in said[0]
