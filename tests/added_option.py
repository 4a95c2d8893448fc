"""A clinic's own rulebook: the shipped one, and one option more in one file, as docs/FIRST_DAY.md promises."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import DATA

LIGHT = """name = "Light needling"
short_name = "Light"
in_a_sentence = "light needling"
rank = 4
material = []
licences = ["needling"]
blood_draw = false
like = "microneedling_alone"

[price]
amount = 200
evidence = "invented"
own_figure = true
reviewed = 2026-11-22

[attainment.result.published]
texture = 450

[visit]
one_after_another = ["numbing", "needling", "aftercare"]
spin_during_numbing = ["numbing", "needling", "aftercare"]
"""


def copy_of_data(folder: Path) -> Path:
    """The shipped rulebook, to change."""
    for path in [*DATA.glob("*.toml"), *DATA.glob("*.csv"), *DATA.glob("options/*.toml")]:
        target = folder / path.relative_to(DATA)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return folder


def add_light(folder: Path) -> Path:
    """One file more, and nothing else."""
    alone = (folder / "options" / "microneedling_alone.toml").read_text("utf-8")
    course = alone[alone.index("[sessions.published.texture]") :].partition("\n# What it is")[0]
    (folder / "options" / "light.toml").write_text(f"{LIGHT}\n{course}", "utf-8")
    return folder
