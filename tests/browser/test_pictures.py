"""Pictures of every screen for docs/pictures: `make pictures`. Whole pages at scale 1, in few colours, to stay small.

Names: client, screen, how the tablet is held, and `staff` for the staff view.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LANDSCAPE, PORTRAIT, ROOT, RunningApp, new_context, wait_until_settled
from tests.browser.desk import WHO, Desk
from tests.browser.screens import client_screens, desk_screens, open_screen, show_chart, staff_face, staff_screens

pytestmark = [pytest.mark.pictures, pytest.mark.timeout(600)]

FOLDER = ROOT / "docs" / "pictures"
LARGEST_MB = 5
COLOURS = 44
HELD = {"landscape": LANDSCAPE, "portrait": PORTRAIT}
# invented client -> what is called so in the names of the pictures
OTHERS = {
    "needle_wedding": "needles_and_a_wedding",
    "blood_thinner": "blood_thinner",
    "objects_to_all": "none_suitable",
    "sunburn": "deferred",
    "nothing": "nothing_answered",
}
HIGHEST, HIGHEST_CLAIMS = 3000, 1800  # px: the claims go on like that
BEGINNINGS = ("options_each_step", "options_trying", "you_staff", "what_matters_staff", "why_staff", "people", "audit")
HEIGHT = """() => {
    const main = document.querySelector('[data-testid="stMain"]'), bar = document.querySelector('[data-testid="stBottom"]');
    const inside = main.querySelector('[data-testid="stMainBlockContainer"]');
    return Math.ceil(inside.getBoundingClientRect().height + (bar ? bar.getBoundingClientRect().height : 0));
}"""


@pytest.fixture(params=HELD)
def held(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Browser, practice: RunningApp, held: str) -> Iterator[Page]:
    context = new_context(browser, practice.url, portrait=held == "portrait", device_scale_factor=1)
    opened = context.new_page()
    opened.goto("/")
    yield wait_until_settled(opened)
    context.close()


def take(page: Page, name: str, held: str) -> None:
    """The page as a small file, whole; only what the tablet shows where the rest is in another picture."""
    tablet = HELD[held]
    page.evaluate("document.fonts.ready")
    height = tablet["height"] if name.endswith(BEGINNINGS) else max(tablet["height"], page.evaluate(HEIGHT))
    height = min(height, HIGHEST if "why" not in name else HIGHEST_CLAIMS)
    page.set_viewport_size({"width": tablet["width"], "height": height})
    page.wait_for_function("height => innerHeight === height", arg=height)
    raw = page.screenshot(animations="disabled")
    page.set_viewport_size(tablet)  # type: ignore[arg-type]
    FOLDER.mkdir(parents=True, exist_ok=True)
    in_few_colours(Image.open(io.BytesIO(raw)).convert("RGB")).save(FOLDER / f"{name}_{held}.png", optimize=True)


def in_few_colours(image: Image.Image) -> Image.Image:
    """A palette in which large areas keep their colour exactly and small ones of a colour of their own are not lost."""
    found = sorted(image.getcolors(image.width * image.height), reverse=True)
    colours = np.array([colour for _, colour in found], dtype=float)
    often = np.sqrt([count for count, _ in found])
    chosen, far = [0], np.linalg.norm(colours - colours[0], axis=1)
    while len(chosen) < min(COLOURS, len(colours)):
        chosen.append(int(np.argmax(often * far)))
        far = np.minimum(far, np.linalg.norm(colours - colours[chosen[-1]], axis=1))
    palette = colours[chosen]
    nearest = np.argmin(np.linalg.norm(colours[:, None] - palette[None], axis=2), axis=1).astype(np.uint8)
    numbers = (colours @ [65536, 256, 1]).astype(int)
    order = np.argsort(numbers)
    pixels = np.asarray(image, dtype=int) @ [65536, 256, 1]
    small = Image.fromarray(nearest[order][np.searchsorted(numbers[order], pixels)], "P")
    small.putpalette(palette.astype(np.uint8).tobytes())
    return small


def test_pictures_of_what_a_client_sees(page: Page, practice: RunningApp, held: str) -> None:
    for name in client_screens(page, practice.client()):
        take(page, f"a204_{name}", held)


def test_pictures_of_what_staff_see(page: Page, practice: RunningApp, held: str) -> None:
    for name in staff_screens(page, practice.client()):
        take(page, f"a204_{name}_staff", held)


def test_pictures_of_the_staffs_own_pages(browser: Browser, practice: RunningApp, desk: Desk, held: str) -> None:
    context = new_context(browser, practice.url, portrait=held == "portrait", device_scale_factor=1, who=WHO)
    page = context.new_page()
    page.goto("/")
    for name in desk_screens(wait_until_settled(page), desk):
        take(page, name, held)
    context.close()


@pytest.mark.parametrize("demo", OTHERS)
def test_pictures_of_other_clients(page: Page, practice: RunningApp, held: str, demo: str) -> None:
    draft_id = practice.client(demo)
    for screen in ("options", "timeline"):
        open_screen(page, screen, draft_id)
        take(page, f"{OTHERS[demo]}_{screen}", held)
    if demo == "objects_to_all":
        open_screen(page, "what_matters", draft_id)
        take(page, f"{OTHERS[demo]}_what_matters", held)
    if demo == "needle_wedding":
        show_chart(page, "One visit", "visit")
        take(page, f"{OTHERS[demo]}_timeline_visit", held)
    if demo == "blood_thinner":
        open_screen(page, "safety", draft_id)
        staff_face(page)
        expect(page.locator(".st-key-card_examiner")).to_be_visible()
        take(page, f"{OTHERS[demo]}_safety_staff", held)


def test_all_pictures_together_stay_small() -> None:
    total = sum(file.stat().st_size for file in Path(FOLDER).glob("*.png")) / 1e6
    assert 0 < total < LARGEST_MB
