"""Clients for properties: mostly healthy, with a few safety answers of any kind, and any plans, settings and importances."""

import tomllib
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.conftest import AS_OF, DATA, healthy
from tests.oracle.draws import CRITERIA

Plain = dict[str, Any]

QUESTIONS = tomllib.loads((DATA / "questions.toml").read_text("utf-8"))
SAFETY_ANSWERS = {
    key: tuple(one["answers"]) for key, one in QUESTIONS.items() if one["part"] == "safety" and "answers" in one
}
DATED = tuple(key for key, one in QUESTIONS.items() if "window_days" in one)

IMPORTANCES = ("none", "little", "lot", "must")
SAFETY = st.sampled_from([(key, answer) for key, answers in SAFETY_ANSWERS.items() for answer in (*answers, None)])
LAST_TIMES = st.integers(0, 400).map(lambda days: (AS_OF - timedelta(days=days)).isoformat())
SINCE = st.dictionaries(st.sampled_from(DATED), LAST_TIMES, max_size=3)
EVENTS = st.integers(1, 400).map(lambda days: (AS_OF + timedelta(days=days)).isoformat())
STARTS = st.integers(-30, 200).map(lambda days: (AS_OF + timedelta(days=days)).isoformat())
PRODUCTS = st.fixed_dictionaries(
    {},
    optional={
        "source": st.sampled_from(("plant", "animal", "human")),
        "use": st.sampled_from(("after_needling", "after_needling", "after_needling", "during_needling", "injected")),
        "has_lot_and_certificate": st.sampled_from((True, True, True, False)),
    },
)
PLANS = st.fixed_dictionaries(
    {},
    optional={
        "age": st.integers(0, 120) | st.integers(22, 70) | st.none(),
        "concern": st.sampled_from(("texture", "acne_scars", "hair_thinning", "pigment")),
        "event_date": EVENTS | st.just("none"),
        "minutes_per_visit": st.integers(10, 480) | st.integers(45, 100) | st.just("any"),
        "visits_willing": st.integers(1, 12) | st.just("any"),
        "budget": st.integers(1, 6000) | st.just("any"),
        "downtime_days": st.integers(0, 14) | st.just("any"),
        "blood_draw_comfort": st.sampled_from(("fine", "uneasy", "rather_not", "never")),
        "planned_start": STARTS | st.just("now"),
        "material_preference": st.sampled_from(("own", "not_own", "no_preference")),
        "objects_to": st.lists(
            st.sampled_from(("own_blood", "human_donor", "animal", "plant")), unique=True, max_size=2
        ),
        "smokes": st.sampled_from(("yes", "no", "not_sure")),
        "hydration": st.sampled_from(("good", "poor", "not_sure")),
        "importance": st.dictionaries(st.sampled_from(CRITERIA), st.sampled_from(IMPORTANCES), max_size=6),
        "place": st.sampled_from(("us", "us", "us", "eu", "uk", "ca", "kr", "au", "other")),
        "exosome_product": PRODUCTS,
        "prp_kit_cleared": st.sampled_from((True, True, True, False)),
        "spin_during_numbing": st.booleans(),
    },
)


@st.composite
def clients(draw: st.DrawFn, **fixed: Any) -> Plain:
    """One valid intake. `fixed` answers stand over the drawn ones."""
    safety = dict(draw(st.lists(SAFETY, max_size=3)))
    since = draw(st.just({}) | SINCE)
    return healthy(**{**draw(PLANS), **safety, **({"since": since} if since else {}), **fixed})


@st.composite
def ranked_clients(draw: st.DrawFn) -> Plain:
    """A client with a concern and musts for nothing, so that something is ranked."""
    concern = draw(st.sampled_from(("texture", "acne_scars", "hair_thinning", "pigment")))
    client = draw(clients(concern=concern))
    stated = {key: word for key, word in client.get("importance", {}).items() if word != "must"}
    return {**client, "importance": stated}


def turned_round(value: Any) -> Any:
    """The same answers with every object's keys, and the list of objections, in the opposite order."""
    if isinstance(value, dict):
        return {key: turned_round(part) for key, part in reversed(list(value.items()))}
    return list(reversed(value)) if isinstance(value, list) else value
