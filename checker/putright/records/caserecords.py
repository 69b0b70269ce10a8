"""Case records: a file's rows made into typed columns, and every row that cannot be explained.

Each distinct value of a column is read once, however many rows hold it. Source: the case-record
contract, 'A case record' and 'Nothing is lost'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from putright import calendars, fields
from putright.fields import FIELDS, MUST_BE_READ, Field, Type
from putright.files.readers import read_table
from putright.files.tables import ROW, SPOILT, UNREAD, ReadError, Table
from putright.records import parsing
from putright.records.parsing import OutOfOrder, UnreadableValue

#: Columns of a rejected row.
REJECTED = {
    "row": pl.UInt32,
    "reference": pl.String,
    "field": pl.String,
    "value": pl.String,
    "message": pl.String,
}


@dataclass(frozen=True)
class Records:
    """A file's cases, typed, and what became of the rest.

    ``frame`` has ``row`` and those fields the file has: dates as Date, letter contents as a
    bit for each word (null where not recorded), flags as ``;flag;flag;``, holds as a list of places
    in the calendar (from, to, from, to …; an open one ends FAR).
    """

    frame: pl.DataFrame
    rejected: pl.DataFrame
    rows_read: int
    words: tuple[str, ...]
    """The words for letter contents; a word's place is its bit."""
    left_out: tuple[str, ...] = ()
    """Columns that name no field."""
    unknown_flags: Mapping[str, int] = field(default_factory=dict)
    kept: frozenset[str] = frozenset(FIELDS)
    """The fields that the whole file keeps: a blank in any other shows nothing (the contract, 'A case record')."""
    unreadable: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REJECTED))
    """The values of cases in ``frame`` that could not be read and are taken as not recorded, a line for each.

    Only with ``keep_readable``; otherwise their rows are rejected."""
    notes: tuple[str, ...] = ()


def read_records(
    path: Path,
    councils: tuple[str, ...],
    words: Mapping[str, str],
    council: str | None,
    *,
    keep_readable: bool = False,
) -> Records:
    """Read a case file. ``council`` is the one for rows that name none. ReadError if it cannot be read.

    ``keep_readable`` is as in ``make_records``.
    """
    table = read_table(path)
    check_columns(table)
    return make_records(table, councils, words, council, keep_readable=keep_readable)


def check_columns(table: Table) -> None:
    """ReadError for a table none of whose columns names a field."""
    names = [name for name in table.frame.columns if name not in (ROW, SPOILT)]
    if not names and table.frame.height:
        raise ReadError(f"No line of the file can be read; {table.frame[SPOILT][0]}.")
    if not set(names) & set(FIELDS):
        raise ReadError(
            f"No column names a field of a case record; the columns are: {', '.join(names):.300}. "
            "`putright map` proposes a mapping for an export in another layout."
        )


def make_records(
    table: Table,
    councils: tuple[str, ...],
    words: Mapping[str, str],
    council: str | None,
    repeated: pl.Series | None = None,
    kept: frozenset[str] | None = None,
    *,
    keep_readable: bool = False,
) -> Records:
    """Typed records from a table of text.

    Where the table is only a batch of a file, ``repeated`` has the references that more than one row of the whole
    file has, and ``kept`` the fields that any batch of it names.

    With ``keep_readable`` a value that cannot be read does not reject its row: it is taken as not recorded, and listed
    in ``unreadable``. What counts is a value alone: a date, an interval, a list or a word that the contract or the
    mapping does not know, or one cell that the file's format spoils. Whatever else is wrong rejects the row as ever:
    fields in ``MUST_BE_READ``, events and holds out of order, duplicates, two values for one field, a row cut off.
    """
    raw, spoilt, cells = table.frame, _spoilt(table), _cells_unread(table)
    if keep_readable:
        raw, spoilt = _without(raw, cells), spoilt.join(cells, on=ROW, how="anti", maintain_order="left")
    reader = _Reader(raw, table.day_first, tuple(words), keep_readable=keep_readable)
    frame = pl.DataFrame({ROW: raw[ROW], **reader.columns()})
    for name in ("reference", "council", "procedure", "received"):
        if name not in frame.columns:
            kind = pl.Date if name == "received" else pl.String
            frame = frame.with_columns(pl.lit(None, kind).alias(name))
    frame = frame.with_columns(
        pl.col("council").str.to_lowercase().fill_null(pl.lit(council, pl.String)),
        pl.col("procedure").fill_null("corporate"),
    )
    problems = [spoilt, *reader.problems, *_problems(frame, raw, councils, repeated)]
    unread = [cells, *reader.unread] if keep_readable else []
    rejected = _one_a_row(problems, frame, also=unread)
    return Records(
        frame=frame.join(rejected.select(ROW), on=ROW, how="anti", maintain_order="left") if rejected.height else frame,
        rejected=rejected,
        rows_read=raw.height,
        words=tuple(words),
        left_out=tuple(name for name in raw.columns if name not in FIELDS and name not in (ROW, SPOILT)),
        unknown_flags=_unknown_flags(frame),
        unreadable=_one_each(unread, frame, rejected),
        kept=kept_fields(table) if kept is None else kept,
        notes=tuple(table.notes),
    )


def kept_fields(table: Table) -> frozenset[str]:
    """The fields that a file's columns, the keys of its JSON or its mapping name."""
    return frozenset(table.frame.columns) & FIELDS.keys()


class _Reader:
    """Reads columns, and gathers the rows whose values cannot be read."""

    def __init__(self, raw: pl.DataFrame, day_first: bool, words: tuple[str, ...], *, keep_readable: bool) -> None:
        self.raw = raw
        self.problems: list[pl.DataFrame] = []
        self.unread: list[pl.DataFrame] = []
        """Where readable cases are kept, the values that do not reject their row."""
        self._keep_readable = keep_readable
        self._parsers: dict[Type, tuple[Callable[[str], Any], Any]] = {
            Type.TEXT: (str, pl.String),
            Type.DATE: (lambda text: parsing.parse_date(text, day_first=day_first), pl.Date),
            Type.BOOLEAN: (parsing.parse_boolean, pl.Boolean),
            Type.FLAGS: (parsing.parse_flags, pl.String),
            Type.CONTENTS: (lambda text: parsing.parse_contents(text, words), pl.UInt64),
            Type.HOLDS: (parsing.parse_holds, pl.List(pl.Int32)),
            Type.OUTCOME: (lambda text: parsing.parse_one_of(text, fields.OUTCOMES, "outcome"), pl.String),
            Type.PROCEDURE: (lambda text: parsing.parse_one_of(text, fields.PROCEDURES, "procedure"), pl.String),
        }

    def columns(self) -> dict[str, pl.Series]:
        """The column of each field that the table has.

        Each step is taken for all of them at once: for the few rows of most files, a step of its own for each of
        dozens of columns takes longer than the work itself.
        """
        found = {name: self._source(spec) for name, spec in FIELDS.items() if name in self.raw.columns}
        texts = pl.DataFrame([source for source in found.values() if source.dtype == pl.String])
        texts = texts.select(pl.all().str.strip_chars()).select(pl.when(pl.all() != "").then(pl.all()))
        distinct = texts.select(pl.all().drop_nulls().unique().implode())
        read = [
            self._parsed(FIELDS[text.name], text, distinct[text.name][0].to_list())
            for text in texts
            if FIELDS[text.name].type is not Type.TEXT
        ]
        return found | {column.name: column for column in texts.with_columns(read)}

    def _source(self, spec: Field) -> pl.Series:
        """A column as the file has it: of the type wanted already, or text that has to be read."""
        source = self.raw[spec.name]
        _, dtype = self._parsers[spec.type]
        if isinstance(source.dtype, pl.Datetime):
            zone = source.dtype.time_zone
            source = (source.dt.convert_time_zone("Europe/London") if zone else source).dt.date()
        if source.dtype == pl.Date and dtype == pl.Date:
            outside = (source < calendars.FIRST) | (source > calendars.LAST)
            if not outside.any():
                return source
        elif source.dtype == pl.Boolean and dtype == pl.Boolean:
            return source
        return source.cast(pl.String)

    def _parsed(self, spec: Field, text: pl.Series, distinct: list[str]) -> pl.Expr:
        """The column of a text, each distinct one read once; what cannot be read is null and a problem."""
        parse, dtype = self._parsers[spec.type]
        parsing: dict[str, Any] = {}
        bad: dict[str, str] = {}
        spared: set[str] = set()
        for value in distinct:
            try:
                parsing[value] = parse(value)
            except UnreadableValue as error:
                bad[value] = str(error)
                if self._keep_readable and spec.name not in MUST_BE_READ and not isinstance(error, OutOfOrder):
                    spared.add(value)
        if bad:
            found = pl.DataFrame({ROW: self.raw[ROW], "value": text}).filter(pl.col("value").is_in(list(bad)))
            reason = found["value"].replace_strict(list(bad), list(bad.values()), return_dtype=pl.String)
            said = found.select(
                ROW,
                pl.lit(spec.name).alias("field"),
                "value",
                pl.format("{} {}: {}", pl.lit(spec.name), _quoted("value"), reason).alias("message"),
            )
            is_spared = pl.col("value").is_in(list(spared))
            self.unread.append(said.filter(is_spared))
            self.problems.append(said.filter(~is_spared))
        if not parsing:
            return pl.lit(None, dtype).alias(spec.name)
        values = pl.Series(list(parsing.values()), dtype=dtype)
        places = pl.col(spec.name).replace_strict(
            list(parsing), range(len(parsing)), default=None, return_dtype=pl.UInt32
        )
        return pl.lit(values).gather(places).alias(spec.name)


def _quoted(column: str) -> pl.Expr:
    """A value as a message shows it, cut where it is very long."""
    value = pl.col(column).fill_null("")
    short = pl.when(value.str.len_chars() > 80).then(value.str.head(80) + "…").otherwise(value)
    return pl.format("'{}'", short)


# --- rows -----------------------------------------------------------------------------------------


class _Check(NamedTuple):
    """Something wrong with rows: which, the field it is in, the value there, and what to say."""

    where: pl.Expr
    field: str
    value: pl.Expr
    message: pl.Expr


#: How the readers of files name the column that spoils a row.
_SPOILT_BY = r"^\w+ \d+: (?:column )?'([^']+)' holds"


def _spoilt(table: Table) -> pl.DataFrame:
    """Rows that the file spoilt, or that a mapping could not turn, each with the column and the value there."""
    rows = table.frame.filter(pl.col(SPOILT).is_not_null())
    told = table.told if table.told is not None else _named_in(rows)
    rows = rows.select(ROW, SPOILT).join(told, on=ROW, how="left", maintain_order="left")
    message = pl.col(SPOILT).cast(pl.String).str.replace(r"^row \d+: ", "")  # a rejected row has its number already
    return rows.select(ROW, "field", "value", message.alias("message"))


def _named_in(rows: pl.DataFrame) -> pl.DataFrame:
    """The column that each spoilt row's message names, and its value in the row."""
    names = rows[SPOILT].cast(pl.String).str.extract(_SPOILT_BY).fill_null("")
    value = pl.lit(None, pl.String)
    for name in set(names) & set(rows.columns):
        value = pl.when(pl.lit(names) == name).then(pl.col(name).cast(pl.String)).otherwise(value)
    return rows.select(ROW, pl.lit(names).alias("field"), value.alias("value"))


def _problems(
    frame: pl.DataFrame, raw: pl.DataFrame, councils: tuple[str, ...], repeated: pl.Series | None
) -> Iterator[pl.DataFrame]:
    """Rows that cannot be audited, by what is wrong with them; all is asked in one pass, as few rows have anything."""
    asked = frame.with_columns(_blank=_blank(raw))
    checks = [*_checks(councils, repeated), *_in_order(frame.columns)]
    found = asked.select(check.where.alias(str(place)) for place, check in enumerate(checks))
    for where, check in zip(found.get_columns(), checks, strict=True):
        if where.any():
            yield asked.filter(where).select(
                ROW,
                pl.lit(check.field).alias("field"),
                check.value.cast(pl.String).alias("value"),
                check.message.alias("message"),
            )


def _blank(raw: pl.DataFrame) -> pl.Series:
    """Rows with nothing for the day received, as the file has it."""
    received = raw["received"] if "received" in raw.columns else pl.repeat(None, raw.height, eager=True)
    return received.str.strip_chars().fill_null("") == "" if received.dtype == pl.String else received.is_null()


def _checks(councils: tuple[str, ...], repeated: pl.Series | None) -> Iterator[_Check]:
    """What every case must have."""
    nothing = pl.lit(None, pl.String)
    reference, council = pl.col("reference"), pl.col("council")
    yield _Check(reference.is_null(), "reference", nothing, pl.lit("the row has no reference"))
    twice = reference.is_duplicated() if repeated is None else reference.is_in(repeated.implode())
    message = pl.format("reference {} stands in more than one row", _quoted("reference"))
    yield _Check(reference.is_not_null() & twice, "reference", reference, message)
    yield _Check(pl.col("_blank"), "received", nothing, pl.lit("no received date"))
    known = pl.lit(", ".join(councils) or "none")
    message = pl.format("council {} is not known; known: {}", _quoted("council"), known)
    yield _Check(council.is_not_null() & ~council.is_in(list(councils)), "council", council, message)


def _in_order(names: list[str]) -> Iterator[_Check]:
    """Events that come before what they answer."""
    for event, answered in fields.ORDERED:
        if event not in names or answered not in names or event == answered:
            continue
        if event == "received":  # the mistake is in the matter's date
            message = pl.format("{} {} comes after received {}", pl.lit(answered), _shown(answered), _shown(event))
            yield _Check(pl.col(answered) > pl.col(event), answered, pl.col(answered), message)
        else:
            message = pl.format(
                "{} {} comes before {} {}", pl.lit(event), _shown(event), pl.lit(answered), _shown(answered)
            )
            yield _Check(pl.col(event) < pl.col(answered), event, pl.col(event), message)


def _shown(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%d")


def _cells_unread(table: Table) -> pl.DataFrame:
    """The cells that spoil rows of the table in which all that is needed can be read: row, field, value, message."""
    rows = table.frame.select(ROW)
    cells = pl.DataFrame(schema=UNREAD) if table.unread is None else table.unread
    cells = cells.cast({ROW: rows.schema[ROW]}).join(rows, on=ROW, how="semi", maintain_order="left")
    needed = cells.filter(pl.col("field").is_in(list(MUST_BE_READ)))
    return cells.join(needed, on=ROW, how="anti", maintain_order="left")


def _without(raw: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The table with these cells blank."""
    for (name,), part in cells.partition_by("field", as_dict=True).items():
        if name in raw.columns:
            spoilt = pl.col(ROW).is_in(part[ROW].implode())
            raw = raw.with_columns(pl.when(~spoilt).then(pl.col(str(name))).alias(str(name)))
    return raw


def _one_each(unread: list[pl.DataFrame], frame: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """One line for each value that could not be read in the rows that are kept, row by row."""
    found = [parsing.cast({"value": pl.String, "message": pl.String}) for parsing in unread if parsing.height]
    if not found:
        return pl.DataFrame(schema=REJECTED)
    kept = frame.select(ROW, "reference").join(rejected.select(pl.col(ROW).cast(frame.schema[ROW])), on=ROW, how="anti")
    return (
        pl.concat(found)
        .join(kept, on=ROW, how="inner", maintain_order="left")
        .sort(ROW, maintain_order=True)
        .select(list(REJECTED))
        .cast(REJECTED)  # type: ignore[arg-type]
    )


def _one_a_row(problems: list[pl.DataFrame], frame: pl.DataFrame, also: list[pl.DataFrame]) -> pl.DataFrame:
    """One line for each rejected row: its first problem, with the others in the message.

    ``also`` are problems that reject no row by themselves.
    """
    found = [problem.cast({"value": pl.String, "message": pl.String}) for problem in problems if problem.height]
    if not found:
        return pl.DataFrame(schema=REJECTED)
    rows = pl.concat([problem.select(ROW) for problem in found]).unique()
    more = [problem.cast({"value": pl.String, "message": pl.String}) for problem in also]
    found += [problem.join(rows, on=ROW, how="semi", maintain_order="left") for problem in more if problem.height]
    together = pl.concat(found).join(frame.select(ROW, "reference"), on=ROW, how="left")
    return (
        together.group_by(ROW, maintain_order=True)
        .agg(pl.first("reference", "field", "value"), pl.col("message").unique(maintain_order=True))
        .with_columns(pl.col("message").list.join("; also: "))
        .sort(ROW)
        .select(list(REJECTED))
        .cast(REJECTED)  # type: ignore[arg-type]
    )


def _unknown_flags(frame: pl.DataFrame) -> dict[str, int]:
    if "flags" not in frame.columns:
        return {}
    flags = frame["flags"].drop_nulls().str.strip_chars(";").str.split(";").explode()
    counts = flags.filter(~flags.is_in([*fields.FLAGS, ""])).value_counts().sort("flags")
    return dict(counts.iter_rows())
