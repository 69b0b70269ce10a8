"""The parts of a sheet, whatever kind of workbook it is in: cells, rows, hidden parts, formulas and merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import polars as pl
from openpyxl.utils import column_index_from_string, get_column_letter

from putright.files.tables import quoted
from putright.text.english import counted, plural

#: The largest sheet that any spreadsheet program allows.
ROWS, COLUMNS = 1_048_576, 16_384


class Cell(NamedTuple):
    """A cell that is not empty: its column, its text, and why it cannot be read."""

    column: int
    text: str | None
    error: str | None


@dataclass
class Line:
    """A row of a sheet that is not empty."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Block:
    """Rows of a sheet, one after another, as their cells that are not empty, in the order of the file."""

    rows: np.ndarray
    """The number of each cell's row."""
    columns: np.ndarray
    """The number of each cell's column."""
    texts: pl.Series
    """The text of each cell; null where there is none."""
    errors: dict[int, str]
    """Why a cell cannot be read, by its place in the block."""

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Block:
        """The same as lines."""
        cells = [cell for line in lines for cell in line.cells]
        return cls(
            np.repeat([line.number for line in lines], [len(line.cells) for line in lines]),
            np.array([cell.column for cell in cells], dtype=np.int64),
            pl.Series([cell.text for cell in cells], dtype=pl.String),
            {place: cell.error for place, cell in enumerate(cells) if cell.error is not None},
        )

    def below(self, row: int) -> Block:
        """The rows below one."""
        start = int(np.searchsorted(self.rows, row, side="right"))
        errors = {place - start: error for place, error in self.errors.items() if place >= start}
        return Block(self.rows[start:], self.columns[start:], self.texts[start:], errors)

    def line(self, row: int) -> Line:
        """One of the rows, cell by cell."""
        start, end = (int(np.searchsorted(self.rows, row, side=side)) for side in _SIDES)
        places = range(start, end)
        return Line(row, [Cell(int(self.columns[n]), self.texts[n], self.errors.get(n)) for n in places])

    def lines(self) -> Iterator[Line]:
        """The rows, cell by cell."""
        return (self.line(int(row)) for row in np.unique(self.rows))


_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook."""

    title: str
    """Its name."""
    sheet_state: str
    """``visible``, or how it is hidden."""
    part: str = ""
    """The part of an Excel workbook's archive that it is."""


# --- hidden parts, formulas and merged cells ------------------------------------------------------

#: None of these looks past the next "<", so no text can make them backtrack.
_HIDDEN_ROW = re.compile(rb'<(?:\w{1,20}:)?row\s[^<>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w{1,20}:)?col\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*>')
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_MERGE = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_SPAN = re.compile(rb'\b(min|max)="(\d{1,5})"')

Range = tuple[int, int, int, int]
"""First row, last row, first column, last column."""


@dataclass
class SheetFeatures:
    """Hidden rows and columns, formulas, merged cells of a sheet."""

    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    formulas: bool = False
    merged: list[Range] = field(default_factory=list)

    def add(self, xml: bytes) -> None:
        """Search a piece of the sheet's XML that ends with a whole tag."""
        if b'hidden="' in xml:
            self._add_hidden(xml)
        if not self.formulas and (b"<f" in xml or b":f" in xml):
            self.formulas = _FORMULA.search(xml) is not None
        for match in _MERGE.finditer(xml) if b"mergeCell" in xml else ():
            left, top, right, bottom = (part.decode() for part in match.groups())
            columns = column_index_from_string(left), column_index_from_string(right)
            if max(int(top), int(bottom)) <= ROWS:
                self.merged.append((int(top), int(bottom), *columns))

    def _add_hidden(self, xml: bytes) -> None:
        self.hidden_rows += sum(1 for _ in _HIDDEN_ROW.finditer(xml))
        for match in _HIDDEN_COLUMN.finditer(xml):
            span = {key: int(number) for key, number in _SPAN.findall(match[0])}
            if len(span) == 2 and 1 <= span[b"min"] <= span[b"max"]:
                self.hidden_columns.append((span[b"min"], span[b"max"]))

    def notes(self, title: str, width: int) -> list[str]:
        """Notes for the person who uses the file."""
        notes = []
        letters = [get_column_letter(n) for low, high in self.hidden_columns for n in range(low, min(high, width) + 1)]
        if self.hidden_rows:
            notes.append(
                f"{counted(self.hidden_rows, 'hidden row was', 'hidden rows were')} read like any other "
                f"(sheet {quoted(title)})"
            )
        if letters:
            columns = plural(len(letters), "column was", "columns were")
            notes.append(f"hidden {columns} read like any other (sheet {quoted(title)}): {', '.join(letters[:20])}")
        if self.formulas:
            notes.append(f"sheet {quoted(title)} holds formulas: the values that were stored with them were read")
        return notes
