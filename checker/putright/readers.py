"""Reading case files as they are: CSV, XLSX, JSON Lines, Parquet, into tables of text.

Nothing is interpreted here but the file's own format; a row that the format itself spoils is kept,
with what is wrong. Rows carry the number a person sees: a spreadsheet's (the heading is row 1),
a line of JSON Lines, a record of Parquet. Files are read as streams, a batch of rows at a time.
"""

from __future__ import annotations

import codecs
import datetime as dt
import gzip
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import polars as pl

from putright.fields import FIELDS
from putright.mistakes import Mistake

#: Endings that can be read.
FORMATS = (".csv", ".csv.gz", ".xlsx", ".jsonl", ".jsonl.gz", ".parquet")
ROW = "row"
#: What is wrong with a row as such; null in most.
SPOILT = "spoilt"
#: A cell of more characters spoils its row, and is kept cut.
LONGEST_CELL = 1_000_000
CUT = 1_000
MOST_COLUMNS = 4_096

#: A row as the readers of formats give it: its number, its cells, what is wrong with it.
Row = tuple[int, Sequence[str | None], str | None]
_Item = TypeVar("_Item")


class ReadError(Mistake):
    """A file cannot be read at all; the text is one plain sentence."""


@dataclass
class Table:
    """A file's rows, or a batch of them: ``row``, ``spoilt`` and one column for each of the file's own.

    Columns are text, or Date, Datetime, Boolean and List(String) where the file itself says so.
    """

    frame: pl.DataFrame
    day_first: bool
    """Whether 22/11/2026 may stand in this kind of file."""
    notes: list[str] = field(default_factory=list)
    """What a person should know of how the file was read; the first batch has them all."""


def read_tables(path: Path, batch: int = 50_000, only: str | None = None) -> Iterator[Table]:
    """Read a case file by its ending, at most ``batch`` rows at a time; ReadError where that cannot be done.

    ``only`` names the one column wanted, where a format can do without reading the others. A file with a
    heading and no rows gives one empty table. Batches of JSON Lines have those columns that the batch's
    own lines name.
    """
    if batch < 1:
        raise ValueError("a batch holds one row at least")
    read = _reader(path)
    if only is not None and read is _parquet:
        return _plainly(path, _parquet(path, batch, only))
    return _plainly(path, read(path, batch))


def read_table(path: Path) -> Table:
    """Read a whole case file."""
    batches = list(read_tables(path))
    frame = pl.concat([each.frame for each in batches], how="diagonal_relaxed")
    frame = frame.select(pl.exclude(SPOILT), SPOILT)
    return Table(frame, batches[0].day_first, batches[0].notes)


def _plainly(path: Path, tables: Iterator[Table]) -> Iterator[Table]:
    """The tables; what goes wrong on the way as a plain sentence."""
    try:
        yield from tables
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise ReadError(f"{path} is cut off or damaged: it cannot be unpacked to its end.") from None
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror or error}.") from None


# --- which kind of file ---------------------------------------------------------------------------


def _reader(path: Path) -> Callable[[Path, int], Iterator[Table]]:
    """The reader for a file's ending, once the file is what its ending says."""
    if path.is_dir():
        raise ReadError(f"{path} is a folder, not a file of case records.")
    if not path.exists():
        raise ReadError(f"{path} does not exist.")
    if not path.is_file():
        raise ReadError(f"{path} is not an ordinary file.")
    name = path.name.lower()
    ending = next((each for each in FORMATS if name.endswith(each)), None)
    try:
        head = _head(path, ending)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise ReadError(f"{path} is cut off or damaged, or no gzip file: it cannot be unpacked.") from None
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror or error}.") from None
    if not head:
        raise ReadError(f"{path} is empty.")
    held = _held(head)
    if ending is None:
        holds = f" (it holds {held[0]})" if held else ""
        raise ReadError(f"{path} is no kind of file that can be read{holds}: use one ending in {', '.join(FORMATS)}.")
    form = ending.removesuffix(".gz")
    _check_content(path, form, held)
    return {".csv": _csv, ".xlsx": _xlsx, ".jsonl": _jsonl, ".parquet": _parquet}[form]


def _head(path: Path, ending: str | None) -> bytes:
    with open_binary(path, packed=bool(ending and ending.endswith(".gz"))) as file:
        return file.read(4096)


def open_binary(path: Path, *, packed: bool) -> BinaryIO:
    """A file's bytes, unpacked where they are packed by gzip."""
    return cast(BinaryIO, gzip.open(path, "rb") if packed else path.open("rb"))


#: How a file begins, what it holds then, the ending it should have.
_SIGNS = (
    (b"%PDF", "a PDF", None),
    (b"PK\x03\x04", "a zip archive, as Excel workbooks are", ".xlsx"),
    (b"PK\x05\x06", "an empty zip archive", None),
    (b"PAR1", "Parquet", ".parquet"),
    (b"\x1f\x8b", "data packed by gzip", None),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls), or one locked with a password", None),
    (b"{\\rtf", "a word processor's text", None),
    (b'{"', "JSON", ".jsonl"),
    (b"<", "a web page or other XML", None),
)


def _held(head: bytes) -> tuple[str, str | None] | None:
    """What a file holds by its first bytes, and the ending for that; None where they do not tell."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    for sign, what, ending in _SIGNS:
        if start.startswith(sign):
            return what, ending
    return None


def _check_content(path: Path, form: str, held: tuple[str, str | None] | None) -> None:
    """Refuse a file that holds something other than its ending says."""
    if held is None and form in (".xlsx", ".parquet"):
        held = "something else", None
    if held is None or held[1] == form:
        return
    kind = {".csv": "a CSV file", ".xlsx": "an Excel workbook", ".jsonl": "JSON Lines", ".parquet": "a Parquet file"}
    advice = ": give it the ending that it should have" if held[1] else ""
    if "password" in held[0]:
        advice = ": save it in Excel as .xlsx, without a password"
    raise ReadError(f"{path} is not {kind[form]}: it holds {held[0]}{advice}.")


# --- names and cells ------------------------------------------------------------------------------


def column_names(path: Path, heading: Iterable[object]) -> list[str]:
    """Column names as records know them: trimmed, on one line, lower case; blank ones numbered."""
    places: dict[str, int] = {}
    for position, cell in enumerate(heading, start=1):
        name = column_name(cell) or f"(column {position} without a name)"
        if name in places:
            raise ReadError(
                f"{path} has two columns named {shown(name)}, column {places[name]} and column {position}: "
                "rename or remove one."
            )
        places[name] = position
    if len(places) > MOST_COLUMNS:
        raise ReadError(f"{path} has {len(places):,} columns; {MOST_COLUMNS:,} can be read.")
    return list(places)


def column_name(cell: object) -> str:
    """One name; the file's own ``row`` or ``spoilt`` must not be taken for ours."""
    name = " ".join(str("" if cell is None else cell).replace("\ufeff", "").split()).lower()
    return f"{name} (of the file)" if name in (ROW, SPOILT) else name


def shown(text: str) -> str:
    """Text of a file as a message shows it: short, in quotes, no control characters."""
    return repr(text if len(text) <= 80 else f"{text[:80]}…")


def cell_text(value: Any) -> str | None:
    """A typed value as the text a record has."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() and not value.tzinfo else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return ";".join(cell_text(item) or "" for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def tables(names: list[str], rows: Iterator[Row], batch: int, notes: list[str]) -> Iterator[Table]:
    """Rows as wide as the heading, a batch at a time; one empty table where there are none."""
    frame = _batch(names, rows, batch)
    yield Table(frame, day_first=True, notes=notes)
    while frame.height == batch and (frame := _batch(names, rows, batch)).height:
        yield Table(frame, day_first=True)


#: Rows made into columns at a time: with many more alive, Python's garbage collection takes most of the time.
PIECE = 5_000


def _batch(names: list[str], rows: Iterator[Row], batch: int) -> pl.DataFrame:
    return pl.concat(in_pieces(rows, batch, lambda some: rows_frame(names, some)))


def in_pieces(rows: Iterator[_Item], batch: int, make: Callable[[list[_Item]], pl.DataFrame]) -> list[pl.DataFrame]:
    """The next ``batch`` rows as tables, PIECE rows each; one empty table where none are left."""
    pieces = []
    for start in range(0, batch, PIECE):
        size = min(PIECE, batch - start)
        pieces.append(make(list(islice(rows, size))))
        if pieces[-1].height < size:
            break
    return pieces


def in_batches(pieces: Iterable[pl.DataFrame], batch: int) -> Iterator[pl.DataFrame]:
    """Tables of any height made into tables of ``batch`` rows; the last may have fewer."""
    held: list[pl.DataFrame] = []
    rows = 0
    for piece in pieces:
        held.append(piece)
        rows += piece.height
        if rows >= batch:
            whole = pl.concat(held)
            yield from (whole[start : start + batch] for start in range(0, rows - rows % batch, batch))
            held, rows = [whole[rows - rows % batch :]], rows % batch
    if rows:
        yield pl.concat(held)


def rows_frame(names: Sequence[str], rows: Sequence[Row]) -> pl.DataFrame:
    """Rows of one width as columns."""
    numbers, cells, spoilt = zip(*rows, strict=True) if rows else ((), (), ())
    columns: Iterable[Sequence[str | None]] = zip(*cells, strict=True) if rows and names else [()] * len(names)
    return pl.DataFrame(
        [
            pl.Series(ROW, numbers, dtype=pl.UInt32),
            *(pl.Series(name, column, dtype=pl.String) for name, column in zip(names, columns, strict=True)),
            pl.Series(SPOILT, spoilt, dtype=pl.String),
        ]
    )


# --- formats --------------------------------------------------------------------------------------


def _csv(path: Path, batch: int) -> Iterator[Table]:
    from putright import textfiles

    return textfiles.read_csv(path, batch)


def _jsonl(path: Path, batch: int) -> Iterator[Table]:
    from putright import textfiles

    return textfiles.read_jsonl(path, batch)


def _xlsx(path: Path, batch: int) -> Iterator[Table]:
    from putright import spreadsheets

    return spreadsheets.read(path, batch)


# --- Parquet --------------------------------------------------------------------------------------

#: Rows of Parquet unpacked at a time, where a batch is smaller.
_UNPACKED = 250_000


def _parquet(path: Path, batch: int, only: str | None = None) -> Iterator[Table]:
    size = batch * max(1, _UNPACKED // batch)
    scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
    original = _unpack(path, lambda: scan.collect_schema().names())
    height = _unpack(path, lambda: scan.select(pl.len()).collect().item())
    names = column_names(path, original)
    if only is not None:
        if only not in names:
            return
        scan = scan.select(name for name, plain in zip(original, names, strict=True) if plain == only)
        names = [name for name in names if name == only]
    for start in range(0, max(height, 1), size):
        frame = _unpack(path, scan.slice(start, size).collect)
        if frame.height != min(size, height - start):
            raise ReadError(f"{path} is damaged: it has fewer rows than it says.")
        frame.columns = names
        plain = _plain_frame(frame, start)
        for place in range(0, max(frame.height, 1), batch):
            yield Table(plain.slice(place, batch), day_first=False)


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


def _plain_frame(frame: pl.DataFrame, start: int) -> pl.DataFrame:
    """Columns as a table has them, the rows numbered from ``start``; what cannot be text spoils its row."""
    spoilt = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    columns = []
    for column in frame.get_columns():
        plain, bad, what = _plain_column(column), None, ""
        if column.dtype == pl.Binary and column.name in FIELDS:
            bad, what = plain.str.starts_with(_NO_TEXT).fill_null(value=False), "bytes that are not UTF-8 text"
        elif plain.dtype == pl.String and (plain.str.len_bytes().max() or 0) > LONGEST_CELL:  # type: ignore[operator]
            bad, what = plain.str.len_chars() > LONGEST_CELL, f"more than {LONGEST_CELL:,} characters"
            plain = pl.select(pl.when(bad).then(plain.str.head(CUT) + "…").otherwise(plain)).to_series()
        if bad is not None and bad.any():
            message = pl.lit(f"column {shown(column.name)} holds {what}")
            spoilt = pl.select(pl.when(bad & spoilt.is_null()).then(message).otherwise(spoilt)).to_series()
        columns.append(plain.alias(column.name))
    whole = pl.DataFrame([*columns, spoilt.alias(SPOILT)])
    return whole.with_row_index(ROW, offset=start + 1).with_columns(
        pl.format("record {}: {}", ROW, SPOILT).alias(SPOILT)
    )


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


#: What stands before bytes that are no text, written as hexadecimal digits.
_NO_TEXT = "\ufffd bytes "


def _any_text(value: Any) -> str | None:
    if not isinstance(value, bytes):
        return cell_text(value.to_list() if isinstance(value, pl.Series) else value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"{_NO_TEXT}{value.hex()}"


def _within_reach(column: pl.Series) -> pl.Series:
    """Dates that Python has: one thousands of years off goes to the year 1000 or 9000, where no case can be."""
    day = {"ms": 86_400_000, "us": 86_400_000_000}.get(getattr(column.dtype, "time_unit", ""), 1)
    if getattr(column.dtype, "time_unit", "") == "ns":
        return column  # these reach from 1677 to 2262
    low, high = ((dt.date(year, 1, 1) - dt.date(1970, 1, 1)).days * day for year in (1000, 9000))
    number = column.to_physical()
    if not ((number < low) | (number > high)).any():
        return column
    return number.clip(low, high).cast(column.dtype)
