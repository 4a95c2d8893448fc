"""Sources a client can open are worth opening: a number stands on a study, a rule or several clinics, or is called our own."""

import re
from collections import Counter
from pathlib import Path

import pytest

from medspa_core.rulebook import Rulebook, RulebookProblem, load_rulebook
from medspa_core.rulebook.checks.source_checks import numbers
from medspa_core.wording.of_entries import studied_for
from tests.added_option import copy_of_data
from tests.conftest import DATA
from views.context.words import all_words

MN, EXO = "options/microneedling_alone.toml", "options/exosome_microneedling.toml"
SEEN = '"abstract or excerpt seen, not the full text"'
SPIN = 'sources = ["perioral-prp"]'
TEXTURE = 'sources = ["hacs-splitface", "pincelli-2024"]'
REDNESS = 'sources = ["chu-2021", "bodysculpt", "nextbeu-mn"]'

# the mistake -> file, what stands there, what is put in its place, the one line that is told
ONE_MISTAKE: dict[str, tuple[str, str, str, str]] = {
    "a number without source or owner": (
        EXO, REDNESS, "sources = []",
        f"{EXO}, redness: a number has sources, or own_figure = true; found neither. Keep one of the two",
    ),
    "a number with a source and an owner": (
        "protocol.toml", SPIN, f"{SPIN}\nown_figure = true",
        "protocol.toml, steps.spin: a number has sources, or own_figure = true; found both. Keep one of the two",
    ),
    "a number on a shop": (
        "protocol.toml", SPIN, 'sources = ["perioral-prp", "yesprp"]',
        "protocol.toml, steps.spin: no number stands on vendor; found source 'yesprp'. "
        "Cite a better one, or say own_figure = true",
    ),
    "a price on the news": (
        "clinic.toml", "own_figure = true", 'sources = ["korea-2026"]',
        "clinic.toml, prices.microneedling_alone: no number stands on news; found source 'korea-2026'. "
        "Cite a better one, or say own_figure = true",
    ),
    "a criterion on a general page": (
        "criteria.toml", '["alsbrooks-2022", "france-2015"]', '["alsbrooks-2022", "france-2015", "guide-exosomes"]',
        "criteria.toml, blood_draw: no number stands on general_page; found source 'guide-exosomes'. "
        "Cite a better one, or say own_figure = true",
    ),
    "a number on one clinic alone": (
        EXO, REDNESS, 'sources = ["bodysculpt"]',
        f"{EXO}, redness: no number stands on one clinic alone. Add another source, or say own_figure = true",
    ),
    "a count for texture from an acne-scar trial": (
        MN, TEXTURE, 'sources = ["skinpen-nct", "pincelli-2024"]',
        f"{MN}, sessions.published.texture: source 'skinpen-nct' is about acne_scars. "
        "Cite one about texture, or say own_figure = true",
    ),
    "a trial about nothing that is asked": (
        "sources.csv", f"PMC6583756,yes,{SEEN},texture", f"PMC6583756,yes,{SEEN},wrinkles",
        "sources.csv, alam-2018: concern 'wrinkles' is not known. Correct it, or leave it empty",
    ),
}  # fmt: skip


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(RulebookProblem) as refused:
        load_rulebook(folder)
    return refused.value.problems


def edited(folder: Path, file: str, old: str, new: str) -> None:
    path = copy_of_data(folder) / file
    text = path.read_text("utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize("mistake", ONE_MISTAKE)
def test_one_mistake_about_a_source_is_one_clear_line(mistake: str, tmp_path: Path) -> None:
    file, old, new, line = ONE_MISTAKE[mistake]
    edited(tmp_path, file, old, new)
    assert problems(tmp_path) == (line,)


def test_a_kind_of_source_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    edited(tmp_path, "sources.csv", ",rct,", ",gossip,")
    (line,) = problems(tmp_path)
    assert line.startswith("sources.csv, estupinan-2025.kind: ") and "gossip" in line


def test_an_older_rulebook_without_rules_on_sources_still_opens(tmp_path: Path) -> None:
    """A consultation reopens under its own rulebook: it is not held to rules that were made later."""
    edited(tmp_path, "protocol.toml", SPIN, 'sources = ["perioral-prp", "korea-2026"]')
    model = tmp_path / "model.toml"
    text = model.read_text("utf-8")
    model.write_text(text[: text.index("[sources]")], "utf-8")
    listed = tmp_path / "sources.csv"
    listed.write_text(re.sub(r",[a-z_]*$", "", listed.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    assert load_rulebook(tmp_path).model.sources is None


def test_no_number_of_ours_stands_on_a_tabloid_a_shop_or_one_clinic_alone(rulebook: Rulebook) -> None:
    rules = rulebook.model.sources
    assert rules is not None
    assert {"news", "vendor", "general_page"} <= set(rules.not_behind_a_number)
    for where, number in numbers(rulebook):
        kinds = Counter(rulebook.sources[name].kind for name in number.sources)
        assert not set(kinds) & {"news", "vendor", "general_page"}, where
        assert kinds != Counter(["clinic"]), where
        assert bool(number.sources) != number.own_figure, where


def test_prices_and_what_nobody_measured_are_our_own_figures(rulebook: Rulebook) -> None:
    assert all(price.own_figure for price in rulebook.clinic.prices.values())
    for option_id in rulebook.ranked:
        option = rulebook.options[option_id]
        assert option.first_change is not None and option.first_change.own_figure
        assert option.peak is not None and option.peak.own_figure


def test_what_is_said_for_one_concern_side_by_side_cites_trials_of_that_concern(rulebook: Rulebook) -> None:
    for concern in rulebook.concerns:
        studied = studied_for(rulebook, concern)
        assert studied is not None and studied.sources
        for name in studied.sources:
            assert rulebook.sources[name].concern == concern, (concern, name)


def test_what_a_visit_feels_like_and_what_can_follow_cite_no_tabloid_and_no_shop(rulebook: Rulebook) -> None:
    of_steps = {key: step.said.feels_sources for key, step in rulebook.protocol.steps.items()}
    assert all(of_steps.values())
    for key, cited in (of_steps | all_words().entry("feels_sources")).items():
        assert not {rulebook.sources[name].kind for name in cited} & {"news", "vendor"}, key


def test_no_source_is_a_tabloid_or_a_content_site(rulebook: Rulebook) -> None:
    """Left among the news: the rules of places for which no office's own words were found."""
    news = {name for name, source in rulebook.sources.items() if source.kind == "news"}
    assert news == {"korea-2026", "cam-exo-2025", "uk-consultingroom"}
    cited = {name for _, number in numbers(rulebook) for name in number.sources}
    assert not news & cited


def test_the_list_of_sources_has_one_line_an_id_and_its_concern_last() -> None:
    first = (DATA / "sources.csv").read_text("utf-8").splitlines()[0]
    assert first == "id,title,publisher,year,kind,url,seen,note,concern"
