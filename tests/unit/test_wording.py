"""A result in words: states, reasons and flips; every outcome has its sentence, easy to read and fit to say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from medspa_core.practice.demo_history import Dice, plausible_client
from medspa_core.recommendation import recommend
from medspa_core.rulebook import Rulebook
from medspa_core.rulebook.schema.on_screens import Points
from medspa_core.wording.flips import flip_lines
from medspa_core.wording.headlines import headline
from medspa_core.wording.of_entries import points_of
from medspa_core.wording.reasons import overall_reasons, pair_reasons
from medspa_core.wording.states import state_of, why_not
from medspa_core.wording.words import Told, WordsMissing, listed, read_words
from tests.conftest import AS_OF, DATA, healthy
from tests.reading_age import hard_texts
from views.consultation.options.options_page import AFTERWARDS
from views.staff.home.demo_clients import DemoClient, demo_clients

STAFF_WORDS = re.compile(r"\b(leans|excluded|deferred|none suitable|recommended|best match|popular)\b", re.IGNORECASE)
FRESH = {"concern": "texture", "budget": 2500, "minutes_per_visit": 75, "visits_willing": 4}
WEIGHTS = {"blood_draw": "lot", "cost": "lot"}
COST_AND_VISITS = {"cost": "lot", "visits": "lot"}


def told(rulebook: Rulebook, **answers: Any) -> Told:
    given = healthy(**answers) if answers.pop("healthy", True) else answers
    return Told(recommend(given, rulebook, AS_OF), given, rulebook, read_words())


def of_the_pictures(rulebook: Rulebook, **more: Any) -> Told:
    """The client of the design: rather no draw and the cost count a lot."""
    return told(rulebook, **{**FRESH, "blood_draw_comfort": "rather_not", "importance": WEIGHTS, **more})


def test_not_yet_says_from_when(rulebook: Rulebook) -> None:
    state = state_of(told(rulebook, concern="texture", sunburn_or_tan="yes"), "prp_microneedling")
    assert (state.sign, state.text) == ("clock", "Not yet: from December 6")


def test_what_is_not_wanted_is_named_by_what_the_product_is_made_from(rulebook: Rulebook) -> None:
    """Two sources are objected to, and only one of them is the product's."""
    product = {"source": "plant", "use": "after_needling", "has_lot_and_certificate": True}
    client = told(rulebook, concern="texture", objects_to=["animal", "plant"], exosome_product=product)
    assert why_not(client, "exosome_microneedling") == "you don't want a product from plants used"
    state = state_of(client, "exosome_microneedling")
    assert (state.sign, state.text) == ("no", "Not for you: what it is made from")
    assert state.in_full == "Not for you, because you don't want a product from plants used"


def test_every_must_that_rules_an_option_out_is_named(rulebook: Rulebook) -> None:
    musts = {"blood_draw": "must", "cost": "must"}
    client = told(rulebook, concern="texture", budget=100, blood_draw_comfort="rather_not", importance=musts)
    assert why_not(client, "prp_microneedling") == "no blood draw and the cost are musts for you"


def test_reasons_in_words_add_up_to_the_lead(rulebook: Rulebook) -> None:
    client = of_the_pictures(rulebook)
    reasons = pair_reasons(client)
    assert reasons is not None and client.result.pair is not None
    points = client.result.pair.points
    assert reasons.total == points[reasons.best] - points[reasons.other]
    assert [line.text for line in reasons.lines] == ["No blood draw", "Your budget, $2,500", "20 minutes shorter"]
    assert "the result in studies" in reasons.same


def test_with_a_blood_draw_that_is_fine_both_fit_and_nobody_is_told_that_none_is_drawn(rulebook: Rulebook) -> None:
    reasons = pair_reasons(told(rulebook, **FRESH, blood_draw_comfort="fine"))
    assert reasons is not None
    assert "a blood draw" in reasons.both_fit
    assert not [name for name in reasons.same if "blood" in name]


def test_two_options_without_a_draw_are_the_same_in_that(rulebook: Rulebook) -> None:
    reasons = overall_reasons(of_the_pictures(rulebook, blood_draw_comfort="never"))
    assert reasons is not None
    assert {reasons.best, reasons.other} == {"microneedling_alone", "exosome_microneedling"}
    assert "no blood draw" in reasons.same


def test_time_money_and_material_are_the_same_only_where_they_are(rulebook: Rulebook) -> None:
    easy = {"budget": "any", "minutes_per_visit": "any", "material_preference": "no_preference"}
    reasons = pair_reasons(told(rulebook, **{**FRESH, **easy}, blood_draw_comfort="uneasy"))
    assert reasons is not None
    assert {"the cost", "the time of one visit", "what it should be made from"} <= set(reasons.both_fit)
    assert not {"the cost", "the time of one visit", "what it is made from"} & set(reasons.same)
    assert "the number of visits" in reasons.same


def test_of_a_budget_below_both_the_less_dear_is_nearer_to_it_and_does_not_fit_it(rulebook: Rulebook) -> None:
    reasons = pair_reasons(told(rulebook, **{**FRESH, "budget": 1500}, blood_draw_comfort="uneasy"))
    assert reasons is not None
    lines = {line.criterion: (line.text, line.towards) for line in reasons.lines}
    assert lines["cost"] == ("Nearer to $1,500", "prp_microneedling")
    assert "the cost" not in (*reasons.both_fit, *reasons.same)


def test_a_date_too_soon_for_both_is_met_by_neither(rulebook: Rulebook) -> None:
    """PRP could start later still; what is over a budget is not level any more, so it stands among the reasons."""
    reasons = pair_reasons(
        told(rulebook, **FRESH, event_date="2026-12-01", nsaid="last_2_days", blood_draw_comfort="uneasy")
    )
    assert reasons is not None
    assert reasons.neither_fits == ("your date",)


@pytest.mark.parametrize("demo", demo_clients(), ids=lambda demo: str(demo.name))
def test_what_is_the_same_for_both_has_the_same_figures(rulebook: Rulebook, demo: DemoClient) -> None:
    answers = demo.answers(AS_OF)
    client = Told(recommend(answers, rulebook, AS_OF), answers, rulebook, read_words())
    for reasons in filter(None, (pair_reasons(client), overall_reasons(client))):
        one, other = (rulebook.options[option] for option in (reasons.best, reasons.other))
        spans = [client.state(option).course["considered"].spans for option in (reasons.best, reasons.other)]
        same = set(reasons.same)
        assert one.blood_draw == other.blood_draw or not same & {"a blood draw", "no blood draw"}
        assert one.material == other.material or "what it is made from" not in same
        assert spans[0]["visit_minutes"] == spans[1]["visit_minutes"] or "the time of one visit" not in same
        assert spans[0]["course_cost"] == spans[1]["course_cost"] or "the cost" not in same


def test_what_the_client_has_not_said_is_named_as_not_used(rulebook: Rulebook) -> None:
    reasons = overall_reasons(told(rulebook, concern="acne_scars"))
    assert reasons is not None
    assert "a blood draw" in reasons.not_used


def test_a_flip_says_if_and_then_and_what_to_try(rulebook: Rulebook) -> None:
    lines = {line.key: line for line in flip_lines(of_the_pictures(rulebook), limit=10)}
    fine = lines["blood_draw_comfort"]
    assert (fine.change, fine.outcome) == (
        "If a blood draw were fine with you",
        "PRP, ahead of exosomes",
    )  # over the 75 minutes
    assert fine.answers == {"blood_draw_comfort": "fine"}


def test_each_flip_keeps_its_promise(rulebook: Rulebook) -> None:
    """Of every invented client: what the changed answers give is what the line says, of the two or of all that are left."""
    seen = set()
    for demo in demo_clients():
        answers = demo.answers(AS_OF)
        client = Told(recommend(answers, rulebook, AS_OF), answers, rulebook, read_words())
        for line in flip_lines(client):
            if line.answers is not None:
                tried = recommend({**answers, **line.answers}, rulebook, AS_OF)
                bests = [one for one in (tried.pair, tried) if one is not None]
                bests = [tried] if "between the best two" in line.outcome else bests
                assert any(promised(client, one, line.outcome) for one in bests), (demo.name, line)
                seen.add(line.outcome)
    assert {"a close call", "a close call between the best two"} < seen


def promised(client: Told, found: Any, outcome: str) -> bool:
    """Whether a standing and its best are as a flip says: a close call, or one by name, more clearly or a little."""
    if outcome.startswith("a close call"):
        return bool(found.standing == "close_call")
    if found.best is None or not outcome.startswith(client.name(found.best)):
        return False
    return ("more clearly" not in outcome or found.standing == "clear") and found.standing != "close_call"


def test_less_than_the_client_said_is_told_as_less(rulebook: Rulebook) -> None:
    changes = {
        line.change
        for line in flip_lines(told(rulebook, **{**FRESH, "budget": 3000}, blood_draw_comfort="fine"), limit=40)
    }
    budgets = {change for change in changes if "spend" in change}
    assert budgets
    for change in budgets:
        amount = int(re.sub(r"\D", "", change))
        assert ("no more than" in change) == (amount < 3000), change


def test_no_flip_weighs_what_is_level_or_is_ahead_of_what_it_rules_out(rulebook: Rulebook) -> None:
    for demo in demo_clients():
        answers = demo.answers(AS_OF)
        client = Told(recommend(answers, rulebook, AS_OF), answers, rulebook, read_words())
        for line in flip_lines(client, limit=40):
            if line.change.startswith(("If you did not want", "If you never wanted")):
                assert "ahead of" not in line.outcome, (demo.name, line)
            assert (
                line.answers is None or line.key != "importance.blood_draw" or answers["blood_draw_comfort"] != "fine"
            )


@pytest.mark.parametrize(
    ("number", "budget", "outcome"),
    [
        (
            "price.exosome_microneedling",
            2400,
            "exosomes over PRP",
        ),  # three visits at $720 keep it, three at $900 do not
        ("sessions.published.exosome_microneedling", 2400, "exosomes, ahead of microneedling alone"),
    ],
)
def test_a_number_of_ours_is_held_against_the_limits_as_it_would_be(
    rulebook: Rulebook, number: str, budget: int, outcome: str
) -> None:
    client = told(
        rulebook,
        **{**FRESH, "budget": budget, "visits_willing": 3},
        blood_draw_comfort="fine",
        importance=COST_AND_VISITS,
    )
    assert {line.key: line.outcome for line in flip_lines(client, limit=40)}[number] == outcome


def test_a_flip_never_calls_an_option_the_nearest_of_all(rulebook: Rulebook) -> None:
    """Which one is nearest differs by the limit, and of one limit the headline says it."""
    for budget in (700, 900, 1000, 2600):
        client = told(rulebook, **{**FRESH, "budget": budget, "visits_willing": 2}, importance=COST_AND_VISITS)
        assert client.result.nobody_keeps
        assert [line for line in flip_lines(client, limit=40) if "nearest" in line.outcome] == []


def test_a_must_that_shuts_all_can_be_tried_as_a_wish(rulebook: Rulebook) -> None:
    soon = told(rulebook, **{**FRESH, "event_date": "2026-12-13", "importance": {"ready_by": "must"}})
    assert "If your date counted a lot" in [line.change for line in flip_lines(soon)]


def test_what_counts_is_named_so_that_the_sentence_reads(rulebook: Rulebook) -> None:
    changes = [line.change for line in flip_lines(of_the_pictures(rulebook), limit=40)]
    assert "If having no blood draw counted a little" in changes


def test_trying_one_importance_keeps_the_others(rulebook: Rulebook) -> None:
    lines = {line.key: line for line in flip_lines(of_the_pictures(rulebook), limit=20)}
    tried = next(line for key, line in lines.items() if key.startswith("importance."))
    assert tried.answers is not None
    assert set(WEIGHTS) <= set(tried.answers["importance"])


def test_what_a_flip_says_is_what_trying_it_gives(rulebook: Rulebook) -> None:
    client = of_the_pictures(rulebook)
    for line in flip_lines(client, limit=20):
        if line.answers:
            after = recommend({**client.answers, **line.answers}, rulebook, AS_OF)
            outcome = headline(Told(after, {**client.answers, **line.answers}, rulebook, client.words))
            assert outcome != headline(client), line


@pytest.mark.parametrize("seed", range(6))
def test_every_sentence_about_plausible_clients_can_be_read_and_said(rulebook: Rulebook, seed: int) -> None:
    reading = tomllib.loads((DATA / "reading.toml").read_text("utf-8"))
    texts: dict[str, str] = {}
    for number in range(25):
        dice = Dice(1000 * seed + number)
        answers = plausible_client(rulebook, AS_OF + timedelta(days=number), dice)
        client = Told(recommend(answers, rulebook, AS_OF + timedelta(days=number)), answers, rulebook, read_words())
        texts |= {f"{number} {key}": text for key, text in sentences_about(client).items()}
    explained = frozenset(reading["easy_words"]) | {"prp"}  # its letters are spelled out, and the glossary explains it
    assert hard_texts(texts, explained, reading["limit_age"]) == []
    assert [text for text in texts.values() if STAFF_WORDS.search(text) or "{" in text] == []


def sentences_about(client: Told) -> dict[str, str]:
    said = headline(client)
    found = {"headline": " ".join(said.lines), "below": " ".join(said.all_below)}  # each is read in one go
    found |= {f"state {option}": state_of(client, option).text for option in client.rulebook.options}
    for reasons in filter(None, (pair_reasons(client), overall_reasons(client))):
        found |= {f"reason {line.criterion}": line.text for line in reasons.lines}
    lines = flip_lines(client, limit=30)
    return (
        found | {f"if {line.key}": line.change for line in lines} | {f"then {line.key}": line.outcome for line in lines}
    )


def test_a_missing_sentence_is_an_error_that_names_the_file() -> None:
    with pytest.raises(WordsMissing, match=r"data/result_words\.toml, nothing\.here"):
        read_words().say("nothing.here")


NEVER_ONE = re.compile(r"minutes|home\.long_name|card\.(weeks|days)|(visit|feels)\.")
"""Counts that are never one: minutes of a visit or a step, ranges, and how long a code name may be."""
COUNT = re.compile(r"\{(number|minutes|visits|days|months|hours|answer)\} \w+s\b")


def test_each_count_that_a_client_reads_has_words_for_one_too() -> None:
    files = (DATA / "result_words.toml", *sorted(DATA.glob("screens*.toml")))
    found = {key: text for path in files for key, text in _sentences(tomllib.loads(path.read_text("utf-8")))}
    counts = {key for key, text in found.items() if COUNT.search(text) and not key.startswith("staff.")}
    assert len(counts) > 15
    alone = {key for key in counts if not _for_one(key) & found.keys() and not NEVER_ONE.search(key + found[key])}
    assert not alone


def _for_one(key: str) -> set[str]:
    stem = re.sub(r"[._](many|less)$", "", key)
    return {f"{stem}_one", f"{stem}.one", "card.visit_count_one" if key == "cost.visits" else ""}


def _sentences(entries: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in entries.items():
        if isinstance(value, dict):
            yield from _sentences(value, f"{above}{name}.")
        elif isinstance(value, str):
            yield f"{above}{name}", value


@pytest.mark.parametrize("minutes", [0, 1, 2, 5])
def test_minutes_between_two_visits_are_counted(rulebook: Rulebook, minutes: int) -> None:
    client = of_the_pictures(rulebook)
    words = {0: "The time of one visit", 1: "1 minute shorter"}.get(minutes, f"{minutes} minutes shorter")
    reasons = pair_reasons(with_a_visit_shorter_by(client, minutes))
    assert reasons is not None
    assert words in [line.text for line in reasons.lines]


def with_a_visit_shorter_by(client: Told, minutes: int) -> Told:
    """The same client, where a visit with exosomes takes that much less than one with PRP."""
    options = dict(client.result.options)
    course = options["prp_microneedling"].course["considered"]
    longer = course.spans["visit_minutes"]
    assert longer is not None
    shorter = replace(longer, typical=longer.typical - minutes)
    mine = replace(course, spans={**course.spans, "visit_minutes": shorter})
    exosomes = options["exosome_microneedling"]
    options["exosome_microneedling"] = replace(exosomes, course={**exosomes.course, "considered": mine})
    return replace(client, result=replace(client.result, options=options))


def test_three_names_are_listed_with_one_and() -> None:
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize("point", ["good", "not_good"])
def test_good_and_not_so_good_are_equally_long_for_every_option(rulebook: Rulebook, point: str) -> None:
    for concern in ("none", *rulebook.concerns):
        lengths = [len(getattr(points(rulebook, option, concern), point)) for option in rulebook.options]
        assert max(lengths) <= 1.2 * min(lengths), (concern, lengths)


def test_no_fixed_text_says_what_a_treatment_costs_beside_another_since_a_clinic_sets_its_prices(
    rulebook: Rulebook,
) -> None:
    told_points = [
        getattr(points(rulebook, option, concern), point)
        for option in rulebook.ranked
        for concern in ("none", *rulebook.concerns)
        for point in ("good", "not_good")
    ]
    assert [
        text for text in told_points if re.search(r"\b(costs?|prices?|cheap|dear|money)", text, re.IGNORECASE)
    ] == []


def points(rulebook: Rulebook, option: str, concern: str) -> Points:
    found = points_of(rulebook, option, "" if concern == "none" else concern)
    assert found is not None
    return found


def test_what_can_come_after_a_visit_cites_sources_that_exist(rulebook: Rulebook) -> None:
    cited = {name for sources in read_words().entry("feels_sources").values() for name in sources}
    assert cited and cited <= set(rulebook.sources)


def test_what_can_come_after_a_visit_says_what_is_usual_first_how_often_and_what_we_do() -> None:
    told_after = [read_words().say(f"feels.{key}") for key in AFTERWARDS]
    assert "usual" in told_after[0]
    assert told_after[-1].startswith("If your skin looks or feels wrong to you, tell us at once")
    for key in AFTERWARDS:
        assert read_words().entry(f"feels_sources.{key}"), key
    assert not [text for text in told_after if "Germs, a change in colour and lumps are possible" in text]


def test_a_sentence_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(f"[card]\nvisits = 'Visits'\nof_{name[:3]} = 'its own'\n", "utf-8")
    assert read_words(tmp_path / "one.toml").say("card.of_one") == "its own"
    with pytest.raises(WordsMissing, match=r"data/two\.toml, visits: stands in another file too"):
        read_words(tmp_path / "one.toml", tmp_path / "two.toml")
