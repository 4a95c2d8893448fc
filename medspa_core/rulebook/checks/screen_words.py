"""The program's own sentences on screens and papers: none that never_say.toml forbids, and no id that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from medspa_core.rulebook import said_by_program
from medspa_core.rulebook.book import Rulebook
from medspa_core.rulebook.checks.client_texts import Raw, forbidden, texts_in
from medspa_core.rulebook.files import read_toml
from medspa_core.rulebook.problems import unknown

SCREENS, RESULT, STAFF = "screens.toml", "result_words.toml", "staff"


def screen_problems(book: Rulebook, folder: Path) -> Iterator[str]:
    """A line for each. `folder`: of the rulebook; a clinic's own list may lack sources that the program cites."""
    shipped = said_by_program.SHIPPED
    files, texts = _for_clients(shipped)
    yield from forbidden(texts, book.never_say)
    for step, asked in files[SCREENS]["shell"]["needed"].items():
        yield from unknown(f"{SCREENS}, shell.needed.{step}", "question", asked, book.questions)
    if folder.resolve() == shipped.resolve():
        for words, cited in files[RESULT]["feels_sources"].items():
            yield from unknown(f"{RESULT}, feels_sources.{words}", "source", cited, book.sources)


@lru_cache(maxsize=2)
def _for_clients(shipped: Path) -> tuple[Raw, tuple[tuple[str, str], ...]]:
    """The files, and all that a client reads of them, by where it stands."""
    problems: list[str] = []
    paths = [*sorted(shipped.glob("screens*.toml")), shipped / RESULT]
    files = {path.name: read_toml(path, problems) for path in paths}
    found = ((file, keys, text) for file in files for keys, text in texts_in(files[file], lists=True))
    return files, tuple((f"{file}, {'.'.join(keys)}", text) for file, keys, text in found if keys[0] != STAFF)
