"""Case records: a file's rows converted to typed columns, with every rejected row listed.

Each distinct value of a column is parsed once, however many rows have it. Source: contract 1 and contract 3.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from putright import calendars, fields
from putright.fields import FIELDS, MUST_BE_READ, Field, Type, Vocabulary, ordered
from putright.files.parquet import plain_frame
from putright.files.readers import read_table
from putright.files.tables import (
    ROW,
    ROW_ERROR,
    UNREADABLE,
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
from putright.records import parsing
from putright.records.parsing import OutOfOrder, UnreadableValue
from putright.text.english import counted
from putright.text.shown import Display, Showing, say, table, together

#: Rejected rows that records show of themselves.
_SHOWN = 10
#: Columns of a rejected row.
REJECTED = {
    "row": pl.UInt32,
    "reference": pl.String,
    "field": pl.String,
    "value": pl.String,
    "message": pl.String,
}


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
    raw, row_errors, cells = table.frame, _row_errors(table), _cells_unread(table)
    if keep_readable:
        raw, row_errors = _without(raw, cells), row_errors.join(cells, on=ROW, how="anti", maintain_order="left")
    own = _own_columns(raw, vocabulary, council)
    reader = _Reader(raw, table.day_first, vocabulary, own, keep_readable=keep_readable)
    frame = pl.DataFrame({ROW: raw[ROW], **reader.columns()})
    for name in ("reference", "council", "procedure", "received"):
        if name not in frame.columns:
            kind = pl.Date if name == "received" else pl.String
            frame = frame.with_columns(pl.lit(None, kind).alias(name))
    frame = frame.with_columns(
        pl.col("council").str.to_lowercase().fill_null(pl.lit(council, pl.String)),
        pl.col("procedure").fill_null("corporate"),
    )
    problems = [*reader.problems, *_problems(frame, raw, vocabulary, repeated, table.named)]
    problems = [row_errors, *_not_said(problems, table, row_errors)]
    unread = [cells, *reader.unread] if keep_readable else []
    rejected = _addressed(_one_a_row(problems, frame, also=unread), table)
    return Records(
        frame=frame.join(rejected.select(ROW), on=ROW, how="anti", maintain_order="left") if rejected.height else frame,
        rejected=rejected,
        rows_read=raw.height,
        words=vocabulary.words,
        left_out=tuple(_left_out(raw.columns, {each.spec.name for each in own})),
        unknown_flags=_unknown_flags(frame, vocabulary),
        unreadable=_one_each(unread, frame, rejected),
        kept=kept_fields(table, vocabulary) if kept is None else kept,
        notes=tuple(table.notes),
    )


def kept_fields(table: Table, vocabulary: Vocabulary) -> frozenset[str]:
    """The fields that the file has columns or JSON keys for, or that its mapping names; councils' own too."""
    return frozenset(table.frame.columns) & vocabulary.every_field().keys()


def _left_out(columns: Iterable[str], own: Collection[str]) -> Iterator[str]:
    """The columns that name no field, and none that a council of these rows has of its own."""
    return (name for name in columns if name not in FIELDS and name not in own and name not in (ROW, ROW_ERROR))


class _OwnColumn(NamedTuple):
    """A field that councils have of their own, with the rows that are theirs."""

    spec: Field
    rows: pl.Series


def _own_columns(raw: pl.DataFrame, vocabulary: Vocabulary, council: str | None) -> list[_OwnColumn]:
    """The fields of councils' own that the table has, for the councils that its rows name.

    Two councils' fields of one name and type are one column, of the rows of both.
    """
    named = {own.name for each in vocabulary.fields.values() for own in each.values()}
    if named.isdisjoint(raw.columns):
        return []
    whose = (
        _text(raw["council"]) if "council" in raw.columns else pl.repeat(None, raw.height, dtype=pl.String, eager=True)
    )
    whose = whose.str.to_lowercase().fill_null(council or "")
    found: dict[str, _OwnColumn] = {}
    for name in whose.unique(maintain_order=True):
        for own in vocabulary.fields_of(name).values():
            if own.name in raw.columns:
                rows = whose == name
                known = found.get(own.column)
                found[own.column] = _OwnColumn(own, rows if known is None else known.rows | rows)
    return list(found.values())


class _Reader:
    """Parses columns, and collects the values that cannot be parsed."""

    def __init__(
        self,
        raw: pl.DataFrame,
        day_first: bool,
        vocabulary: Vocabulary,
        own: Iterable[_OwnColumn],
        *,
        keep_readable: bool,
    ) -> None:
        self.raw = raw
        self._own = {each.spec.column: each for each in own}
        words, procedures = vocabulary.words, vocabulary.every_procedure()
        self.problems: list[pl.DataFrame] = []
        self.unread: list[pl.DataFrame] = []
        """With ``keep_readable``, the values that do not reject their row."""
        self._keep_readable = keep_readable
        self._parsers: dict[Type, tuple[Callable[[str], Any], Any]] = {
            Type.TEXT: (str, pl.String),
            Type.DATE: (lambda text: parsing.parse_date(text, day_first=day_first), pl.Date),
            Type.BOOLEAN: (parsing.parse_boolean, pl.Boolean),
            Type.FLAGS: (parsing.parse_flags, pl.String),
            Type.CONTENTS: (lambda text: parsing.parse_contents(text, words), pl.UInt64),
            Type.HOLDS: (parsing.parse_holds, pl.List(pl.Int32)),
            Type.OUTCOME: (lambda text: parsing.parse_one_of(text, fields.OUTCOMES, "outcome"), pl.String),
            Type.POUNDS: (parsing.parse_pounds, pl.Int64),
            Type.PROCEDURE: (
                lambda text: parsing.parse_one_of(text, procedures, "procedure"),
                pl.String,
            ),
        }

    def columns(self) -> dict[str, pl.Series]:
        """The column of each field that the table has.

        Each step is taken for all of them at once: for the few rows of most files, a step of its own for each of
        dozens of columns takes longer than the work itself.
        """
        specs = {spec.column: spec for spec in FIELDS.values() if spec.name in self.raw.columns}
        specs |= {column: own.spec for column, own in self._own.items()}
        found = {column: self._source(column, spec) for column, spec in specs.items()}
        texts = pl.DataFrame([source for source in found.values() if source.dtype == pl.String])
        texts = texts.select(pl.all().str.strip_chars()).select(pl.when(pl.all() != "").then(pl.all()))
        distinct = texts.select(pl.all().drop_nulls().unique().implode())
        read = [
            self._parsed(specs[text.name], text, distinct[text.name][0].to_list())
            for text in texts
            if specs[text.name].type is not Type.TEXT
        ]
        return found | {column.name: column for column in texts.with_columns(read)}

    def _source(self, column: str, spec: Field) -> pl.Series:
        """A column as the file has it: of the type wanted already, or text that has to be read."""
        source = _days(self.raw[spec.name]).alias(column)
        if column in self._own:
            source = source.set(~self._own[column].rows, None)
        _, dtype = self._parsers[spec.type]
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
            return pl.lit(None, dtype).alias(spec.column)
        values = pl.Series(list(parsing.values()), dtype=dtype)
        places = pl.col(spec.column).replace_strict(
            list(parsing), range(len(parsing)), default=None, return_dtype=pl.UInt32
        )
        return pl.lit(values).gather(places).alias(spec.column)


def _days(source: pl.Series) -> pl.Series:
    """A column of times as calendar dates in London; any other as it is."""
    if not isinstance(source.dtype, pl.Datetime):
        return source
    return (source.dt.convert_time_zone("Europe/London") if source.dtype.time_zone else source).dt.date()


def _text(source: pl.Series) -> pl.Series:
    """A column as text without blanks at its ends; null where nothing is left."""
    text = source.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


def references_of(table: Table) -> pl.Series:
    """The reference of each row as ``make_records`` compares it: text, null where there is none."""
    if "reference" not in table.frame.columns:
        return pl.repeat(None, table.frame.height, dtype=pl.String, eager=True).alias("reference")
    return _text(_days(table.frame["reference"]))


def _quoted(column: str) -> pl.Expr:
    """A value for a message, cut if it is very long."""
    value = pl.col(column).fill_null("")
    short = pl.when(value.str.len_chars() > 80).then(value.str.head(80) + "…").otherwise(value)
    return pl.format("'{}'", short)


# --- rows -----------------------------------------------------------------------------------------


class _Check(NamedTuple):
    """A check of every row: the rows that fail it, the field, its value, and how to say so if any do."""

    where: pl.Expr
    field: str
    value: pl.Expr
    message: Callable[[], pl.Expr]


#: Finds the column in the message of a row error.
_COLUMN_NAMED = r"^\w+ \d+: (?:column )?'([^']+)' holds"


def _row_errors(table: Table) -> pl.DataFrame:
    """The row errors of the file or its mapping, each with the column and the value there."""
    rows = table.frame.filter(pl.col(ROW_ERROR).is_not_null())
    error_values = table.error_values if table.error_values is not None else _named_in(rows)
    error_values = error_values.unique(ROW, keep="first", maintain_order=True)
    rows = rows.select(ROW, ROW_ERROR).join(error_values, on=ROW, how="left", maintain_order="left")
    message = pl.col(ROW_ERROR).cast(pl.String).str.replace(r"^row \d+: ", "")  # a rejected row has its number already
    return rows.select(ROW, "field", "value", message.alias("message"))


def _named_in(rows: pl.DataFrame) -> pl.DataFrame:
    """The column that each row error's message names, and its value in the row."""
    names = rows[ROW_ERROR].cast(pl.String).str.extract(_COLUMN_NAMED).fill_null("")
    value = pl.lit(None, pl.String)
    for name in set(names) & set(rows.columns):
        value = pl.when(pl.lit(names) == name).then(pl.col(name).cast(pl.String)).otherwise(value)
    return rows.select(ROW, pl.lit(names).alias("field"), value.alias("value"))


def _not_said(problems: list[pl.DataFrame], table: Table, row_errors: pl.DataFrame) -> list[pl.DataFrame]:
    """The problems without those of a field whose value in that row is a mapping's error already."""
    if table.error_values is None:
        return problems
    said = table.error_values.select(ROW, "field").join(row_errors, on=ROW, how="semi")
    return [
        problem.join(said.cast({ROW: problem.schema[ROW]}), on=[ROW, "field"], how="anti", maintain_order="left")
        for problem in problems
    ]


def _problems(
    frame: pl.DataFrame,
    raw: pl.DataFrame,
    vocabulary: Vocabulary,
    repeated: pl.Series | None,
    named: Mapping[str, str],
) -> Iterator[pl.DataFrame]:
    """The rows that fail each check. All checks run in one pass, since few rows fail any.

    ``named`` has the file's own words for fields, where a mapping was used.
    """
    asked = frame.with_columns(_blank=_blank(raw))
    checks = [*_checks(vocabulary, repeated, named), *_in_order(frame.columns, fields.ORDERED, named)]
    for council, own in vocabulary.fields.items():
        whose = pl.col("council") == council
        order = _in_order(frame.columns, ordered(own), named)
        checks += (check._replace(where=whose & check.where) for check in order)
    found = asked.select(check.where.alias(str(place)) for place, check in enumerate(checks))
    for where, check in zip(found.get_columns(), checks, strict=True):
        if where.any():
            yield asked.filter(where).select(
                ROW,
                pl.lit(check.field).alias("field"),
                check.value.cast(pl.String).alias("value"),
                check.message().alias("message"),
            )


def _blank(raw: pl.DataFrame) -> pl.Series:
    """Rows whose day received is blank in the file."""
    received = raw["received"] if "received" in raw.columns else pl.repeat(None, raw.height, eager=True)
    return received.str.strip_chars().fill_null("") == "" if received.dtype == pl.String else received.is_null()


def _checks(vocabulary: Vocabulary, repeated: pl.Series | None, named: Mapping[str, str]) -> Iterator[_Check]:
    """Checks that every case must pass."""
    nothing = pl.lit(None, pl.String)
    reference, council = pl.col("reference"), pl.col("council")
    lacking = {field: f"{column} is blank: " for field, column in named.items()}
    unnamed, undated = (lacking.get(name, "") for name in ("reference", "received"))
    yield _Check(reference.is_null(), "reference", nothing, lambda: pl.lit(f"{unnamed}the row has no reference"))
    twice = reference.is_duplicated() if repeated is None else reference.is_in(repeated.implode())
    yield _Check(
        reference.is_not_null() & twice,
        "reference",
        reference,
        lambda: pl.format("reference {} is in more than one row", _quoted("reference")),
    )
    yield _Check(pl.col("_blank"), "received", nothing, lambda: pl.lit(f"{undated}no received date"))
    councils = vocabulary.councils
    known = ", ".join(councils) or "none"
    yield _Check(
        council.is_not_null() & ~council.is_in(list(councils)),
        "council",
        council,
        lambda: pl.format("council {} is not known; known: {}", _quoted("council"), pl.lit(known)),
    )
    for name in vocabulary.every_procedure()[len(fields.PROCEDURES) :]:
        has_it = [whose for whose, own in vocabulary.procedures.items() if name in own]
        of_another = (pl.col("procedure") == name) & ~council.is_in(has_it).fill_null(False)
        theirs = partial(pl.format, "procedure '{}' is only of: {}", pl.lit(name), pl.lit(", ".join(has_it)))
        yield _Check(of_another, "procedure", pl.col("procedure"), theirs)


def _in_order(names: list[str], order: Iterable[tuple[str, str]], named: Mapping[str, str]) -> Iterator[_Check]:
    """Checks that no event comes before the one it answers."""
    for event, answered in order:
        if event not in names or answered not in names or event == answered:
            continue
        if event == "received":  # the mistake is in the matter's date
            message = partial(_out_of_order, answered, "after", event, named)
            yield _Check(pl.col(answered) > pl.col(event), answered, pl.col(answered), message)
        else:
            message = partial(_out_of_order, event, "before", answered, named)
            yield _Check(pl.col(event) < pl.col(answered), event, pl.col(event), message)


def _out_of_order(one: str, comes: str, other: str, named: Mapping[str, str]) -> pl.Expr:
    said, theirs = (pl.lit(named.get(name, name)) for name in (one, other))
    return pl.format(f"{{}} {{}} comes {comes} {{}} {{}}", said, _shown(one), theirs, _shown(other))


def _shown(name: str) -> pl.Expr:
    return pl.col(name).dt.to_string("%Y-%m-%d")


def _cells_unread(table: Table) -> pl.DataFrame:
    """The unreadable cells of rows whose required fields can be read: row, field, value, message."""
    rows = table.frame.select(ROW)
    cells = pl.DataFrame(schema=UNREADABLE) if table.unread is None else table.unread
    cells = cells.cast({ROW: rows.schema[ROW]}).join(rows, on=ROW, how="semi", maintain_order="left")
    needed = cells.filter(pl.col("field").is_in(list(MUST_BE_READ)))
    return cells.join(needed, on=ROW, how="anti", maintain_order="left")


def _without(raw: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The table with these cells blank."""
    for (name,), part in cells.partition_by("field", as_dict=True).items():
        if name in raw.columns:
            unreadable = pl.col(ROW).is_in(part[ROW].implode())
            raw = raw.with_columns(pl.when(~unreadable).then(pl.col(str(name))).alias(str(name)))
    return raw


def _one_each(unread: list[pl.DataFrame], frame: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """One row for each unreadable value of the cases that are kept, in file order."""
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


def _addressed(rejected: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The messages with each row's sheet and its number there, where several sheets were read as one."""
    if not table.sheets or not rejected.height:
        return rejected
    said = [f"{table.address(row)}: {message}" for row, message in rejected.select(ROW, "message").iter_rows()]
    return rejected.with_columns(message=pl.Series(said, dtype=pl.String))


def _one_a_row(problems: list[pl.DataFrame], frame: pl.DataFrame, also: list[pl.DataFrame]) -> pl.DataFrame:
    """One row for each rejected row of the file: its first problem, with the others in the message.

    ``also`` has problems that do not reject a row by themselves.
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


def _unknown_flags(frame: pl.DataFrame, vocabulary: Vocabulary) -> dict[str, int]:
    """Flags that neither putright nor the row's council knows, with how many rows have each."""
    if "flags" not in frame.columns:
        return {}
    named = frame.select("council", flag=pl.col("flags").str.strip_chars(";").str.split(";")).explode("flag")
    unknown = named.filter(~pl.col("flag").is_in([*fields.FLAGS, ""]))
    own = [(council, flag) for council, flags in vocabulary.flags.items() for flag in flags]
    if own and unknown.height:
        known = pl.DataFrame(own, schema={"council": pl.String, "flag": pl.String}, orient="row")
        unknown = unknown.join(known, on=["council", "flag"], how="anti")
    counts = unknown["flag"].drop_nulls().value_counts().sort("flag")
    return dict(counts.iter_rows())
