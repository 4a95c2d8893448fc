"""Answers under an id that a question had before: read in every file, and never looser than what was asked then."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medspa_core.clients.ready_to_finish import what_is_missing
from medspa_core.contraindication import stricter
from medspa_core.intake import IntakeProblem, read_intake
from medspa_core.older_answers import older_ids, up_to_date
from medspa_core.recommendation import recommend
from medspa_core.records import load_draft, save_answers, start_draft, undo
from medspa_core.rulebook import Rulebook, load_rulebook
from tests.added_option import copy_of_data
from tests.conftest import AS_OF, healthy
from tests.records_support import NOW, Clinic

OLD, NEW = "filler_last_14_days", "filler_last_28_days"
ANSWERS = ("yes", "no", "not_sure", "not_applicable", None)
STRICTNESS = {"yes": 3, "not_sure": 2, None: 0, "no": 1, "not_applicable": 1}
"""Of what was given: no answer at all is not one."""


def verdicts(answers: dict[str, object], rulebook: Rulebook) -> list[int]:
    return [int(option.verdict) for option in recommend(answers, rulebook, AS_OF).options.values()]


@pytest.mark.parametrize(
    ("older", "now"), [("yes", "yes"), ("not_sure", "not_sure"), ("no", None), ("not_applicable", None), (None, None)]
)
def test_a_yes_stays_a_yes_and_a_no_was_never_asked_of_the_days_before(
    older: str | None, now: str | None, rulebook: Rulebook
) -> None:
    assert up_to_date({OLD: older, "age": 40}, rulebook) == {"age": 40} | ({NEW: now} if now else {})


@pytest.mark.parametrize("older", ANSWERS)
@pytest.mark.parametrize("newer", ANSWERS)
def test_of_both_the_stricter_counts_in_either_order(older: str | None, newer: str | None, rulebook: Rulebook) -> None:
    read_as = older if older in ("yes", "not_sure") else None
    expected = max((newer, read_as), key=STRICTNESS.__getitem__)
    one = up_to_date({OLD: older, NEW: newer}, rulebook).get(NEW)
    other = up_to_date({NEW: newer, OLD: older}, rulebook).get(NEW)
    assert one == other and STRICTNESS[one] == STRICTNESS[expected]


@settings(deadline=None)
@given(one=st.sampled_from(ANSWERS[:-1]), other=st.sampled_from(ANSWERS[:-1]))
def test_an_older_answer_beside_a_newer_one_never_loosens(one: str, other: str, rulebook: Rulebook) -> None:
    alone = verdicts(healthy(**{NEW: one}), rulebook)
    both = verdicts(healthy(**{NEW: one, OLD: other}), rulebook)
    assert all(after >= before for before, after in zip(alone, both, strict=True))


def test_an_older_file_is_never_judged_more_loosely_than_when_it_was_made(rulebook: Rulebook, tmp_path: Path) -> None:
    then = rulebook_before(tmp_path)
    for answer in ANSWERS[:-1]:
        before = verdicts(healthy(**{OLD: answer, NEW: None, **dict.fromkeys(NOT_ASKED_THEN)}), then)
        now = verdicts(healthy(**{OLD: answer, NEW: None}), rulebook)
        assert all(after >= earlier for earlier, after in zip(before, now, strict=True))


@pytest.mark.parametrize("wrong", ["maybe", 3, True, ["yes"]])
def test_what_the_older_question_never_had_is_refused_by_its_own_name(wrong: object, rulebook: Rulebook) -> None:
    with pytest.raises(IntakeProblem, match=rf"^{OLD}: expected yes, not_sure, no or not_applicable, found "):
        read_intake({OLD: wrong}, rulebook, AS_OF)


def test_a_question_that_is_open_is_stricter_than_no_other(rulebook: Rulebook) -> None:
    rule = rulebook.contraindications[NEW]
    assert stricter(rule, None, "no") == "no" and stricter(rule, "no", None) == "no"
    assert older_ids(NEW, rulebook) == (OLD,) and older_ids("age", rulebook) == ()


# --- consultations that were kept before ------------------------------------------------------------------------------


def test_a_consultation_kept_before_is_read_anew_each_time_and_nothing_of_it_is_rewritten(
    file_clinic: Clinic, rulebook: Rulebook
) -> None:
    """So there is nothing to interrupt, and an undo takes back what was tapped then."""
    with file_clinic.create() as store:
        start_draft(store, "A", NOW, AS_OF, (), draft_id="d1")
        save_answers(store, "d1", {"age": 40}, NOW, "form")
        save_answers(store, "d1", {OLD: "yes"}, NOW, "card")
    with file_clinic.open() as store:
        found = load_draft(store, "d1")
        assert found is not None and found.answers == {"age": 40, OLD: "yes"}
        assert up_to_date(found.answers, rulebook) == {"age": 40, NEW: "yes"}
        answered = save_answers(store, "d1", {NEW: "no", OLD: None}, NOW, "card")
        assert up_to_date(answered.answers, rulebook) == {"age": 40, NEW: "no"}
        assert up_to_date(undo(store, "d1", NOW).answers, rulebook) == {"age": 40, NEW: "yes"}
        assert undo(store, "d1", NOW).answers == {"age": 40}


@pytest.mark.parametrize(("older", "is_open"), [("yes", False), ("not_sure", False), ("no", True)])
def test_a_question_whose_older_no_says_too_little_is_asked_again(
    older: str, is_open: bool, file_clinic: Clinic, rulebook: Rulebook
) -> None:
    with file_clinic.create() as store:
        start_draft(store, "A", NOW, AS_OF, (), draft_id="d1")
        kept = save_answers(store, "d1", healthy(**{OLD: older, NEW: None, "concern": "texture"}), NOW, "card")
    assert ("safety" in what_is_missing(kept, rulebook)) == is_open


NOT_ASKED_THEN = (
    "bleeding_supplements_last_7_days",
    "hair_removal_area_last_7_days",
    "needling_area_last_28_days",
    "bad_reaction_to_needling_or_product",
    "tattoo_or_permanent_makeup_area",
    "psoriasis_or_vitiligo_anywhere",
    "latex_allergy",
)


def rulebook_before(folder: Path) -> Rulebook:
    """A rulebook that still has the question as it was, no day beside an answer, and none of the questions that came since."""
    data = copy_of_data(folder / "before")
    for file in ("questions.toml", "contraindications.toml", "exam.toml"):
        kept = [entry for entry in _entries((data / file).read_text("utf-8")) if not _came_since(entry)]
        text = "".join(kept).replace(NEW, OLD)
        lines = [line for line in text.splitlines() if not line.startswith(("window_days", "days_from_a_date"))]
        (data / file).write_text("\n".join(lines) + "\n", "utf-8")
    return load_rulebook(data)


def _entries(text: str) -> list[str]:
    """The text in pieces: each line of a table with its header, and each clearance by itself."""
    pieces, here = [], ""
    for line in text.splitlines(keepends=True):
        if line.startswith("[") or " = { days" in line:
            pieces.append(here)
            here = ""
        here += line
    return [*pieces, here]


def _came_since(entry: str) -> bool:
    gone = (*NOT_ASKED_THEN, "since", f"{NEW}.older")
    return entry.lstrip("[").startswith(tuple(f"{name}{end}" for name in gone for end in ("]", ".", " ")))


def test_under_the_rulebook_it_was_made_with_a_consultation_reads_as_it_did(rulebook: Rulebook, tmp_path: Path) -> None:
    then = rulebook_before(tmp_path)
    answers = {**healthy(**dict.fromkeys((*NOT_ASKED_THEN, NEW))), OLD: "no"}
    assert up_to_date(answers, then) == answers
    assert verdicts(answers, then) == [0, 0, 1, 0]
    assert verdicts(answers, rulebook) == [2, 2, 2, 0]
