"""How far it is from a finger to the disk: `python -m tests.tap_path` answers the blood-draw question once and names every
function of the program that runs between the widget's callback and the commit, file by file.

A lambda and a comprehension count as the function they stand in: nothing gets shorter by being put into one.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ("app.py", "pages/", "views/", "medspa_core/", "gate/")
QUESTION = "blood_draw_comfort"
CALLS_BACK = "call_callback"
"""The function of Streamlit that calls a widget's callback."""

Function = tuple[str, str]
"""A file, and a function in it."""


@dataclass
class TapPath:
    """The functions that a tap has run through so far."""

    functions: dict[Function, None] = field(default_factory=dict)  # in the order of their first call
    began: bool = False
    on_disk: bool = False

    def heard(self, frame: FrameType, what: str, _: Any) -> None:
        """What the interpreter says of each call, in every thread."""
        if what != "call" or self.on_disk:
            return
        file = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
        if file.startswith(PROGRAM):
            self.began |= frame.f_back is not None and frame.f_back.f_code.co_name == CALLS_BACK
            if self.began:
                self.functions[file, written_in(frame.f_code.co_qualname)] = None

    def committed(self, connection: Connection) -> None:
        """What the database says of each transaction that ends well."""
        self.on_disk |= self.began and bool(connection.get_execution_options().get("writes"))


def written_in(name: str) -> str:
    """The named function that a lambda or a comprehension stands in; of any other, itself."""
    while name.rpartition(".")[2].startswith("<"):
        name = name.rpartition(".<locals>.")[0]
    return name


def walked(at: AppTest, answer: str) -> TapPath:
    """The way of this answer to the blood-draw question of the page that is open."""
    pills = next(one for one in at.pills if one.key is not None and one.key.endswith(QUESTION))
    path = TapPath()
    event.listen(Engine, "commit", path.committed)
    threading.setprofile(path.heard)
    try:
        pills.select(answer).run()
    finally:
        threading.setprofile(None)
        event.remove(Engine, "commit", path.committed)
    assert path.on_disk, "the tap was not saved"
    return path


def page_with_an_answer(folder: Path) -> AppTest:
    """You, in a consultation of a clinic of its own, with the question answered once and the page drawn whole again."""
    os.environ |= {"MEDSPA_HOME": str(folder / "home"), "MEDSPA_KEYS": str(folder / "keys")}
    from medspa_core import access
    from medspa_core.clients import consultations
    from tests.pages.conftest import program, through_the_door
    from views.context import core_access

    through_the_door(pytest.MonkeyPatch())
    at = program()
    store, now = core_access.store(), datetime.now(UTC)
    who = access.sign_in_of(store, str(at.user["sid"]), now)
    assert who is not None
    mine = store.by(access.doer_of(who))
    draft = consultations.start(mine, who.person, "A-204", now, now.date(), ("wait", "microneedling_alone"))
    consultations.save_answers(mine, who.person, draft.id, {QUESTION: "fine"}, now, "plans")
    at.switch_page("pages/you.py")
    at.query_params["c"] = draft.id
    at.run()
    assert not at.exception, at.exception
    return at


def main() -> None:
    """Prints each file with its functions, and how many there are of both."""
    with tempfile.TemporaryDirectory() as folder:
        found = sorted(walked(page_with_an_answer(Path(folder)), "uneasy").functions)
    lines = [
        f"{file}: {', '.join(name for _, name in functions)}"
        for file, functions in groupby(found, key=lambda one: one[0])
    ]
    sys.stdout.write("\n".join([*lines, f"{len(found)} functions of {len(lines)} files", ""]))


if __name__ == "__main__":
    main()
