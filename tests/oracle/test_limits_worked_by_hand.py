"""Small cases of limits, musts, needles and waits, each worked out on paper beside its test.

A value within a limit counts 1, a value beyond it limit / (2 x value); the attainment is the mean of that over the course.
A must, and what is called unmet, go by the bare chance of staying within. Prices: MN 350, PRP 700, EXO 900.
The answers that are not named were not given, so those criteria are unknown and dropped.
"""

from datetime import date

import pytest

from .by_hand import (
    AS_OF,
    CLINIC,
    EXO,
    MN,
    NOTHING_TO_REPORT,
    PRP,
    chances,
    check_points,
    draws,
    not_behind,
    reason_points,
    verdict_line,
)


def a_client(**answers):
    """40, texture, nothing to report, and what the case adds; None takes an answer away."""
    return {**NOTHING_TO_REPORT, **CLINIC, "age": 40, "smokes": "no", "concern": "texture", **answers}


def attained(result, criterion, basis="considered"):
    """What MN, PRP and EXO attain of one criterion, in thousandths."""
    found = [result["options"][option]["attainment"][basis][criterion] for option in (MN, PRP, EXO)]
    return tuple(None if share is None else round(1000 * share) for share in found)


def within(result, criterion):
    """The chances of MN, PRP and EXO to keep one limit."""
    return tuple(result["options"][option]["chance_within"][criterion] for option in (MN, PRP, EXO))


def excluded_by(result):
    return tuple(result["options"][option]["excluded_by"] for option in (MN, PRP, EXO))


# ------------------------------------------------------------------------------------------------
# 1. $700, cost counts a lot, never a draw.
#
# Texture: 3 sessions 0.6, 4 sessions 0.2, 5 sessions 0.2.
#   MN  1050, 1400, 1750 count 700/2100 = 0.3333, 700/2800 = 0.25, 700/3500 = 0.2:
#       0.6 x 0.3333 + 0.2 x 0.25 + 0.2 x 0.2 = 0.20 + 0.05 + 0.04 = 0.29
#   PRP 2100, 2800, 3500 count 0.1667, 0.125, 0.1: 0.10 + 0.025 + 0.02 = 0.145
#   EXO 2700, 3600, 4500 count 0.1296, 0.0972, 0.0778: 0.0778 + 0.0194 + 0.0156 = 0.1128
# No option keeps $700: every chance is 0. PRP is out (never a draw); of the others MN comes nearest.
# Weights: result 3, cost 3, draw 1, calm skin 1, consistency 1, evidence 1 = 10.
#   MN  1500 + 3 x 290 + 1000 + 600 + 700 + 600 = 5270
#   EXO 1800 + 3 x 113 + 1000 + 600 + 700 + 400 = 4839
# MN leads by 431 = -300 + 531 + 200, more than 10 x 10. The cost is unmet (chance 0), so it leans at most.
# Clinic: EXO once or twice, 900 and 1800 count 0.3889 and 0.1944: mean 0.2917.
#   EXO 2400 + 3 x 292 + 1000 + 900 + 900 + 400 = 6476, MN 5270: at the clinic EXO comes first.


def test_a_budget_of_700_that_counts_a_lot_leads_to_the_nearest_and_says_that_nobody_keeps_it(result_of):
    client = a_client(budget=700, importance={"cost": "lot"}, blood_draw_comfort="never")
    result = result_of(client, AS_OF)
    assert excluded_by(result) == (None, "preference", None)
    assert attained(result, "cost") == (290, 145, 113)
    assert attained(result, "cost", "clinic")[2] == 292
    assert within(result, "cost") == (0.0, 0.0, 0.0)
    assert result["nobody_keeps"] == [{"criterion": "cost", "nearest": MN}]
    check_points(result, "considered", {MN: 5270, EXO: 4839}, MN, 10)
    check_points(result, "clinic", {MN: 5270, EXO: 6476}, EXO, 10)
    assert reason_points(result) == {"result": -300, "cost": 531, "evidence": 200}
    ahead = sum(not_behind(draw, {"result": -300, "cost": 531, "evidence": 200}) for draw in draws()) / 512
    assert ahead >= 0.8
    assert result["bases"]["considered"]["robustness"] == {MN: ahead, EXO: 1 - ahead}
    assert (result["standing"], result["unmet"], result["pair"]) == ("leans", ["cost"], None)


# ------------------------------------------------------------------------------------------------
# 2. The same $700 as a must: every chance is 0, below 500, so each option is out by preference. Nothing is left, and the
#    limit is named all the same, among those that only the must has taken out. With never a draw PRP is not one of them.


def test_a_must_of_700_takes_everything_out_and_names_the_limit(result_of):
    result = result_of(a_client(budget=700, importance={"cost": "must"}), AS_OF)
    assert excluded_by(result) == ("preference",) * 3
    assert (result["standing"], result["best"], result["pair"], result["unmet"]) == ("none_suitable", None, None, [])
    assert result["nobody_keeps"] == [{"criterion": "cost", "nearest": MN}]


# ------------------------------------------------------------------------------------------------
# 3. At most 2 visits, which counts a lot; hair thinning: 3 sessions 0.8, 4 sessions 0.2.
#   3 counts 2/6, 4 counts 2/8: 0.8 x 0.3333 + 0.2 x 0.25 = 0.2667 + 0.05 = 0.3167, the same for all; chance 0.
#   Clinic: EXO 1 or 2 sessions: 1. PRP 3, 4, 5, 6 count 2/6, 2/8, 2/10, 2/12: 0.25 x 0.95 = 0.2375, half upwards 238.
#   All are equally near, so the tie goes to the first by rank, MN, while PRP leads (hair: result 350 / 700 / 400).
# Weights: result 3, visits 3, calm skin 1, consistency 1, evidence 1 = 9.
#   MN  1050 + 951 + 600 + 700 + 400 = 3701;  PRP 2100 + 951 + 600 + 700 + 700 = 5051;
#   EXO 1200 + 951 + 600 + 700 + 300 = 3751.  PRP is first in every draw, but visits are unmet: leans.


def test_two_visits_are_kept_by_nobody_and_all_are_equally_near(result_of):
    client = a_client(concern="hair_thinning", visits_willing=2, importance={"visits": "lot"})
    result = result_of(client, AS_OF)
    assert attained(result, "visits") == (317, 317, 317)
    assert attained(result, "visits", "clinic") == (317, 238, 1000)
    assert within(result, "visits") == (0.0, 0.0, 0.0)
    assert result["nobody_keeps"] == [{"criterion": "visits", "nearest": MN}]
    check_points(result, "considered", {MN: 3701, PRP: 5051, EXO: 3751}, PRP, 9)
    assert (result["standing"], result["unmet"]) == ("leans", ["visits"])
    assert (result["pair"]["best"], result["pair"]["standing"], result["pair"]["unmet"]) == (PRP, "leans", ["visits"])


# ------------------------------------------------------------------------------------------------
# 4. 75 minutes a visit. MN and EXO: numbing 20-30-45, needling 10-20-30, aftercare 5-5-10, at most 85 minutes.
#   Weights from the top down: numbing 1/16, 2/16, ...; needling 1/11, 2/11, ...; aftercare 1/6, ..., 6/6 (only 6 values).
#   They add up to 6 + 7.5 = 13.5, 6 + 5 = 11 and 3.5, together 16 x 13.5 x 11 x 11 x 6 x 3.5 = 548,856 parts.
#   Ways to be s minutes short of 85: the sums of three such rows, 1, 6, 21, 56, 126, 252, 455, 756, 1176, 1736 for s = 0..9
#     (numbing with needling alone: 1, 4, 10, 20, 35, 56, 84, 120, 165, 220; each with 6, 5, 4, 3, 2, 1 parts of aftercare).
#   Beyond 75: 4,585 parts = 0.00835, so the chance is 0.9916 -> 0.992.
#   Each counts 75 / (2 x minutes): 1736 x 0.4934 + 1176 x 0.4870 + 756 x 0.4808 + 455 x 0.4747 + 252 x 0.4688 + 126 x 0.4630
#     + 56 x 0.4573 + 21 x 0.4518 + 6 x 0.4464 + 0.4412 = 2,223 parts = 0.00405. 0.99165 + 0.00405 = 0.9957 -> 996.
# PRP at the clinic: its median is 78 minutes, so the chance is under a half. What is beyond takes 76 to 115 minutes and counts
#   75/230 = 0.326 to 75/152 = 0.493, so the attainment can be over a half all the same. A must goes by the chance.
# With the spin beside the numbing the median is 68: PRP keeps the must.


def test_a_must_on_minutes_goes_by_the_chance_not_by_the_graded_attainment(result_of):
    client = a_client(minutes_per_visit=75, importance={"visit_time": "must"})
    result = result_of(client, AS_OF)
    assert (attained(result, "visit_time")[0], attained(result, "visit_time")[2]) == (996, 996)
    assert (within(result, "visit_time")[0], within(result, "visit_time")[2]) == (0.992, 0.992)
    prp, chance = attained(result, "visit_time")[1], within(result, "visit_time")[1]
    assert chance < 0.5 < prp / 1000
    assert chance + 0.326 * (1 - chance) <= prp / 1000 <= chance + 0.494 * (1 - chance)
    assert excluded_by(result) == (None, "preference", None)
    assert result["nobody_keeps"] == []  # microneedling keeps it
    spun = result_of({**client, "spin_during_numbing": True}, AS_OF)
    assert within(spun, "visit_time")[1] > 0.5
    assert excluded_by(spun) == (None, None, None)


# ------------------------------------------------------------------------------------------------
# 5. $2500 and rather no draw, both counting a lot, with the draws.
#   MN at most 1750: 1. PRP 2100 within (0.6), 2800 and 3500 count 0.4464 and 0.3571: 0.6 + 0.0893 + 0.0714 = 0.7607.
#   EXO 2700, 3600, 4500 count 0.4630, 0.3472, 0.2778: 0.2778 + 0.0694 + 0.0556 = 0.4028.
# Weights: result 3, draw 3, cost 3, calm skin 1, consistency 1, evidence 1 = 12.
#   MN  1500 + 3000 + 3000 + 600 + 700 + 600 = 9400
#   PRP 1800 +  900 + 3 x 761 + 600 + 700 + 400 = 6683
#   EXO 1800 + 3000 + 3 x 403 + 600 + 700 + 400 = 7709
# The pair: EXO by 1026 = 2100 (draw) - 1074 (cost). EXO must be strictly ahead in a draw, since PRP wins ties. Cost is unmet
# for EXO (chance 0), so the pair only leans; MN keeps everything.


def test_a_budget_of_2500_with_the_draws(result_of):
    client = a_client(budget=2500, blood_draw_comfort="rather_not", importance={"cost": "lot", "blood_draw": "lot"})
    result = result_of(client, AS_OF)
    assert attained(result, "cost") == (1000, 761, 403)
    assert within(result, "cost") == (1.0, 0.6, 0.0)
    check_points(result, "considered", {MN: 9400, PRP: 6683, EXO: 7709}, MN, 12)
    assert (result["unmet"], result["nobody_keeps"]) == ([], [])
    pair = result["pair"]
    share = sum(not not_behind(draw, {"blood_draw": -2100, "cost": 1074}) for draw in draws()) / 512
    assert share >= 0.8
    assert pair["robustness"] == {PRP: 1 - share, EXO: share}
    assert (pair["best"], pair["standing"], pair["unmet"]) == (EXO, "leans", ["cost"])


# ------------------------------------------------------------------------------------------------
# 6. A must on cost, exactly at its edge.
#   Acne scars, 3 to 6 sessions at 0.25 each, $1400: MN 1050 and 1400 are within: chance 0.5, which is enough.
#     MN 0.25 x (1 + 1 + 1400/3500 + 1400/4200) = 0.25 x 2.7333 = 0.6833.
#     PRP 2100 to 4200 count 1/3, 1/4, 1/5, 1/6: 0.25 x 0.95 = 0.2375, half upwards 238. EXO 2700 to 5400: 0.2593, 0.1944,
#     0.1556, 0.1296: 0.1847. Both have chance 0 and are out; MN alone is left, clear, without reasons or a pair.
#   $1399: MN only 1050: chance 0.25, out too.
#   Texture, $2100: PRP keeps it with 0.6, EXO with 0. PRP 0.6 + 0.2 x 2100/5600 + 0.2 x 2100/7000 = 0.6 + 0.075 + 0.06 = 0.735;
#     EXO 0.6 x 0.3889 + 0.2 x 0.2917 + 0.2 x 0.2333 = 0.3383.


@pytest.mark.parametrize(
    "concern, budget, cost, chance, out",
    [
        ("acne_scars", 1400, (683, 238, 185), (0.5, 0.0, 0.0), (None, "preference", "preference")),
        ("acne_scars", 1399, None, (0.25, 0.0, 0.0), ("preference",) * 3),
        ("texture", 2100, (1000, 735, 338), (1.0, 0.6, 0.0), (None, None, "preference")),
    ],
)
def test_a_must_on_cost_is_kept_from_a_half_on(concern, budget, cost, chance, out, result_of):
    result = result_of(a_client(concern=concern, budget=budget, importance={"cost": "must"}), AS_OF)
    assert cost is None or attained(result, "cost") == cost
    assert within(result, "cost") == chance
    assert excluded_by(result) == out
    assert result["nobody_keeps"] == ([{"criterion": "cost", "nearest": MN}] if out[0] else [])
    assert result["pair"] is None


# ------------------------------------------------------------------------------------------------
# 7. Two limits that nobody keeps, in the order of the criteria, and one that does not count a lot.
#   Texture, 2 visits (a must), $700 (a lot), 30 minutes (little): no visit takes less than 35 minutes, no course less than
#   3 sessions or $1050. Visits: 0.6 x 2/6 + 0.2 x 2/8 + 0.2 x 2/10 = 0.2 + 0.05 + 0.04 = 0.29 for all.
#   The must takes everything out; all were out only by it, so both limits are named, visits before cost, minutes not.
#   Without a concern nothing is named. Where safety takes everything out, there is nobody left to come nearest.


def test_two_limits_that_nobody_keeps_stand_in_the_order_of_the_criteria(result_of):
    importance = {"cost": "lot", "visits": "must", "visit_time": "little"}
    client = a_client(budget=700, visits_willing=2, minutes_per_visit=30, importance=importance)
    result = result_of(client, AS_OF)
    assert attained(result, "visits") == (290, 290, 290)
    assert within(result, "visit_time") == (0.0, 0.0, 0.0)
    both = [{"criterion": "visits", "nearest": MN}, {"criterion": "cost", "nearest": MN}]
    assert (result["standing"], result["nobody_keeps"]) == ("none_suitable", both)
    assert result_of({**client, "concern": None}, AS_OF)["nobody_keeps"] == []
    assert result_of({**client, "pregnant": "yes"}, AS_OF)["nobody_keeps"] == []


# ------------------------------------------------------------------------------------------------
# 8. Days of redness: 1 day 0.25, 2 days 0.5, 3 days 0.25.
#   0 days: nothing counts, 0 / (2 x days) = 0, chance 0. 1 day: 0.25 + 0.5 x 1/4 + 0.25 x 1/6 = 0.4167, chance 0.25.
#   2 days: 0.75 + 0.25 x 2/6 = 0.8333, chance 0.75. 3 days: 1. All options alike.


@pytest.mark.parametrize(
    "days, graded, chance", [(0, 0, 0.0), (1, 417, 0.25), (2, 833, 0.75), (3, 1000, 1.0), ("any", 1000, 1.0)]
)
def test_days_of_redness(days, graded, chance, result_of):
    result = result_of(a_client(downtime_days=days, importance={"downtime": "lot"}), AS_OF)
    assert attained(result, "downtime") == (graded,) * 3
    assert within(result, "downtime") == (chance,) * 3
    assert result["nobody_keeps"] == ([{"criterion": "downtime", "nearest": MN}] if chance < 0.5 else [])


# ------------------------------------------------------------------------------------------------
# 9. When it last happened. Today is 11 January 2027.
#   Botulinum waits 14 days. No day told: until 25 January. Told 1 January (10 days ago): until 15 January. Told 28 December
#   (14 days ago): until 11 January, which is today: no finding at all.
#   Filler waits 28 days. Told 22 December (20 days ago): until 19 January. With the botulinum of 1 January: the later, 19.
#   A deep peel waits 90 days. Told 12 November (60 days ago): until 10 February (18 more days of November, 31, 31, 10 = 90).
#   PRP and anti-inflammatories: last 2 days 7 days from today, 18 January; last 7 days 5 days, 16 January. With a day both wait
#   7 days after it: 7 January -> 14 January; 4 January -> today, over; today -> 18 January, later than without a day.


@pytest.mark.parametrize(
    "answers, since, until",
    [
        ({"botulinum_last_14_days": "yes"}, {}, "2027-01-25"),
        ({"botulinum_last_14_days": "yes"}, {"botulinum_last_14_days": "2027-01-01"}, "2027-01-15"),
        ({"botulinum_last_14_days": "yes"}, {"botulinum_last_14_days": "2026-12-29"}, "2027-01-12"),
        ({"botulinum_last_14_days": "yes"}, {"botulinum_last_14_days": "2026-12-28"}, None),
        ({"botulinum_last_14_days": "no"}, {"botulinum_last_14_days": "2027-01-10"}, None),
        ({"filler_last_28_days": "yes"}, {"filler_last_28_days": "2026-12-22"}, "2027-01-19"),
        ({"filler_last_28_days": None, "filler_last_14_days": "yes"}, {}, "2027-02-08"),
        (
            {"filler_last_28_days": None, "filler_last_14_days": "yes"},
            {"filler_last_28_days": "2026-12-22"},
            "2027-01-19",
        ),
        (
            {"botulinum_last_14_days": "yes", "filler_last_28_days": "yes"},
            {"botulinum_last_14_days": "2027-01-01", "filler_last_28_days": "2026-12-22"},
            "2027-01-19",
        ),
        ({"peel_or_laser": "deep_under_3_months"}, {"peel_or_laser": "2026-11-12"}, "2027-02-10"),
        ({"peel_or_laser": "light_under_30_days"}, {"peel_or_laser": "2026-11-12"}, None),
        ({"needling_area_last_28_days": "yes"}, {"needling_area_last_28_days": "2026-12-15"}, "2027-01-12"),
    ],
)
def test_a_day_told_makes_a_wait_shorter_or_ends_it(answers, since, until, result_of):
    options = result_of(a_client(**answers, since=since), AS_OF)["options"]
    verdict = "clear" if until is None else "deferred"
    asked = {
        ("filler_last_28_days" if q == "filler_last_14_days" else q, verdict) for q, said in answers.items() if said
    }
    found = set() if until is None else asked
    assert verdict_line(options[MN]) == (verdict, until, None, found)
    assert verdict_line(options[PRP]) == (verdict, until, None, found)


@pytest.mark.parametrize(
    "answer, told, until",
    [
        ("last_2_days", None, "2027-01-18"),
        ("last_7_days", None, "2027-01-16"),
        ("last_2_days", "2027-01-10", "2027-01-17"),
        ("last_7_days", "2027-01-07", "2027-01-14"),
        ("last_7_days", "2027-01-04", None),
        ("last_7_days", "2027-01-11", "2027-01-18"),
        ("not_sure", "2027-01-04", None),
    ],
)
def test_anti_inflammatories_wait_seven_days_after_the_last_one_and_only_for_prp(answer, told, until, result_of):
    client = a_client(nsaid=answer, since={"nsaid": told} if told else {})
    options = result_of(client, AS_OF)["options"]
    assert verdict_line(options[MN]) == ("clear", None, None, set())
    expected = "needs_review" if answer == "not_sure" else "deferred" if until else "clear"
    found = set() if expected == "clear" else {("nsaid", expected)}
    assert verdict_line(options[PRP]) == (expected, until, None, found)


# A shorter wait moves the start by less. Texture, an event on 8 May: 117 days after 11 January, 113 after 15 January and 103
# after 25 January. Ready by day 103: 3 or 4 sessions, 0.8; by 113: 0.85, as for the texture client; by 117: all, 1.


def test_a_shorter_wait_moves_the_start_by_less(result_of):
    wishes = {"event_date": "2027-05-08", "botulinum_last_14_days": "yes"}
    for since, chance in ((None, 0.8), ("2027-01-01", 0.85), ("2026-12-28", 1.0)):
        told = {"botulinum_last_14_days": since} if since else {}
        result = result_of(a_client(**wishes, since=told), AS_OF)
        assert result["options"][MN]["course"]["considered"]["chance_ready_by"] == chance


# ------------------------------------------------------------------------------------------------
# 10. Never a needle: all three needle the skin, so all are out by preference, with their findings kept; waiting stays.
#     Rather not, uneasy and unanswered change nothing.


def test_never_a_needle_leaves_waiting(result_of):
    result = result_of(a_client(needle_comfort="never", skin_type="5"), AS_OF)
    assert excluded_by(result) == ("preference",) * 3
    assert (result["standing"], result["best"], result["nobody_keeps"]) == ("none_suitable", None, [])
    assert verdict_line(result["options"][MN]) == ("excluded", None, "preference", {("skin_type", "caution")})
    assert result["options"]["wait"]["verdict"] == "clear"
    assert chances(result["options"]["wait"]) == (None, None, None, None)


@pytest.mark.parametrize("comfort", ["fine", "uneasy", "rather_not"])
def test_other_words_on_needles_change_nothing(comfort, result_of):
    without = result_of(a_client(), AS_OF)
    said = result_of(a_client(needle_comfort=comfort), AS_OF)
    assert said["options"] == without["options"]
    assert (said["standing"], said["bases"]) == (without["standing"], without["bases"])


# ------------------------------------------------------------------------------------------------
# 11. The seven new questions unanswered, as in an older file: review where yes can reach it (also through a wait), else
#     caution.


def test_the_seven_new_questions_unanswered(result_of):
    seven = {
        "bleeding_supplements_last_7_days": "caution",
        "hair_removal_area_last_7_days": "needs_review",
        "needling_area_last_28_days": "needs_review",
        "bad_reaction_to_needling_or_product": "needs_review",
        "tattoo_or_permanent_makeup_area": "needs_review",
        "psoriasis_or_vitiligo_anywhere": "needs_review",
        "latex_allergy": "caution",
    }
    options = result_of(a_client(**dict.fromkeys(seven)), date(2027, 1, 11))["options"]
    assert verdict_line(options[MN]) == ("needs_review", None, None, set(seven.items()))
    assert verdict_line(options[EXO])[3] == set(seven.items()) | {("place", "caution")}
