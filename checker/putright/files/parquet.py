"""Reading Parquet, a batch of records at a time."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import polars as pl

from putright.fields import FIELDS
from putright.files.tables import (
    CUT,
    LONGEST_CELL,
    ROW,
    ROW_ERROR,
    ReadError,
    Table,
    UnreadableCells,
    cell_text,
    column_names,
    quoted,
)

#: Rows of Parquet unpacked at a time, where a batch is smaller.
_UNPACKED = 250_000


def read(path: Path, batch: int, only: str | None = None) -> Iterator[Table]:
    """The records of a Parquet file, at most ``batch`` at a time; of one column only where ``only`` names it."""
    size = batch * max(1, _UNPACKED // batch)
    scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    original = _unpack(path, lambda: scan.collect_schema().names())
    height = _unpack(path, lambda: scan.select(pl.len()).collect().item())
    if height > path.stat().st_size:
        raise ReadError(
            f"{path} says that it has {height:,} records, in fewer bytes than that: they cannot each have a reference, "
            "so it was not opened."
        )
    names = column_names(path, original)
    if only is not None:
        if only not in names:
            return
        scan = scan.select(name for name, plain in zip(original, names, strict=True) if plain == only)
        names = [name for name in names if name == only]
    unread = UnreadableCells()
    for start in range(0, max(height, 1), size):
        frame = _unpack(path, scan.slice(start, size).collect)
        if frame.height != min(size, height - start):
            raise ReadError(f"{path} is damaged: it has fewer rows than it says.")
        frame.columns = names
        plain = plain_frame(frame, start, unread)
        for place in range(0, max(frame.height, 1), batch):
            part = plain.slice(place, batch)
            yield Table(part, day_first=False, unread=unread.within(part))


def _unpack(path: Path, read: Callable[[], Any]) -> Any:
    try:
        with _silence():
            return read()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError):
        raise ReadError(f"{path} is not a readable Parquet file: it is cut off or damaged.") from None


@contextmanager
def _silence() -> Iterator[None]:
    """Nothing on standard error: Polars writes a page of its own there where a file is badly damaged."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def plain_frame(frame: pl.DataFrame, start: int, unread: UnreadableCells) -> pl.DataFrame:
    """The columns of a table, its rows numbered from ``start``. A cell that cannot be text is a row error.

    Every such cell is added to ``unread``.
    """
    row_errors = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    columns = []
    for column in frame.get_columns():
        plain, bad, what = _plain_column(column), None, ""
        if column.dtype == pl.Binary and column.name in FIELDS:
            bad, what = plain.str.starts_with(_NO_TEXT).fill_null(value=False), "bytes that are not UTF-8 text"
        elif plain.dtype == pl.String and (plain.str.len_bytes().max() or 0) > LONGEST_CELL:  # type: ignore[operator]
            bad, what = plain.str.len_chars() > LONGEST_CELL, f"more than {LONGEST_CELL:,} characters"
            plain = pl.select(pl.when(bad).then(plain.str.head(CUT) + "…").otherwise(plain)).to_series()
        if bad is not None and bad.any():
            said = f"column {quoted(column.name)} holds {what}"
            row_errors = pl.select(
                pl.when(bad & row_errors.is_null()).then(pl.lit(said)).otherwise(row_errors)
            ).to_series()
            for place in bad.arg_true():
                unread.add(start + 1 + place, column.name, plain[place], said)
        columns.append(plain.alias(column.name))
    whole = pl.DataFrame([*columns, row_errors.alias(ROW_ERROR)]).with_row_index(ROW, offset=start + 1)
    if row_errors.null_count() == whole.height:
        return whole
    return whole.with_columns(pl.format("record {}: {}", ROW, ROW_ERROR).alias(ROW_ERROR))


def _plain_column(column: pl.Series) -> pl.Series:
    """Text, Date, Datetime, Boolean as they are; lists joined; numbers and the rest as text, never lost."""
    dtype = column.dtype
    if dtype in (pl.String, pl.Boolean):
        return column
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return _within_reach(column)
    if dtype.is_float():
        whole = column.is_finite() & (column == column.round()) & (column.abs() < 2**53)
        number = column.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.select(pl.when(whole).then(number).otherwise(column.cast(pl.String))).to_series()
    if isinstance(dtype, pl.Struct):
        return pl.select(pl.when(column.is_not_null()).then(column.struct.json_encode())).to_series()
    if dtype != pl.Binary:
        with suppress(pl.exceptions.PolarsError):
            if isinstance(dtype, pl.List | pl.Array):
                return column.cast(pl.List(pl.String)).list.join(";", ignore_nulls=True)
            return column.cast(pl.String)
    return pl.Series([_any_text(value) for value in column], dtype=pl.String)


#: Comes before bytes that are not text, written as hexadecimal digits.
_NO_TEXT = "\ufffd bytes "


def _any_text(value: Any) -> str | None:
    if not isinstance(value, bytes):
        return cell_text(value.to_list() if isinstance(value, pl.Series) else value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"{_NO_TEXT}{value.hex()}"


def _within_reach(column: pl.Series) -> pl.Series:
    """Dates clipped to the years 1000 to 9000, which Python can represent and which no case has."""
    day = {"ms": 86_400_000, "us": 86_400_000_000}.get(getattr(column.dtype, "time_unit", ""), 1)
    if getattr(column.dtype, "time_unit", "") == "ns":
        return column  # these reach from 1677 to 2262
    low, high = ((dt.date(year, 1, 1) - dt.date(1970, 1, 1)).days * day for year in (1000, 9000))
    number = column.to_physical()
    if not ((number < low) | (number > high)).any():
        return column
    return number.clip(low, high).cast(column.dtype)
