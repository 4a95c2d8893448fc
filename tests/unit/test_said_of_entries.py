"""All that screens and papers say of an entry stands with it: what is missing or too much is a line of the loader's list."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from medspa_core.rulebook import Rulebook, RulebookProblem, load_rulebook, read_whole, said_by_program
from medspa_core.rulebook.content import Change, changes_between, content_of
from medspa_core.rulebook.said_by_program import EXPLAINED
from tests.added_entries import CRITERION, FINDING, OPTION, QUESTION, add_entries, put_in
from tests.added_option import add_light, copy_of_data
from tests.conftest import DATA
from tests.older_rulebooks import load_as_kept, rulebook_of_version_1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_data(tmp_path / "data")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(RulebookProblem) as refused:
        load_rulebook(folder)
    return refused.value.problems


def said_removed(folder: Path, file: str) -> None:
    """Every `said` table of a file, as in a file of before there were any."""
    path = folder / file
    tables = re.split(r"(?m)^(?=\[)", path.read_text("utf-8"))
    path.write_text("".join(one for one in tables if not re.match(r"\[(?:[\w.]+\.)?said[\].]", one)), "utf-8")


def without_entry(text: str, entry: str) -> str:
    """A TOML text without the tables of one entry."""
    tables = re.split(r"(?m)^(?=\[)", text)
    return "".join(one for one in tables if not re.match(rf"\[{re.escape(entry)}[\].]", one))


# --- an entry more, without its words -------------------------------------------------------------------------------


def test_a_question_on_you_without_its_words_is_told_word_by_word(folder: Path) -> None:
    put_in(folder, "questions.toml", "hydration", QUESTION.partition("[sleep.said]")[0])
    assert problems(folder) == (
        "questions.toml, sleep.said.under: this key is missing. Add it",
        "questions.toml, sleep.said.short: this key is missing. Add it",
    )


def test_a_question_that_could_be_otherwise_says_so_for_each_answer(folder: Path) -> None:
    put_in(folder, "questions.toml", "hydration", QUESTION.partition("[sleep.said.flip]")[0])
    assert problems(folder) == tuple(
        f"questions.toml, sleep.said.flip.{answer}: these words are missing. Add them"
        for answer in ("good", "poor", "not_sure")
    )


def test_a_number_on_you_says_its_unit_and_where_the_first_tap_goes(folder: Path) -> None:
    lines = QUESTION.replace(
        'kind = "choice"\nanswers = ["good", "poor", "not_sure"]', 'kind = "whole_number"\nhigh = 14'
    )
    put_in(folder, "questions.toml", "hydration", lines.partition("[sleep.words.answers]")[0] + "[sleep.said]" + lines
           .partition("[sleep.said]")[2].partition("[sleep.said.flip]")[0])  # fmt: skip
    assert problems(folder) == (
        "questions.toml, sleep.unit: a number that is asked has a unit. Add it",
        "questions.toml, sleep.said.first_tap: this key is missing. Add it",
        "questions.toml, sleep.said.each_tap: this key is missing. Add it",
    )


def test_a_question_says_the_heading_of_its_own_screen(folder: Path) -> None:
    edit(folder, "questions.toml", 'under = "habits"', 'under = "wishes"')
    assert problems(folder) == (
        "questions.toml, smokes.said.under: wishes stand on what_matters, the others on you; the layer is you. Correct it",
    )


def test_a_criterion_without_its_words_is_told_word_by_word(folder: Path) -> None:
    add_entries(folder, criterion=CRITERION.partition("[quiet_visits.said]")[0])
    names = ("name", "in_a_sentence", "reason", "same", "told_us", "weighed")
    assert problems(folder) == tuple(
        f"criteria.toml, quiet_visits.said.{name}: this key is missing. Add it" for name in names
    )


def test_an_answer_more_to_the_concern_is_told_everything_that_speaks_of_it(folder: Path) -> None:
    edit(folder, "questions.toml", '"hair_thinning", "pigment"]', '"hair_thinning", "pigment", "pores"]')
    edit(folder, "questions.toml", 'pigment = "Uneven skin colour"', 'pigment = "Uneven skin colour"\npores = "Pores"')
    found = set(problems(folder))
    assert {
        "questions.toml, concern.said.in_a_sentence.pores: these words are missing. Add them",
        "questions.toml, concern.said.studied.pores: these words are missing. Add them",
        "options/wait.toml, said.points.pores: these words are missing. Add them",
        "options/prp_microneedling.toml, said.points.pores: these words are missing. Add them",
        "options/prp_microneedling.toml, sessions.published.pores: this key is missing. Add it",
    } <= found


def test_an_answer_more_to_what_is_not_wanted_needs_its_words_in_a_sentence(folder: Path) -> None:
    edit(folder, "questions.toml", 'plant = "a product from plants"\n', "")
    text = (folder / "questions.toml").read_text("utf-8")
    edit(folder, "questions.toml", '"animal", "plant"]', '"animal", "plant", "fungus"]')
    labels = text[text.index("[objects_to.words.answers]") :].splitlines()[1]
    edit(folder, "questions.toml", labels, f'{labels}\nfungus = "From a fungus"')
    assert "questions.toml, objects_to.said.in_a_sentence.fungus: these words are missing. Add them" in problems(folder)


def test_an_option_like_no_other_without_its_words_is_told_so(folder: Path) -> None:
    alone = (folder / "options" / "microneedling_alone.toml").read_text("utf-8").partition("[said]")[0]
    (folder / "options" / "light.toml").write_text(alone.replace("rank = 1", "rank = 4"), "utf-8")
    found = problems(folder)
    assert "options/light.toml, said.what: this key is missing. Add it" in found
    assert "options/light.toml, said.points: this key is missing. Add it" in found


def test_an_option_that_says_something_says_it_for_each_concern(folder: Path) -> None:
    add_entries(folder, option=OPTION.replace("[said.points.pigment]", "[said.points.colour]"))
    assert problems(folder) == (
        "options/light.toml, said.points.pigment: these words are missing. Add them",
        "options/light.toml, said.points.colour: there is no such answer; accepted are none, texture, acne_scars, "
        "hair_thinning, pigment. Remove it, or correct it",
    )


def test_a_step_without_its_words_is_told_word_by_word(folder: Path) -> None:
    step = '[steps.cooling]\nminutes = { low = 1, typical = 2, high = 3 }\noccupies = ["client"]\nmeaning = "the skin cools"\n'
    path = folder / "protocol.toml"
    path.write_text(
        path.read_text("utf-8") + step + 'evidence = "judgement"\nown_figure = true\nreviewed = 2026-11-22\n'
    )
    assert problems(folder) == tuple(
        f"protocol.toml, steps.cooling.said.{name}: this key is missing. Add it" for name in ("name", "short", "feels")
    )


def test_a_finding_without_words_for_its_readers_is_told_so(folder: Path) -> None:
    lines = re.sub(r"(?m)^(client|staff) = .*\n", "", FINDING.contraindication)
    add_entries(folder, finding=FINDING._replace(contraindication=lines))
    assert problems(folder) == (
        "contraindications.toml, raised_moles.cases.yes.client: this key is missing. Add it",
        "contraindications.toml, raised_moles.cases.yes.staff: this key is missing. Add it",
    )


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('card = "skin"\n', "", "card: a question of history stands on a card. Add it"),
        ('"no", "not_sure"]', '"not_sure"]', 'answers: "None of these" needs no, none or never among them. Add one'),
        ('"no", "not_sure"]', '"no"]', 'answers: "Not sure" on its card needs not_sure among them. Add it'),
    ],
)
def test_a_safety_question_that_its_card_cannot_ask_is_told_so(folder: Path, old: str, new: str, line: str) -> None:
    assert old in FINDING.question
    question = FINDING.question.replace(old, new)
    if "no, none" in line:
        question = question.replace('no = "No"\n', "")
    if "not_sure among" in line:
        question = question.replace('not_sure = "Not sure"\n', "")
    add_entries(folder, finding=FINDING._replace(question=question))
    assert problems(folder) == (f"questions.toml, raised_moles.{line}",)


# --- one mistake, one line ------------------------------------------------------------------------------------------

ONE_MISTAKE = {
    "braces that nothing fills": (
        "questions.toml", 'short = "Budget: {answer}"', 'short = "Budget: {money}"',
        "questions.toml, budget.said.short: {answer} may stand in braces; found {money}. Correct it",
    ),
    "braces that do not close": (
        "questions.toml", 'short = "Budget: {answer}"', 'short = "Budget: {answer"',
        "questions.toml, budget.said.short: braces that do not close; {answer} may stand in braces. Correct it",
    ),
    "an empty name": (
        "criteria.toml", 'name = "Short visits"', 'name = ""',
        "criteria.toml, visit_time.said.name: string should have at least 1 character; found ''. Correct it",
    ),
    "words for an answer that is none": (
        "questions.toml", 'yes = "If you smoked"', 'yes = "If you smoked"\nsometimes = "If you smoked a little"',
        "questions.toml, smokes.said.flip.sometimes: there is no such answer; accepted are yes, no, not_sure, to. "
        "Remove it, or correct it",
    ),
    "a concern nobody has": (
        "questions.toml", "[concern.said.studied.texture]", "[concern.said.studied.pores]\ntext = \"x\"\nsources = []\n"
        "[concern.said.studied.texture]",
        "questions.toml, concern.said.studied.pores: there is no such answer; accepted are texture, acne_scars, "
        "hair_thinning, pigment. Remove it, or correct it",
    ),
    "a limit asked in no question": (
        "criteria.toml", 'limit = "event_date"', 'limit = "event_day"',
        "criteria.toml, ready_by.said.limit: question 'event_day' is not known. Correct it, or add it",
    ),
    "a point that cites hearsay": (
        "options/wait.toml", "good_sources = []", 'good_sources = ["hearsay"]',
        "options/wait.toml, said.points.none: source 'hearsay' is not known. Correct it, or add it",
    ),
    "a step that cites hearsay": (
        "protocol.toml", 'feels_sources = ["france-2015"]', 'feels_sources = ["hearsay"]',
        "protocol.toml, steps.draw.said.feels_sources: source 'hearsay' is not known. Correct it, or add it",
    ),
    "a criterion that the screens name": (
        "criteria.toml", 'chance = "course_within_visits"', 'chance = "visit_within_minutes"',
        'criteria.toml, visits: the screens need this criterion, with chance = "course_within_visits". Add it',
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", ONE_MISTAKE)
def test_one_mistake_in_what_is_said_is_one_clear_line(mistake: str, folder: Path) -> None:
    file, old, new, line = ONE_MISTAKE[mistake]
    edit(folder, file, old, new)
    assert problems(folder) == (line,)
    assert "\n" not in line and len(line) < 250


def test_a_place_of_which_a_status_says_nothing_is_told_so(folder: Path) -> None:
    edit(folder, "status.toml", "[wait.kr]", "[wait.mars]")
    assert problems(folder) == (
        "status.toml, wait: place 'mars' is not known. Correct it, or add it",
        "status.toml, wait.kr: this key is missing. Add it",
    )


def test_everything_wrong_is_told_at_once(folder: Path) -> None:
    for file, old, new, _ in (ONE_MISTAKE[key] for key in ("a limit asked in no question", "an empty name")):
        edit(folder, file, old, new)
    assert len(problems(folder)) == 1  # of the shape of the files first
    edit(folder, "criteria.toml", 'name = ""', 'name = "Short visits"')
    put_in(folder, "questions.toml", "hydration", QUESTION.partition("[sleep.said.flip]")[0])
    assert len(problems(folder)) == 4


# --- words are signed as everything else ----------------------------------------------------------------------------


def test_another_word_of_an_entry_is_another_rulebook_and_needs_a_signature(folder: Path, rulebook: Rulebook) -> None:
    edit(folder, "criteria.toml", 'in_a_sentence = "a short visit"', 'in_a_sentence = "a quick visit"')
    book = load_rulebook(folder)
    assert book.revision != rulebook.revision
    assert changes_between(content_of(rulebook), content_of(book)) == (
        Change("criteria.visit_time.said.in_a_sentence", "a short visit", "a quick visit"),
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("questions.toml", "[smokes.said]\n", "[smokes.said]\nfact = true\n"),
        ("criteria.toml", 'limit = "event_date"', 'limit = "planned_start"'),
        ("criteria.toml", 'about = "concern"', 'about = "age"'),
        ("options/wait.toml", 'good = "', 'good = "Really: '),
        ("protocol.toml", 'feels = "', 'feels = "Really: '),
    ],
)
def test_whatever_stands_in_said_is_part_of_the_revision_and_a_line_that_changed(
    folder: Path, rulebook: Rulebook, file: str, old: str, new: str
) -> None:
    edit(folder, file, old, new)
    book = load_rulebook(folder)
    assert book.revision != rulebook.revision
    (change,) = changes_between(content_of(rulebook), content_of(book))
    assert ".said." in change.place


def test_no_entry_may_be_called_as_the_key_of_what_is_said(folder: Path) -> None:
    put_in(folder, "gates.toml", "exosomes_injected", (
        '[said]\noptions = ["prp_microneedling"]\nverdict = "needs_review"\nquestion = "place"\n'
        'when = { place = ["us"] }\nclient = "Ask us first."\nstaff = "Ask first."\nsources = []\n\n'
    ))  # fmt: skip
    edit(folder, "exam.toml", "[clearances]\n", "[clearances]\nsaid = { days = 30 }\n")
    line = "an entry can't be called said: that is where an entry's words stand. Call it otherwise"
    assert problems(folder) == (f"gates.toml, said: {line}",)
    step = (folder / "protocol.toml").read_text("utf-8")
    (folder / "protocol.toml").write_text(step.replace("[steps.spin", "[steps.said"), "utf-8")
    (folder / "options" / "said.toml").write_bytes((folder / "options" / "wait.toml").read_bytes())
    assert {f"protocol.toml, steps.said: {line}", f"options/said.toml: {line}"} <= set(problems(folder))


def test_a_folder_without_words_says_what_the_program_says_and_keeps_its_revision(
    folder: Path, rulebook: Rulebook
) -> None:
    for file in (
        "questions.toml",
        "criteria.toml",
        "protocol.toml",
        *(f"options/{one}.toml" for one in rulebook.options),
    ):
        said_removed(folder, file)
        assert ".said" not in (folder / file).read_text("utf-8")
    book = load_rulebook(folder)
    assert book.revision == "7891e210f4f1decc"  # what these files had before there were words in them
    assert book.criteria == rulebook.criteria and book.questions == rulebook.questions
    assert book.options == rulebook.options and book.protocol == rulebook.protocol
    assert not [place for place in content_of(book) if ".said" in place]


# --- what a clinic says itself promises nothing ---------------------------------------------------------------------

CURES = "Exosomes cure scars for good."


@pytest.mark.parametrize(
    ("file", "old", "where"),
    [
        ("options/exosome_microneedling.toml", 'good = "', "said.points.none.good"),
        ("protocol.toml", 'feels = "', "steps.draw.said.feels"),
        ("gates.toml", 'client = "', "exosomes_injected.client"),
        ("status.toml", 'client = "', "exosome_microneedling.us.client"),
        ("cards.toml", 'ask = "', "pregnancy.ask"),
    ],
)
def test_a_text_that_promises_what_is_never_said_is_a_line(folder: Path, file: str, old: str, where: str) -> None:
    edit(folder, file, old, f"{old}{CURES} ")
    (line,) = problems(folder)
    assert line == f"{file}, {where}: never_say.toml, treats_a_condition, forbids 'cure scars'. Say it otherwise"


def test_a_pattern_of_the_clinics_own_is_asked_of_every_text(folder: Path) -> None:
    path = folder / "never_say.toml"
    never = '\n[glow]\nnever = "You will glow"\npatterns = ["you will glow"]\nsay = "We cannot promise that."\n'
    path.write_text(path.read_text("utf-8") + never, "utf-8")
    assert load_rulebook(folder).never_say["glow"]
    edit(folder, "options/wait.toml", 'good = "', 'good = "You will glow. ')
    (line,) = problems(folder)
    assert (
        line
        == "options/wait.toml, said.points.none.good: never_say.toml, glow, forbids 'You will glow'. Say it otherwise"
    )


# --- what the program's own screens say --------------------------------------------------------------------------------


@pytest.fixture
def program(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose sentences are those that the screens show."""
    monkeypatch.setattr(said_by_program, "SHIPPED", folder)
    return folder


@pytest.mark.parametrize(
    ("file", "old", "where"),
    [
        ("screens.toml", 'not_done = "', "shell.not_done"),
        ("screens.toml", 'text = "', "tour.steps.text"),
        ("result_words.toml", 'fits = ["', "verb.fits"),
    ],
)
def test_a_sentence_of_a_screen_that_promises_what_is_never_said_is_a_line(
    program: Path, file: str, old: str, where: str
) -> None:
    edit(program, file, old, f"{old}{CURES} ")
    (line,) = problems(program)
    assert line.endswith(": never_say.toml, treats_a_condition, forbids 'cure scars'. Say it otherwise")
    assert line.startswith(f"{file}, {where}: ")


def test_an_id_that_a_screen_names_and_nobody_knows_is_a_line(program: Path) -> None:
    edit(program, "screens.toml", 'you = ["concern"', 'you = ["concern_now"')
    edit(program, "result_words.toml", '"chu-2021"', '"chu-2012"')
    assert problems(program) == (
        "screens.toml, shell.needed.you: question 'concern_now' is not known. Correct it, or add it",
        "result_words.toml, feels_sources.after_usual: source 'chu-2012' is not known. Correct it, or add it",
    )


def test_what_staff_alone_read_is_not_held_against_what_is_never_said_to_clients(program: Path) -> None:
    edit(program, "screens.toml", "[staff.before]", f'[staff.cures]\nsaid = "{CURES}"\n\n[staff.before]')
    assert load_rulebook(program)


# --- what no page can hold -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "where"),
    [
        ("options/prp_microneedling.toml", 'short_name = "', "short_name"),
        ("options/wait.toml", 'good = "', "said.points.none.good"),
        ("clinic.toml", 'currency_sign = "', "currency_sign"),
        ("claims.toml", 'honest = "', "claim_01.honest"),
        ("questions.toml", 'client = "', "concern.words.client"),
    ],
)
@pytest.mark.parametrize("sign", ["\\u000b", "\\u0000", "\\ufffe"])
def test_a_text_with_a_character_that_no_page_can_hold_is_a_line(
    folder: Path, file: str, old: str, where: str, sign: str
) -> None:
    edit(folder, file, old, f"{old}{sign}")
    code = sign.removeprefix("\\u").upper()
    assert problems(folder) == (f"{file}, {where}: no page can hold the character U+{code}. Remove it",)


def test_a_source_with_such_a_character_is_a_line(folder: Path) -> None:
    text = (folder / "sources.csv").read_text("utf-8").splitlines(keepends=True)
    first, rest = text[1].split(",", 1)
    (folder / "sources.csv").write_text("".join([text[0], f"{first},\x0b{rest}", *text[2:]]), "utf-8")
    assert problems(folder) == (f"sources.csv, {first}.title: no page can hold the character U+000B. Remove it",)


# --- the program's own words ----------------------------------------------------------------------------------------


def test_a_folder_of_before_that_says_less_of_known_entries_loads(folder: Path, rulebook: Rulebook) -> None:
    glossary = folder / "glossary.toml"
    glossary.write_text(without_entry(glossary.read_text("utf-8"), "in_vitro"), "utf-8")
    edit(folder, "protocol.toml", 'meaning = "needling of the area"\n', "")
    edit(folder, "questions.toml", 'unit = "minutes"\n', "")
    edit(folder, "questions.toml", 'layer = "history"\ncard = "skin"\n', 'layer = "history"\n')
    book = load_rulebook(folder)
    assert book.glossary == rulebook.glossary or set(book.glossary) == set(rulebook.glossary)
    assert book.protocol == rulebook.protocol and book.questions == rulebook.questions
    assert book.revision != rulebook.revision
    assert {"glossary.in_vitro", "protocol.steps.needling.meaning", "questions.minutes_per_visit.unit"} < book.filled_in
    assert not {place for place in content_of(book) if place in book.filled_in}


def test_the_program_explains_each_word_that_staff_find_beside_the_claims(rulebook: Rulebook) -> None:
    assert set(EXPLAINED) <= set(rulebook.glossary)


def test_a_step_of_a_clinics_own_that_means_nothing_is_a_line(folder: Path) -> None:
    step = """[steps.cooling]
minutes = { low = 1, typical = 2, high = 3 }
occupies = ["client"]
evidence = "judgement"
own_figure = true
reviewed = 2026-11-22
said = { name = "cooling", short = "cooling", feels = "Your skin cools." }
"""
    path = folder / "protocol.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{step}", "utf-8")
    assert problems(folder) == ("protocol.toml, steps.cooling.meaning: this key is missing. Add it",)


def test_what_a_file_leaves_out_of_its_words_the_program_says(folder: Path, rulebook: Rulebook) -> None:
    edit(folder, "criteria.toml", 'amount_one = "{number} visit"\n', "")
    edit(folder, "criteria.toml", 'waiting = "no visits"', 'waiting = "not one visit"')
    said, ours = (book.criteria["visits"].said.limits for book in (load_rulebook(folder), rulebook))
    assert said is not None and ours is not None
    assert (said.amount_one, said.waiting) == (ours.amount_one, "not one visit")


def test_an_option_of_one_file_of_before_loads_and_says_nothing_of_its_own(folder: Path) -> None:
    assert load_rulebook(add_light(folder)).options["light"].said is None


def test_what_the_program_says_of_an_answer_that_a_clinic_has_not_is_no_fault_of_the_clinics(folder: Path) -> None:
    said_removed(folder, "questions.toml")
    edit(folder, "questions.toml", 'answers = ["good", "poor", "not_sure"]', 'answers = ["good", "poor"]')
    edit(folder, "questions.toml", 'poor = "No"\nnot_sure = "Not sure"', 'poor = "No"')
    assert load_rulebook(folder).questions["hydration"].answers == ("good", "poor")


def test_a_kept_rulebook_says_what_was_said_then_and_of_ids_that_are_gone_what_it_can(folder: Path) -> None:
    add_entries(folder)
    kept = read_whole(folder)
    assert load_as_kept(kept).criteria["quiet_visits"].said.told_us == "your sleep"
    kept |= {
        "criteria.toml": kept["criteria.toml"].replace("[quiet_visits.said]", "[gone.said]").partition("[gone.said]")[0]
    }
    older = load_as_kept(kept)
    assert older.criteria["quiet_visits"].said.name == "Quiet visits"
    assert older.criteria["quiet_visits"].said.told_us == "quiet visits"
    assert set(rulebook_of_version_1().criteria) <= set(load_rulebook(DATA).criteria)


def test_no_words_of_an_entry_are_left_in_the_files_of_the_screens(rulebook: Rulebook) -> None:
    """What is looked up by an id stands with the id; here are sentences of screens, each named by the screen."""
    entries = {*rulebook.questions, *rulebook.criteria, *rulebook.options, *rulebook.protocol.steps}
    for path in (DATA / "result_words.toml", *DATA.glob("screens*.toml")):
        for table in _tables(tomllib.loads(path.read_text("utf-8"))):
            assert len(table) < 3 or not set(table) <= entries, (path.name, sorted(table))


def _tables(value: object) -> list[dict[str, object]]:
    if not isinstance(value, dict):
        return []
    return [value, *(table for part in value.values() for table in _tables(part))]
