"""Writing findings and rejected rows: JSON Lines, CSV, XLSX, Parquet."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
from polars.io.plugins import register_io_source

from putright.text.formulas import inert
from putright.text.plaintext import json_file
from putright.writing.staging import WriteError, temporary_folder, unwritable, whole_file

FORMATS = ("jsonl", "csv", "xlsx", "parquet")
STANDARD_OUTPUT = "-"
_NO_TIME = dt.datetime(2000, 1, 1)
#: A worksheet holds no more rows, heading included.
_SHEET_ROWS = 1_048_576
#: Statistics are left out, since they slow down writing and are not used for findings.
_PARQUET = {"compression_level": 1, "statistics": False}
_SCHEMA = "ARROW:schema"


def format_of(output: str | None, chosen: str | None) -> str | None:
    """The format chosen, or the one that the output's ending names; None if neither is given."""
    if chosen or output is None:
        return chosen
    ending = Path(output).suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise WriteError(f"--output {output}: give a --format, or a file ending in .{', .'.join(FORMATS)}.")
    return ending


def write_table(frame: pl.DataFrame, output: str, form: str, *, private: bool = False) -> None:
    """Write a table to a file or, for ``-``, to standard output; ``private`` where it names cases."""
    write_batches(iter([frame]), output, form, private=private)


def write_batches(frames: Iterator[pl.DataFrame], output: str, form: str, *, private: bool = False) -> None:
    """Write tables with the same columns as one, as they arrive; ``private`` if they name cases."""
    if output == STANDARD_OUTPUT:
        if form in ("xlsx", "parquet"):
            raise WriteError(f"{form} is not written to a terminal: give --output FILE.")
        _write_all(frames, sys.stdout.buffer, form, "standard output")
        return
    with whole_file(Path(output), private=private) as file:
        _write_all(frames, file, form, output)


def _write_all(frames: Iterator[pl.DataFrame], file: BinaryIO, form: str, name: str) -> None:
    if form == "parquet":
        _write_parquet(frames, file)
        return
    if form == "xlsx":
        frames = iter([_for_one_sheet(frames)])
    for place, frame in enumerate(frames):
        _put(frame, file, form, name, heading=place == 0)


def _write_parquet(frames: Iterator[pl.DataFrame], file: BinaryIO) -> None:
    """Each table becomes row groups as it arrives; polars asks for the next when it has written one."""
    first = next(frames)
    second = next(frames, None)
    options: dict[str, Any] = {**_PARQUET, "metadata": _as_text(first.schema)}
    if second is None:
        first.write_parquet(file, **options)
        return
    failures: list[BaseException] = []

    def source(*_: object) -> Iterator[pl.DataFrame]:
        try:
            yield from chain([first, second], frames)
        except BaseException as error:  # polars would wrap the exception, so the original is kept
            failures.append(error)
            raise

    try:
        register_io_source(source, schema=first.schema).sink_parquet(file, **options)
    except pl.exceptions.PolarsError:
        if failures:
            raise failures[0] from None
        raise


def _as_text(schema: pl.Schema) -> dict[str, str]:
    """What has every reader take Enums for the text they are: they are only quicker to write.

    A Parquet file says in its metadata which types its columns had; this is what a file of text says.
    """
    plain: dict[str, pl.DataType] = {
        name: pl.String() if kind == pl.Enum else pl.List(pl.String) if kind == pl.List(pl.Enum) else kind
        for name, kind in schema.items()
    }
    text = io.BytesIO()
    pl.DataFrame(schema=plain).write_parquet(text)
    text.seek(0)
    return {_SCHEMA: pl.read_parquet_metadata(text)[_SCHEMA]}


def _for_one_sheet(frames: Iterator[pl.DataFrame]) -> pl.DataFrame:
    together: list[pl.DataFrame] = []
    rows = 0
    for frame in frames:
        together.append(frame)
        rows += frame.height
        if rows >= _SHEET_ROWS:
            raise WriteError("The findings do not fit a worksheet of 1,048,576 rows: write csv or parquet.")
    return pl.concat(together)


def _put(frame: pl.DataFrame, file: BinaryIO, form: str, name: str, *, heading: bool) -> None:
    """Write by way of memory: a full disk or a closed pipe is then seen here, not lost on the way."""
    content = io.BytesIO()
    _write(frame, content, form, heading=heading)
    try:
        file.write(content.getbuffer())
        file.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise unwritable(name, error) from None


def write_json(data: Any, path: Path, *, private: bool = False) -> None:
    """Write one JSON document; ``private`` where it names cases."""
    with whole_file(path, private=private) as file:
        file.write(json_file(data))


def _write(frame: pl.DataFrame, file: BinaryIO, form: str, *, heading: bool) -> None:
    if form == "jsonl":
        frame.write_ndjson(file)
    elif form == "csv":
        inert(lists_as_text(frame)).write_csv(file, include_header=heading)
    else:
        _write_xlsx(lists_as_text(frame), file)


def lists_as_text(frame: pl.DataFrame, between: str = ";") -> pl.DataFrame:
    """A table with its lists as text: ``;`` separates their items in a case record."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return frame.with_columns(pl.col(lists).list.join(between))


def _write_xlsx(frame: pl.DataFrame, file: BinaryIO) -> None:
    import xlsxwriter

    # Text stays text: nothing in a record may turn into a formula or a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # What xlsxwriter puts aside on the way holds case text too.
    with (
        temporary_folder() as folder,
        xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd", "tmpdir": str(folder)}) as book,
    ):
        book.set_properties({"created": _NO_TIME})  # the same findings give the same bytes
        frame.write_excel(book, "findings", dtype_formats={pl.Date: "yyyy-mm-dd"}, freeze_panes=(1, 0), autofit=True)
