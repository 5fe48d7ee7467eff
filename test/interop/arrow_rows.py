"""Arrow tables in the written form of rows.py, and what their columns amount to."""

import math

import pyarrow as pa
import pyarrow.compute as pc
from rows import double_bits


def texts(column):
    """A column's values as texts."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.int64())
    elif pa.types.is_date(kind):
        column = column.cast(pa.int32())
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None if value is None else value.hex() for value in column.to_pylist()]
    elif pa.types.is_floating(kind):
        return [double_bits(value) for value in column.to_pylist()]
    elif pa.types.is_boolean(kind):
        return [None if value is None else "true" if value else "false" for value in column.to_pylist()]
    return [None if value is None else str(value) for value in column.to_pylist()]


def rows_of(table, columns):
    return [list(row) for row in zip(*(texts(table[name]) for name in columns))]


def total(column):
    """The sum of numbers and times, or of the lengths in bytes."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        numbers = column.cast(pa.int64())
    elif pa.types.is_date(kind) or pa.types.is_boolean(kind):
        numbers = column.cast(pa.int32())
    elif pa.types.is_integer(kind):
        numbers = column
    elif pa.types.is_floating(kind):
        return str(sum(math.floor(abs(value)) for value in column.to_pylist() if value is not None))
    else:
        numbers = pc.binary_length(column)
    # As Python adds: a sum of microseconds can outgrow 64 bits.
    return str(sum(value for value in numbers.to_pylist() if value is not None))


def measures_of(table, columns, distinct):
    measures = {}
    for name in columns:
        column = table[name]
        measures[name] = {"values": len(column) - column.null_count, "total": total(column)}
        if name in distinct:
            measures[name]["distinct"] = pc.count_distinct(column, mode="only_valid").as_py()
    return measures
