"""Who holds the tablet: the bar says it on every page, and its control says what it will do."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from medspa_core.access import Role
from tests.pages.conftest import new_draft, opened, program, staff_face, text_of

SOME = {"concern": "texture"}
CLIENTS, STAFFS = "Your side. The tablet is with you.", "Staff side"


def labels(at: AppTest) -> set[str]:
    return {str(button.label) for button in at.button}


@pytest.mark.parametrize("page", ["you", "safety", "what_matters", "options", "timeline", "plan", "why"])
def test_the_bar_says_that_the_client_has_it_then_that_the_staff_have_it(store: records.Store, page: str) -> None:
    at = opened(page, new_draft(store, SOME))
    assert CLIENTS in text_of(at) and STAFFS not in text_of(at)
    assert "Show the staff side" in text_of(at) and {"Lock", "Close"} <= labels(at)
    staff_face(at)
    assert STAFFS in text_of(at) and CLIENTS not in text_of(at)
    assert {"Hand to the client", "Lock", "Close"} <= labels(at)
    at.button(key="face").click().run()
    assert CLIENTS in text_of(at) and STAFFS not in text_of(at)


def test_the_staffs_own_pages_have_it_too(store: records.Store) -> None:
    at = program(Role.OWNER, Role.AESTHETICIAN).run()
    assert STAFFS in text_of(at) and CLIENTS not in text_of(at)
    at.button(key="lock").click().run()
    assert "Main street" in text_of(at) and "This screen is covered." in text_of(at) and not at.text_input


def test_close_leads_the_staff_home(store: records.Store) -> None:
    at = staff_face(opened("options", new_draft(store, SOME, "Mine 1")))
    at.button(key="close").click().run()
    assert not at.exception
    assert at.text_input(key="code_name")


def test_the_locked_screen_shows_the_clinics_name(home: Path, store: records.Store) -> None:
    (home / "home" / "clinic.toml").write_text('name = "Fern <b>Lane</b>"\n', "utf-8")
    at = opened("you", new_draft(store, SOME))
    at.button(key="lock").click().run()
    assert "Fern &lt;b&gt;Lane&lt;/b&gt;" in text_of(at) and "One moment" not in text_of(at)
