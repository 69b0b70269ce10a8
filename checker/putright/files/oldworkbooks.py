"""Workbooks of other kinds: Excel's of before 2007 (.xls) and OpenDocument's (.ods), read by calamine.

Their cells come without the errors and the formulas behind them, which a note says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from putright.files.sheets import COLUMNS, ROWS, Block, Cell, Line, Sheet, SheetFeatures
from putright.files.tables import CUT, LONGEST_CELL, PIECE, ReadError, cell_text
from putright.mistakes import Mistake

#: Said of every such workbook.
UNSEEN = (
    "in a workbook of this kind an error in a cell, and a formula whose value is not stored, cannot be told from a "
    "blank: save it as .xlsx to have them checked"
)


class OldWorkbook:
    """A workbook opened for reading; every error in it is a ReadError."""

    notes = (UNSEEN,)

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._book = CalamineWorkbook.from_path(path)
        except PasswordError:
            raise ReadError(f"{path} is locked with a password: save a copy without one.") from None
        except (CalamineError, OSError, ValueError):
            raise self._damaged() from None

    def __enter__(self) -> OldWorkbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def _damaged(self) -> Mistake:
        return ReadError(
            f"{self._path} is not a readable workbook: it is damaged or locked, or was not written by a spreadsheet "
            "program."
        )

    @property
    def sheets(self) -> list[Sheet]:
        """Its worksheets, without chart sheets."""
        return [
            Sheet(each.name, "visible" if each.visible == SheetVisibleEnum.Visible else "hidden")
            for each in self._book.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet
        ]

    def blocks(self, sheet: Sheet) -> Iterator[Block]:
        """A sheet's cells that are not empty, in order, some rows at a time."""
        lines = self._lines(sheet)
        while some := list(islice(lines, PIECE)):
            yield Block.of(some)

    def _lines(self, sheet: Sheet) -> Iterator[Line]:
        for number, row in enumerate(self._sheet(sheet).to_python(skip_empty_area=False), start=1):
            if cells := [_cell(place, value) for place, value in enumerate(row, start=1) if value != ""]:
                yield Line(number, cells)

    def features(self, sheet: Sheet) -> SheetFeatures:
        """The merged cells of a sheet, as far as its kind of file tells them."""
        ranges = self._sheet(sheet).merged_cell_ranges or []
        return SheetFeatures(
            merged=[(top + 1, bottom + 1, left + 1, right + 1) for (top, left), (bottom, right) in ranges]
        )

    def _sheet(self, sheet: Sheet) -> Any:
        try:
            found = self._book.get_sheet_by_name(sheet.title)
        except (CalamineError, ValueError):
            raise self._damaged() from None
        if found.total_height > ROWS or found.total_width > COLUMNS:
            raise ReadError(
                f"{self._path} is not a readable workbook: it has a cell outside the {ROWS:,} rows and "
                f"{COLUMNS:,} columns of a sheet."
            )
        return found


def _cell(place: int, value: object) -> Cell:
    """A cell's text; a length of time is not a date, and is text."""
    text = str(value) if isinstance(value, dt.timedelta) else cell_text(value)
    if text is not None and len(text) > LONGEST_CELL:
        return Cell(place, text[:CUT] + "…", f"holds {len(text):,} characters, too many for a cell")
    return Cell(place, text, None)
