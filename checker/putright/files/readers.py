"""Read case files into tables of text: CSV and TSV, workbooks, JSON Lines and Parquet.

Only the file's own format is interpreted here. A row that breaks its format is kept, with its row error.
Rows have the number a person sees: a spreadsheet's (the heading is row 1), a line of JSON Lines, a record
of Parquet. Files are read as streams, a batch of rows at a time.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from putright.files import csvfiles, jsonlines, parquet
from putright.files.asides import without_asides
from putright.files.tables import (
    DEFAULTS,
    ROW_ERROR,
    FileOptions,
    ReadError,
    Table,
    concatenated,
    open_binary,
    plain_errors,
    quoted,
)

#: Endings that can be read.
FORMATS = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".xlsx", ".xlsm", ".xls", ".ods", ".jsonl", ".jsonl.gz", ".parquet")


def read_tables(
    path: Path, batch: int = 50_000, only: str | None = None, options: FileOptions = DEFAULTS
) -> Iterator[Table]:
    """Read a case file by its ending, at most ``batch`` rows at a time; ReadError where that cannot be done.

    ``only`` names the one column wanted, where a format can do without reading the others. A file with a
    heading and no rows gives one empty table. Batches of JSON Lines have those columns that the batch's
    own lines name.
    """
    if batch < 1:
        raise ValueError("a batch holds one row at least")
    read = _reader(path)
    _check_options(path, read, options)
    if only is not None and read is _parquet:
        return _with_plain_errors(path, parquet.read(path, batch, only))
    found = read(path, batch, options)
    return _with_plain_errors(path, map(without_asides, found) if read in (csvfiles.read, _xlsx) else found)


def read_table(path: Path, options: FileOptions = DEFAULTS) -> Table:
    """Read a whole case file."""
    batches = list(read_tables(path, options=options))
    frame = pl.concat([each.frame for each in batches], how="diagonal_relaxed")
    frame = frame.select(pl.exclude(ROW_ERROR), ROW_ERROR)
    notes = [note for each in batches for note in each.notes]
    sheets = {before: title for each in batches for before, title in each.sheets.items()}
    unread = concatenated(each.unread for each in batches)
    return Table(frame, batches[0].day_first, notes, unread=unread, sheets=sheets)


def _with_plain_errors(path: Path, tables: Iterator[Table]) -> Iterator[Table]:
    """The tables; an error while reading becomes a plain sentence."""
    with plain_errors(path):
        yield from tables


def is_csv(path: Path) -> bool:
    """Whether a file is read as CSV; ReadError if its content does not match its ending."""
    return _reader(path) is csvfiles.read


def is_workbook(path: Path) -> bool:
    """Whether a file is read as a workbook."""
    return _reader(path) is _xlsx


def _check_options(path: Path, read: _Read, options: FileOptions) -> None:
    """Refuse options that have no meaning for this format."""
    if options.sheet is not None and read is not _xlsx:
        raise ReadError(
            f"{path} is not a workbook, so it has no sheet {quoted(options.sheet)} ('sheet' in the mapping)."
        )
    if options.encoding is not None and read is not csvfiles.read:
        raise ReadError(f"{path} is not a CSV file, so 'encoding' in the mapping has no meaning for it.")
    if options.heading and read not in (csvfiles.read, _xlsx):
        raise ReadError(f"{path} has no row of column names, so 'heading' in the mapping has no meaning for it.")


# --- which kind of file ---------------------------------------------------------------------------


_Read = Callable[[Path, int, FileOptions], Iterator[Table]]


def _reader(path: Path) -> _Read:
    """The reader for a file's ending, after checking that its content matches."""
    with plain_errors(path):
        return _checked(path)


def _checked(path: Path) -> _Read:
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
        raise ReadError(f"{path} is cut off or damaged, or is not a gzip file: it cannot be unpacked.") from None
    if not head:
        raise ReadError(f"{path} is empty.")
    held = _content_of(head)
    if ending is None:
        holds = f" (it holds {held[0]})" if held else ""
        raise ReadError(
            f"{path} is not a kind of file that can be read{holds}: use one ending in {', '.join(FORMATS)}."
        )
    form = ending.removesuffix(".gz")
    if form == ".xls" and held and held[0].startswith("an old"):
        return _xlsx
    form = _AS.get(form, form)
    _check_content(path, form, held)
    return {".csv": csvfiles.read, ".xlsx": _xlsx, ".jsonl": jsonlines.read, ".parquet": _parquet}[form]


#: Endings of files that are read as those of another are.
_AS = {".tsv": ".csv", ".xlsm": ".xlsx", ".xls": ".xlsx", ".ods": ".xlsx"}


def _xlsx(path: Path, batch: int, options: FileOptions) -> Iterator[Table]:
    from putright.files import spreadsheets  # imported only when needed: it is slow to load

    return spreadsheets.read(path, batch, options)


def _parquet(path: Path, batch: int, options: FileOptions) -> Iterator[Table]:
    return parquet.read(path, batch)


def _head(path: Path, ending: str | None) -> bytes:
    with open_binary(path, packed=bool(ending and ending.endswith(".gz"))) as file:
        return file.read(4096)


#: The bytes that a format begins with, what it is, and the ending it should have.
_SIGNATURES = (
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


def _content_of(head: bytes) -> tuple[str, str | None] | None:
    """What a file is by its first bytes, and the ending for that; None if they do not show it."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    for sign, what, ending in _SIGNATURES:
        if start.startswith(sign):
            return what, ending
    return None


def _check_content(path: Path, form: str, held: tuple[str, str | None] | None) -> None:
    """Refuse a file whose content does not match its ending."""
    if held is None and form in (".xlsx", ".parquet"):
        held = "something else", None
    if held is None or held[1] == form:
        return
    kind = {".csv": "a CSV file", ".xlsx": "an Excel workbook", ".jsonl": "JSON Lines", ".parquet": "a Parquet file"}
    advice = ": give it the ending that it should have" if held[1] else ""
    if "password" in held[0]:
        advice = ": save it in Excel as .xlsx, without a password"
    raise ReadError(f"{path} is not {kind[form]}: it holds {held[0]}{advice}.")
