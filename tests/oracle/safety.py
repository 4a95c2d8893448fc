"""What the answers, the place and the product say against an option: findings, verdict and waiting time, by hand.

A triple is always microneedling, PRP, exosomes (the rank). C clear, c caution, R needs review, D<days> deferred, X excluded.
"""

from datetime import date, timedelta

MN, PRP, EXO = "microneedling_alone", "prp_microneedling", "exosome_microneedling"
RANKED = (MN, PRP, EXO)
VERDICTS = ("clear", "caution", "needs_review", "deferred", "excluded")
LETTER = {"C": "clear", "c": "caution", "R": "needs_review", "D": "deferred", "X": "excluded"}

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
    "nsaid": {"last_2_days": "C D7 C", "last_7_days": "C D5 C"},
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
    "filler_last_28_days": {"yes": "D28 D28 D28"},
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
    "bleeding_supplements_last_7_days": {"yes": "c c c"},
    "hair_removal_area_last_7_days": {"yes": "D7 D7 D7"},
    "needling_area_last_28_days": {"yes": "D28 D28 D28"},
    "bad_reaction_to_needling_or_product": {"yes": "R R R"},
    "tattoo_or_permanent_makeup_area": {"yes": "R R R"},
    "psoriasis_or_vitiligo_anywhere": {"yes": "R R R"},
    "latex_allergy": {"yes": "c c c"},
}
# These share one row with citrate allergy, and the row's note says "not sure = R for PRP only".
REVIEW_FOR_PRP_WHEN_UNKNOWN = ("poor_veins", "faints_with_needles")

# The questions for which the day it last happened can be told.
TAKES_A_DAY = (
    "nsaid",
    "retinoid_or_acid_last_7_days",
    "oral_steroid_last_14_days",
    "steroid_injection_area_last_30_days",
    "botulinum_last_14_days",
    "filler_last_28_days",
    "bleeding_supplements_last_7_days",
    "hair_removal_area_last_7_days",
    "needling_area_last_28_days",
    "peel_or_laser",
)
# From a day that was told, both answers on anti-inflammatories wait seven days after the last one.
NSAID_DAYS_AFTER_THE_LAST_ONE = 7

FILLER, OLD_FILLER = "filler_last_28_days", "filler_last_14_days"


def column(option):
    """Where an option stands in a triple."""
    return RANKED.index(option)


def finding(question, answer, code, kind="safety", until=None):
    """One line of the examiner's agenda: what was asked, what was said, what follows, and until when."""
    return {"question": question, "answer": answer, "verdict": LETTER[code[0]], "until": until, "kind": kind}


# ---------------------------------------------------------------- answers


def filler_answer(client):
    """The question of older files asked for 14 days: its yes is a yes, its no says nothing of days 15 to 28."""
    new, old = client.get(FILLER), client.get(OLD_FILLER)
    if old in ("no", "not_applicable"):
        old = None
    given = [answer for answer in (new, old) if answer is not None]
    strict = ("yes", "not_sure", "no", "not_applicable")
    return min(given, key=strict.index, default=None)


def answer_of(client, question):
    return filler_answer(client) if question == FILLER else client.get(question)


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


def end_of_wait(client, question, code, as_of):
    """The day a wait is over: counted from the day that was told, else from today; None for what is no wait."""
    if code[0] != "D":
        return None
    days = int(code[1:])
    told = (client.get("since") or {}).get(question)
    if told is None or question not in TAKES_A_DAY:
        return as_of + timedelta(days=days)
    if question == "nsaid":
        days = NSAID_DAYS_AFTER_THE_LAST_ONE
    return date.fromisoformat(told) + timedelta(days=days)


def one_finding(client, question, option, as_of):
    """What one answer says about one option; None if that is clear, or if its wait is over already."""
    answer = answer_of(client, question)
    code = answer_code(question, answer, option)
    until = end_of_wait(client, question, code, as_of)
    if code == "C" or (until is not None and until <= as_of):
        return None
    return finding(question, answer, code, until=until)


def safety_findings(client, option, as_of):
    """Everything the answers say about one option that is more than clear."""
    found = [one_finding(client, question, option, as_of) for question in SAFETY]
    if age_code(client.get("age")) != "C":
        found.append(finding("age", client.get("age"), age_code(client.get("age"))))
    return [one for one in found if one is not None]


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


def deferral(findings):
    """From when, if waiting is the strictest thing asked: the latest day of all waits; None otherwise."""
    if strictest(findings) != "deferred":
        return None
    return max(one["until"] for one in findings if one["until"] is not None)


def excluding_kind(findings):
    """Why an option is excluded: safety before place before product; None if it is not."""
    kinds = {one["kind"] for one in findings if one["verdict"] == "excluded"}
    return next((kind for kind in ("safety", "place", "product") if kind in kinds), None)


def medical_view(client, option, as_of):
    """Verdict, date and findings of one option from safety, place and product alone."""
    findings = safety_findings(client, option, as_of) + gate_findings(client, option)
    return {
        "verdict": strictest(findings),
        "deferred_until": deferral(findings),
        "excluded_by": excluding_kind(findings),
        "findings": findings,
    }
