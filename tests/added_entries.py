"""A clinic's own rulebook: the shipped one with a question, a criterion, a finding and an option more, as files only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from tests.added_option import LIGHT

QUESTION = """[sleep]
part = "plans"
kind = "choice"
answers = ["good", "poor", "not_sure"]
layer = "you"
use = "decides"
[sleep.words]
client = "How well do you sleep?"
staff = "Sleep"
[sleep.words.answers]
good = "I sleep well"
poor = "I sleep badly"
not_sure = "Not sure"
[sleep.said]
under = "habits"
short = "Sleep: {answer}"
[sleep.said.flip]
good = "If you slept well"
poor = "If you slept badly"
not_sure = "If you were not sure about your sleep"

"""

CRITERION = """[quiet_visits]
looks_up = "sleep"
default_importance = "little"
credence = 1
credence_because = "the clinic knows how loud its rooms are"
evidence = "judgement"
own_figure = true
reviewed = 2026-11-22
[quiet_visits.both]
good = { microneedling_alone = 500, prp_microneedling = 500, exosome_microneedling = 500 }
poor = { microneedling_alone = 300, prp_microneedling = 100, exosome_microneedling = 900 }
not_sure = { microneedling_alone = 500, prp_microneedling = 500, exosome_microneedling = 500 }
[quiet_visits.said]
name = "Quiet visits"
help = "How much you hear while you are here."
about = "sleep"
in_a_sentence = "a quiet visit"
reason = "How quiet it is"
same = "how quiet it is"
told_us = "your sleep"
weighed = "a quiet visit"

"""


class Finding(NamedTuple):
    """A safety question, what it finds, and how long a clinician's word on it counts."""

    question: str
    contraindication: str
    clearance: str


FINDING = Finding(
    """[raised_moles]
part = "safety"
kind = "choice"
answers = ["yes", "no", "not_sure"]
layer = "history"
card = "skin"
use = "decides"
[raised_moles.words]
client = "Raised moles in the area"
staff = "Raised moles"
help = "Moles that you can feel with a finger."
[raised_moles.words.answers]
yes = "Yes"
no = "No"
not_sure = "Not sure"

""",
    """
[raised_moles]
sources = []
basis = "our judgement; no source"

[raised_moles.yes]
verdicts = { microneedling_alone = "needs_review", prp_microneedling = "needs_review", exosome_microneedling = "needs_review" }
client = "Let's ask the clinician first. They look at your moles with you."
staff = "Raised moles in the area: go around them, and look at each one first."
""",
    "raised_moles = { days = 45 }",
)

OPTION = (
    LIGHT.replace('like = "microneedling_alone"\n', 'like = "microneedling_alone"\nneedles = true\n')
    + "{course}\n[said]\nwhat = "
    + '"Needles that reach less deep than our usual ones."\n'
    + "".join(
        f'[said.points.{concern}]\ngood = "Made for {concern}, and short."\ngood_sources = []\n'
        f'not_good = "Not yet tested for {concern}."\nnot_good_sources = []\n'
        for concern in ("none", "texture", "acne_scars", "hair_thinning", "pigment")
    )
).replace("acne_scars,", "scars,").replace("acne_scars.\"", "scars.\"")  # fmt: skip


def put_in(folder: Path, file: str, after: str, entry: str) -> None:
    """An entry more, behind one that is there."""
    path = folder / file
    parts = re.split(r"(?m)^(?=\[\w+\])", path.read_text("utf-8"))
    place = next(number for number, part in enumerate(parts) if part.startswith(f"[{after}]"))
    path.write_text("".join([*parts[: place + 1], entry.lstrip("\n"), *parts[place + 1 :]]), "utf-8")


def add_entries(
    folder: Path,
    question: str = QUESTION,
    criterion: str = CRITERION,
    finding: Finding = FINDING,
    option: str = OPTION,
) -> Path:
    """Files only: nothing of the program knows these ids."""
    put_in(folder, "questions.toml", "hydration", question)
    put_in(folder, "questions.toml", "eczema_psoriasis_rosacea_area", finding.question)
    put_in(folder, "contraindications.toml", "eczema_psoriasis_rosacea_area", finding.contraindication)
    put_in(folder, "criteria.toml", "source", f"\n{criterion}")
    exam = folder / "exam.toml"
    exam.write_text(
        exam.read_text("utf-8").replace("[clearances]\n", f"[clearances]\n{finding.clearance}\n", 1), "utf-8"
    )
    draws = (folder / "robustness_draws.csv").read_text("utf-8").splitlines()
    told = [f"{draws[0]},quiet_visits", *(f"{line},11" for line in draws[1:])]
    (folder / "robustness_draws.csv").write_text("\n".join(told) + "\n", "utf-8")
    alone = (folder / "options" / "microneedling_alone.toml").read_text("utf-8")
    course = alone[alone.index("[sessions.published.texture]") :].partition("\n# What it is")[0]
    (folder / "options" / "light.toml").write_text(option.replace("{course}", course), "utf-8")
    return folder
