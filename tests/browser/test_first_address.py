"""The first address asked of a fresh server may be any screen: a restart in mid-consultation makes it so."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_fresh_server_shows_any_screen_first_in_its_own_look(
    restart_server: Callable[[], None], open_tablet: Callable[..., Page]
) -> None:
    restart_server()
    page = open_tablet("/why")
    expect(page.get_by_role("heading", name="Why we say this")).to_be_visible()
    expect(page.locator(".mc-foot")).to_contain_text("Training only")
    expect(page.locator("[data-testid=stSidebarNav]")).to_have_count(0)


def test_a_first_look_weighs_less_than_three_megabytes(open_tablet: Callable[..., Page]) -> None:
    """On a tablet that has nothing of the program yet: what it keeps is not sent again, and weighs nothing."""
    new = open_tablet(device_scale_factor=2)
    sizes = new.evaluate("() => performance.getEntriesByType('resource').map(e => e.transferSize)")
    assert len(sizes) > 20
    assert 500_000 < sum(sizes) < 3_000_000
