"""The 512 re-weightings of importance: made once with `python -m tests.oracle.draws`, afterwards only read."""

import csv
from functools import lru_cache
from pathlib import Path

CRITERIA = (
    "result",
    "blood_draw",
    "visit_time",
    "visits",
    "ready_by",
    "cost",
    "downtime",
    "calm_skin",
    "consistency",
    "evidence",
    "source",
)
DRAWS_FILE = Path(__file__).resolve().parents[2] / "data" / "robustness_draws.csv"


def regenerate():
    """512 rows of whole numbers round(50 * exp(z / 2)), z from an unscrambled Sobol sequence; needs scipy."""
    import numpy as np
    from scipy.stats import norm, qmc

    points = qmc.Sobol(d=len(CRITERIA), scramble=False).random(512)
    z = norm.ppf(np.clip(points, 1 / 1024, 1 - 1 / 1024))
    return [[int(value) for value in row] for row in np.rint(50 * np.exp(0.5 * z))]


def write(path=DRAWS_FILE):
    """One header of criterion ids, then one line per draw."""
    lines = [",".join(CRITERIA)] + [",".join(map(str, row)) for row in regenerate()]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


@lru_cache(maxsize=1)
def read_draws():
    """The shipped draws, one dict per draw, by criterion id."""
    with DRAWS_FILE.open(newline="", encoding="ascii") as file:
        return tuple({name: int(value) for name, value in row.items()} for row in csv.DictReader(file))


if __name__ == "__main__":
    write()
