"""A tap goes through few functions before it is on the disk."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.conftest import ROOT

MOST_FUNCTIONS, MOST_FILES = 84, 27
"""What was reached. The aim is 40 of 12; 112 of 29 was counted before it was shortened for the first time."""


def test_a_tap_to_disk_runs_through_no_more_functions_and_files_than_were_reached() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.tap_path"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    counted = re.search(r"^(\d+) functions of (\d+) files$", done.stdout, re.MULTILINE)
    assert counted is not None, done.stdout
    assert int(counted[1]) <= MOST_FUNCTIONS and int(counted[2]) <= MOST_FILES, done.stdout
    assert "medspa_core/records/consultations/drafts.py" in done.stdout, "the path ends where an answer is kept"
