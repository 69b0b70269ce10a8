"""Case records: a file's rows converted to typed columns, with every rejected row listed (contract 1, contract 3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from putright import fields
from putright.fields import FIELDS, Vocabulary
from putright.files.parquet import plain_frame
from putright.files.readers import read_table
from putright.files.tables import (
    ROW,
    ROW_ERROR,
    ReadError,
    Row,
    Table,
    UnreadableCells,
    cell_text,
    column_name,
    column_names,
    rows_frame,
)
from putright.plugins import Host
from putright.records.columns import ColumnReader, own_columns
from putright.records.rejections import (
    REJECTED,
    rejected_rows,
    row_errors_of,
    unreadable_cells,
    unreadable_values,
    without_cells,
)
from putright.records.rowchecks import failures
from putright.text.english import counted
from putright.text.shown import Display, Showing, say, table, together

#: Rejected rows that records show of themselves.
_SHOWN = 10


@dataclass(frozen=True)
class Records(Showing):
    """A file's cases with typed values, and the rows that were rejected.

    ``frame`` has ``row`` and the fields that the file has: dates as Date, letter contents as a bit for each word (null
    if not recorded), flags as ``;flag;flag;``, holds as a list of day numbers (from, to, from, to …; an open hold ends
    at FAR), amounts in pence. A council's own fields have values in its rows alone, in ``Field.column``.
    """

    frame: pl.DataFrame
    """The cases, a row for each."""
    rejected: pl.DataFrame
    """The rows that cannot be audited: ``row``, ``reference``, ``field``, ``value``, ``message``. A value is as the
    file has it, personal data included."""
    rows_read: int
    """How many rows the file has."""
    words: tuple[str, ...]
    """The words for letter contents; the index of a word is its bit."""
    left_out: tuple[str, ...] = ()
    """Columns that name no field."""
    unknown_flags: Mapping[str, int] = field(default_factory=dict)
    """Flags that are not in contract 1.7, each with how many cases have it."""
    kept: frozenset[str] = frozenset(FIELDS)
    """The fields that the whole file keeps: a blank in any other shows nothing (contract 1.2)."""
    unreadable: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECTED))
    """One row for each unreadable value of the cases in ``frame``, which counts as not recorded.

    Only with ``keep_readable``; otherwise their rows are rejected."""
    notes: tuple[str, ...] = ()
    """How the file was read, in sentences, where that is not plain."""

    @classmethod
    def from_dicts(
        cls,
        rows: Iterable[Mapping[str, object]],
        host: Host,
        council: str | None = None,
        *,
        keep_readable: bool = False,
    ) -> Records:
        """Makes case records from rows: field to value, ``{"reference": "A-1", "received": date(2026, 1, 5)}`` say.

        A value is a date, a truth value, a list or text as in JSON Lines; None and blank text are not recorded, and a
        field that no row has is not kept. Rows are numbered from 1. Raises a Mistake where no key is a field.
        """
        read = [_row(number, row) for number, row in enumerate(rows, start=1)]
        names = list(dict.fromkeys(name for row in read for name in row))
        cells: list[Row] = [
            (number, [row.get(name) for name in names], None) for number, row in enumerate(read, start=1)
        ]
        return _made(Table(rows_frame(names, cells), day_first=False), host, council, keep_readable)

    @classmethod
    def from_frame(cls, frame: Any, host: Host, council: str | None = None, *, keep_readable: bool = False) -> Records:
        """Makes case records from a table with a row for each case: of polars, or any library with Arrow's interface.

        Its columns are read as those of a Parquet file. Raises a Mistake where no column names a field.
        """
        whole = pl.DataFrame(frame)
        whole.columns = column_names("the table", whole.columns)
        unread = UnreadableCells()
        plain = plain_frame(whole, 0, unread)
        return _made(Table(plain, day_first=False, unread=unread.within(plain)), host, council, keep_readable)

    def shown(self) -> Display:
        """Shows what was read, and the first of the rows that were rejected."""
        read, made = counted(self.rows_read, "row"), counted(self.frame.height, "case record")
        counts = f"{read} read: {made}, {self.rejected.height:,} rejected."
        parts = [say(counts), *(say(f"How it was read: {note}") for note in self.notes)]
        if self.left_out:
            parts.append(say(f"Columns left out, as they name no field: {', '.join(self.left_out)}."))
        if self.rejected.height:
            rows = self.rejected.head(_SHOWN).select("row", "reference", "message").rows()
            parts.append(table(("row", "reference", "what is wrong"), rows, "Rejected rows, the first"))
        return together(*parts)


def _row(number: int, row: Mapping[str, object]) -> dict[str, str | None]:
    """A row's text by the names that records know."""
    read = {column_name(name): cell_text(value) for name, value in row.items()}
    if len(read) < len(row):
        raise ReadError(f"row {number} has two keys that are one field: {', '.join(map(str, row)):.300}.", row=number)
    return read


def _made(table: Table, host: Host, council: str | None, keep_readable: bool) -> Records:
    """The records of a table that is in memory."""
    check_columns(table)
    whose = None if council is None else host.named(council)
    return make_records(table, host.vocabulary, whose, keep_readable=keep_readable)


def read_records(
    path: Path,
    vocabulary: Vocabulary,
    council: str | None,
    *,
    keep_readable: bool = False,
) -> Records:
    """Read a case file. ``council`` is the one for rows that name none. ReadError if it cannot be read.

    ``keep_readable`` is as in ``make_records``.
    """
    table = read_table(path)
    check_columns(table)
    return make_records(table, vocabulary, council, keep_readable=keep_readable)


def check_columns(table: Table) -> None:
    """Raise a ReadError if no column of the table names a field."""
    names = [name for name in table.frame.columns if name not in (ROW, ROW_ERROR)]
    if not names and table.frame.height:
        raise ReadError(f"No line of the file can be read; {table.frame[ROW_ERROR][0]}.")
    if not set(names) & set(FIELDS):
        raise ReadError(
            f"No column names a field of a case record; the columns are: {', '.join(names):.300}. "
            "`putright map` proposes a mapping for an export in another layout."
        )


def make_records(
    table: Table,
    vocabulary: Vocabulary,
    council: str | None,
    repeated: pl.Series | None = None,
    kept: frozenset[str] | None = None,
    *,
    keep_readable: bool = False,
) -> Records:
    """Typed records from a table of text.

    If the table is only a batch of a file, ``repeated`` has the references that more than one row of the whole
    file has, and ``kept`` the fields that any batch of it names.

    With ``keep_readable``, an unreadable value does not reject its row: it counts as not recorded, and is listed in
    ``unreadable``. This covers a single value only: a date, an interval, a list or a word that the contract or the
    mapping does not know, or one cell that the file's format cannot hold. Any other error still rejects the row:
    fields in ``MUST_BE_READ``, events and holds out of order, duplicates, two values for one field, a row cut off.
    """
    raw, row_errors, cells = table.frame, row_errors_of(table), unreadable_cells(table)
    if keep_readable:
        raw, row_errors = without_cells(raw, cells), row_errors.join(cells, on=ROW, how="anti", maintain_order="left")
    own = own_columns(raw, vocabulary, council)
    reader = ColumnReader(raw, table.day_first, vocabulary, own, keep_readable=keep_readable)
    frame = pl.DataFrame({ROW: raw[ROW], **reader.columns()})
    for name in ("reference", "council", "procedure", "received"):
        if name not in frame.columns:
            kind = pl.Date if name == "received" else pl.String
            frame = frame.with_columns(pl.lit(None, kind).alias(name))
    frame = frame.with_columns(
        pl.col("council").str.to_lowercase().fill_null(pl.lit(council, pl.String)),
        pl.col("procedure").fill_null("corporate"),
    )
    problems = [*reader.problems, *failures(frame, raw, vocabulary, repeated, table.named)]
    unread = [cells, *reader.unread] if keep_readable else []
    rejected = rejected_rows(problems, row_errors, table, frame, also=unread)
    return Records(
        frame=frame.join(rejected.select(ROW), on=ROW, how="anti", maintain_order="left") if rejected.height else frame,
        rejected=rejected,
        rows_read=raw.height,
        words=vocabulary.words,
        left_out=tuple(_left_out(raw.columns, {each.spec.name for each in own})),
        unknown_flags=_unknown_flags(frame, vocabulary),
        unreadable=unreadable_values(unread, frame, rejected),
        kept=kept_fields(table, vocabulary) if kept is None else kept,
        notes=tuple(table.notes),
    )


def kept_fields(table: Table, vocabulary: Vocabulary) -> frozenset[str]:
    """The fields that the file has columns or JSON keys for, or that its mapping names; councils' own too."""
    return frozenset(table.frame.columns) & vocabulary.every_field().keys()


def _left_out(columns: Iterable[str], own: Collection[str]) -> Iterator[str]:
    """The columns that name no field, and none that a council of these rows has of its own."""
    return (name for name in columns if name not in FIELDS and name not in own and name not in (ROW, ROW_ERROR))


def _unknown_flags(frame: pl.DataFrame, vocabulary: Vocabulary) -> dict[str, int]:
    """Flags that neither putright nor the row's council knows, with how many rows have each."""
    if "flags" not in frame.columns or frame["flags"].null_count() == frame.height:
        return {}
    named = frame.select("council", flag=pl.col("flags").str.strip_chars(";").str.split(";")).explode("flag")
    unknown = named.filter(~pl.col("flag").is_in([*fields.FLAGS, ""]))
    own = [(council, flag) for council, flags in vocabulary.flags.items() for flag in flags]
    if own and unknown.height:
        known = pl.DataFrame(own, schema={"council": pl.String, "flag": pl.String}, orient="row")
        unknown = unknown.join(known, on=["council", "flag"], how="anti")
    counts = unknown["flag"].drop_nulls().value_counts().sort("flag")
    return dict(counts.iter_rows())
