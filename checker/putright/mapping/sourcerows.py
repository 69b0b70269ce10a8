"""The rows of an export as its mapping names them: which case, stage and event each is of, and its cells as text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

import polars as pl

from putright.fields import FIELDS
from putright.files.tables import ROW, ROW_ERROR, Table, key
from putright.mapping.cells import by_value, trimmed
from putright.mapping.mappingfile import BETWEEN, EVERY_OTHER, Mapping, MappingError, Source
from putright.mapping.rowerrors import CASE, RowErrors
from putright.text.english import counted

#: Cells that the file's own reader could not read.
_CELLS = {CASE: pl.UInt32, ROW: pl.UInt32, "value": pl.String, "message": pl.String}


class SourceRows:
    """The rows of one table, with what their mapping says of their columns."""

    def __init__(self, mapping: Mapping, table: Table, *, later: bool = False) -> None:
        self.mapping = mapping
        self.table = table
        self.raw = table.frame
        self.later = later
        """Whether this is a file's second batch or a later one: a JSON key it lacks may be in the first."""
        self.read: dict[str, list[pl.Series | None]] = {}
        """The rows in which each column is read, one mask for each reading, None for all rows."""
        self._texts: dict[str, pl.Series] = {}
        self.event = " and ".join(mapping.event)
        """The name of the event's column, or the names of both."""
        self._blank = {key(word) for word in mapping.blank}
        self.columns = self._find_columns()
        self.cases = self._cases()
        self.rows = pl.DataFrame({CASE: self.cases, ROW: self.raw[ROW].cast(pl.UInt32)})
        """Each row's case and number."""
        self.errors = RowErrors(self.rows)
        self.stages = self._stages()
        self.events = self._events()

    def _find_columns(self) -> dict[str, str]:
        there: dict[str, str] = {}
        problems = []
        for name in self.raw.columns:
            if name not in (ROW, ROW_ERROR) and there.setdefault(key(name), name) != name:
                problems.append(f"the file has two columns that differ in blanks only: {name!r}; rename one")
        for place, name in self.mapping.columns():
            if key(name) not in there and self.later:
                self.raw = self.raw.with_columns(pl.lit(None, pl.String).alias(key(name)))
                there[key(name)] = key(name)
            elif key(name) not in there:
                problems.append(f"{self.mapping.place(place)}the file has no column {name!r}{_like(name, there)}")
        if problems:
            shown = ", ".join(there.values())
            lines = [*dict.fromkeys(problems), f"The file's columns: {shown:.600}"]
            if not any(key(name) in there for _, name in self.mapping.columns()):
                lines.append("If the column names are lower in the file, add 'heading:' with the number of their row.")
            raise MappingError("\n".join(lines))
        return there

    def text(self, column: str) -> pl.Series:
        """A column's cells as trimmed text; null if blank, or if the mapping lists the word as blank."""
        if column == self.event and len(self.mapping.event) > 1:
            parts = pl.DataFrame({part: self.text(part) for part in self.mapping.event})
            said = parts.select(pl.concat_str(pl.all(), separator=BETWEEN, ignore_nulls=True)).to_series()
            return said.set(said == "", None)
        name = self.columns[key(column)]
        if name not in self._texts:
            cells = self.raw[name]
            if isinstance(cells.dtype, pl.Datetime):
                if self.mapping.zone == "UTC" and not cells.dtype.time_zone:
                    cells = cells.dt.replace_time_zone("UTC")
                zoned = isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone
                cells = (cells.dt.convert_time_zone("Europe/London") if zoned else cells).dt.date()
            self._texts[name] = trimmed(cells.cast(pl.String), self._blank)
        return self._texts[name]

    def _cases(self) -> pl.Series:
        """Each row's case, as the index of the case's first row; a row without a case number is a case of its own."""
        places = pl.Series(CASE, range(self.raw.height), dtype=pl.UInt32)
        if self.mapping.case is None:
            return places
        frame = pl.DataFrame({CASE: places, "key": self.text(self.mapping.case)})
        self.mark_read(self.mapping.case, None)
        first = pl.when(pl.col("key").is_null()).then(CASE).otherwise(pl.first(CASE).over("key"))
        return frame.select(first.alias(CASE)).to_series()

    def _stages(self) -> pl.Series | None:
        """Each row's stage; an unknown word rejects the case."""
        spec = self.mapping.stage
        if spec is None:
            return None
        self.mark_read(spec.column, None)
        words = {key(word): stage for word, stage in spec.words.items()}
        stages = by_value(self.text(spec.column), lambda text: words.get(key(text)), pl.UInt8)
        unknown = self.text(spec.column).is_not_null() & stages.is_null()
        self.refuse(spec.column, unknown, "no word for a stage in the mapping")
        if self.mapping.layout == "stage":
            blank = self.text(spec.column).is_null()
            self.errors.add(blank, spec.column, f"column {spec.column!r} does not say the stage")
        return stages

    def _events(self) -> pl.Series | None:
        """Each row's event, in the form used for comparing; a word that is not in the mapping rejects the case."""
        if not self.mapping.event:
            return None
        column = self.event
        for part in self.mapping.event:
            self.mark_read(part, None)
        events = by_value(self.text(column), key, pl.String)
        known = {key(word) for word in (*self.mapping.events, *self.mapping.ignore_events)}
        if EVERY_OTHER not in known:
            others = events.is_not_null() & ~events.is_in(list(known))
            self.refuse(column, others, "no word for an event in the mapping (under 'events' or 'ignore_events')")
        self.errors.add(events.is_null(), column, f"column {column!r} does not say the event")
        return events

    def refuse(self, column: str, where: pl.Series, reason: str) -> None:
        """Reject the cases of these rows for a word that is not in the mapping."""
        if where.any():
            self.errors.refuse(column, column, self.with_text(column, where), reason)

    def with_text(self, column: str, where: pl.Series) -> pl.DataFrame:
        """Case, number and text of a column, in these rows."""
        return self.rows.with_columns(text=self.text(column)).filter(where)

    def mark_read(self, column: str, where: pl.Series | None) -> None:
        """Note that a column is read in these rows, or in all."""
        self.read.setdefault(self.columns[key(column)], []).append(where)

    def unread_cells(self, column: str) -> pl.DataFrame:
        """The cells of a column that the file's own reader could not read: case, row, value, message."""
        if self.table.unread is None:
            return pl.DataFrame(schema=_CELLS)
        cells = self.table.unread.filter(pl.col("field") == column).drop("field")
        return self.rows.join(cells, on=ROW, maintain_order="left")

    def of_stage(self, where: pl.Series, stage: int | None) -> pl.Series:
        """Those of these rows that are of a stage; all if none is given."""
        return where if stage is None or self.stages is None else where & (self.stages == stage).fill_null(False)

    def is_status(self, column: str, words: list[str]) -> pl.Series:
        """The rows whose column says one of these words, in the form used for comparing."""
        return by_value(self.text(column), key, pl.String).is_in(words).fill_null(False)

    def is_event(self, *words: str) -> pl.Series:
        """The rows of these events, in a layout of events."""
        assert self.events is not None
        return self.events.is_in([key(word) for word in words]).fill_null(False)

    def where(self, source: Source, stage: int | None) -> pl.Series | None:
        """The rows in which a field's source is read; None for all."""
        masks = []
        if stage is not None and self.stages is not None:
            masks.append((self.stages == stage).fill_null(False))
        if source.event:
            masks.append(self.is_event(*source.event))
        return masks[0] & masks[-1] if masks else None

    def refuse_unknown_statuses(self) -> None:
        """Reject the cases with a word for a status that the mapping does not have."""
        for status in self.mapping.status:
            self.mark_read(status.column, None)
            known = self.is_status(status.column, [key(word) for word in status.words])
            unknown = self.text(status.column).is_not_null() & ~known
            self.refuse(status.column, unknown, "no word for a status in the mapping")

    def left_out(self) -> list[str]:
        """Columns that the mapping does not name; one with the name of a field is marked as the file's own."""
        ignored = {key(name) for name in self.mapping.ignore}
        others = [name for found, name in self.columns.items() if name not in self.read and found not in ignored]
        return [f"{name} (not in the mapping)" if name in FIELDS else name for name in others]

    def values_not_read(self) -> Iterator[str]:
        """Values in rows where no field reads their column, apart from the date of an ignored event."""
        dates = {key(name) for name in (self.mapping.date, *(status.date for status in self.mapping.status)) if name}
        for name, masks in self.read.items():
            taken = [mask for mask in masks if mask is not None]
            if len(taken) < len(masks) or key(name) in dates:
                continue
            unread = self.text(name).is_not_null()
            for mask in taken:
                unread = unread & ~mask
            if unread.any():
                first = self.raw[ROW].filter(unread)[0]
                values = f"{counted(int(unread.sum()), 'value')} in rows where no field reads it"
                yield f"column {name!r} has {values} (first: row {first})"


def _like(name: str, there: dict[str, str]) -> str:
    near = difflib.get_close_matches(key(name), there, 1)
    return f"; did you mean {there[near[0]]!r}?" if near else ""
