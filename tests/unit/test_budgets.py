"""A budget that counts a lot: the model leads hardly anybody far beyond it, and says first that nothing keeps it."""

from datetime import date

from medspa_core.course.course_book import course_book
from medspa_core.rulebook import Rulebook
from medspa_core.standing import judge, kept_by_nobody
from tests.bench.budgets import cost_counts, led_beyond
from tests.bench.plausible import plausible_clients
from tests.older_rulebooks import rulebook_of_version_1

CLIENTS = 20_000
EXOSOMES, PRP = "exosome_microneedling", "prp_microneedling"


def test_of_plausible_clients_whose_budget_counts_none_is_led_to_exosomes_beyond_it(
    rulebook: Rulebook, as_of: date
) -> None:
    found = judge(plausible_clients(rulebook, as_of, CLIENTS, 1), course_book(rulebook), robust_bases=("considered",))
    counts = cost_counts(found, rulebook)
    exosomes, prp = led_beyond(found, rulebook, EXOSOMES, 1), led_beyond(found, rulebook, PRP, 2)
    assert counts.sum() > 3000
    assert not exosomes.any()
    assert 0 < prp.sum() <= 0.04 * counts.sum()
    assert kept_by_nobody(found, rulebook).limits[list(rulebook.limits).index("cost"), prp].all()


def test_version_1_led_some_of_them_there(as_of: date) -> None:
    """So that the test above is known to be able to fail."""
    old = rulebook_of_version_1()
    found = judge(plausible_clients(old, as_of, CLIENTS, 1), course_book(old), robust_bases=("considered",))
    assert led_beyond(found, old, EXOSOMES, 1).any()
