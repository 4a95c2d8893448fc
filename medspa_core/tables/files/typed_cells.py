"""Values of a typed column in, of whatever Arrow type; cells of text out, each distinct value once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pa_compute
import pyarrow.types as kinds

from medspa_core.tables.files.found_table import ONE, SEVERAL

LARGEST_WHOLE = 1e15  # a float that is whole up to here is written without a point
MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00(\.0+)?$"
UNKNOWN_ZONE = " in a time zone this computer does not know"


def holds(kind: pa.DataType) -> str:
    """What a cell of a column of this type holds: ONE value, SEVERAL, or the type's own name if no answer is like that."""
    if isinstance(kind, pa.BaseExtensionType):
        return holds(kind.storage_type)
    if kinds.is_dictionary(kind) or kinds.is_run_end_encoded(kind):
        return holds(kind.value_type)
    if _is_list(kind):
        return SEVERAL if holds(kind.value_type) == ONE else str(kind)
    return str(kind) if kinds.is_nested(kind) or kinds.is_interval(kind) else ONE


def as_cells(column: pa.Array) -> pa.DictionaryArray:
    """A column as cells of text; nulls, and what no answer is like, are empty."""
    if holds(column.type) not in (ONE, SEVERAL):
        return pa.nulls(len(column), pa.string()).dictionary_encode()
    return _text(column).dictionary_encode()


def _is_list(kind: pa.DataType) -> bool:
    tests = (kinds.is_list, kinds.is_large_list, kinds.is_fixed_size_list, kinds.is_list_view, kinds.is_large_list_view)
    return any(test(kind) for test in tests)


def _text(column: pa.Array) -> pa.Array:
    """A column as text, row by row."""
    kind = column.type
    if isinstance(column, pa.ExtensionArray):
        return _each(column, str) if isinstance(kind, pa.UuidType) else _text(column.storage)
    if kinds.is_dictionary(kind):
        return _text(column.dictionary).take(column.indices)
    if kinds.is_run_end_encoded(kind):
        return _text(column.values).take(_runs(column))
    if _is_list(kind):
        return _lists(column)
    for is_kind, text in TEXT_OF.items():
        if is_kind(kind):
            return text(column)
    return _strings(column)


def _runs(column: pa.RunEndEncodedArray) -> pa.Array:
    """Which run each row lies in."""
    rows = np.arange(column.offset, column.offset + len(column))
    return pa.array(np.searchsorted(column.run_ends.to_numpy(), rows, side="right"))


def _strings(column: pa.Array) -> pa.Array:
    """Text of any kind. A file may call bytes text that are none."""
    text = column.cast(pa.string())
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return _bytes(text.cast(pa.binary()))
    return text


def _each(column: pa.Array, text: Callable[[Any], str]) -> pa.Array:
    return pa.array([None if one is None else text(one) for one in column.to_pylist()], pa.string())


def _lists(column: pa.Array) -> pa.Array:
    """As a cell of a CSV has it: `plant|animal`, and `none` for a list with nothing in it."""
    items = iter(_text(pa_compute.list_flatten(column)).to_pylist())
    sizes = pa_compute.list_value_length(column).to_pylist()
    joined = [None if size is None else _joined([next(items) for _ in range(size)]) for size in sizes]
    return pa.array(joined, pa.string())


def _joined(items: list[str | None]) -> str:
    return "|".join("null" if item is None else item for item in items) if items else "none"


def _bytes(column: pa.Array) -> pa.Array:
    """Text that an older writer did not mark as text."""
    return _each(column, lambda one: one.decode("utf-8", "replace"))


def _floats(column: pa.Array) -> pa.Array:
    """Not-a-number is how tables write a missing number; a whole one is written without a point."""
    column = column.cast(pa.float64()) if not kinds.is_float32(column.type) else column
    column = pa_compute.if_else(pa_compute.is_nan(column), None, column)
    small = pa_compute.less(pa_compute.abs(column), LARGEST_WHOLE)
    whole = pa_compute.and_(pa_compute.equal(pa_compute.floor(column), column), small)
    numbers = pa_compute.if_else(whole, column, 0).cast(pa.int64()).cast(pa.string())
    return pa_compute.if_else(whole, numbers, column.cast(pa.string()))


def _decimal(number: Decimal) -> str:
    return f"{number:.0f}" if number == number.to_integral_value() else f"{number:f}"


def _moments(column: pa.Array) -> pa.Array:
    """The day, and the time if there is one, as the clock of the column's own zone shows it."""
    zone = getattr(column.type, "tz", None)
    unknown = ""
    if zone is not None:
        try:
            column = pa_compute.local_timestamp(column)
        except pa.ArrowInvalid:
            column, unknown = column.cast(pa.timestamp(column.type.unit)), UNKNOWN_ZONE
    text = pa_compute.replace_substring_regex(column.cast(pa.string()), MIDNIGHT, r"\1")
    return pa_compute.binary_join_element_wise(text, unknown, "") if unknown else text


def _times_spent(column: pa.Array) -> pa.Array:
    return pa_compute.binary_join_element_wise(column.cast(pa.int64()).cast(pa.string()), column.type.unit, " ")


TEXT_OF: dict[Callable[[pa.DataType], bool], Callable[[pa.Array], Any]] = {
    **dict.fromkeys((kinds.is_binary, kinds.is_large_binary, kinds.is_binary_view, kinds.is_fixed_size_binary), _bytes),
    kinds.is_floating: _floats,
    kinds.is_decimal: lambda column: _each(column, _decimal),
    kinds.is_timestamp: _moments,
    kinds.is_date: lambda column: column.cast(pa.string()),
    kinds.is_duration: _times_spent,
}
