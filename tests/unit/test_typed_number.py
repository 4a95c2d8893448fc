"""What somebody types for a whole number is read as that number, or refused: never as another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medspa_core.formats.typed_number import Refused, decimals_of, read_tenths, read_whole

MILLION = 1_000_000
DOLLAR = ("$", "USD")


@pytest.mark.parametrize(
    "typed",
    [
        "2500",
        "2,500",
        "2.500",
        "2 500",
        "2\xa0500",
        "2\u202f500",
        "2'500",
        "2’500",
        "$2,500.00",
        "2500,00",
        "2.500,00",
        "2500.0",
        "$ 2500",
        "2500 $",
        "usd 2500",
        "2500USD",
        " 2500 ",
        "２５００",
        "٢٥٠٠",
        "002500",
    ],
)
def test_one_amount_in_the_ways_people_write_it(typed: str) -> None:
    assert read_whole(typed, 1, MILLION, DOLLAR) == 2500


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        *[
            (typed, Refused.NO_NUMBER)
            for typed in ("", "   ", "2.5k", "2k", "about 3", "-5", "+5", "€2500", "two", "$")
        ],
        *[
            (typed, Refused.NO_NUMBER)
            for typed in ("1e3", "2,50,00", "2 50 0", "2500-3000", "25 00", "2,,500", "2,500,")
        ],
        *[(typed, Refused.NOT_WHOLE) for typed in ("2.5", "2,5", "2,500.50", "2.50", "2500,000", "0.500")],
        *[(typed, Refused.RANGE) for typed in ("0", "1000001", "9" * 30, "2,500,000")],
    ],
)
def test_what_is_no_whole_amount_is_refused_and_says_why(typed: str, why: Refused) -> None:
    assert read_whole(typed, 1, MILLION, DOLLAR) is why


def test_a_number_that_counts_no_money_takes_no_sign_of_money_and_its_own_word() -> None:
    assert read_whole("$45", 10, 480) is Refused.NO_NUMBER
    assert read_whole("45 minutes", 10, 480, ("minutes",)) == 45
    assert read_whole("2.500", 1, 12) is Refused.RANGE


def test_where_money_has_three_decimals_a_mark_before_three_digits_could_be_both() -> None:
    assert [decimals_of(one) for one in ("USD", "KRW", "KWD")] == [2, 0, 3]
    assert read_whole("2.500", 1, MILLION, (), 3) is Refused.EITHER
    assert read_whole("2,500", 1, MILLION, (), 3) is Refused.EITHER
    assert read_whole("2,500.000", 1, MILLION, (), 3) == 2500
    assert read_whole("1 000 000", 1, MILLION, (), 3) == MILLION
    assert read_whole("2500.500", 1, MILLION, (), 3) is Refused.NOT_WHOLE


def written(amount: int, decimals: int, thousands: str, point: str, sign: str, *, lakhs: bool) -> str:
    """An amount in smallest units as some place of the world writes it."""
    whole, rest = divmod(amount, 10**decimals)
    digits = _lakhs(str(whole)) if lakhs else f"{whole:,}".replace(",", thousands)
    return f"{sign}{digits}" + (f"{point}{rest:0{decimals}}" if decimals else "")


def _lakhs(digits: str) -> str:
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


@given(
    amount=st.integers(0, 10**11),
    decimals=st.sampled_from([0, 2, 3]),
    shown=st.booleans(),
    marks=st.sampled_from(
        [("", "."), ("", ","), (",", "."), (".", ","), (" ", ","), ("\u202f", ","), ("'", "."), ("’", ".")]
    ),
    sign=st.sampled_from(["", "$", "$ ", "USD "]),
    lakhs=st.booleans(),
)
def test_an_amount_reads_as_itself_or_is_refused_and_never_as_another(
    amount: int, decimals: int, shown: bool, marks: tuple[str, str], sign: str, lakhs: bool
) -> None:
    """`shown`: with the decimals that the currency has; else the whole alone."""
    thousands, point = (",", ".") if lakhs else marks
    typed = written(amount, decimals if shown else 0, thousands, point, sign, lakhs=lakhs)
    found = read_whole(typed, 0, 10**12, DOLLAR, decimals)
    worth = amount if not shown else amount / 10**decimals
    assert isinstance(found, Refused) or found == worth
    if worth == int(worth) and decimals != 3:
        assert found == worth


@given(st.text(max_size=50))
def test_whatever_is_typed_is_a_number_in_range_or_a_reason(typed: str) -> None:
    found = read_whole(typed, 1, 12)
    assert isinstance(found, Refused) or 1 <= found <= 12


@pytest.mark.parametrize(
    "typed",
    ["1.5", "1,5", "1.50", "1,500000", "1.5 mm", "1,5mm", " 01.5 MM ", "１．５", "١٫٥".replace("٫", "."), "1.5\xa0mm"],
)
def test_one_depth_in_the_ways_people_write_it(typed: str) -> None:
    assert read_tenths(typed, 1, 25, ("mm", "millimetres")) == 15


@pytest.mark.parametrize(
    ("typed", "found"),
    [("1", 10), ("0.5", 5), (".5", 5), (",5", 5), ("0.500", 5), ("2.5", 25), ("2", 20), ("2.0", 20)],
)
def test_depths_that_are_understood(typed: str, found: int) -> None:
    assert read_tenths(typed, 1, 25, ("mm",)) == found


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        *(
            (typed, Refused.NO_NUMBER)
            for typed in ("", " ", "mm", ".", "1.", "-1", "1-2", "1.5.5", "1 5", "deep", "1.5 cm", "9" * 50)
        ),
        *((typed, Refused.EITHER) for typed in ("2.500", "2,500", "1.550")),
        *((typed, Refused.NOT_TENTHS) for typed in ("1.55", "0.05", "0.555", "1,05")),
        *((typed, Refused.RANGE) for typed in ("0", "0.0", "2.6", "15", "25")),
    ],
)
def test_what_is_no_depth_is_refused_and_says_why(typed: str, why: Refused) -> None:
    assert read_tenths(typed, 1, 25, ("mm",)) is why


@given(st.integers(0, 999), st.sampled_from([".", ","]), st.sampled_from(["", " mm", "mm"]))
def test_a_depth_is_read_as_it_is_written(tenths: int, mark: str, unit: str) -> None:
    assert read_tenths(f"{tenths // 10}{mark}{tenths % 10}{unit}", 0, 999, ("mm",)) == tenths
