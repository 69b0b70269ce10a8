"""Convert a table in another layout into case records, as a mapping file says.

Each distinct value of a column is converted once, however many rows have it. Nothing is lost: every row of
the file belongs to one case. A value that cannot be converted is a row error that rejects its case, listed with
the column, the value and the reason.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from putright.fields import MUST_BE_READ, STAGES, Type
from putright.files.tables import ROW, ROW_ERROR, UNREADABLE, Table, concatenated, key
from putright.mapping.cells import Parse, date_parser, one_word, parsed, parser, replaced, word_table
from putright.mapping.fingerprints import Differences
from putright.mapping.mappingfile import (
    LAST_STAGE,
    NONE,
    Mapping,
    Source,
)
from putright.mapping.rowerrors import CASE, Words, in_row, words_notes
from putright.mapping.sourcerows import SourceRows
from putright.text.english import counted, plural

#: Where a value came from: the case, the row, the export's column, the text there, and the converted value.
_READ = {CASE: pl.UInt32, ROW: pl.UInt32, "column": pl.String, "text": pl.String, "value": pl.String}


def apply(mapping: Mapping, table: Table) -> Table:
    """The table as case records: our fields as text with ISO dates, one row for each case.

    A case of several rows has the number of its first. MappingError where the table lacks a column.
    """
    differences = Differences(mapping)
    differences.add(table.frame)
    mapped_table = _MappedTable(mapping, table)
    made = mapped_table.table()
    made.notes[:0] = differences.notes()
    made.notes += words_notes(mapped_table.errors.words)
    return made


def mapped(mapping: Mapping, tables: Iterator[Table], batch: int = 50_000) -> Iterator[Table]:
    """A file's tables as case records, batch by batch; rows of one case may be in any of them.

    If a case has several rows, the whole file is read first, and its cases are then given ``batch`` at a time.
    """
    if mapping.layout == "case":
        yield from _batch_by_batch(mapping, tables)
        return
    batches = list(tables)
    frame = pl.concat([table.frame for table in batches], how="diagonal_relaxed")
    notes = list(dict.fromkeys(note for table in batches for note in table.notes))
    unread = concatenated(table.unread for table in batches)
    sheets = {before: title for table in batches for before, title in table.sheets.items()}
    del batches
    whole = apply(mapping, Table(frame, day_first=True, notes=notes, unread=unread, sheets=sheets))
    for part in whole.frame.iter_slices(batch) if whole.frame.height else [whole.frame]:
        yield replace(whole, frame=part, notes=notes)
        notes = []


def _batch_by_batch(mapping: Mapping, tables: Iterator[Table]) -> Iterator[Table]:
    """Each table converted by itself; notes on all of them go with the last."""
    words: Words = defaultdict(Counter)
    differences = Differences(mapping)
    held: Table | None = None
    for table in tables:
        differences.add(table.frame)
        mapped_table = _MappedTable(mapping, table, later=held is not None)
        made = mapped_table.table()
        if held:
            yield held
            made.notes = list(table.notes)  # those on the mapping came with the first
        held = made
        for column, counts in mapped_table.errors.words.items():
            words[column].update(counts)
    if held:
        held.notes[:0] = differences.notes()
        held.notes += words_notes(words)
        yield held


@dataclass(frozen=True)
class _Reading:
    """One source of a field's value: a column, and the rows in which it is read."""

    field: str
    column: str
    parse: Parse
    where: pl.Series | None = None
    needed: str | None = None
    """The cell that makes a blank here a mistake, for example ``column 'Event', value 'Closed'``."""


class _MappedTable:
    """One table with the mapping applied to it."""

    def __init__(self, mapping: Mapping, table: Table, *, later: bool = False) -> None:
        self.mapping = mapping
        self.export = SourceRows(mapping, table, later=later)
        self.errors = self.export.errors
        self.single = mapping.layout == "case"

    # --- fields ---

    def table(self) -> Table:
        """The case records."""
        frame = self.export.rows.unique(CASE, keep="first", maintain_order=True)
        known: list[pl.Expr | pl.Series] = []
        for name in self.mapping.dictionary:
            if (found := self._field(name)) is not None:
                known.append(found if isinstance(found, pl.Expr) else self._in_each(frame[CASE], found).alias(name))
        frame = frame.with_columns(known)
        self.export.refuse_unknown_statuses()
        row_errors, errors = self.errors.by_case(self.export.raw[ROW_ERROR], single=self.single)
        left_out = [pl.lit(None, pl.String).alias(name) for name in self.export.left_out()]
        frame = frame.join(row_errors.select(CASE, ROW_ERROR), on=CASE, how="left", maintain_order="left")
        error_values = errors.join(frame.select(CASE, ROW), on=CASE, maintain_order="left").drop(CASE)
        unread = self._unread_values(frame)
        notes = [*self.export.table.notes, *self._notes()]
        mapped_frame = frame.drop(CASE).with_columns(left_out)
        return Table(mapped_frame, False, notes, error_values, unread, self._named(), self.export.table.sheets)

    def _in_each(self, cases: pl.Series, found: pl.DataFrame) -> pl.Series:
        """A field's value in each of these cases, null where it has none; no case has two."""
        place = np.full(self.export.rows.height, found.height, dtype=np.uint32)
        place[found[CASE].to_numpy()] = np.arange(found.height)
        values = pl.concat([found["value"], pl.Series([None], dtype=pl.String)])
        each: pl.Series = values[pl.Series(place[cases.to_numpy()])]  # ``gather`` takes far longer
        return each

    def _named(self) -> dict[str, str]:
        """The export's column for each field that has one, as messages name it."""
        named = {} if self.mapping.case is None else {"reference": f"column {self.mapping.case!r}"}
        for name, source in self.mapping.fields.items():
            if len(source.own_columns) == 1:
                named |= dict.fromkeys(self.mapping.expand(name), f"column {source.own_columns[0]!r}")
        return named

    def _unread_values(self, frame: pl.DataFrame) -> pl.DataFrame | None:
        """The unreadable values of the cases with no other error, by the case's row."""
        for column in dict.fromkeys([] if self.export.table.unread is None else self.export.table.unread["field"]):
            if self.mapping.case is not None and column == self.export.columns[key(self.mapping.case)]:
                self.errors.add_cells("reference", self.export.unread_cells(column))  # the row's case is unknown
            elif column not in self.export.read:
                self.errors.add_cells(column, self.export.unread_cells(column))
        found = self.errors.unread(self.export.raw[ROW_ERROR], self.export.table.unread)
        if not found.height:
            return None
        if not self.single:
            found = found.with_columns(in_row().alias("message"))
        return found.drop(ROW).join(frame.select(CASE, ROW), on=CASE, maintain_order="left").select(list(UNREADABLE))

    def _field(self, name: str) -> pl.DataFrame | pl.Expr | None:
        """A field's value in each case that has one; an expression where it is the same in all."""
        source, stage = self._source(name)
        if source is not None and source.constant is not None:
            return pl.lit(source.constant).alias(name)
        found = [self._read_source(reading) for reading in self._readings(name, source, stage)]
        if source is not None:
            where = self.export.where(source, stage)
            found += [self._ticked(name, source, where)] if source.ticks else []
            found += [self._pairs(name, source, where)] if source.begins else []
        if name == "reference" and source is None and self.mapping.case is not None:
            numbers = self._read_source(_Reading("reference", self.mapping.case, None))
            found.append(numbers.unique(CASE, keep="first", maintain_order=True))
        if self.mapping.dictionary[name].type is Type.HOLDS and (events := self._hold_events(name)) is not None:
            found.append(events)
        if not found:
            return None
        if self.single and len(found) == 1 and not (source and len(source.begins) > 1):
            return found[0]
        return self._combined(name, pl.concat(found), self._take(name, source))

    def _source(self, name: str) -> tuple[Source | None, int | None]:
        """The field's entry under ``fields``, and the stage whose rows it is read in."""
        for written, source in self.mapping.fields.items():
            if (stages := self.mapping.expand(written)) and name in stages:
                return source, stages[name] or source.stage
        return None, None

    def _take(self, name: str, source: Source | None) -> str | None:
        takes = [source.take if source else None]
        takes += [target.take for target in self.mapping.events.values() if name in self.mapping.expand(target.field)]
        takes += [
            status.take
            for status in self.mapping.status
            if any(name in self.mapping.expand(field) for field in status.words.values() if field)
        ]
        return next(filter(None, takes), None)

    def _readings(self, name: str, source: Source | None, stage: int | None) -> Iterator[_Reading]:
        """Every column that gives a field, with the rows it is read in."""
        mapping = self.mapping
        if source is not None:
            where = self.export.where(source, stage)
            for column in source.own_columns:
                yield self._recorded(_Reading(name, column, parser(mapping, name, source), where))
        for word, target in mapping.events.items():
            stages = self.mapping.expand(target.field)
            if name in stages and not target.marks and mapping.date:
                where = self.export.of_stage(self.export.is_event(word), stages[name])
                said = f"column {self.export.event!r}, value {word!r}"
                yield self._recorded(
                    _Reading(name, mapping.date, date_parser(mapping.dates, mapping.zone), where, needed=said)
                )
        for status in mapping.status:
            words = [key(word) for word, field in status.words.items() if field and name in self.mapping.expand(field)]
            if words:
                stages = next(
                    self.mapping.expand(field)
                    for field in status.words.values()
                    if field and name in self.mapping.expand(field)
                )
                where = self.export.of_stage(self.export.is_status(status.column, words), stages[name])
                parse = date_parser(status.dates or mapping.dates, mapping.zone)
                yield self._recorded(_Reading(name, status.date, parse, where, needed=f"column {status.column!r}"))

    def _recorded(self, reading: _Reading) -> _Reading:
        self.export.mark_read(reading.column, reading.where)
        return reading

    # --- values ---

    def _read_source(self, reading: _Reading) -> pl.DataFrame:
        """The values of one source; a value that cannot be converted stays unchanged and rejects its case."""
        text = self.export.text(reading.column)
        cells = self.export.unread_cells(self.export.columns.get(key(reading.column), ""))
        if cells.height and reading.where is not None:
            cells = cells.join(self.export.rows.filter(reading.where), on=ROW, how="semi")
        self.errors.add_cells(reading.field, cells)
        if reading.needed is not None and reading.where is not None:
            said = f"{reading.needed}: column {reading.column!r} has no date there"
            blank = reading.where & text.is_null()
            if cells.height:
                blank &= ~self.export.rows[ROW].is_in(cells[ROW].implode())
            self.errors.add(blank, reading.field, said)
        there = text.is_not_null() if reading.where is None else text.is_not_null() & reading.where
        frame = self.export.with_text(reading.column, there)
        value = pl.col("text")
        if reading.parse is not None:
            changed = self._converted(reading, reading.parse, frame)
            value = value.replace(list(changed), list(changed.values())) if changed else value
        found = frame.select(CASE, ROW, pl.lit(reading.column).alias("column"), "text", value.alias("value"))
        return found.filter(pl.col("value") != "")

    def _converted(self, reading: _Reading, parse: Callable[[str], str], frame: pl.DataFrame) -> dict[str, str]:
        """The texts that become another by being converted; those that cannot be are refused."""
        values, reasons, out_of_order = parsed(frame["text"], parse)
        if reasons:
            bad = frame.filter(pl.col("text").is_in(list(reasons)))
            unread = ~bad["text"].is_in(out_of_order) & (reading.field not in MUST_BE_READ)
            self.errors.refuse(reading.field, reading.column, bad, replaced(bad["text"], reasons), unread)
        return {text: value for text, value in values.items() if text != value}

    def _ticked(self, name: str, source: Source, where: pl.Series | None) -> pl.DataFrame:
        """The words of a list from its tick-boxes; all empty means not recorded, none ticked means ``none``."""
        parse = partial(one_word, table=word_table(self.mapping, Type.BOOLEAN, source), kind=Type.BOOLEAN)
        boxes = self.export.rows
        for place, column in enumerate(source.ticks):
            turned = self._read_source(self._recorded(_Reading(name, column, parse, where)))
            boxes = boxes.join(turned.select(ROW, pl.col("value").alias(f"box{place}")), on=ROW, how="left")
        names = [f"box{place}" for place in range(len(source.ticks))]
        words = [
            pl.when(pl.col(box) == "true").then(pl.lit(word))
            for box, word in zip(names, source.ticks.values(), strict=True)
        ]
        seen = pl.all_horizontal if source.empty_ticks == "unknown" else pl.any_horizontal
        value = pl.concat_str(words, separator=";", ignore_nulls=True)
        if self.mapping.dictionary[name].type is Type.CONTENTS:
            value = pl.when(value == "").then(pl.lit(NONE)).otherwise(value)
        label = " and ".join(source.ticks) if len(source.ticks) < 3 else f"{next(iter(source.ticks))} and others"
        ticked = boxes.filter(seen([pl.col(box).is_not_null() for box in names])).with_columns(
            value=value, text=value, column=pl.lit(label)
        )
        return ticked.filter(pl.col("value") != "").select(list(_READ)).cast(_READ)  # type: ignore[arg-type]

    def _pairs(self, name: str, source: Source, where: pl.Series | None) -> pl.DataFrame:
        """Holds from columns of beginnings and ends, pair by pair."""
        parse = date_parser(source.dates or self.mapping.dates, self.mapping.zone)
        found = []
        for begin, end in zip(source.begins, source.ends, strict=True):
            first = self._read_source(self._recorded(_Reading(name, begin, parse, where)))
            last = self._read_source(self._recorded(_Reading(name, end, parse, where)))
            found.append(first.join(last.select(ROW, pl.col("value").alias("last")), on=ROW, how="left"))
            only_end = last.join(first, on=ROW, how="anti")
            self.errors.add_hold_without_start(name, begin, end, only_end)
        span = pl.format("{}/{}", "value", pl.col("last").fill_null(".."))
        return pl.concat(found).with_columns(value=span).select(list(_READ))

    def _hold_events(self, name: str) -> pl.DataFrame | None:
        """Holds from a log's events: the n-th beginning goes with the n-th end."""
        begins, ends = (self._hold_marks(name, mark) for mark in ("begin", "end"))
        if not begins.height and not ends.height:
            return None
        both = begins.join(ends, on=[CASE, "place"], how="full", coalesce=True, suffix="_end")
        alone = both.filter(pl.col("value").is_null())
        said = pl.format("'{}' ends a hold that no event begins", pl.col("text_end"))
        self.errors.add_problems(name, alone.select(CASE, pl.col("row_end").alias(ROW), value="text_end", message=said))
        after = both.sort(CASE, "place").with_columns(next=pl.col("value").shift(-1).over(CASE))
        wrong = after.filter(pl.col("next").is_not_null() & (pl.col("value_end").fill_null("9") > pl.col("next")))
        said = pl.format("the hold of {} has not ended when another begins", pl.col("value"))
        self.errors.add_problems(name, wrong.with_columns(value=pl.col("text"), message=said))
        span = pl.format("{}/{}", "value", pl.col("value_end").fill_null(".."))
        return both.filter(pl.col("value").is_not_null()).with_columns(value=span).select(list(_READ))

    def _hold_marks(self, name: str, mark: str) -> pl.DataFrame:
        found = [pl.DataFrame(schema=_READ)]
        for word, target in self.mapping.events.items():
            stages = self.mapping.expand(target.field)
            if name in stages and target.marks == mark and self.mapping.date:
                where = self.export.of_stage(self.export.is_event(word), stages[name])
                reading = _Reading(
                    name, self.mapping.date, date_parser(self.mapping.dates, self.mapping.zone), where,
                    needed=f"column {self.export.event!r}, value {word!r}",
                )  # fmt: skip
                found.append(self._read_source(self._recorded(reading)))
        return pl.concat(found).sort(CASE, "value").with_columns(place=pl.int_range(pl.len()).over(CASE))

    # --- cases ---

    def _combined(self, name: str, found: pl.DataFrame, take: str | None) -> pl.DataFrame:
        """One value for each case; values that contradict one another reject it."""
        kind = self.mapping.dictionary[name].type
        found = found.sort(ROW, maintain_order=True)
        if take == LAST_STAGE:
            found, take = (found, None) if self.mapping.dictionary[name].stage else (self._of_last_stage(found), "last")
        if kind in (Type.FLAGS, Type.HOLDS):
            joined = pl.col("value").unique(maintain_order=True).str.join(";")
            return found.group_by(CASE, maintain_order=True).agg(joined)
        if kind is Type.CONTENTS:
            found = _joined_letters(found)
        if not found[CASE].is_duplicated().any():
            return found.select(CASE, "value")
        if take is not None:
            return found.group_by(CASE).agg(pl.min("value") if take == "first" else pl.max("value"))
        other = found.filter(pl.col("value") != pl.first("value").over(CASE))
        if other.height:
            self.errors.add_contradictions(name, found.join(other, on=CASE, how="semi", maintain_order="left"))
        return found.group_by(CASE).agg(pl.first("value"))

    def _of_last_stage(self, found: pl.DataFrame) -> pl.DataFrame:
        """The values of the rows of each case's last stage; none if one of these rows has no value."""
        rows = self.export.rows.with_columns(stage=self.export.stages, there=pl.col(ROW).is_in(found[ROW].implode()))
        last = rows.filter(pl.col("stage") == pl.col("stage").max().over(CASE))
        return found.join(last.filter(pl.col("there").all().over(CASE)), on=ROW, how="semi", maintain_order="left")

    # --- notes ---

    def _notes(self) -> Iterator[str]:
        if not self.single:
            rows = self.export.rows.height
            yield (
                f"{counted(rows, 'row')} of the file {plural(rows, 'makes', 'make')} "
                f"{counted(self.export.cases.n_unique(), 'case')}"
            )
        for question in self.mapping.questions:
            yield f"the mapping leaves a question open: {question.ask}"
        given = self.mapping.given()
        if "closed" in given and given.isdisjoint(f"stage{stage}_responded" for stage in STAGES):
            yield "the mapping gives the day a case was closed, and no date of a reply"
        yield from self.export.values_not_read()
        ignored = [name for name in self.mapping.ignore if key(name) in self.export.columns]
        if ignored:
            yield f"columns the mapping leaves out on purpose: {', '.join(ignored)}"


# --- columns --------------------------------------------------------------------------------------


def _joined_letters(found: pl.DataFrame) -> pl.DataFrame:
    """A row's lists of letter contents joined; ``none`` is dropped if there are other words."""
    if not found.select(CASE, ROW).is_duplicated().any():
        return found
    words = pl.col("value").str.split(";").explode().unique(maintain_order=True)
    joined = words.filter(words != NONE).str.join(";")
    return (
        found.group_by(CASE, ROW, maintain_order=True)
        .agg(pl.first("column", "text"), joined.alias("value"))
        .with_columns(pl.when(pl.col("value") == "").then(pl.lit(NONE)).otherwise("value").alias("value"))
    )
