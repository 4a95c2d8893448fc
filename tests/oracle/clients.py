"""Invented clients for comparing two readings of the model: healthy ones, ordinary ones, and nasty but valid ones."""

import tomllib
from datetime import timedelta
from pathlib import Path

from .draws import CRITERIA
from .safety import TAKES_A_DAY

YES_NO = ("yes", "no", "not_sure", "not_applicable")

SAFETY_ANSWERS = {
    **dict.fromkeys(
        (
            "pregnant",
            "breastfeeding",
            "skin_infection_now",
            "cold_sore_now",
            "cold_sores_ever",
            "fever_or_illness_now",
            "acne_active_area",
            "eczema_psoriasis_rosacea_area",
            "anticoagulant",
            "antiplatelet_prescribed",
            "bleeding_disorder",
            "low_platelets",
            "anaemia",
            "suspicious_lesion_area",
            "sarcoid_or_granuloma",
            "immunosuppressed",
            "liver_kidney_disease",
            "sunburn_or_tan",
            "retinoid_or_acid_last_7_days",
            "botulinum_last_14_days",
            "filler_last_28_days",
            "facial_surgery_last_12_months",
            "melasma",
            "lidocaine_allergy",
            "metal_allergy",
            "exosome_product_allergy",
            "citrate_allergy",
            "blood_borne_infection",
            "poor_veins",
            "faints_with_needles",
            "oral_steroid_last_14_days",
            "steroid_injection_area_last_30_days",
            "photosensitising_drug",
            "heart_device_or_condition",
            "past_pigment_change",
            "appearance_worry",
            "bleeding_supplements_last_7_days",
            "hair_removal_area_last_7_days",
            "needling_area_last_28_days",
            "bad_reaction_to_needling_or_product",
            "tattoo_or_permanent_makeup_area",
            "psoriasis_or_vitiligo_anywhere",
            "latex_allergy",
        ),
        YES_NO,
    ),
    "isotretinoin": ("never", "now", "stopped_under_6_months", "stopped_over_6_months", "not_sure"),
    "keloid": ("none", "personal_or_family", "active_in_area", "not_sure"),
    "nsaid": ("none", "last_2_days", "last_7_days", "not_sure"),
    "cancer": ("none", "active", "past", "past_skin", "not_sure"),
    "radiotherapy_area": ("never", "within_12_months", "longer_ago", "not_sure"),
    "autoimmune": ("none", "connective_tissue", "other", "not_sure"),
    "diabetes": ("none", "controlled", "uncontrolled", "not_sure"),
    "peel_or_laser": ("none", "light_under_30_days", "deep_under_3_months", "not_sure"),
    "skin_type": ("1", "2", "3", "4", "5", "6", "not_sure"),
}
SHIPPED = tomllib.loads((Path(__file__).resolve().parents[2] / "data" / "questions.toml").read_text("utf-8"))
HARMLESS = {"isotretinoin": "never", "radiotherapy_area": "never", "skin_type": "2"}
GENTLE = {
    "cold_sores_ever": "yes",
    "nsaid": "last_2_days",
    "anaemia": "not_sure",
    "sunburn_or_tan": "yes",
    "skin_type": "5",
    "peel_or_laser": "light_under_30_days",
    "filler_last_28_days": "yes",
    "needling_area_last_28_days": "yes",
    "hair_removal_area_last_7_days": "yes",
    "bleeding_supplements_last_7_days": "yes",
    "latex_allergy": "not_sure",
    "anticoagulant": "yes",
    "radiotherapy_area": "longer_ago",
}

FILLER, OLD_FILLER = "filler_last_28_days", "filler_last_14_days"
SOME_DAYS = (0, 1, 4, 5, 6, 7, 8, 13, 14, 15, 27, 28, 29, 30, 31, 89, 90, 91, 400, 3650)

CONCERNS = ("texture", "acne_scars", "hair_thinning", "pigment")
OBJECTIONS = ("own_blood", "human_donor", "animal", "plant")
PLACES = (*["us"] * 10, "eu", "uk", "ca", "kr", "au", "other")
IMPORTANCES = ("none", "little", "lot", "must")


def harmless(question):
    """The answer of someone who has nothing to report."""
    if question in HARMLESS:
        return HARMLESS[question]
    return "no" if SAFETY_ANSWERS[question] is YES_NO else "none"


def healthy_answers(rng):
    """Nothing to report, now and then one small thing."""
    answers = {question: harmless(question) for question in SAFETY_ANSWERS}
    for question in rng.sample(sorted(GENTLE), rng.choice((0, 0, 1, 2))):
        answers[question] = GENTLE[question]
    return answers


def one_thing_answers(rng):
    """Nothing to report but one answer, which may be anything, or missing."""
    answers = {question: harmless(question) for question in SAFETY_ANSWERS}
    question = rng.choice(sorted(SAFETY_ANSWERS))
    answers[question] = rng.choice((*SAFETY_ANSWERS[question], None))
    return answers


def wild_answers(rng):
    """Every answer as likely as any other, some missing."""
    return {question: rng.choice((*answers, None)) for question, answers in SAFETY_ANSWERS.items()}


def with_the_old_filler_question(rng, answers):
    """Older files asked for 14 days only; now and then both questions are answered."""
    old = rng.choice((*YES_NO, None))
    asked = rng.choice(("new", "new", "new", "old", "both"))
    if asked == "new":
        return answers
    kept = answers if asked == "both" else {question: said for question, said in answers.items() if question != FILLER}
    return {**kept, OLD_FILLER: old}


def since(rng, as_of):
    """When some things last happened, whatever was answered; mostly within the windows and at their edges."""
    told = rng.sample(TAKES_A_DAY, rng.choice((0, 0, 1, 3, len(TAKES_A_DAY))))
    days = {question: rng.choice((rng.choice(SOME_DAYS), rng.randint(0, 40))) for question in told}
    return {question: (as_of - timedelta(days=ago)).isoformat() for question, ago in days.items()}


def texts(rng):
    """What is kept word for word and never counted."""
    return {
        "medicines_text": rng.choice(("", "Metformin 500 mg, mornings", "x" * 500)),
        "allergies_text": rng.choice(("", "Pollen; \u00e9pices & <nuts>", "None that I know of")),
    }


def day_near(rng, as_of, first, last):
    return (as_of + timedelta(days=rng.randint(first, last))).isoformat()


def event_day(rng, as_of):
    """Mostly within a year, sometimes tomorrow or far off, sometimes no date."""
    near, far = day_near(rng, as_of, 1, 260), day_near(rng, as_of, 1, 3640)
    return rng.choice((near, near, near, far, day_near(rng, as_of, 1, 1), "none"))


def plans(rng, as_of):
    """What the client wants and can live with."""
    return {
        "age": rng.choice((0, 17, 18, 21, 22, 49, 50, 120, *[rng.randint(22, 80)] * 12)),
        "concern": rng.choice(CONCERNS),
        "event_date": event_day(rng, as_of),
        "minutes_per_visit": rng.choice((10, 480, "any", *[rng.randint(40, 110)] * 6)),
        "visits_willing": rng.choice((1, 2, 3, 4, 5, 6, 12, "any")),
        "budget": rng.choice((1, 1000000, "any", 2100, 2700, *[rng.randint(300, 5500)] * 6)),
        "downtime_days": rng.choice((0, 1, 2, 3, 14, "any")),
        "blood_draw_comfort": rng.choice((*["fine", "uneasy", "rather_not"] * 4, "never")),
        "needle_comfort": rng.choice((*["fine", "uneasy", "rather_not"] * 8, "never")),
        "planned_start": rng.choice(("now", day_near(rng, as_of, 0, 90), day_near(rng, as_of, -30, 400))),
        "material_preference": rng.choice(("own", "not_own", "no_preference")),
        "smokes": rng.choice(("yes", "no", "not_sure")),
        "hydration": rng.choice(("good", "poor", "not_sure")),
    }


def objections(rng):
    some = rng.sample(OBJECTIONS, rng.randint(1, 4))
    return rng.choice(([], [], [], [], [], [], [], some, ["own_blood"], ["human_donor"]))


def importance(rng):
    """Nothing stated, a few criteria, or all of them; musts are rarer than the rest."""
    stated = rng.sample(CRITERIA, rng.choice((0, 2, 4, len(CRITERIA))))
    mild, choosy = ("none", "little", "lot"), ("little", "lot", "lot", "must")
    levels = rng.choice((mild, mild, mild, ("none",), IMPORTANCES, choosy))
    return {criterion: rng.choice(levels) for criterion in stated}


def product(rng):
    """Mostly a product on record; sometimes a bad one, a part of one, or none."""
    good = {
        "source": rng.choice(("plant", "animal", "human")),
        "use": "after_needling",
        "has_lot_and_certificate": True,
    }
    other = {
        "source": rng.choice(("plant", "animal", "human")),
        "use": rng.choice(("after_needling", "during_needling", "injected")),
        "has_lot_and_certificate": rng.choice((True, False)),
    }
    part = dict(rng.sample(sorted(good.items(), key=str), rng.randint(0, 2)))
    return rng.choice((*[good] * 8, other, other, part, None))


def settings(rng):
    """The place; the kit is nearly always a cleared one."""
    return {
        "place": rng.choice(PLACES),
        "exosome_product": product(rng),
        "prp_kit_cleared": rng.choice((*[True] * 12, False)),
        "spin_during_numbing": rng.choice((True, False, False)),
    }


def with_gaps(rng, client):
    """Some answers removed, some set to null: both mean unanswered."""
    share = rng.choice((0, 0, 0.1, 0.5))
    kept = {key: value for key, value in client.items() if rng.random() >= share}
    return {key: None if rng.random() < share / 4 else value for key, value in kept.items()}


def invented_client(rng, as_of):
    """One valid intake; the same rng gives the same client."""
    answers = rng.choice((healthy_answers, healthy_answers, healthy_answers, one_thing_answers, wild_answers))(rng)
    wishes = {**plans(rng, as_of), "objects_to": objections(rng), "importance": importance(rng)}
    client = {**with_gaps(rng, wishes), **with_gaps(rng, settings(rng))}
    answers = with_the_old_filler_question(rng, answers)
    client.update(answers if rng.random() < 0.8 else with_gaps(rng, answers))
    client.update(with_gaps(rng, {"since": since(rng, as_of), **texts(rng)}))
    keys = sorted(client)
    rng.shuffle(keys)
    return {key: client[key] for key in keys}


# Until the program asks them; then `random_client` is `invented_client`.
NOT_ASKED_YET = {"medicines_text", "allergies_text"} - set(SHIPPED)


def random_client(rng, as_of):
    """What the program of today can be asked."""
    return {key: value for key, value in invented_client(rng, as_of).items() if key not in NOT_ASKED_YET}
