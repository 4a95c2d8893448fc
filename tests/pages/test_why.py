"""Why we say this: a claim is never shown without its verdict, and every number finds its way here."""

from __future__ import annotations

import re

import pytest

from medspa_core import records
from medspa_core.rulebook import Rulebook
from tests.pages.conftest import new_draft, opened, program, staff_face, text_of
from tests.pages.test_options import client
from views.consultation import claims
from views.context.words import all_words

PIECE = re.compile(r'<div class="cl-grid".*?</div></div>', re.DOTALL)


def test_all_claims_stand_there_each_with_its_verdict_and_its_honest_wording(
    store: records.Store, rulebook: Rulebook
) -> None:
    text = text_of(opened("why", new_draft(store, client())))
    pieces = PIECE.findall(text)
    assert len(pieces) == len(rulebook.claims) == 19
    for piece in pieces:
        assert "cl-said" in piece and "cl-verdict" in piece and "cl-honest" in piece


def test_filters_by_verdict_and_topic(store: records.Store, rulebook: Rulebook) -> None:
    at = opened("why", new_draft(store, client()))
    at.pills(key="filter_verdict").set_value("contradicted").run()
    assert len(PIECE.findall(text_of(at))) == sum(c.verdict == "contradicted" for c in rulebook.claims.values())
    at.pills(key="filter_topic").set_value("source").run()
    assert "No claim fits both." in text_of(at)


def test_it_opens_without_a_consultation(store: records.Store) -> None:
    at = program().run()
    at.switch_page("pages/why.py").run()
    assert not at.exception
    assert "Why we say this" in text_of(at)


@pytest.mark.parametrize("name", sorted(claims.ORIGINS))
def test_every_number_of_a_card_has_an_origin_with_a_source_or_says_it_is_judgement(
    rulebook: Rulebook, name: str
) -> None:
    for option in rulebook.ranked:
        for concern in ("", *rulebook.concerns):
            origin = claims.origin_of(rulebook, f"{name}.{option}", concern)
            assert origin is not None
            assert origin.parts or origin.sources or origin.text


@pytest.mark.parametrize("number", ["", "nonsense", "visits.nobody", "visits.<script>"])
def test_an_unknown_number_in_the_address_does_no_harm(store: records.Store, number: str) -> None:
    at = program().run()
    at.switch_page("pages/why.py")
    at.query_params["number"] = number
    at.run()
    assert not at.exception


def test_a_number_in_the_address_says_where_it_comes_from(store: records.Store) -> None:
    at = program().run()
    at.switch_page("pages/why.py")
    at.query_params["number"] = "one_visit.prp_microneedling"
    at.run()
    text = text_of(at)
    assert "Minutes of one visit: PRP + microneedling" in text
    assert "perioral" in text or "spin" in text


@pytest.mark.parametrize("number", ["course.prp_microneedling", "first_change", "at_best.microneedling_alone"])
def test_a_number_that_is_nobody_elses_is_called_our_own(store: records.Store, number: str) -> None:
    at = program().run()
    at.switch_page("pages/why.py")
    at.query_params["number"] = number
    at.run()
    assert "This is our own figure." in text_of(at)


def test_a_number_with_a_source_is_not_called_our_own(store: records.Store) -> None:
    at = program().run()
    at.switch_page("pages/why.py")
    at.query_params["number"] = "redness"
    at.run()
    assert "our own figure." not in text_of(at)
    assert "Safety profile for microneedling" in text_of(at)


def test_what_a_number_is_made_of_leads_back_to_the_number(rulebook: Rulebook) -> None:
    made_of = {name: claims.origin_of(rulebook, f"{name}.prp_microneedling", "texture") for name in claims.ORIGINS}
    course, visit, change, red = (made_of[name] for name in ("course", "one_visit", "first_change", "redness"))
    assert course is not None and course.text == "A whole course is this price once for each visit."
    assert visit is not None and "not their sum" in visit.text
    assert change is not None and change.parts[0][0].startswith("3 to 12 weeks: 21 to 84 days")
    assert red is not None and "week" not in red.parts[0][0]


def test_the_rules_are_shown_for_each_place(store: records.Store, rulebook: Rulebook) -> None:
    at = program().run()
    at.switch_page("pages/why.py").run()
    assert rulebook.status["exosome_microneedling"].places["us"].client in text_of(at)
    at.pills(key="place").set_value("ca").run()
    assert rulebook.status["exosome_microneedling"].places["ca"].client in text_of(at)


FIELD = re.compile(
    r"RCT|[Ss]plit-face|in vitro|[Ii]n vitro|draw-averse|Observational|logistics|n=\d|secondary outcome|Plausible"
)


def test_a_client_reads_no_words_of_the_field_and_staff_read_them_explained(store: records.Store) -> None:
    at = opened("why", new_draft(store, client()))
    cards = " ".join(PIECE.findall(text_of(at)))
    assert FIELD.findall(cards) == []
    assert "The team of one study said so." in cards
    assert "300 mL" not in text_of(at)
    staff_face(at)
    text = text_of(at)
    assert "Supported (logistics)" in text and "Split-face trial authors" in text and "300 mL" in text
    assert "chance decides who gets what" in text


def test_how_well_a_number_is_known_has_plain_words(rulebook: Rulebook) -> None:
    for name in claims.ORIGINS:
        for option in rulebook.ranked:
            for concern in ("", *rulebook.concerns):
                origin = claims.origin_of(rulebook, f"{name}.{option}", concern)
                assert origin is not None
                for _, entry in origin.parts:
                    assert entry is None or all_words().has(f"why.known.{entry.evidence}"), (name, option)


def test_every_kind_of_source_has_plain_words(rulebook: Rulebook) -> None:
    assert {
        source.kind for source in rulebook.sources.values() if not all_words().has(f"why.kind.{source.kind}")
    } == set()


def test_a_source_without_a_year_says_so_and_not_that_something_was_not_shown(rulebook: Rulebook) -> None:
    undated = next(name for name, source in rulebook.sources.items() if source.year == claims.NO_YEAR)
    (line,) = claims.source_lines(rulebook, [undated])
    told = " ".join(line.itertext())
    assert "no year given" in told
    assert "not shown" not in told


def test_one_visit_is_not_one_visits(rulebook: Rulebook) -> None:
    origin = claims.origin_of(rulebook, "visits.exosome_microneedling", "texture")
    assert origin is not None
    assert origin.parts[-1][0] == "our plan, not counted: 1 visit in 50% of courses, 2 visits in 50% of courses"
