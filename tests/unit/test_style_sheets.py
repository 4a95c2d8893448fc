"""The style sheets: what would make a browser look at all of a page with each tap."""

import re

from tests.conftest import ROOT


def test_no_rule_of_every_page_asks_what_a_whole_page_has() -> None:
    """`:has()` on what holds a page is judged anew with each change in it: a flip on Your options took 40 ms longer."""
    on_screens, _, _ = (ROOT / "views" / "theme.css").read_text("utf-8").partition("@media print")
    whole = r'(\[data-testid="(stApp|stMain|stMainBlockContainer|stAppViewContainer)"\]|\bbody|\bhtml|:root)'
    asked = re.findall(rf"{whole}[^\s,{{>]*:has\((?!> )[^{{]*", on_screens)
    assert len(on_screens) > 10_000
    assert asked == []
