"""A rulebook as its files: folder in, every text that decides out; and those texts back in, the same rulebook out.

So a consultation can be opened again under the very rulebook it was made with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from medspa_core.rulebook.book import Rulebook
from medspa_core.rulebook.load import KEYED_FILES, WHOLE_FILES, load_rulebook
from medspa_core.rulebook.problems import RulebookProblem

TABLES = ("sources.csv", "robustness_draws.csv")
OWN = "clinic's own/clinic.toml"
"""The clinic's own settings, which win over the shipped clinic.toml."""
OFFERED = "clinic's own/offered.toml"
"""What was entered on the page What we offer; it wins over both."""


def read_whole(folder: Path, clinic_settings: Path | None = None, offered: str = "") -> dict[str, str]:
    """Every file that the loader reads, by its name, as text, and what was `offered` over them. What is missing is the
    loader's to say."""
    names = [*KEYED_FILES, *WHOLE_FILES, *TABLES, *(f"options/{path.name}" for path in _options(folder))]
    files = {name: _text(folder / name) for name in names if (folder / name).is_file()}
    if clinic_settings is not None and clinic_settings.is_file():
        files[OWN] = _text(clinic_settings)
    if offered:
        files[OFFERED] = offered
    return files


def load_whole(files: Mapping[str, str], revision: str = "") -> Rulebook:
    """The rulebook of these files, through the loader. RulebookProblem if it is not the revision that was asked for."""
    with tempfile.TemporaryDirectory(prefix="rulebook-") as place:
        root = Path(place)
        for name, text in files.items():
            path = root / _inside(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="")
        book = load_rulebook(root, root / OWN, root / OFFERED, kept=bool(revision))
    if revision and book.revision != revision:
        raise RulebookProblem([f"rulebook {revision}: what was kept of it reads as {book.revision}. Restore a backup"])
    return book


def _inside(name: str) -> str:
    if name not in {*KEYED_FILES, *WHOLE_FILES, *TABLES, OWN, OFFERED} and Path(name).parts != (
        "options",
        Path(name).name,
    ):
        raise RulebookProblem([f"{name!r}: no file of a rulebook"])
    return name


def option_names(folder: Path) -> frozenset[str]:
    """The options that have a file."""
    return frozenset(path.stem for path in _options(folder))


def _options(folder: Path) -> list[Path]:
    return sorted((folder / "options").glob("*.toml"))


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise RulebookProblem([f"{path.name}: not UTF-8 text, at byte {error.start}. Save it as UTF-8"]) from None
    except OSError as error:
        raise RulebookProblem([f"{path.name}: cannot be read: {error.strerror}. Check the permissions"]) from None
