"""Every way in which the records can't be opened has a calm page: what is the matter, what to do, a way to try again."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from medspa_core import records
from tests.pages.conftest import TIMEOUT, text_of

PROBLEMS = (
    records.StoreProblem,
    records.StoreBusy,
    records.StoreUnreachable,
    records.StoreFull,
    records.StoreNotWritable,
    records.StoreNewer,
    records.StoreDamaged,
    records.LogDamaged,
    records.StoreMissing,
    records.KeyProblem,
    records.AuditRefused,
)


def page_of(name: str) -> AppTest:
    def script(name: str) -> None:
        from medspa_core import records
        from views.frame import error_page

        assert error_page.show(getattr(records, name)("a sentence <b>for</b> this one"))

    return AppTest.from_function(script, kwargs={"name": name}, default_timeout=TIMEOUT).run()


@pytest.mark.parametrize("kind", PROBLEMS)
def test_each_problem_of_the_store_has_its_own_calm_page(kind: type[records.StoreProblem]) -> None:
    at = page_of(kind.__name__)
    assert not at.exception and not at.error
    told = text_of(at)
    assert kind.title in told and "Try again" in told
    assert "a sentence &lt;b&gt;for&lt;/b&gt; this one" in told
    assert kind.what_to_do.split(".")[0] in told.replace("&#x27;", "'")


def test_no_two_problems_say_the_same() -> None:
    assert len({kind.title for kind in PROBLEMS}) == len(PROBLEMS)
    assert len({kind.what_to_do for kind in PROBLEMS}) == len(PROBLEMS)
