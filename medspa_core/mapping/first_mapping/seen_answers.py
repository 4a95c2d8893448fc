"""The answers seen in one column in, what each means out: certain by the question's own words, or open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from medspa_core.answer_codes import Column, date_of
from medspa_core.formats.typed_number import decimals_of, read_whole
from medspa_core.mapping import form_tools
from medspa_core.mapping.date_orders import EVERY, order_of, orders_of, orders_of_all
from medspa_core.mapping.first_mapping.title_matching import plain
from medspa_core.mapping.rules import NOT_ANSWERED, UNDECIDED, ids_of
from medspa_core.mapping.texts import folded
from medspa_core.rulebook import Rulebook

YES_NO = {"yes": form_tools.MEANS_YES, "no": form_tools.MEANS_NO, "not_sure": form_tools.MEANS_NOT_SURE}
_BESIDE = re.compile(r"(\D*?)\s*(\d[\d.,' \u00a0\u202f]*)\s*(\D*)")


@dataclass
class AnswersSeen:
    """What the cells of a column hold. `means`: each word as it was written -> answer, NOT_ANSWERED or UNDECIDED."""

    means: dict[str, str] = field(default_factory=dict)
    understood: bool = False  # at least one cell, as an answer to the question
    separator: str = ""
    units: list[str] = field(default_factory=list)
    other_money: str = ""  # a sign of money beside numbers that is not the clinic's
    date_order: str = ""  # of this column alone: one of STYLES, UNDECIDED, or none needed


def answers_seen(column: Column, cells: Sequence[str], entry: str, rulebook: Rulebook) -> AnswersSeen:
    """What the different cells of a column mean. `entry`: the one that it ticks, if it is one of several columns."""
    seen = AnswersSeen()
    if column.kind == "text":
        return seen
    if column.kind == "several" and not entry:
        seen.separator = _separator(column, cells)
        cells = list(dict.fromkeys(piece for cell in cells for piece in _pieces(cell, seen.separator)))
    reader = {"whole_number": _numbers, "date": _days, "since": _days}.get(column.kind)
    rest = reader(column, cells, seen, rulebook) if reader else list(cells)
    seen.understood = len(rest) < len(cells)
    for cell in (one for one in rest if not orders_of(one)):  # a date is no word for an answer
        means = _meaning(column, cell)
        seen.understood |= means not in (UNDECIDED, NOT_ANSWERED)
        seen.means[" ".join(cell.split())] = means  # also an id: "never" may be said of something else
    return seen


def _meaning(column: Column, cell: str) -> str:
    word = folded(cell)
    if word in ids_of(column):
        return word
    labels = column.question.words.answers
    same = [one for one in column.answers if plain(cell) in (plain(one), plain(labels.get(one, one))) and plain(cell)]
    if len(same) == 1:
        return same[0]
    if word in form_tools.MEANS_NO_ANSWER:
        return NOT_ANSWERED
    return next((answer for answer, words in YES_NO.items() if word in words and answer in column.answers), UNDECIDED)


def _pieces(cell: str, separator: str) -> list[str]:
    return [piece.strip() for piece in (cell.split(separator) if separator else [cell]) if piece.strip()]


def _separator(column: Column, cells: Sequence[str]) -> str:
    """The mark that cuts the most cells into known words; of none that does, the surest that is there."""
    there = [mark for mark in form_tools.SEPARATORS if any(mark in cell.strip() for cell in cells)]
    known = {mark: sum(_is_known(column, piece) for cell in cells for piece in _pieces(cell, mark)) for mark in there}
    return max(there, key=lambda mark: known[mark], default="")


def _is_known(column: Column, piece: str) -> bool:
    return _meaning(column, piece) not in (UNDECIDED, NOT_ANSWERED)


def _numbers(column: Column, cells: Sequence[str], seen: AnswersSeen, rulebook: Rulebook) -> list[str]:
    """Those that are no number, with any unit that people write beside one."""
    clinic = rulebook.clinic
    money = column.question.unit == "money"
    known = [clinic.currency_sign, clinic.currency] if money else [*form_tools.UNITS.get(column.question.unit, ())]
    signs = {mark for cell in cells for mark in cell if money and unicodedata.category(mark) == "Sc"}
    known += sorted(signs - set(known))
    rest, used = [], set()
    for cell in cells:
        beside = _BESIDE.fullmatch(cell.strip())
        found = {folded(part) for part in (beside[1], beside[3]) if part} if beside else set()
        unit = [unit for unit in known if folded(unit) in found]
        if isinstance(read_whole(cell, 0, 10**9, unit, decimals_of(clinic.currency) if money else 2), int):
            used |= set(unit)
        else:
            rest.append(cell)
    seen.other_money = ", ".join(sorted(used & signs - {clinic.currency_sign}))
    seen.units = [unit if unit not in signs - {clinic.currency_sign} else UNDECIDED for unit in known if unit in used]
    return rest


def _days(column: Column, cells: Sequence[str], seen: AnswersSeen, rulebook: Rulebook) -> list[str]:
    """Those that are no date."""
    orders = {cell: orders_of(cell) for cell in cells if date_of(cell.strip()) is None}
    if any(found and found != EVERY for found in orders.values()):
        seen.date_order = order_of([orders_of_all(orders)])
    return [cell for cell, found in orders.items() if not found]
