"""Reading Arrow record batches, by the same rules as Parquet.

Only the columns that name a field are read. Rows are numbered within each table, from 1, so that a stream of
any length can be read; ``ArrowTable.rows`` has the number that a person sees.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import polars as pl
import pyarrow as pa

from putright.fields import FIELDS
from putright.files.parquet import plain_frame
from putright.files.tables import ROW, ROW_ERROR, ReadError, Table, UnreadableCells, column_names, quoted

#: The column that gives each row its number, where there is one.
ROW_NUMBER = "putright_row"
#: Rows of a table at most; a longer batch is read in pieces.
LONGEST = 50_000
#: How an error names the batches, where it would name a file.
_NAME = "The table"
_WHAT_TO_GIVE = "give pyarrow.RecordBatch objects, or any that have __arrow_c_array__ or __arrow_c_stream__"


class ArrowArray(Protocol):
    """An object that gives one record batch by Arrow's PyCapsule interface, as ``pyarrow.RecordBatch`` does."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...


class ArrowStream(Protocol):
    """An object that gives record batches by Arrow's PyCapsule interface, as a table does."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


_Some: TypeAlias = ArrowArray | ArrowStream
#: What record batches can be given as: one object, several, or a function that opens several.
Batches: TypeAlias = _Some | Iterable[_Some] | Callable[[], Iterable[_Some]]


@dataclass(frozen=True)
class ArrowTable:
    """A record batch, or a piece of one, as a table of text."""

    table: Table
    rows: pl.Series
    """The number of each row (Int64): over all batches from 1, or as ``putright_row`` says; null if that is null."""
    flags: pl.Series | None
    """The column asked for as ``flag`` (Boolean, nulls kept); None if none was."""


@dataclass(frozen=True)
class Source:
    """Where record batches come from: ``open`` starts reading them, and can be called again if ``again``."""

    open: Callable[[], Iterator[pa.RecordBatch]]
    again: bool


def source(batches: Batches) -> Source:
    """Accept an iterator of batches, or anything that can be read more than once: see ``putright.arrow.audit``.

    Raises ReadError for anything else.
    """
    if isinstance(batches, Iterator):
        return Source(lambda: _flat(batches), again=False)
    if callable(batches):
        return Source(lambda: _flat(batches()), again=True)
    if hasattr(batches, "to_batches"):  # a Table or a Dataset of pyarrow
        return Source(lambda: _flat(batches.to_batches()), again=True)
    if hasattr(batches, "__arrow_c_stream__") or hasattr(batches, "__arrow_c_array__"):
        return Source(lambda: _flat([batches]), again=True)
    if isinstance(batches, Iterable):
        return Source(lambda: _flat(batches), again=True)
    raise ReadError(f"The batches are of the type {type(batches).__name__}: {_WHAT_TO_GIVE}.")


def _flat(items: Iterable[object]) -> Iterator[pa.RecordBatch]:
    """Each item as record batches."""
    for item in items:
        try:
            if isinstance(item, pa.RecordBatch):
                yield item
            elif hasattr(item, "__arrow_c_stream__"):
                yield from pa.RecordBatchReader.from_stream(item)
            elif hasattr(item, "__arrow_c_array__"):
                yield pa.record_batch(item)
            else:
                raise ReadError(f"The batches hold an object of the type {type(item).__name__}: {_WHAT_TO_GIVE}.")
        except pa.ArrowException as error:
            raise ReadError(f"The batches cannot be read as Arrow data: {_one_line(error)}.") from None


def tables(
    batches: Iterator[pa.RecordBatch], flag: str | None = None, known: Collection[str] = tuple(FIELDS)
) -> Iterator[ArrowTable]:
    """Each batch as tables of at most LONGEST rows, with the columns that name fields (``known``).

    ``flag`` names a Boolean column to give with each.

    Raises ReadError for a column that cannot be read, and if a batch has other columns than the first.
    """
    first: list[str] | None = None
    read = 0
    for place, batch in enumerate(batches, start=1):
        names = column_names(_NAME, batch.schema.names)
        first = names if first is None else first
        if set(names) != set(first):
            other = ", ".join(map(quoted, sorted(set(names) ^ set(first))))
            raise ReadError(f"Batch {place} and batch 1 do not have the same columns; only one of them has: {other}.")
        for start in range(0, max(batch.num_rows, 1), LONGEST):
            piece = batch.slice(start, LONGEST)
            yield _table(piece, names, read, flag, known)
            read += piece.num_rows


def only_references(batches: Iterator[pa.RecordBatch]) -> Iterator[Table]:
    """The same tables with the references alone."""
    for batch in batches:
        names = column_names(_NAME, batch.schema.names)
        wanted = [place for place, name in enumerate(names) if name == "reference"]
        for start in range(0, max(batch.num_rows, 1), LONGEST):
            yield _table(
                batch.slice(start, LONGEST).select(wanted), [names[place] for place in wanted], 0, None, FIELDS
            ).table


def empty_table(names: Iterable[str]) -> Table:
    """A table with these columns and no rows."""
    columns = dict.fromkeys(column_names(_NAME, names), pl.String)
    return Table(pl.DataFrame(schema={ROW: pl.UInt32, **columns, ROW_ERROR: pl.String}), day_first=False)


def _table(batch: pa.RecordBatch, names: list[str], read: int, flag: str | None, known: Collection[str]) -> ArrowTable:
    columns = dict(zip(names, batch.columns, strict=True))
    unread = UnreadableCells()
    fields = [_series(name, column) for name, column in columns.items() if name in known]
    frame = plain_frame(pl.DataFrame(fields) if fields else pl.DataFrame(height=batch.num_rows), 0, unread)
    rows = pl.int_range(read + 1, read + batch.num_rows + 1, dtype=pl.Int64, eager=True)
    if ROW_NUMBER in columns:
        rows = _series(ROW_NUMBER, columns[ROW_NUMBER])
        if not rows.dtype.is_integer() and rows.dtype != pl.Null:
            raise ReadError(f"Column {quoted(ROW_NUMBER)} has the type {rows.dtype}: it must hold whole numbers.")
        rows = rows.cast(pl.Int64)
    flags = None
    if flag is not None:
        if flag not in columns:
            raise ReadError(f"No column is named {quoted(flag)}, which is to say whose references are repeated.")
        flags = _series(flag, columns[flag])
        if flags.dtype != pl.Boolean:
            raise ReadError(f"Column {quoted(flag)} has the type {flags.dtype}: it must hold true and false.")
    return ArrowTable(Table(frame, day_first=False, unread=unread.within(frame)), rows, flags)


def _series(name: str, column: pa.Array) -> pl.Series:
    """A column as polars has it; ReadError if polars cannot."""
    try:
        if isinstance(column, pa.ExtensionArray):
            column = column.storage
        if pa.types.is_timestamp(column.type) and column.type.tz:
            column = column.cast(pa.timestamp(column.type.unit, "UTC"))  # polars does not know every name of a zone
        made: Any = pl.from_arrow(column)
        return pl.Series(name, made)
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, TypeError):
        raise ReadError(
            f"Column {quoted(name)} has the Arrow type {column.type}, which cannot be read: make it text or a date."
        ) from None


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")
