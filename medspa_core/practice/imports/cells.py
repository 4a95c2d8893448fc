"""A cell of a mapped column in, what it means out: a day, hundredths, an id of ours, or why it is none of these."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from medspa_core.formats.safe_csv import STARTS_A_FORMULA
from medspa_core.formats.typed_dates import STYLES, DateStyle, NoDate, read_date
from medspa_core.mapping.date_orders import without_time
from medspa_core.mapping.texts import folded, in_short
from medspa_core.practice.imports.amounts import Amount, read_amount
from medspa_core.practice.imports.fields import AMOUNTS, DAYS, NOT_OURS, REFERENCES, WHOLE, WORDS, Known
from medspa_core.practice.imports.file_mapping import FileMapping, own_words
from medspa_core.tables.coding import LONGEST_CELL, LONGEST_ID, NOT_TEXT
from medspa_core.tables.row_blocks import LOST

EARLIEST: Final = date(2000, 1, 1)
LATEST_AHEAD: Final = timedelta(days=3 * 366)
MOST_EXAMPLES: Final = 5
MOST_WORDS: Final = 500
"""Different words of a column that are asked about; a column of more is no column of treatments or people."""
MOST_REMEMBERED: Final = 20_000

GOOD, REFUSED, ASKED, OTHERS = range(4)
_ZONE = re.compile(r"(?<=\d)(?:[zZ]|(?<=:\d\d)[+-]\d\d:?\d\d)$")
_WHOLE = re.compile(r"([0-9]{1,6})(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class Read:
    """What a cell means: `state` GOOD and a value, REFUSED and the reason, ASKED and the word, or OTHERS."""

    state: int
    value: Any


NOTHING: Final = Read(GOOD, None)
Codes = np.ndarray[Any, np.dtype[np.int8]]


class CellsRead:
    """Reads the cells of a file; each different one once. What a person must say is gathered: `asked` words, and `either`,
    examples of what can be read in two ways."""

    def __init__(self, mapping: FileMapping, known: Known, as_of: date) -> None:
        self.mapping, self.known, self.as_of = mapping, known, as_of
        own = {field: own_words(field, known) for field in WORDS}
        self.words = {field: {**own[field], **mapping.words.get(field, {})} for field in WORDS}
        self.asked: dict[str, Counter[str]] = defaultdict(Counter)
        self.either: dict[str, list[str]] = {"date_order": [], "decimal_mark": []}
        self.marks, self.orders = set[str](), set(STYLES)
        self._seen: dict[str, dict[str, Read]] = defaultdict(dict)
        self._signs = tuple(sorted({known.currency, known.currency_sign}, key=len, reverse=True))

    def column(self, field: str, cells: pa.DictionaryArray) -> tuple[list[Any], Codes]:
        """The values of a column row by row, and the state of each."""
        seen, texts = self._seen[field], cells.dictionary.to_pylist()
        if len(seen) > MOST_REMEMBERED:
            seen.clear()
        for text in (text for text in texts if text not in seen):
            seen[text] = self._read(field, text)
        read = [*(seen[text] for text in texts), self._read(field, "")]
        places = cells.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
        states = np.array([one.state for one in read], dtype=np.int8)[places]
        values = np.empty(len(read), dtype=object)
        values[:] = [one.value for one in read]
        return values[places].tolist(), states

    def ask(self, field: str, words: Iterable[str]) -> None:
        """Takes note of words that nobody has said the meaning of."""
        for word, rows in Counter(words).items():
            if word in self.asked[field] or len(self.asked[field]) < MOST_WORDS:
                self.asked[field][word] += rows

    def _read(self, field: str, cell: str) -> Read:
        if LOST in cell or "\0" in cell:
            return Read(REFUSED, NOT_TEXT)
        if len(cell) > LONGEST_CELL:
            return Read(REFUSED, f"expected at most {LONGEST_CELL} characters, found {len(cell)}")
        text = without_apostrophe(cell.strip())
        return _READERS[field](self, field, text)

    def _day(self, field: str, text: str) -> Read:
        if not text:
            return Read(REFUSED, "expected a day, found nothing") if field == "day" else NOTHING
        if _ZONE.search(text):
            return Read(
                REFUSED, f"expected a day without a time zone, as its day differs by place, found {in_short(text)}"
            )
        order, last = self.mapping.date_order, self.as_of + LATEST_AHEAD
        days = {style: read_date(without_time(text), style, EARLIEST, last) for style in ([order] if order else STYLES)}
        found = {day for day in days.values() if isinstance(day, date)}
        if order is None and len(found) + any(_of_another_order(one) for one in days.values()) > 1:
            return self._either("date_order", text)
        if len(found) == 1:
            self.orders &= {style for style, day in days.items() if isinstance(day, date)}
            return Read(GOOD, found.pop()) if order or self.orders else self._either("date_order", text)
        return Read(REFUSED, f"expected a day{_in_order(order)} from {EARLIEST} to {last}, found {in_short(text)}")

    def _amount(self, field: str, text: str) -> Read:
        if not text:
            return NOTHING
        found = read_amount(text, self.mapping.decimal_mark, self._signs)
        if not isinstance(found, Amount):
            reason = f"expected {found.expected} in {self.known.currency}, found {in_short(text)}"
            return self._either("decimal_mark", text) if found.either else Read(REFUSED, reason)
        if found.mark:
            self.marks.add(found.mark)
            if len(self.marks) > 1:
                return self._either("decimal_mark", text)
        if field != "amount" and found.cents < 0:
            return Read(REFUSED, f"expected an amount of 0 or more, found {in_short(text)}")
        return Read(GOOD, found.cents)

    def _either(self, which: str, text: str) -> Read:
        if len(self.either[which]) < MOST_EXAMPLES:
            self.either[which].append(text)
        return Read(REFUSED, f"can be read in two ways: {in_short(text)}")

    def _whole(self, field: str, text: str) -> Read:
        if not text:
            return NOTHING
        number = _WHOLE.fullmatch(text)
        if number is None or int(number[1]) > WHOLE[field]:
            return Read(REFUSED, f"expected a whole number 0-{WHOLE[field]}, found {in_short(text)}")
        return Read(GOOD, int(number[1]))

    def _word(self, field: str, text: str) -> Read:
        means = self.words[field].get(folded(text))
        if means == NOT_OURS:
            return Read(OTHERS, None)
        if field == "currency" and (text or means is not None) and not means:
            return Read(REFUSED, f"expected {self.known.currency}, the clinic's one currency, found {in_short(text)}")
        if means is None and text:
            return Read(ASKED, " ".join(text.split()))
        return Read(GOOD, means or None)

    def _reference(self, field: str, text: str) -> Read:
        if len(text) > LONGEST_ID:
            return Read(REFUSED, f"expected at most {LONGEST_ID} characters, found {len(text)}")
        return Read(GOOD, folded(text) or None)


def without_apostrophe(text: str) -> str:
    """As it was before an export put an apostrophe before what a spreadsheet would compute."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(STARTS_A_FORMULA) else text


def _of_another_order(found: date | NoDate) -> bool:
    """Whether a text is a day in this order, though one out of bounds."""
    return isinstance(found, NoDate) and found.day is not None


def _in_order(order: DateStyle | None) -> str:
    return f" in the order {order}" if order else ""


_READERS: Final[dict[str, Callable[[CellsRead, str, str], Read]]] = {
    **dict.fromkeys(DAYS, CellsRead._day),
    **dict.fromkeys(AMOUNTS, CellsRead._amount),
    **dict.fromkeys(WHOLE, CellsRead._whole),
    **dict.fromkeys(WORDS, CellsRead._word),
    **dict.fromkeys(REFERENCES, CellsRead._reference),
}


def states_of(columns: Sequence[Codes], rows: int) -> Codes:
    """Of each row what is the matter: where one cell says that it is another's, nothing else is looked at."""
    found = np.zeros(rows, dtype=np.int8)
    for wanted in (ASKED, REFUSED, OTHERS):
        for states in columns:
            found[states == wanted] = wanted
    return found
