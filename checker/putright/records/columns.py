"""Columns of text read as typed columns: each distinct value is read once, however many rows have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import polars as pl

from putright import calendars, fields
from putright.fields import FIELDS, MUST_BE_READ, Field, Type, Vocabulary
from putright.files.tables import ROW, Table
from putright.records import parsing
from putright.records.parsing import OutOfOrder, UnreadableValue
from putright.records.rejections import quoted


class OwnColumn(NamedTuple):
    """A field that councils have of their own, with the rows that are theirs."""

    spec: Field
    rows: pl.Series


def own_columns(raw: pl.DataFrame, vocabulary: Vocabulary, council: str | None) -> list[OwnColumn]:
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
    found: dict[str, OwnColumn] = {}
    for name in whose.unique(maintain_order=True):
        for own in vocabulary.fields_of(name).values():
            if own.name in raw.columns:
                rows = whose == name
                known = found.get(own.column)
                found[own.column] = OwnColumn(own, rows if known is None else known.rows | rows)
    return list(found.values())


class ColumnReader:
    """Parses columns, and collects the values that cannot be parsed."""

    def __init__(
        self,
        raw: pl.DataFrame,
        day_first: bool,
        vocabulary: Vocabulary,
        own: Iterable[OwnColumn],
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
                pl.format("{} {}: {}", pl.lit(spec.name), quoted("value"), reason).alias("message"),
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
