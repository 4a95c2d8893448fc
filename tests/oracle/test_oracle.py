"""The oracle against the facts the model states in words."""

import json
import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from .clients import CONCERNS, SAFETY_ANSWERS, harmless, invented_client
from .draws import CRITERIA, read_draws, regenerate
from .model import BASES, PAIR, milestones, oracle, visit_minutes
from .safety import EXO, MN, PRP, RANKED, SAFETY, TAKES_A_DAY, VERDICTS, answer_code
from .spans import low_typical_high, quantile, span, thousandths

AS_OF = date(2027, 1, 11)
PRODUCT = {"source": "plant", "use": "after_needling", "has_lot_and_certificate": True}


def healthy(**answers):
    """An adult with nothing to report and a recorded product."""
    nothing = {question: harmless(question) for question in SAFETY_ANSWERS}
    return {**nothing, "age": 40, "smokes": "no", "concern": "texture", "exosome_product": PRODUCT, **answers}


def client_of_the_pictures(**answers):
    """Rather no blood draw, at most 2,500, a date in June."""
    wishes = {
        "age": 44,
        "concern": "texture",
        "blood_draw_comfort": "rather_not",
        "budget": 2500,
        "minutes_per_visit": 75,
        "visits_willing": 4,
        "event_date": "2027-06-12",
        "planned_start": "2027-01-25",
        "material_preference": "no_preference",
        "anaemia": "not_sure",
        "importance": {"blood_draw": "lot", "cost": "lot"},
    }
    return healthy(**{**wishes, **answers})


def verdicts(**answers):
    options = oracle(healthy(**answers), AS_OF)["options"]
    return tuple(options[option]["verdict"] for option in RANKED)


# ---------------------------------------------------------------- distributions


def test_a_span_rises_to_its_typical_value_and_falls_after_it():
    assert span(1, 2, 3) == {1: Fraction(1, 4), 2: Fraction(1, 2), 3: Fraction(1, 4)}
    assert sum(span(42, 84, 182).values()) == 1


def test_a_quantile_is_the_first_value_reached_with_that_chance():
    assert quantile({1: Fraction(1, 2), 2: Fraction(1, 2)}, Fraction(1, 2)) == 1


def test_half_a_thousandth_is_rounded_up():
    assert thousandths(Fraction(5625, 10000)) == 563


@pytest.mark.parametrize(
    "option, basis, expected",
    [
        (MN, "clinic", (49, 58, 68)),
        (EXO, "clinic", (49, 58, 68)),
        (MN, "published", (49, 58, 68)),
        (EXO, "published", (49, 58, 68)),
        (PRP, "clinic", (67, 78, 88)),
        (PRP, "published", (59, 68, 78)),
    ],
)
def test_visits_take_the_minutes_the_model_states(option, basis, expected):
    minutes = low_typical_high(visit_minutes(option, basis, False))
    assert (minutes["low"], minutes["typical"], minutes["high"]) == expected


def test_spinning_while_the_cream_works_makes_the_clinic_visit_the_published_one():
    assert visit_minutes(PRP, "clinic", True) == visit_minutes(PRP, "published", False)


@pytest.mark.parametrize("concern", CONCERNS)
def test_every_distribution_adds_up_to_one(concern):
    for option in RANKED:
        for basis in ("clinic", "published"):
            for distribution in milestones(option, basis, concern).values():
                assert sum(distribution.values()) == 1


# ---------------------------------------------------------------- draws


def test_the_shipped_draws_are_512_rows_of_the_eleven_criteria():
    draws = read_draws()
    assert len(draws) == 512
    assert all(tuple(draw) == CRITERIA for draw in draws)
    assert set(draws[0].values()) == {11} and set(draws[1].values()) == {50}


def test_the_shipped_draws_can_be_made_again():
    pytest.importorskip("scipy")
    assert [list(draw.values()) for draw in read_draws()] == regenerate()


def test_no_weighted_sum_leaves_the_exact_range_of_a_small_float():
    assert max(sum(3 * 1000 * value for value in draw.values()) for draw in read_draws()) < 2**24


# ---------------------------------------------------------------- the client of the pictures


@pytest.mark.parametrize("downtime", [None, 3])
def test_the_client_of_the_pictures_is_pointed_to_exosomes_by_1349_points(downtime):
    pair = oracle(client_of_the_pictures(downtime_days=downtime), AS_OF)["pair"]
    points = {line["criterion"]: line["points"] for line in pair["reasons"] if line["points"]}
    assert points == {"blood_draw": 2100, "visit_time": 323, "cost": -1074}
    assert pair["points"][EXO] - pair["points"][PRP] == 1349
    assert (pair["best"], pair["standing"], pair["unmet"]) == (EXO, "leans", ["cost"])


def test_for_the_client_of_the_pictures_microneedling_alone_comes_first_overall():
    assert oracle(client_of_the_pictures(), AS_OF)["best"] == MN


def test_the_latest_safe_start_of_the_client_of_the_pictures_is_18_february():
    course = oracle(client_of_the_pictures(), AS_OF)["options"][EXO]["course"]
    assert course["published"]["latest_safe_start"] == "2027-02-18"
    assert course["considered"]["latest_safe_start"] == "2027-02-18"


@pytest.mark.parametrize(
    "answers, best, standing",
    [
        ({"blood_draw_comfort": "fine"}, PRP, "clear"),
        ({"blood_draw_comfort": "uneasy"}, EXO, "close_call"),
        ({"material_preference": "own"}, EXO, "leans"),
    ],
)
def test_other_answers_turn_the_pair(answers, best, standing):
    pair = oracle(client_of_the_pictures(**answers), AS_OF)["pair"]
    assert (pair["best"], pair["standing"]) == (best, standing)


# ---------------------------------------------------------------- verdicts


def test_the_safety_table_asks_every_safety_question():
    assert set(SAFETY) == set(SAFETY_ANSWERS) | {"smokes"}
    for question, table in SAFETY.items():
        assert set(table) <= set(SAFETY_ANSWERS.get(question, ("yes",)))


def test_a_healthy_adult_is_clear_and_exosomes_never_better_than_caution():
    assert verdicts() == ("clear", "clear", "caution")


def test_an_unanswered_question_asks_for_review_where_the_row_can_reach_review():
    for question in SAFETY_ANSWERS:
        for option in RANKED:
            worst = max((answer_code(question, a, option)[0] for a in SAFETY[question]), key="CcRDX".index)
            unknown = answer_code(question, None, option)
            assert unknown == answer_code(question, "not_sure", option)
            assert unknown == ("R" if worst in "RDX" else worst) or question in ("poor_veins", "faints_with_needles")


@pytest.mark.parametrize(
    "answers, expected",
    [
        ({"age": 17}, ("excluded", "excluded", "excluded")),
        ({"age": 18}, ("needs_review", "needs_review", "needs_review")),
        ({"age": 21}, ("needs_review", "needs_review", "needs_review")),
        ({"age": 22}, ("clear", "clear", "caution")),
        ({"nsaid": "last_2_days"}, ("clear", "deferred", "caution")),
        ({"nsaid": "last_7_days"}, ("clear", "deferred", "caution")),
        ({"nsaid": "not_sure"}, ("clear", "needs_review", "caution")),
        ({"citrate_allergy": None}, ("clear", "needs_review", "caution")),
        ({"poor_veins": "yes"}, ("clear", "caution", "caution")),
        ({"exosome_product_allergy": "not_sure"}, ("clear", "clear", "needs_review")),
        ({"blood_borne_infection": "yes"}, ("clear", "clear", "caution")),
        ({"smokes": None}, ("clear", "clear", "caution")),
        ({"smokes": "not_sure"}, ("caution", "caution", "caution")),
        ({"cancer": "past_skin"}, ("needs_review", "needs_review", "excluded")),
        ({"latex_allergy": None}, ("caution", "caution", "caution")),
        ({"bleeding_supplements_last_7_days": "not_sure"}, ("caution", "caution", "caution")),
        ({"hair_removal_area_last_7_days": None}, ("needs_review", "needs_review", "needs_review")),
        ({"needling_area_last_28_days": "yes"}, ("deferred", "deferred", "deferred")),
        ({"tattoo_or_permanent_makeup_area": "yes"}, ("needs_review", "needs_review", "needs_review")),
        ({"pregnant": "not_applicable"}, ("clear", "clear", "caution")),
    ],
)
def test_verdicts_follow_the_table(answers, expected):
    assert verdicts(**answers) == expected


@pytest.mark.parametrize(
    "new, old, expected",
    [
        (None, "yes", ("yes", "deferred")),
        (None, "no", (None, "needs_review")),
        (None, "not_applicable", (None, "needs_review")),
        (None, "not_sure", ("not_sure", "needs_review")),
        ("no", "yes", ("yes", "deferred")),
        ("no", "not_sure", ("not_sure", "needs_review")),
        ("not_sure", "yes", ("yes", "deferred")),
        ("not_sure", "no", ("not_sure", "needs_review")),
        ("yes", "no", ("yes", "deferred")),
        ("no", "no", None),
    ],
)
def test_the_old_filler_question_is_read_strictly(new, old, expected):
    client = healthy(filler_last_28_days=new, filler_last_14_days=old)
    found = oracle(client, AS_OF)["options"][MN]["findings"]
    assert [(one["answer"], one["verdict"]) for one in found] == ([expected] if expected else [])


def test_a_day_changes_nothing_where_the_answer_does_not_defer():
    long_ago = dict.fromkeys(TAKES_A_DAY, "2025-01-11")
    for answer in ("no", "not_sure", None):
        client = healthy(botulinum_last_14_days=answer, retinoid_or_acid_last_7_days="yes", nsaid="not_sure")
        assert oracle({**client, "since": long_ago}, AS_OF) == oracle(client, AS_OF)


def test_only_the_questions_with_a_window_take_a_day():
    client = healthy(radiotherapy_area="within_12_months", since={"radiotherapy_area": "2026-02-01"})
    assert oracle(client, AS_OF)["options"][MN]["deferred_until"] == "2028-01-11"


def exosomes_at(place, source="plant", use="after_needling", papers=True):
    record = {"source": source, "use": use, "has_lot_and_certificate": papers}
    option = oracle(healthy(place=place, exosome_product=record), AS_OF)["options"][EXO]
    return option["verdict"], option["excluded_by"]


@pytest.mark.parametrize(
    "case, expected",
    [
        (("us", "human"), ("caution", None)),
        (("us", "plant", "during_needling"), ("needs_review", None)),
        (("us", "plant", "injected"), ("excluded", "product")),
        (("us", "plant", "after_needling", False), ("excluded", "product")),
        (("us", None), ("needs_review", None)),
        (("eu", "human"), ("excluded", "place")),
        (("uk", "animal"), ("caution", None)),
        (("eu", "plant", "during_needling"), ("needs_review", None)),
        (("ca", None), ("excluded", "place")),
        (("ca", "plant", "injected"), ("excluded", "place")),
        (("kr", "plant"), ("needs_review", None)),
        (("other", "human"), ("needs_review", None)),
    ],
)
def test_place_and_product_decide_on_exosomes(case, expected):
    assert exosomes_at(*case) == expected


def test_an_unrecorded_product_asks_for_review():
    assert verdicts(exosome_product=None) == ("clear", "clear", "needs_review")


def test_a_kit_that_is_not_cleared_takes_prp_out_because_of_the_product():
    option = oracle(healthy(prp_kit_cleared=False), AS_OF)["options"][PRP]
    assert (option["verdict"], option["excluded_by"]) == ("excluded", "product")


def test_deferral_counts_the_longest_wait_and_moves_the_start():
    client = healthy(sunburn_or_tan="yes", peel_or_laser="deep_under_3_months", event_date="2027-07-30")
    option = oracle(client, AS_OF)["options"][MN]
    assert option["deferred_until"] == "2027-04-11"
    moved = oracle(healthy(planned_start="2027-04-11", event_date="2027-07-30"), AS_OF)["options"][MN]
    assert option["course"] == moved["course"]


def test_safety_comes_before_place_before_product_before_preference():
    client = healthy(place="ca", exosome_product_allergy="yes", importance={"evidence": "must"})
    assert oracle(client, AS_OF)["options"][EXO]["excluded_by"] == "safety"
    client["exosome_product_allergy"] = "no"
    assert oracle(client, AS_OF)["options"][EXO]["excluded_by"] == "place"
    client["place"] = "us"
    assert oracle(client, AS_OF)["options"][EXO]["excluded_by"] == "preference"


# ---------------------------------------------------------------- preferences and standings


def test_never_wanting_a_draw_excludes_prp_by_preference_and_keeps_the_findings():
    option = oracle(healthy(blood_draw_comfort="never", nsaid="last_2_days"), AS_OF)["options"][PRP]
    assert (option["verdict"], option["excluded_by"]) == ("excluded", "preference")
    assert [one["verdict"] for one in option["findings"]] == ["deferred"]
    assert option["deferred_until"] == "2027-01-18"


@pytest.mark.parametrize("source, objection", [("human", "human_donor"), ("animal", "animal"), ("plant", "plant")])
def test_an_objection_excludes_the_product_of_that_source_only(source, objection):
    for named in ("human_donor", "animal", "plant"):
        client = healthy(objects_to=[named], exosome_product={**PRODUCT, "source": source})
        excluded_by = oracle(client, AS_OF)["options"][EXO]["excluded_by"]
        assert excluded_by == ("preference" if named == objection else None)


def test_nothing_left_is_none_suitable():
    result = oracle(healthy(pregnant="yes"), AS_OF)
    assert (result["standing"], result["best"], result["pair"]) == ("none_suitable", None, None)


def test_without_a_concern_there_are_verdicts_but_no_ranking():
    result = oracle(healthy(concern=None), AS_OF)
    assert (result["standing"], result["best"]) == ("close_call", None)
    assert all(result["bases"][basis]["best"] is None for basis in BASES)
    assert result["options"][EXO]["verdict"] == "caution"


def test_no_weight_at_all_is_a_close_call_without_a_best():
    result = oracle(healthy(importance=dict.fromkeys(CRITERIA, "none")), AS_OF)
    assert (result["standing"], result["best"], result["weight_total"]) == ("close_call", None, 0)


def test_one_option_left_is_clear_without_reasons():
    result = oracle(healthy(blood_draw_comfort="never", place="ca"), AS_OF)
    assert (result["standing"], result["best"], result["reasons"]) == ("clear", MN, [])
    assert result["bases"]["considered"]["robustness"] == {MN: 1.0}


def test_with_only_texture_known_it_is_a_close_call():
    assert oracle({"concern": "texture"}, AS_OF)["standing"] == "close_call"


# ---------------------------------------------------------------- what always holds, on invented clients


def invented(count, seed):
    rng = random.Random(seed)
    return [invented_client(rng, AS_OF) for _ in range(count)]


def test_a_higher_limit_never_lowers_an_attainment_and_what_costs_more_never_attains_more():
    for concern in CONCERNS:
        before = dict.fromkeys(RANKED, (0, 0))
        for budget in (1, 349, 350, 700, 1050, 1051, 2100, 2700, 4500, 5400, 1000000):
            options = oracle(healthy(concern=concern, budget=budget), AS_OF)["options"]
            now = {
                o: (options[o]["attainment"]["considered"]["cost"], options[o]["chance_within"]["cost"]) for o in RANKED
            }
            for option in RANKED:
                assert now[option][0] >= before[option][0] and now[option][1] >= before[option][1]
            assert now[MN] >= now[PRP] >= now[EXO]
            before = now


def test_a_limit_that_nobody_keeps_counts_a_lot_and_its_nearest_is_not_ruled_out_otherwise():
    seen = set()
    for client in invented(150, 6):
        result = oracle(client, AS_OF)
        for line in result["nobody_keeps"]:
            seen.add(line["criterion"])
            assert client["importance"][line["criterion"]] in ("lot", "must")
            nearest = result["options"][line["nearest"]]
            assert nearest["chance_within"][line["criterion"]] < 0.5
            assert nearest["excluded_by"] in (None, "preference")
            left = [view for view in map(result["options"].get, RANKED) if view["verdict"] != "excluded"]
            assert all(view["chance_within"][line["criterion"]] < 0.5 for view in left)
    assert seen == {"visit_time", "visits", "cost", "downtime"}


def test_reasons_add_up_to_the_lead_exactly():
    for client in invented(60, 1):
        result = oracle(client, AS_OF)
        points = sorted(result["bases"]["considered"]["points"].values())
        if result["reasons"]:
            assert sum(line["points"] for line in result["reasons"]) == points[-1] - points[-2]


def test_excluded_options_are_never_best_and_never_ranked():
    for client in invented(60, 2):
        result = oracle(client, AS_OF)
        for option in PAIR:
            if result["options"][option]["verdict"] == "excluded":
                assert result["pair"] is None
                assert all(option not in result["bases"][basis]["points"] for basis in BASES)


def test_results_are_plain_and_the_order_of_keys_changes_nothing():
    for client in invented(25, 3):
        turned = dict(reversed(client.items()))
        assert json.dumps(oracle(client, AS_OF)) == json.dumps(oracle(turned, AS_OF))


def test_another_finding_never_loosens_a_verdict():
    rng = random.Random(4)
    for client in invented(60, 4):
        question = rng.choice(sorted(SAFETY_ANSWERS))
        none_said = {**client, question: harmless(question), "importance": {}}
        something = {**none_said, question: rng.choice((*SAFETY_ANSWERS[question], None))}
        before, after = oracle(none_said, AS_OF)["options"], oracle(something, AS_OF)["options"]
        for option in RANKED:
            assert VERDICTS.index(after[option]["verdict"]) >= VERDICTS.index(before[option]["verdict"])


def test_an_earlier_event_never_raises_the_chance_of_being_ready():
    chances = []
    for days in range(1, 200, 9):
        event = (AS_OF + timedelta(days=days)).isoformat()
        course = oracle(healthy(event_date=event), AS_OF)["options"][PRP]["course"]
        chances.append(course["published"]["chance_ready_by"])
    assert chances == sorted(chances)


def test_invented_clients_give_every_answer_of_every_question():
    seen = {}
    rng = random.Random(5)
    for _ in range(3000):
        for key, value in invented_client(rng, AS_OF).items():
            seen.setdefault(key, set()).add(str(value))
    assert seen["filler_last_14_days"] == {"yes", "no", "not_sure", "not_applicable", "None"}
    assert seen["needle_comfort"] == {"fine", "uneasy", "rather_not", "never", "None"}
    for question, answers in SAFETY_ANSWERS.items():
        assert seen[question] == {*answers, "None"}
    assert seen["concern"] == {*CONCERNS, "None"}
    assert seen["place"] == {"us", "eu", "uk", "ca", "kr", "au", "other", "None"}
