"""The line on top of the staff's pages: the ways open to a person, own sign-in and sign-out; none of it for a client."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from medspa_core.access import Role
from tests.pages.conftest import new_draft, opened, program, text_of

FIGURES = {"week", "month", "treatment_mix", "agreement", "money"}
EVERY_FIGURE = (*FIGURES, "capacity", "import_sales")
ALL = {
    "home",
    "compare",
    "clients",
    "review",
    "approval",
    "offer",
    *FIGURES,
    "capacity",
    "import_sales",
    "people",
    "kept",
    "audit",
    "store",
}
OPEN = {
    (Role.AESTHETICIAN,): {"home", "compare", "clients", *FIGURES},
    (Role.CLINICIAN,): {"home", "compare", "clients", "review", *FIGURES},
    (Role.MANAGER,): {"home", "compare", *FIGURES, "capacity", "import_sales"},
    (Role.OWNER,): {
        "home",
        "compare",
        "offer",
        *FIGURES,
        "capacity",
        "import_sales",
        "people",
        "kept",
        "audit",
        "store",
    },
    (Role.OWNER, Role.MEDICAL_DIRECTOR, Role.CLINICIAN): ALL,
}


def ways(at: AppTest) -> set[str]:
    return {str(button.key).removeprefix("way_") for button in at.button if str(button.key).startswith("way_")}


@pytest.mark.parametrize("roles", OPEN, ids=["-".join(roles) for roles in OPEN])
def test_the_line_leads_to_every_page_open_to_a_person_and_to_no_other(
    store: records.Store, roles: tuple[Role, ...]
) -> None:
    """Pages of figures are one way in the line; on one of them they stand below it."""
    at = program(*roles).run()
    figures = OPEN[roles] & {*EVERY_FIGURE}
    line = OPEN[roles] - figures | {"figures"}
    if "home" not in ways(at):
        assert ways(at) == line - {"home"}
    for page in [*sorted(line - {"figures", "home"}), "home", "figures", *sorted(figures - {"week"})]:
        at.button(key=f"way_{page}").click().run()
        assert not at.exception, (page, at.exception)
        here = {"figures", "week"} if page == "figures" else {"figures", page} if page in figures else {page}
        assert ways(at) == (line | figures if "figures" in here else line) - here
        assert text_of(at).count('aria-current="page"') == 1
        assert 'href="/own"' in text_of(at) and 'href="/auth/out"' in text_of(at)


@pytest.mark.parametrize("page", ["you", "safety", "what_matters", "options", "timeline", "plan", "why"])
def test_nothing_of_the_line_is_in_a_clients_hands(store: records.Store, page: str) -> None:
    at = opened(page, new_draft(store, {"concern": "texture"}))
    assert ways(at) == set()
    assert "mc-line" not in text_of(at) and "/auth/out" not in text_of(at)


def test_a_trial_has_the_ways_that_are_open_and_no_sign_in_of_its_own(store: records.Store) -> None:
    at = program(trial=True).run()
    assert ways(at) == {"clients", "compare", "figures"}
    assert "mc-line" not in text_of(at)
