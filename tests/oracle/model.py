"""One client in, one result out: the model written a second time, slowly, with exact fractions, apart from the product.

Every number of the rulebook stands here by hand. A triple is always microneedling, PRP, exosomes (the rank).
"""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from .draws import CRITERIA, read_draws
from .safety import EXO, MN, PRP, RANKED, medical_view
from .spans import (
    chance_at_most,
    later_of,
    low_typical_high,
    mean,
    one_after_another,
    plus,
    shares,
    shifted,
    span,
    thousandths,
    times,
)

WAIT = "wait"
PAIR = (PRP, EXO)
BASES = ("clinic", "published", "considered")
LIMITS = ("visit_time", "visits", "cost", "downtime")
NEEDLES = (MN, PRP, EXO)  # waiting has none

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
SOURCE_OBJECTION = {"human": "human_donor", "animal": "animal", "plant": "plant"}

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


def measure(client, option, basis, criterion):
    """What one of the four limits is about, as a distribution; None where it depends on a concern nobody has named."""
    concern = client.get("concern")
    if criterion == "visit_time":
        return visit_minutes(option, basis, bool(client.get("spin_during_numbing")))
    if criterion == "visits":
        return sessions(option, basis, concern)
    if criterion == "cost":
        return (milestones(option, basis, concern) or {}).get("course_cost")
    return REDNESS


LIMIT_ANSWER = {
    "visit_time": "minutes_per_visit",
    "visits": "visits_willing",
    "cost": "budget",
    "downtime": "downtime_days",
}


def grade(value, limit):
    """How well one value keeps a limit: fully within it, less the further it is beyond."""
    return Fraction(1) if value <= limit else Fraction(limit, 2 * value)


def against_limit(client, option, basis, criterion, ask):
    """What `ask` finds in thousandths; `any` is kept always, unanswered or without a distribution is unknown."""
    limit = client.get(LIMIT_ANSWER[criterion])
    if limit == "any":
        return 1000
    distribution = measure(client, option, basis, criterion)
    if limit is None or distribution is None:
        return None
    return thousandths(ask(distribution, limit))


def graded(client, option, basis, criterion):
    """The attainment of a limit: the mean grade over the course."""
    return against_limit(client, option, basis, criterion, lambda line, limit: mean(line, lambda k: grade(k, limit)))


def chance_within(client, option, basis, criterion):
    """The bare chance of staying within a limit."""
    return against_limit(client, option, basis, criterion, chance_at_most)


def ready_by_attainment(client, option, basis, start):
    if client.get("event_date") == "none":
        return 1000
    days = milestones(option, basis, client.get("concern")) or {}
    return chance_ready(days.get("ready"), start, iso_day(client.get("event_date")))


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


def attainment(client, option, basis, criterion, start):
    """One criterion on one basis, in thousandths."""
    if criterion in LIMITS:
        return graded(client, option, basis, criterion)
    return globals()[criterion + "_attainment"](client, option, basis, start)


def considered_value(criterion, clinic, published):
    """The clinic's figure as far as it is believed, the studies' figure for the rest."""
    if clinic is None or published is None:
        return None
    credence = CREDENCE[criterion]
    return (credence * clinic + (1 - credence) * published + Fraction(1, 2)).__floor__()


def attainments(client, option, start):
    """Basis -> criterion -> thousandths, None where something is not known."""
    clinic = {name: attainment(client, option, "clinic", name, start) for name in CRITERIA}
    published = {name: attainment(client, option, "published", name, start) for name in CRITERIA}
    considered = {name: considered_value(name, clinic[name], published[name]) for name in CRITERIA}
    return {"clinic": clinic, "published": published, "considered": considered}


def chances_within(client, option):
    """Limit -> the considered chance of staying within it, in thousandths."""
    clinic = {name: chance_within(client, option, "clinic", name) for name in LIMITS}
    published = {name: chance_within(client, option, "published", name) for name in LIMITS}
    return {name: considered_value(name, clinic[name], published[name]) for name in LIMITS}


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


def refused(client, option):
    """What the client wants in no case, whatever else it gives: the draw, needles, or what it is made of."""
    no_draw = option == PRP and client.get("blood_draw_comfort") == "never"
    no_needles = option in NEEDLES and client.get("needle_comfort") == "never"
    return no_draw or no_needles or objected(client, option)


def fails_a_must(client, decides):
    """A must is failed below 500 thousandths, a limit by the chance of keeping it; what is unknown never fails."""
    musts = [name for name in CRITERIA if importance(client, name) == "must"]
    return any(decides[name] is not None and decides[name] < 500 for name in musts)


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


def unmet(compared, weights, options):
    """What matters a lot and the leader hardly gives: limits by the chance of keeping them."""
    leader = compared["leader"]
    if leader is None:
        return []
    decides = options[leader]["decides"]
    return [name for name in compared["names"] if weights[name] == 3 and decides[name] < 250]


def leads_strictly(compared, option):
    others = [points for other, points in compared["points"].items() if other != option]
    return all(compared["points"][option] > points for points in others)


def standing_of(considered, published, weights, options):
    """Clear, leans or a close call, for options that are left."""
    leader = considered["leader"]
    if leader is None:
        return "close_call"
    if considered["lead"] is not None and considered["lead"] < 10 * considered["weight_total"]:
        return "close_call"
    share = considered["robustness"][leader]
    if share < Fraction(6, 10):
        return "close_call"
    firm = share >= Fraction(8, 10) and leads_strictly(published, leader) and not unmet(considered, weights, options)
    return "clear" if firm else "leans"


def nearest(pool, options, criterion):
    """Who comes closest to a limit among some options; a tie goes by rank."""
    return order({option: options[option]["thousandths"]["considered"][criterion] for option in pool})[0]


def nobody_keeps(client, options):
    """The limits that count a lot and that no option is likely to keep, among those only a must has excluded and the rest."""
    pool = [option for option in RANKED if options[option]["verdict"] != "excluded" or options[option]["only_a_must"]]
    if not pool or client.get("concern") is None:
        return []
    found = []
    for criterion in LIMITS:
        chances = [options[option]["within"][criterion] for option in pool]
        counts = WEIGHT[importance(client, criterion)] == 3 and None not in chances
        if counts and max(chances) < 500:
            found.append({"criterion": criterion, "nearest": nearest(pool, options, criterion)})
    return found


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


def in_units(thousandths_by_name):
    """Thousandths as a result shows them: shares of one."""
    return {name: None if value is None else value / 1000 for name, value in thousandths_by_name.items()}


def ranked_option(client, option, as_of):
    """Verdict, attainments and courses of one option, preferences last."""
    view = medical_view(client, option, as_of)
    start = start_of(client, view["deferred_until"], as_of)
    whole = attainments(client, option, start)
    view["within"] = chances_within(client, option)
    view["decides"] = {**whole["considered"], **view["within"]}
    others, must = refused(client, option), fails_a_must(client, view["decides"])
    view["only_a_must"] = view["excluded_by"] is None and must and not others
    if view["excluded_by"] is None and (others or must):
        view["verdict"], view["excluded_by"] = "excluded", "preference"
    view["thousandths"] = whole
    view["attainment"] = {basis: in_units(values) for basis, values in whole.items()}
    view["chance_within"] = in_units(view["within"])
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
        "chance_within": dict.fromkeys(LIMITS),
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
        "standing": standing_of(considered, compared["published"], weights, options),
        "robustness": view["robustness"],
        "points": view["points"],
        "unmet": unmet(considered, weights, options),
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
        "standing": standing_of(considered, compared["published"], weights, options),
        "best": considered["leader"],
        "bases": {basis: basis_view(compared[basis]) for basis in BASES},
        "unmet": unmet(considered, weights, options),
        "reasons": reasons(considered, weights),
    }


def tidy(view):
    """An option as a result shows it: dates as text, no inner bookkeeping."""
    until = view["deferred_until"]
    findings = [{key: one[key] for key in ("question", "answer", "verdict")} for one in view["findings"]]
    keys = ("verdict", "excluded_by", "attainment", "chance_within", "course")
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
        "nobody_keeps": nobody_keeps(client, options),
        "weight_total": sum(weights[name] for name in known),
        "options": {option: tidy(view) for option, view in {**options, WAIT: waiting()}.items()},
    }
