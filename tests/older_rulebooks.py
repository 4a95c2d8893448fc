"""A rulebook of version 1 of the model, whole, and what version 1 said of forty clients by it: written down by version 1 itself
before there was another, so that an old consultation can be seen to open as it was."""

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from medspa_core.rulebook import Rulebook, RulebookProblem, load_whole

OLDER = Path(__file__).parent / "older"


def files_of_version_1() -> dict[str, str]:
    """The files as they are kept with a consultation."""
    files: dict[str, str] = _read("rulebook_version_1.json.gz")["files"]
    return files


@cache
def rulebook_of_version_1() -> Rulebook:
    """Read by today's loader, under the revision it had."""
    return load_whole(files_of_version_1(), _read("rulebook_version_1.json.gz")["revision"])


def load_as_kept(files: dict[str, str]) -> Rulebook:
    """Any files, as they are read when a finished consultation is opened: under the revision that they have."""
    try:
        return load_whole(files, "unknown")
    except RulebookProblem as other:
        found = re.search(r"what was kept of it reads as (\w+)", str(other))
        if found is None:
            raise
        return load_whole(files, found[1])


def said_by_version_1() -> list[dict[str, Any]]:
    """Answers and result of each client, but for the program's version."""
    clients: list[dict[str, Any]] = _read("results_of_version_1.json.gz")["clients"]
    return clients


def _read(name: str) -> Any:
    return json.loads(gzip.decompress((OLDER / name).read_bytes()))
