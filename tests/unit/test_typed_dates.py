"""Every form in which people write a day reads back as that day, or is refused with a reason, and never as another day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medspa_core.formats.as_read import in_words
from medspa_core.formats.typed_dates import (
    MONTHS,
    STYLES,
    DateStyle,
    NoDate,
    in_digits,
    last_day_of_month,
    possible_days,
    read_date,
    style_at,
)

FIRST, TODAY = date(1900, 1, 1), date(2026, 11, 22)
BORN = date(1984, 3, 7)
SCRIPTS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९")
DAYS = st.dates(FIRST, TODAY)
RECENT = st.dates(date(1927, 1, 1), TODAY)  # two digits name one year of the last hundred


def birth(text: str, style: DateStyle = "month_first") -> date | NoDate:
    return read_date(text, style, FIRST, TODAY)


def in_order(day: date, style: DateStyle, mark: str, year: str, zeros: bool) -> str:
    width = 2 if zeros else 1
    month, number = f"{day.month:0{width}}", f"{day.day:0{width}}"
    three = {
        "month_first": (month, number, year),
        "day_first": (number, month, year),
        "year_first": (year, month, number),
    }
    return mark.join(three[style])


def with_its_name(day: date, short: bool, year: str) -> tuple[str, ...]:
    month = MONTHS[day.month - 1].title()[: 3 if short else None]
    dot = "." if short else ""
    return (
        *(f"{month}{dot} {day.day}, {year}", f"{day.day} {month}{dot} {year}", f"{day.day}-{month}-{year}"),
        *(f"{month.upper()} {day.day} {year}", f"{day.day:02}{month}{year}", f"{month} {day.day}th, {year}"),
        f"{day.day}th of {month} {year}",
    )


@pytest.mark.parametrize(
    "text",
    [
        *("3/7/84", "03/07/84", "03071984", "030784", "March 7, 1984", "7 March 1984", "Mar 7 84", "1984/03/07"),
        *(
            "1984-03-07",
            "3.7.1984",
            "3-7-1984",
            "3 7 1984",
            " 3 / 7 / 1984 ",
            "19840307",
            "1984.3.7",
            "7th of March 1984",
        ),
        *("٣/٧/١٩٨٤", "۳/۷/۱۹۸۴", "３／７／１９８４", "\u200f٣/٧/١٩٨٤", "3–7–1984", "march 7 '84", "MARCH 7 1984"),
        *("1984年3月7日", "1984년 3월 7일", "Wednesday 7 March 1984", "Wed, Mar 7, 1984", "1984 March 7"),
    ],
)
def test_the_ways_people_write_the_7th_of_march_1984_where_the_month_comes_first(text: str) -> None:
    assert birth(text) == BORN


@pytest.mark.parametrize(
    ("text", "style", "day"),
    [
        ("3/7/1984", "month_first", date(1984, 3, 7)),
        ("3/7/1984", "day_first", date(1984, 7, 3)),
        ("03071984", "day_first", date(1984, 7, 3)),
        ("84/03/07", "year_first", date(1984, 3, 7)),
        ("840307", "year_first", date(1984, 3, 7)),
    ],
)
def test_an_order_that_could_be_two_days_is_the_clinics(text: str, style: DateStyle, day: date) -> None:
    assert birth(text, style) == day


@pytest.mark.parametrize(
    ("text", "style", "reason"),
    [
        ("", "month_first", "empty"),
        (" \u200b ", "month_first", "empty"),
        ("1984", "month_first", "only_year"),
        ("3/7", "month_first", "no_year"),
        ("March 7", "month_first", "no_year"),
        ("7 March", "day_first", "no_year"),
        ("March 1984", "month_first", "no_day"),
        ("3/1984", "month_first", "no_day"),
        ("13/1984", "month_first", "not_a_date"),
        ("25/12/1984", "month_first", "other_order"),
        ("12/25/1984", "day_first", "other_order"),
        ("25121984", "month_first", "other_order"),
        ("03071984", "year_first", "other_order"),
        ("3/7/1984", "year_first", "other_order"),
        ("3/7/84", "year_first", "other_order"),
        ("02/31/1984", "month_first", "no_such_day"),
        ("31/02/1984", "month_first", "no_such_day"),
        ("31 February 1984", "month_first", "no_such_day"),
        ("1984-02-31", "month_first", "no_such_day"),
        ("2/29/1983", "month_first", "no_such_day"),
        ("2/29/83", "month_first", "no_such_day"),
        ("13/32/1984", "month_first", "no_such_day"),
        ("0/7/1984", "month_first", "no_such_day"),
        ("Tuesday 7 March 1984", "month_first", "no_such_day"),
        ("3/7/984", "month_first", "not_a_date"),
        ("3/7-1984", "month_first", "not_a_date"),
        ("-3/7/1984", "month_first", "not_a_date"),
        ("tomorrow", "month_first", "not_a_date"),
        ("Mon", "month_first", "not_a_date"),
        ("about 3/7/1984", "month_first", "not_a_date"),
        ("³/7/1984", "month_first", "not_a_date"),
        ("1984-03-07T00:00", "month_first", "not_a_date"),
        ("307198", "day_first", "no_such_day"),
        ("3071984", "month_first", "not_a_date"),
    ],
)
def test_what_is_not_clear_is_refused_with_its_reason(text: str, style: DateStyle, reason: str) -> None:
    assert birth(text, style) == NoDate(reason)  # type: ignore[arg-type]


def test_a_day_out_of_bounds_is_refused_and_said() -> None:
    assert birth("3/7/2027") == NoDate("too_late", date(2027, 3, 7))
    assert birth("11/23/2026") == NoDate("too_late", date(2026, 11, 23))
    assert birth("11/22/2026") == TODAY
    assert birth("12/31/1899") == NoDate("too_early", date(1899, 12, 31))
    assert birth("۱۳۶۳/۱۲/۱۶") == NoDate("too_early", date(1363, 12, 16))  # a year of another calendar
    assert birth("7 March 2527") == NoDate("too_late", date(2527, 3, 7))


def test_a_year_of_two_digits_is_the_latest_that_is_not_past_the_last_day() -> None:
    assert [birth(f"11/22/{year}") for year in ("26", "27", "00", "84")] == [
        *(date(2026, 11, 22), date(1927, 11, 22), date(2000, 11, 22), date(1984, 11, 22))
    ]
    assert birth("11/23/26") == date(1926, 11, 23)
    coming = (date(2026, 11, 23), date(2036, 11, 20))
    assert read_date("6/12/27", "month_first", *coming) == date(2027, 6, 12)
    assert read_date("6/12/26", "month_first", *coming) == NoDate("too_early", date(2026, 6, 12))


@given(DAYS, st.sampled_from(STYLES), st.sampled_from("/-. "), st.booleans(), st.sampled_from(STYLES))
def test_a_day_in_the_clinics_order_reads_back_as_itself(
    day: date, style: DateStyle, mark: str, zeros: bool, other: DateStyle
) -> None:
    assert birth(in_order(day, style, mark, str(day.year), zeros), style) == day
    assert birth(in_order(day, style, "", str(day.year), True), style) == day
    assert birth(in_digits(day, style), style) == day
    assert birth(in_order(day, "year_first", mark, str(day.year), zeros), other) == day


@given(RECENT, st.sampled_from(STYLES), st.sampled_from("/-. "), st.sampled_from(SCRIPTS))
def test_so_does_one_with_two_digits_of_the_year_and_in_digits_of_other_scripts(
    day: date, style: DateStyle, mark: str, script: str
) -> None:
    written = in_order(day, style, mark, f"{day.year % 100:02}", True)
    assert birth(written, style) == day
    assert birth(written.translate(str.maketrans("0123456789", script)), style) == day


@given(RECENT, st.sampled_from(STYLES), st.booleans(), st.booleans())
def test_a_day_with_its_months_name_is_the_same_in_every_style(
    day: date, style: DateStyle, short: bool, two_digits: bool
) -> None:
    year = f"{day.year % 100:02}" if two_digits else str(day.year)
    assert {birth(text, style) for text in with_its_name(day, short, year)} == {day}


@given(DAYS, st.sampled_from(STYLES), st.sampled_from(STYLES), st.sampled_from(["/", "-", ".", " ", ""]))
def test_written_in_another_order_it_is_what_the_clinics_order_says_or_refused(
    day: date, written: DateStyle, style: DateStyle, mark: str
) -> None:
    found = birth(in_order(day, written, mark, str(day.year), True), style)
    swapped = date(day.year, day.day, day.month) if day.day <= 12 else None
    assert found in {day, swapped} or isinstance(found, NoDate)
    assert isinstance(found, NoDate) or {written, style} != {"month_first", "year_first"} or found == day


@given(
    st.text(alphabet="0123456789/-. ,'abcdefjlmnoprstuvyJM٣۷３年月日³\u200f−of", max_size=24), st.sampled_from(STYLES)
)
def test_any_text_is_a_day_within_the_bounds_or_a_reason(text: str, style: DateStyle) -> None:
    found = birth(text, style)
    assert isinstance(found, NoDate) or FIRST <= found <= TODAY
    assert isinstance(found, NoDate) or found in possible_days(text, FIRST, TODAY)


@given(st.integers(1900, 2026), st.integers(1, 12), st.integers(1, 31), st.sampled_from(STYLES))
def test_a_day_that_there_is_not_is_never_moved(year: int, month: int, number: int, style: DateStyle) -> None:
    texts = (
        f"{year}-{month}-{number}",
        f"{number} {MONTHS[month - 1]} {year}",
        f"{MONTHS[month - 1]} {number}, {year}",
    )
    for text in texts:
        found = birth(text, style)
        assert isinstance(found, NoDate) or (found.year, found.month, found.day) == (year, month, number)


def test_a_search_is_offered_each_day_that_may_be_meant() -> None:
    assert possible_days("3/7/1984", FIRST, TODAY) == (date(1984, 3, 7), date(1984, 7, 3))
    assert possible_days("25/12/1984", FIRST, TODAY) == (date(1984, 12, 25),)
    assert possible_days("3/7/24", FIRST, TODAY) == tuple(
        date(*one) for one in ((1924, 3, 7), (1924, 7, 3), (2024, 3, 7), (2024, 7, 3))
    )
    assert possible_days("31 February 1984", FIRST, TODAY) == possible_days("1984", FIRST, TODAY) == ()


def test_the_order_is_the_places_own() -> None:
    assert [style_at(place) for place in ("us", "ca", "kr", "eu", "uk", "au", "other")] == [
        *("month_first", "year_first", "year_first"),
        *(["day_first"] * 4),
    ]


@given(DAYS, st.sampled_from(STYLES), st.sampled_from(STYLES), st.booleans(), st.booleans())
def test_a_day_in_words_reads_back_as_itself_whatever_the_order_there(
    day: date, style: DateStyle, other: DateStyle, weekday: bool, short: bool
) -> None:
    assert birth(in_words(day, style, weekday=weekday, short=short), other) == day


def test_a_day_is_worded_in_the_clinics_order() -> None:
    assert [in_words(BORN, style) for style in STYLES] == ["March 7, 1984", "7 March 1984", "March 7, 1984"]
    assert in_words(BORN, "month_first", weekday=True) == "Wednesday, March 7, 1984"
    assert in_words(BORN, "day_first", weekday=True, year=False) == "Wednesday 7 March"
    assert in_words(BORN, "month_first", year=False, short=True) == "Mar 7"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *((one, date(2027, 6, 30)) for one in ("6/2027", "06/2027", "06-2027", "06.2027", "2027-06", "2027/6")),
        *((one, date(2027, 6, 30)) for one in ("June 2027", "Jun. 2027", "2027 June", "JUN/2027", "６/２０２７")),
        ("Feb 2028", date(2028, 2, 29)),
        *((one, None) for one in ("6/27", "13/2027", "0/2027", "2027", "6/30/2027", "soon", "", "June 27")),
    ],
)
def test_a_month_and_its_whole_year_are_the_last_day_of_that_month(text: str, day: date | None) -> None:
    assert last_day_of_month(text) == day
