"""Every screen takes an option that a clinic has added by one file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.added_option import add_light, copy_of_data
from tests.pages.conftest import new_draft, opened, staff_face, text_of
from tests.pages.test_options import client
from views.context import core_access

SCREENS = ("you", "safety", "what_matters", "options", "timeline", "plan", "why")
ANSWERS: dict[str, dict[str, Any]] = {
    "nothing answered": {},
    "safety open": {"concern": "texture", "age": 44},
    "all fit": client(),
    "all fit, no date": client(event_date="none"),
    "blood draw never": client(blood_draw_comfort="never"),
    "all wait": client(sunburn_or_tan="yes"),
    "none is left": client(pregnant="yes"),
}


HOW_MANY = re.compile(r"(of the|timed all|same for all|which of|see) (three|four)\b", re.IGNORECASE)


@pytest.fixture
def own_rulebook(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDSPA_RULEBOOK", str(add_light(copy_of_data(home / "rulebook"))))


@pytest.mark.usefixtures("own_rulebook")
@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_every_screen_takes_an_added_option(answers: dict[str, Any]) -> None:
    draft_id = new_draft(core_access.store(), answers)
    for screen in SCREENS:
        at = opened(screen, draft_id)
        assert not at.error
        assert not HOW_MANY.search(text_of(at)), "a fifth option would make it untrue"
        if screen in ("options", "timeline") and answers:
            assert "Light needling" in text_of(at)
    assert not staff_face(at).exception
