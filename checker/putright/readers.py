"""Reading case files as they are: CSV, XLSX, JSON Lines, Parquet, into one table of text.

Nothing is interpreted here but the file's own format; a row that the format itself spoils is kept,
with what is wrong. Rows carry the number a person sees: a spreadsheet's (the heading is row 1),
a line of JSON Lines, a record of Parquet.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

#: Endings that can be read.
FORMATS = (".csv", ".xlsx", ".jsonl", ".parquet")
ROW = "row"
#: What is wrong with a row as such; null in most.
SPOILT = "spoilt"
_SEPARATORS = (",", ";", "\t")


class ReadError(Exception):
    """A file cannot be read at all; the text is one plain sentence."""


@dataclass
class Table:
    """A file's rows: ``row``, ``spoilt`` and one column for each of the file's own.

    Columns are text, or Date, Datetime, Boolean and List(String) where the file itself says so.
    """

    frame: pl.DataFrame
    day_first: bool
    """Whether 22/11/2026 may stand in this kind of file."""
    notes: list[str] = field(default_factory=list)


def read_table(path: Path) -> Table:
    """Read a case file by its ending; ReadError where that cannot be done."""
    if path.is_dir():
        raise ReadError(f"{path} is a folder, not a file of case records.")
    if not path.exists():
        raise ReadError(f"{path} does not exist.")
    suffix = path.suffix.lower()
    reader = {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl, ".parquet": _parquet}.get(suffix)
    if reader is None:
        raise ReadError(f"{path} is no kind of file that can be read: use one ending in {', '.join(FORMATS)}.")
    try:
        if path.stat().st_size == 0:
            raise ReadError(f"{path} is empty.")
        return reader(path)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror or error}.") from None


def _names(path: Path, header: Iterable[object]) -> list[str]:
    """Column names as records know them: trimmed, lower case; blank ones numbered."""
    names = []
    for position, cell in enumerate(header, start=1):
        name = str(cell if cell is not None else "").strip().lower().lstrip("\ufeff")
        names.append(name or f"(column {position} without a name)")
    for name in names:
        if names.count(name) > 1:
            raise ReadError(f"{path} has two columns named {name!r}: rename or remove one.")
    return names


# --- CSV ------------------------------------------------------------------------------------------


def _csv(path: Path) -> Table:
    separator, header = _csv_header(path)
    names = _names(path, header)
    try:
        return Table(_frame(names, _csv_rows(path, separator, names)), day_first=True)
    except csv.Error as error:
        raise ReadError(f"{path} is not a readable CSV file: {error}.") from None


def _csv_header(path: Path) -> tuple[str, list[str]]:
    with path.open("rb") as file:
        first = file.readline(1_000_000)
    try:
        text = first.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{path} is not in UTF-8 (byte {error.start + 1} of its first line): save it as 'CSV UTF-8'."
        ) from None
    if "\0" in text:
        raise ReadError(f"{path} is not a CSV file: its first line holds binary data.")
    headers = {mark: next(csv.reader([text.rstrip("\r\n")], delimiter=mark), []) for mark in _SEPARATORS}
    separator = max(_SEPARATORS, key=lambda mark: len(headers[mark]))
    if not any(cell.strip() for cell in headers[separator]):
        raise ReadError(f"{path} has no heading: its first line must name the columns.")
    return separator, headers[separator]


def _csv_rows(path: Path, separator: str, names: list[str]) -> Iterator[tuple[int, list[str], str | None]]:
    """Every row with its number; a broken one is kept, with what is wrong."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        next(reader, None)
        for number, cells in enumerate(reader, start=2):
            if not cells:
                continue  # an empty line is no row
            spoilt = None
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                spoilt = f"the row has {len(cells)} cells, the heading {len(names)}"
            for place, cell in enumerate(cells):
                if not cell.isascii() and any("\ud800" <= letter <= "\udfff" for letter in cell):
                    where = names[place] if place < len(names) else f"column {place + 1}"
                    spoilt = f"{where} holds bytes that are not UTF-8 text"
                    cells[place] = cell.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            yield number, cells, spoilt


def _frame(names: list[str], rows: Iterable[tuple[int, list[str], str | None]]) -> pl.DataFrame:
    numbers, spoilt = [], []
    columns: list[list[str | None]] = [[] for _ in names]
    for number, cells, problem in rows:
        numbers.append(number)
        spoilt.append(problem)
        for place, column in enumerate(columns):
            column.append(cells[place] if place < len(cells) else None)
    data: dict[str, Any] = {ROW: pl.Series(numbers, dtype=pl.UInt32)}
    data |= {name: pl.Series(column, dtype=pl.String) for name, column in zip(names, columns, strict=True)}
    return pl.DataFrame({**data, SPOILT: pl.Series(spoilt, dtype=pl.String)})


# --- XLSX -----------------------------------------------------------------------------------------


def _xlsx(path: Path) -> Table:
    import zipfile

    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise ReadError(f"{path} is not a readable Excel workbook: {error}.") from None
    try:
        sheets = book.worksheets
        if not sheets:
            raise ReadError(f"{path} has no worksheet.")
        rows = sheets[0].iter_rows(values_only=True)
        header = list(next(rows, ()))
        while header and header[-1] is None:
            header.pop()
        if not header:
            raise ReadError(f"{path} has no heading: the first row of sheet {sheets[0].title!r} is empty.")
        names = _names(path, header)
        notes = [f"sheet {sheet.title!r} was not read: only the first sheet is" for sheet in sheets[1:]]
        return Table(_frame(names, _xlsx_rows(rows, len(names))), day_first=True, notes=notes)
    finally:
        book.close()


def _xlsx_rows(rows: Iterable[tuple[Any, ...]], width: int) -> Iterator[tuple[int, list[Any], str | None]]:
    for number, cells in enumerate(rows, start=2):
        if all(cell is None for cell in cells):
            continue  # an empty row of a sheet is no row
        outside = [cell for cell in cells[width:] if cell is not None]
        yield number, [_text(cell) for cell in cells], "a cell stands outside the headed columns" if outside else None


def _text(value: Any) -> str | None:
    """A typed value as the text a record has."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() and not value.tzinfo else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(_text(item) or "" for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


# --- JSON Lines and Parquet -----------------------------------------------------------------------


def _jsonl(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        lines = [(number, line) for number, line in enumerate(file, start=1) if line.strip()]
    if lines and not lines[0][1].lstrip().startswith("{"):
        raise ReadError(f"{path} is not JSON Lines: line {lines[0][0]} does not begin with '{{'.")
    numbers: list[int] = []
    spoilt: list[str | None] = []
    columns: dict[str, list[str | None]] = {}
    for number, line in lines:
        record, problem = _json_object(line)
        for name, value in record.items():
            columns.setdefault(name, [None] * len(numbers)).append(_text(value))
        numbers.append(number)
        spoilt.append(problem)
        for column in columns.values():
            if len(column) < len(numbers):
                column.append(None)
    data: dict[str, Any] = {ROW: pl.Series(numbers, dtype=pl.UInt32)}
    data |= {name: pl.Series(column, dtype=pl.String) for name, column in columns.items()}
    return Table(pl.DataFrame({**data, SPOILT: pl.Series(spoilt, dtype=pl.String)}), day_first=False)


class _Twice(ValueError):
    """An object names a key twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(f"{next(name for name in names if names.count(name) > 1)!r} stands twice in the line")
    return record


def _json_object(line: str) -> tuple[dict[str, Any], str | None]:
    """The line's object with its keys as records know them, and what is wrong with the line."""
    problem = None
    try:
        line.encode("utf-8")
        try:
            record = json.loads(line, object_pairs_hook=_once)
        except _Twice as twice:
            problem, record = str(twice), json.loads(line)
    except UnicodeEncodeError:
        return {}, "the line holds bytes that are not UTF-8 text"
    except json.JSONDecodeError as error:
        return {}, f"the line is not JSON: {error.msg} at character {error.colno}"
    except RecursionError:
        return {}, "the line is not JSON that can be read: it is nested too deep"
    if not isinstance(record, dict):
        return {}, "the line is not a JSON object"
    return {str(name).strip().lower(): value for name, value in record.items()}, problem


def _parquet(path: Path) -> Table:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise ReadError(f"{path} is not a readable Parquet file: {str(error).splitlines()[0]}.") from None
    frame = frame.rename(dict(zip(frame.columns, _names(path, frame.columns), strict=True)))
    frame = frame.select(_plain_column(frame[name]) for name in frame.columns)
    frame = frame.with_row_index(ROW, offset=1).with_columns(pl.lit(None, pl.String).alias(SPOILT))
    return Table(frame, day_first=False)


def _plain_column(column: pl.Series) -> pl.Series:
    """Text, Date, Datetime, Boolean as they are; lists joined; numbers and the rest as text."""
    if column.dtype in (pl.String, pl.Date, pl.Boolean) or isinstance(column.dtype, pl.Datetime):
        return column
    if isinstance(column.dtype, pl.List | pl.Array):
        return column.cast(pl.List(pl.String)).list.join(";", ignore_nulls=True)
    if column.dtype.is_float():
        whole = (column == column.round()).fill_null(True).all()
        return column.cast(pl.Int64, strict=False).cast(pl.String) if whole else column.cast(pl.String)
    if isinstance(column.dtype, pl.Struct):
        return column.struct.json_encode()
    return column.cast(pl.String, strict=False)
