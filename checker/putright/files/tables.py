"""The tables of text that every format is read into, a batch of rows at a time."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import polars as pl

from putright.fields import FIELDS
from putright.mistakes import Mistake, about

ROW = "row"
#: The column with a row's error; null in most rows.
ROW_ERROR = "row_error"
#: A longer cell is a row error, and is cut to ``CUT`` characters.
LONGEST_CELL = 1_000_000
CUT = 1_000
MOST_COLUMNS = 4_096
#: The heading is the first row at least this full, relative to the widest row.
HEADING_FILLED = 0.6

#: A row from a format's reader: its number, its cells, its error.
Row = tuple[int, Sequence[str | None], str | None]
_Item = TypeVar("_Item")


class ReadError(Mistake):
    """A file cannot be read at all; the text is one plain sentence."""


@dataclass(frozen=True)
class FileOptions:
    """How to read a file whose format does not say it: sheet, heading rows, encoding."""

    sheet: str | None = None
    heading: tuple[int, ...] = ()
    """The rows that name the columns; rows above them are not cases."""
    encoding: str | None = None
    numbered: bool = False
    """Whether columns of one name are told apart; if not, they are an error."""
    every_sheet: bool = False
    """Whether all visible sheets with the columns of the first are read as one."""


DEFAULTS = FileOptions()


#: Unreadable cells: the row, the field or the file's own column, the text in the cell, the error.
UNREADABLE = {ROW: pl.UInt32, "field": pl.String, "value": pl.String, "message": pl.String}


class UnreadableCells:
    """The unreadable cells of rows with no other error, collected while a file is read."""

    def __init__(self) -> None:
        self._cells: list[tuple[int, str, str | None, str]] = []

    def add(self, row: int, column: str, value: str | None, message: str) -> None:
        """Note one cell."""
        self._cells.append((row, column, value, message))

    def within(self, frame: pl.DataFrame) -> pl.DataFrame | None:
        """Remove and return the cells of these rows; None if every cell can be read."""
        if not self._cells or not frame.height:
            return None
        last = int(frame[ROW][-1])
        found = sorted((cell for cell in self._cells if cell[0] <= last), key=lambda cell: cell[:2])
        self._cells = [cell for cell in self._cells if cell[0] > last]
        return pl.DataFrame(found, schema=UNREADABLE, orient="row") if found else None


@dataclass
class Table:
    """A file's rows, or a batch of them: ``row``, ``row_error`` and one column for each of the file's own.

    Columns are text, or Date, Datetime, Boolean and List(String) where the file itself says so.
    """

    frame: pl.DataFrame
    day_first: bool
    """Whether this format may have dates such as 22/11/2026."""
    notes: list[str] = field(default_factory=list)
    """Notes for a person on how the file was read; the first batch has those on the whole file."""
    error_values: pl.DataFrame | None = None
    """The field and value behind each row error (``row``, ``field``, ``value``), if a mapping was used."""
    unread: pl.DataFrame | None = None
    """Every unreadable cell (UNREADABLE) of the rows with no other error."""
    named: dict[str, str] = field(default_factory=dict)
    """The file's own words for fields, if a mapping was used: ``column 'Date Recd'``."""
    sheets: dict[int, str] = field(default_factory=dict)
    """Where several sheets are read as one: each with the number of the last row before it."""

    def address(self, row: int) -> str:
        """A row as a person finds it: ``row 7``, or ``sheet 'Q2', row 7`` where several sheets are read as one."""
        if not self.sheets:
            return f"row {row}"
        before = max(each for each in self.sheets if each < row)
        return f"sheet {quoted(self.sheets[before])}, row {row - before}"


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turn an error while reading a file into a ReadError with a plain sentence."""
    try:
        with about(path):
            yield
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise ReadError(f"{path} is cut off or damaged: it cannot be unpacked to its end.", file=path) from None
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror or error}.", file=path) from None


def open_binary(path: Path, *, packed: bool) -> BinaryIO:
    """Open a file's bytes; ``packed`` unpacks gzip."""
    return cast(BinaryIO, gzip.open(path, "rb") if packed else path.open("rb"))


def column_names(path: Path | str, heading: Iterable[object], *, numbered: bool = False) -> list[str]:
    """Column names as records use them: trimmed, on one line, in lower case; blank ones are numbered.

    Columns of one name are an error. With ``numbered`` they are told apart: by the column to their left that names a
    stage alone ("Stage 2"), otherwise by a number.
    """
    names = [column_name(cell) or f"(column {place} without a name)" for place, cell in enumerate(heading, start=1)]
    places: dict[str, int] = {}
    for position, name in enumerate(_told_apart(names) if numbered else names, start=1):
        if name in places:
            raise ReadError(
                f"{path} has two columns named {quoted(name)}, column {places[name]} and column {position}: "
                "rename or remove one."
            )
        places[name] = position
    if len(places) > MOST_COLUMNS:
        raise ReadError(f"{path} has {len(places):,} columns; {MOST_COLUMNS:,} can be read.")
    return list(places)


def _told_apart(names: list[str]) -> list[str]:
    """The names with those that repeat made different."""
    counts = Counter(names)
    given: set[str] = set()
    found = []
    stage = ""
    for name in names:
        if _STAGE.fullmatch(name):
            stage = name
        own = base = f"{stage} {name}" if stage and stage != name and counts[name] > 1 else name
        number = 2
        while own in given or (own != name and own in counts):
            own = f"{base} ({number})"
            number += 1
        given.add(own)
        found.append(own)
    return found


#: A name that says a stage and nothing else.
_STAGE = re.compile(r"stage (?:[1-3]|one|two|three|i{1,3})")


def grouped(rows: Sequence[Sequence[str]]) -> list[str]:
    """The names of columns from several heading rows, of which those above name groups: ``Stage 1 Reply``.

    A group reaches from its cell to the next that is not blank. Our own field names need no group.
    """
    *above, names = rows
    found = list(names)
    for row in reversed(above):
        group = ""
        for place in range(len(found)):
            group = (row[place].strip() if place < len(row) else "") or group
            if group and column_name(found[place]) not in FIELDS:
                found[place] = f"{group} {found[place]}".strip()
    return found


def column_name(cell: object) -> str:
    """One name; the file's own ``row`` or ``row_error`` gets another name, so that it is not taken for ours."""
    name = " ".join(str("" if cell is None else cell).replace("\ufeff", "").split()).lower()
    return f"{name} (of the file)" if name in (ROW, ROW_ERROR) else name


def key(text: str) -> str:
    """A column's name or a word for comparing: case and the number of blanks do not matter."""
    return " ".join(text.split()).casefold()


def quoted(text: str) -> str:
    """Text of a file for a message: short, in quotes, without control characters."""
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
        return ";".join(_as_json(item) if isinstance(item, list) else cell_text(item) or "" for item in value)
    if isinstance(value, dict):
        return _as_json(value)
    return str(value)


def _as_json(value: Any) -> str:
    """A nested list or object, which no record has, as JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:  # read, but too deep to be written
        return "\N{REPLACEMENT CHARACTER}"


def concatenated(unread: Iterable[pl.DataFrame | None]) -> pl.DataFrame | None:
    """The unreadable cells of several tables as one."""
    found = [each for each in unread if each is not None]
    return pl.concat(found) if found else None


#: Rows made into columns at a time: with many more alive, Python's garbage collection takes most of the time.
PIECE = 5_000


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
    numbers, cells, row_errors = zip(*rows, strict=True) if rows else ((), (), ())
    columns: Iterable[Sequence[str | None]] = zip(*cells, strict=True) if rows and names else [()] * len(names)
    return pl.DataFrame(
        [
            pl.Series(ROW, numbers, dtype=pl.UInt32),
            *(pl.Series(name, column, dtype=pl.String) for name, column in zip(names, columns, strict=True)),
            pl.Series(ROW_ERROR, row_errors, dtype=pl.String),
        ]
    )
