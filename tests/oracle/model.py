"""One client in, one result out: the model written a second time, slowly, with exact fractions, apart from the product.

Every number of the rulebook stands here by hand. A triple is always microneedling, PRP, exosomes (the rank).
"""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from .draws import CRITERIA, read_draws
from .spans import (
    chance_at_most,
    later_of,
    low_typical_high,
    one_after_another,
    plus,
    shares,
    shifted,
    span,
    thousandths,
    times,
)

MN, PRP, EXO, WAIT = "microneedling_alone", "prp_microneedling", "exosome_microneedling", "wait"
RANKED = (MN, PRP, EXO)
PAIR = (PRP, EXO)
BASES = ("clinic", "published", "considered")
VERDICTS = ("clear", "caution", "needs_review", "deferred", "excluded")

# ---------------------------------------------------------------- the numbers: courses

PRICE = {MN: 350, PRP: 700, EXO: 900}
INTERVAL_DAYS = 28
FIRST_CHANGE = span(21, 42, 84)
PEAK_AFTER_LAST = span(42, 84, 182)
REDNESS = span(1, 2, 3)

CLINIC_SESSIONS = {
    EXO: shares({1: "0.5", 2: "0.5"}),
    PRP: shares({3: "0.25", 4: "0.25", 5: "0.25", 6: "0.25"}),
}
PUBLISHED_SESSIONS = {
    "texture": shares({3: "0.6", 4: "0.2", 5: "0.2"}),
    "acne_scars": shares({3: "0.25", 4: "0.25", 5: "0.25", 6: "0.25"}),
    "hair_thinning": shares({3: "0.8", 4: "0.2"}),
    "pigment": shares({3: "0.6", 4: "0.4"}),
}

NUMBING, NEEDLING, AFTERCARE = span(20, 30, 45), span(10, 20, 30), span(5, 5, 10)
DRAW, SPIN, HAND_OVER = span(4, 7, 10), span(5, 8, 15), span(1, 3, 5)

# ---------------------------------------------------------------- the numbers: attainments, in thousandths

CREDENCE = {
    "result": Fraction(0),
    "blood_draw": Fraction(1),
    "visit_time": Fraction(1),
    "visits": Fraction(0),
    "ready_by": Fraction(0),
    "cost": Fraction(0),
    "downtime": Fraction(1),
    "calm_skin": Fraction(0),
    "consistency": Fraction(0),
    "evidence": Fraction(1),
    "source": Fraction(1),
}

CLINIC_RESULT = {MN: 500, PRP: 800, EXO: 800}
PUBLISHED_RESULT = {
    "texture": {MN: 500, PRP: 600, EXO: 600},
    "acne_scars": {MN: 600, PRP: 800, EXO: 500},
    "hair_thinning": {MN: 350, PRP: 700, EXO: 400},
    "pigment": {MN: 300, PRP: 500, EXO: 350},
}
EVIDENCE = {
    "texture": {MN: 600, PRP: 400, EXO: 400},
    "acne_scars": {MN: 700, PRP: 800, EXO: 300},
    "hair_thinning": {MN: 400, PRP: 700, EXO: 300},
    "pigment": {MN: 300, PRP: 500, EXO: 200},
}
PRP_BLOOD_DRAW = {"fine": 1000, "uneasy": 700, "rather_not": 300, "never": 0}
SOURCE = {
    "own": {MN: 1000, PRP: 1000, EXO: 200},
    "not_own": {MN: 1000, PRP: 200, EXO: 1000},
    "no_preference": {MN: 1000, PRP: 1000, EXO: 1000},
}
CLINIC_CALM_SKIN = {MN: 600, PRP: 300, EXO: 900}
PUBLISHED_CALM_SKIN = 600
CLINIC_CONSISTENCY = {MN: 700, PRP: 900, EXO: 900}
PUBLISHED_CONSISTENCY = 700

WEIGHT = {"none": 0, "little": 1, "lot": 3, "must": 3}
NOT_STATED = {"result": "lot"}  # every other criterion: little

# ---------------------------------------------------------------- the numbers: safety
# Question -> answer -> verdicts for microneedling, PRP, exosomes.
# C clear, c caution, R needs review, D<days> deferred, X excluded.

SAFETY = {
    "pregnant": {"yes": "X X X"},
    "breastfeeding": {"yes": "R R R"},
    "skin_infection_now": {"yes": "D14 D14 D14"},
    "cold_sore_now": {"yes": "D14 D14 D14"},
    "cold_sores_ever": {"yes": "c c c"},
    "fever_or_illness_now": {"yes": "D7 D7 D7"},
    "acne_active_area": {"yes": "R R R"},
    "eczema_psoriasis_rosacea_area": {"yes": "R R R"},
    "isotretinoin": {"now": "R R R", "stopped_under_6_months": "R R R"},
    "keloid": {"active_in_area": "X X X", "personal_or_family": "R R R"},
    "anticoagulant": {"yes": "R R R"},
    "antiplatelet_prescribed": {"yes": "R R R"},
    "nsaid": {"last_2_days": "C D7 C", "last_7_days": "C c C"},
    "bleeding_disorder": {"yes": "X X X"},
    "low_platelets": {"yes": "R X R"},
    "anaemia": {"yes": "C R C"},
    "suspicious_lesion_area": {"yes": "X X X"},
    "cancer": {"active": "X X X", "past": "R R R", "past_skin": "R R X"},
    "radiotherapy_area": {"within_12_months": "D365 D365 D365", "longer_ago": "R R R"},
    "autoimmune": {"connective_tissue": "X X X", "other": "R R R"},
    "sarcoid_or_granuloma": {"yes": "R R X"},
    "immunosuppressed": {"yes": "R R X"},
    "diabetes": {"uncontrolled": "X X X", "controlled": "R R R"},
    "liver_kidney_disease": {"yes": "R X R"},
    "sunburn_or_tan": {"yes": "D14 D14 D14"},
    "retinoid_or_acid_last_7_days": {"yes": "c c c"},
    "botulinum_last_14_days": {"yes": "D14 D14 D14"},
    "filler_last_14_days": {"yes": "D28 D28 D28"},
    "peel_or_laser": {"light_under_30_days": "D30 D30 D30", "deep_under_3_months": "D90 D90 D90"},
    "facial_surgery_last_12_months": {"yes": "R R R"},
    "skin_type": {"4": "c c c", "5": "c c c", "6": "c c c"},
    "melasma": {"yes": "c c c"},
    "past_pigment_change": {"yes": "c c c"},
    "lidocaine_allergy": {"yes": "R R R"},
    "metal_allergy": {"yes": "X X X"},
    "exosome_product_allergy": {"yes": "C C X"},
    "citrate_allergy": {"yes": "C X C"},
    "poor_veins": {"yes": "C c C"},
    "faints_with_needles": {"yes": "C c C"},
    "blood_borne_infection": {"yes": "C C C"},
    "oral_steroid_last_14_days": {"yes": "c R c"},
    "steroid_injection_area_last_30_days": {"yes": "D30 D30 D30"},
    "photosensitising_drug": {"yes": "R R R"},
    "heart_device_or_condition": {"yes": "R R R"},
    "appearance_worry": {"yes": "c c c"},
    "smokes": {"yes": "c c c"},
}
# These share one row with citrate allergy, and the row's note says "not sure = R for PRP only".
REVIEW_FOR_PRP_WHEN_UNKNOWN = ("poor_veins", "faints_with_needles")

LETTER = {"C": "clear", "c": "caution", "R": "needs_review", "D": "deferred", "X": "excluded"}
SOURCE_OBJECTION = {"human": "human_donor", "animal": "animal", "plant": "plant"}


def column(option):
    """Where an option stands in a triple."""
    return RANKED.index(option)


def finding(question, answer, code, kind="safety"):
    """One line of the examiner's agenda: what was asked, what was said, what follows."""
    days = int(code[1:]) if code[0] == "D" else 0
    return {"question": question, "answer": answer, "verdict": LETTER[code[0]], "days": days, "kind": kind}


# ---------------------------------------------------------------- safety findings


def code_when_unknown(question, option):
    """Not sure or unanswered: review where the row can reach review, caution where it can reach caution."""
    if option == PRP and question in REVIEW_FOR_PRP_WHEN_UNKNOWN:
        return "R"
    letters = {codes.split()[column(option)][0] for codes in SAFETY[question].values()}
    if letters & {"R", "D", "X"}:
        return "R"
    return "c" if "c" in letters else "C"


def answer_code(question, answer, option):
    """The verdict letter of one answer for one option."""
    if question == "smokes" and answer is None:
        return "C"
    if answer is None or answer == "not_sure":
        return code_when_unknown(question, option)
    codes = SAFETY[question].get(answer, "C C C")
    return codes.split()[column(option)]


def age_code(age):
    """Children never; 18 to 21 and unknown: the examiner decides."""
    if age is None:
        return "R"
    if age < 18:
        return "X"
    return "R" if age <= 21 else "C"


def safety_findings(client, option):
    """Everything the answers say about one option that is more than clear."""
    answers = [(q, client.get(q), answer_code(q, client.get(q), option)) for q in SAFETY]
    answers.append(("age", client.get("age"), age_code(client.get("age"))))
    return [finding(q, answer, code) for q, answer, code in answers if code != "C"]


# ---------------------------------------------------------------- place and product


def place_code(place, source, use):
    """What the law of the place lets a clinic do with exosomes; None where the product is not known well enough."""
    if place == "ca":
        return "X"
    if place in ("eu", "uk") and source == "human":
        return "X"
    if place in ("kr", "au", "other"):
        return "R"
    if source is None:
        return "C"
    return {"after_needling": "c", "during_needling": "R"}.get(use, "C")


def product_gaps(product):
    """What is not recorded of the product: nothing at all is one finding, a missing part is one each."""
    if not product:
        return [finding("exosome_product", None, "R", "product")]
    parts = ("source", "use", "has_lot_and_certificate")
    return [finding("exosome_product." + part, None, "R", "product") for part in parts if product.get(part) is None]


def exosome_gates(client):
    """Place first, then the product: how it is used, and whether its papers are there."""
    product = client.get("exosome_product") or {}
    place = client.get("place") or "us"
    found = product_gaps(product)
    code = place_code(place, product.get("source"), product.get("use"))
    if code != "C":
        found.append(finding("place", place, code, "place"))
    if product.get("use") == "injected":
        found.append(finding("exosome_product.use", "injected", "X", "product"))
    if product.get("has_lot_and_certificate") is False:
        found.append(finding("exosome_product.has_lot_and_certificate", False, "X", "product"))
    return found


def gate_findings(client, option):
    """Findings on the option instead of on the client."""
    if option == EXO:
        return exosome_gates(client)
    if option == PRP and client.get("prp_kit_cleared") is False:
        return [finding("prp_kit_cleared", False, "X", "product")]
    return []


# ---------------------------------------------------------------- one option's verdict before preferences


def strictest(findings):
    """The strictest finding wins; nothing found is clear."""
    return max((one["verdict"] for one in findings), key=VERDICTS.index, default="clear")


def deferral(findings, as_of):
    """From when, if waiting is the strictest thing asked; None otherwise."""
    if strictest(findings) != "deferred":
        return None
    return as_of + timedelta(days=max(one["days"] for one in findings))


def excluding_kind(findings):
    """Why an option is excluded: safety before place before product; None if it is not."""
    kinds = {one["kind"] for one in findings if one["verdict"] == "excluded"}
    return next((kind for kind in ("safety", "place", "product") if kind in kinds), None)


def medical_view(client, option, as_of):
    """Verdict, date and findings of one option from safety, place and product alone."""
    findings = safety_findings(client, option) + gate_findings(client, option)
    return {
        "verdict": strictest(findings),
        "deferred_until": deferral(findings, as_of),
        "excluded_by": excluding_kind(findings),
        "findings": findings,
    }


# ---------------------------------------------------------------- courses


@cache
def visit_minutes(option, basis, spin_during_numbing):
    """Minutes of one visit: with PRP the spin comes before the numbing, or runs beside it."""
    if option != PRP:
        return one_after_another([NUMBING, NEEDLING, AFTERCARE])
    if basis == "clinic" and not spin_during_numbing:
        return one_after_another([DRAW, SPIN, NUMBING, HAND_OVER, NEEDLING, AFTERCARE])
    return one_after_another([DRAW, later_of(NUMBING, SPIN), HAND_OVER, NEEDLING, AFTERCARE])


def sessions(option, basis, concern):
    """Session counts, or None where they depend on a concern nobody has named."""
    if basis == "clinic" and option in CLINIC_SESSIONS:
        return CLINIC_SESSIONS[option]
    return PUBLISHED_SESSIONS.get(concern)


@cache
def milestones(option, basis, concern):
    """Days counted from session 1, and money; None if the sessions are unknown."""
    count = sessions(option, basis, concern)
    if count is None:
        return None
    last = times(shifted(count, -1), INTERVAL_DAYS)
    return {
        "sessions": count,
        "last_session_days": last,
        "peak_days": plus(last, PEAK_AFTER_LAST),
        "ready": later_of(plus(last, REDNESS), FIRST_CHANGE),
        "course_cost": times(count, PRICE[option]),
    }


def iso_day(text):
    """A date answer; None for a missing one and for the words `none` and `now`."""
    return None if text in (None, "none", "now") else date.fromisoformat(text)


def start_of(client, deferred_until, as_of):
    """The day treatment can begin: today, the planned day, or the end of the wait, whichever is last."""
    return max(day for day in (as_of, iso_day(client.get("planned_start")), deferred_until) if day)


def chance_ready(ready, start, event):
    """P(ready by the event), in thousandths; None without a date or without session counts."""
    if ready is None or event is None:
        return None
    return thousandths(chance_at_most(ready, (event - start).days))


@cache
def shown_lines(option, basis, concern, spin_during_numbing):
    """Low, typical and high of everything that does not depend on the client's dates; None for what is not known."""
    days = milestones(option, basis, concern) or {}
    lines = {name: days.get(name) for name in ("sessions", "last_session_days", "peak_days", "course_cost", "ready")}
    lines["visit_minutes"] = visit_minutes(option, basis, spin_during_numbing)
    lines["first_change_days"] = FIRST_CHANGE
    lines["downtime_days"] = REDNESS
    return {name: None if line is None else low_typical_high(line) for name, line in lines.items()}


def latest_safe_start(ready, event, as_of):
    """The last start from which nine in ten are ready; None if that day is past."""
    if ready is None or event is None:
        return None
    day = event - timedelta(days=ready["high"])
    return None if day < as_of else day.isoformat()


def course(client, option, basis, start, as_of):
    """One option's course on the clinic's or the published numbers."""
    concern, event = client.get("concern"), iso_day(client.get("event_date"))
    days = milestones(option, basis, concern) or {}
    chance = chance_ready(days.get("ready"), start, event)
    lines = shown_lines(option, basis, concern, bool(client.get("spin_during_numbing")))
    result = {name: line and dict(line) for name, line in lines.items() if name != "ready"}
    result["chance_ready_by"] = None if chance is None else chance / 1000
    result["latest_safe_start"] = latest_safe_start(lines["ready"], event, as_of)
    return result


CREDENCE_BEHIND = {
    "sessions": "visits",
    "last_session_days": "visits",
    "peak_days": "visits",
    "chance_ready_by": "ready_by",
    "latest_safe_start": "ready_by",
    "course_cost": "cost",
    "visit_minutes": "visit_time",
    "first_change_days": "ready_by",
    "downtime_days": "downtime",
}


def courses(client, option, start, as_of):
    """The three courses; the considered one takes each line from the basis its credence points to (0 or 1)."""
    clinic = course(client, option, "clinic", start, as_of)
    published = course(client, option, "published", start, as_of)
    considered = {}
    for line, criterion in CREDENCE_BEHIND.items():
        assert CREDENCE[criterion] in (0, 1)
        considered[line] = (clinic if CREDENCE[criterion] == 1 else published)[line]
    return {"clinic": clinic, "published": published, "considered": considered}


def course_of_waiting():
    """No visit, no minute, no money; days do not apply."""
    zeros = {"low": 0, "typical": 0, "high": 0}
    course = dict.fromkeys(CREDENCE_BEHIND)
    for line in ("sessions", "visit_minutes", "course_cost"):
        course[line] = dict(zeros)
    return course


# ---------------------------------------------------------------- attainments, one small function per criterion


def result_attainment(client, option, basis, start):
    concern = client.get("concern")
    if concern is None:
        return None
    return CLINIC_RESULT[option] if basis == "clinic" else PUBLISHED_RESULT[concern][option]


def blood_draw_attainment(client, option, basis, start):
    comfort = client.get("blood_draw_comfort")
    if comfort is None:
        return None
    return PRP_BLOOD_DRAW[comfort] if option == PRP else 1000


def chance_within(distribution, limit):
    """Chance of staying within what the client said; `any` always does, unanswered is unknown."""
    if limit == "any":
        return 1000
    if limit is None or distribution is None:
        return None
    return thousandths(chance_at_most(distribution, limit))


def visit_time_attainment(client, option, basis, start):
    minutes = visit_minutes(option, basis, bool(client.get("spin_during_numbing")))
    return chance_within(minutes, client.get("minutes_per_visit"))


def visits_attainment(client, option, basis, start):
    return chance_within(sessions(option, basis, client.get("concern")), client.get("visits_willing"))


def ready_by_attainment(client, option, basis, start):
    if client.get("event_date") == "none":
        return 1000
    days = milestones(option, basis, client.get("concern")) or {}
    return chance_ready(days.get("ready"), start, iso_day(client.get("event_date")))


def cost_attainment(client, option, basis, start):
    money = milestones(option, basis, client.get("concern")) or {}
    return chance_within(money.get("course_cost"), client.get("budget"))


def downtime_attainment(client, option, basis, start):
    return chance_within(REDNESS, client.get("downtime_days"))


def calm_skin_attainment(client, option, basis, start):
    return CLINIC_CALM_SKIN[option] if basis == "clinic" else PUBLISHED_CALM_SKIN


def consistency_attainment(client, option, basis, start):
    """The clinic's view: a client's own blood does less with age, smoking and too little water."""
    if basis == "published":
        return PUBLISHED_CONSISTENCY
    against = [
        client.get("age") is not None and client["age"] >= 50,
        client.get("smokes") == "yes",
        client.get("hydration") == "poor",
    ]
    return CLINIC_CONSISTENCY[option] - (150 * sum(against) if option == PRP else 0)


def evidence_attainment(client, option, basis, start):
    concern = client.get("concern")
    return None if concern is None else EVIDENCE[concern][option]


def source_attainment(client, option, basis, start):
    preference = client.get("material_preference")
    return None if preference is None else SOURCE[preference][option]


ATTAINMENT = {name: globals()[name + "_attainment"] for name in CRITERIA}


def considered_value(criterion, clinic, published):
    """The clinic's figure as far as it is believed, the studies' figure for the rest."""
    if clinic is None or published is None:
        return None
    credence = CREDENCE[criterion]
    return (credence * clinic + (1 - credence) * published + Fraction(1, 2)).__floor__()


def attainments(client, option, start):
    """Basis -> criterion -> thousandths, None where something is not known."""
    clinic = {name: ATTAINMENT[name](client, option, "clinic", start) for name in CRITERIA}
    published = {name: ATTAINMENT[name](client, option, "published", start) for name in CRITERIA}
    considered = {name: considered_value(name, clinic[name], published[name]) for name in CRITERIA}
    return {"clinic": clinic, "published": published, "considered": considered}


# ---------------------------------------------------------------- preferences


def importance(client, criterion):
    """What the client said of a criterion; not stated: the result a lot, everything else a little."""
    stated = (client.get("importance") or {}).get(criterion)
    return stated or NOT_STATED.get(criterion, "little")


def weights_of(client):
    return {name: WEIGHT[importance(client, name)] for name in CRITERIA}


def objected(client, option):
    """Does the client object to what the option is made of?"""
    objections = client.get("objects_to") or []
    if option == PRP:
        return "own_blood" in objections
    source = (client.get("exosome_product") or {}).get("source")
    return option == EXO and SOURCE_OBJECTION.get(source) in objections


def fails_a_must(client, considered):
    """A must is failed below 500 thousandths; what is unknown never fails."""
    musts = [name for name in CRITERIA if importance(client, name) == "must"]
    return any(considered[name] is not None and considered[name] < 500 for name in musts)


def ruled_out_by_preference(client, option, considered):
    never = option == PRP and client.get("blood_draw_comfort") == "never"
    return never or objected(client, option) or fails_a_must(client, considered)


# ---------------------------------------------------------------- ranking


def known_criteria(attained):
    """Criteria known for every option: what is unknown for one is dropped for all."""
    return [name for name in CRITERIA if all(one[name] is not None for one in attained.values())]


def order(points):
    """Best first; a tie goes by rank."""
    return sorted(points, key=lambda option: (-points[option], RANKED.index(option)))


def points_of(attained, weights, names):
    """Whole points of each option: weight times thousandths, added up."""
    return {option: sum(weights[name] * one[name] for name in names) for option, one in attained.items()}


def robustness_of(attained, weights, names):
    """The share of the draws in which each option comes first, every weight multiplied by its draw."""
    names = [name for name in names if weights[name]]
    worth = {option: [(name, weights[name] * one[name]) for name in names] for option, one in attained.items()}
    wins = dict.fromkeys(attained, 0)
    draws = read_draws()
    for draw in draws:
        points = {option: sum(draw[name] * value for name, value in lines) for option, lines in worth.items()}
        wins[order(points)[0]] += 1
    return {option: Fraction(count, len(draws)) for option, count in wins.items()}


def compare(attained, weights, names):
    """Points, robustness, leader and lead among some options on one basis."""
    points = points_of(attained, weights, names)
    total = sum(weights[name] for name in names)
    ordered = order(points)
    return {
        "points": points,
        "weight_total": total,
        "robustness": robustness_of(attained, weights, names),
        "leader": ordered[0] if total else None,
        "next": ordered[1] if len(ordered) > 1 else None,
        "lead": points[ordered[0]] - points[ordered[1]] if len(ordered) > 1 else None,
        "attained": attained,
        "names": names,
    }


def unmet(compared, weights):
    """What matters a lot and the leader hardly gives."""
    leader = compared["leader"]
    if leader is None:
        return []
    attained = compared["attained"][leader]
    return [name for name in compared["names"] if weights[name] == 3 and attained[name] < 250]


def leads_strictly(compared, option):
    others = [points for other, points in compared["points"].items() if other != option]
    return all(compared["points"][option] > points for points in others)


def standing_of(considered, published, weights):
    """Clear, leans or a close call, for options that are left."""
    leader = considered["leader"]
    if leader is None:
        return "close_call"
    if considered["lead"] is not None and considered["lead"] < 10 * considered["weight_total"]:
        return "close_call"
    share = considered["robustness"][leader]
    if share < Fraction(6, 10):
        return "close_call"
    firm = share >= Fraction(8, 10) and leads_strictly(published, leader) and not unmet(considered, weights)
    return "clear" if firm else "leans"


def reasons(compared, weights):
    """What each criterion adds to the leader's lead, in whole points; 0 is the same for both."""
    leader, second, attained = compared["leader"], compared["next"], compared["attained"]
    if leader is None or second is None:
        return []
    lines = []
    for name in compared["names"]:
        points = weights[name] * (attained[leader][name] - attained[second][name])
        towards = None if points == 0 else leader if points > 0 else second
        lines.append(
            {
                "criterion": name,
                "points": points,
                "contribution": points / (1000 * compared["weight_total"]),
                "towards": towards,
                "basis": "considered",
            }
        )
    return lines


# ---------------------------------------------------------------- the result


def compare_on_all(options, left, weights):
    """The comparison on each basis among the options that are left; names are known for all three options."""
    result = {}
    for basis in BASES:
        names = known_criteria({option: options[option]["thousandths"][basis] for option in RANKED})
        result[basis] = compare({option: options[option]["thousandths"][basis] for option in left}, weights, names)
    return result


def basis_view(compared):
    """What a result says of one basis; nothing if there is nothing to rank."""
    if compared is None:
        return {"best": None, "fit": {}, "points": {}, "robustness": {}}
    total = compared["weight_total"]
    return {
        "best": compared["leader"],
        "fit": {option: points / (1000 * total) if total else None for option, points in compared["points"].items()},
        "points": dict(compared["points"]),
        "robustness": {option: float(share) for option, share in compared["robustness"].items()},
    }


def ranked_option(client, option, as_of):
    """Verdict, attainments and courses of one option, preferences last."""
    view = medical_view(client, option, as_of)
    start = start_of(client, view["deferred_until"], as_of)
    whole = attainments(client, option, start)
    if view["excluded_by"] is None and ruled_out_by_preference(client, option, whole["considered"]):
        view["verdict"], view["excluded_by"] = "excluded", "preference"
    view["thousandths"] = whole
    view["attainment"] = {
        basis: {name: None if value is None else value / 1000 for name, value in values.items()}
        for basis, values in whole.items()
    }
    view["course"] = courses(client, option, start, as_of)
    return view


def waiting():
    """Waiting is always possible, costs nothing and is never ranked."""
    return {
        "verdict": "clear",
        "deferred_until": None,
        "excluded_by": None,
        "findings": [],
        "attainment": {basis: dict.fromkeys(CRITERIA) for basis in BASES},
        "course": {basis: course_of_waiting() for basis in BASES},
    }


def pair_view(client, options, weights):
    """Exosomes or PRP: the same comparison over the two alone."""
    if any(options[option]["verdict"] == "excluded" for option in PAIR):
        return None
    if client.get("concern") is None:
        return {"best": None, "standing": "close_call", "robustness": {}, "points": {}, "unmet": [], "reasons": []}
    compared = compare_on_all(options, PAIR, weights)
    considered = compared["considered"]
    view = basis_view(considered)
    return {
        "best": view["best"],
        "standing": standing_of(considered, compared["published"], weights),
        "robustness": view["robustness"],
        "points": view["points"],
        "unmet": unmet(considered, weights),
        "reasons": reasons(considered, weights),
    }


def headline(client, options, weights):
    """Standing, best, bases, unmet and reasons over everything that is left."""
    left = [option for option in RANKED if options[option]["verdict"] != "excluded"]
    empty = {"best": None, "bases": {basis: basis_view(None) for basis in BASES}, "unmet": [], "reasons": []}
    if not left:
        return {"standing": "none_suitable", **empty}
    if client.get("concern") is None:
        return {"standing": "close_call", **empty}
    compared = compare_on_all(options, left, weights)
    considered = compared["considered"]
    return {
        "standing": standing_of(considered, compared["published"], weights),
        "best": considered["leader"],
        "bases": {basis: basis_view(compared[basis]) for basis in BASES},
        "unmet": unmet(considered, weights),
        "reasons": reasons(considered, weights),
    }


def tidy(view):
    """An option as a result shows it: dates as text, no inner bookkeeping."""
    until = view["deferred_until"]
    findings = [{key: one[key] for key in ("question", "answer", "verdict")} for one in view["findings"]]
    keys = ("verdict", "excluded_by", "attainment", "course")
    return {**{key: view[key] for key in keys}, "deferred_until": until and until.isoformat(), "findings": findings}


def oracle(client: dict, as_of: date) -> dict:
    """The whole result of one client on one day."""
    weights = weights_of(client)
    options = {option: ranked_option(client, option, as_of) for option in RANKED}
    known = known_criteria({option: options[option]["thousandths"]["considered"] for option in RANKED})
    return {
        "as_of": as_of.isoformat(),
        **headline(client, options, weights),
        "pair": pair_view(client, options, weights),
        "weight_total": sum(weights[name] for name in known),
        "options": {option: tidy(view) for option, view in {**options, WAIT: waiting()}.items()},
    }
