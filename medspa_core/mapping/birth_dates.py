"""A birth date as a form has it in, the age on the day out. What is wrong with one is told without saying it again."""

from __future__ import annotations

from datetime import date

from medspa_core.answer_codes import Column, NotAccepted
from medspa_core.formats.ages import age_on
from medspa_core.formats.typed_dates import STYLES, DateStyle, NoDate, read_date
from medspa_core.mapping.date_orders import EARLIEST, LATEST, day_in_every_order, day_in_order, orders_of, without_time

YEARS = "years"  # the unit of a number that a birth date gives


def gives(column: Column) -> bool:
    """Whether a birth date answers the question of a column."""
    return column.kind == "whole_number" and column.question.unit == YEARS


def age_of(text: str, column: Column, order: DateStyle | None, as_of: date) -> int:
    """The age. Raises NotAccepted."""
    born = day_in_order(text, order, as_of) if order else day_in_every_order(text, as_of)
    if born is None:
        in_order = f", or in the order {order}" if order else ""
        raise NotAccepted(f"expected a birth date (YYYY-MM-DD{in_order}), found {_what_else(text, order)}")
    if born > as_of:
        raise NotAccepted(f"expected a birth date no later than {as_of}, found a later one")
    age, question = age_on(born, as_of), column.question
    if age is None or not question.low <= age <= question.high:
        ages = f"{question.low}-{question.high}"
        raise NotAccepted(f"expected a birth date that gives an age of {ages}, found an earlier one")
    return age


def refuse_date(text: str, column: Column) -> None:
    """A date where the age is asked is no word to be mapped, and nothing to be repeated. Raises NotAccepted."""
    if gives(column) and orders_of(text):
        expected = f"expected a whole number {column.question.low}-{column.question.high}, found a date"
        write = f'{{ question = "{column.name}", birth_date = true }}'
        raise NotAccepted(f"{expected}; if it is the birth date, write {write}")


def _what_else(text: str, order: DateStyle | None) -> str:
    if orders_of(text):
        return "no such day" if order else "a day that needs date_order under [file]"
    read = [read_date(without_time(text), style, EARLIEST, LATEST) for style in STYLES]
    no_such_day = any(isinstance(one, NoDate) and one.reason == "no_such_day" for one in read)
    return "no such day" if no_such_day else "something else"
