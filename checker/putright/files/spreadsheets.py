"""Read workbooks as people keep them: titles, merged headings, several sheets of one shape, rows below the heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from openpyxl.utils import get_column_letter

from putright.fields import FIELDS
from putright.files.sheets import Block, Line, Range, Sheet
from putright.files.tables import (
    DEFAULTS,
    HEADING_FILLED,
    ROW,
    ROW_ERROR,
    FileOptions,
    ReadError,
    Table,
    UnreadableCells,
    column_name,
    column_names,
    in_batches,
    key,
    quoted,
    rows_frame,
)
from putright.files.workbooks import Workbook, check_archive

if TYPE_CHECKING:
    from putright.files.oldworkbooks import OldWorkbook

#: The heading is looked for in this many rows.
_HEADING_WITHIN = 10


def read(path: Path, batch: int, options: FileOptions = DEFAULTS) -> Iterator[Table]:
    """Read the first visible sheet that has data, the one named, or all of one shape; ``batch`` rows at a time."""
    with open_workbook(path) as book:
        if not options.every_sheet:
            sheet, notes = _choose(path, book, options.sheet)
            yield from _sheet_tables(path, book, sheet, batch, options, [*book.notes, *notes])
            return
        same, notes = _of_one_shape(path, book, options)
        before = 0
        for sheet in same:
            last = 0
            for table in _sheet_tables(path, book, sheet, batch, options, [*book.notes, *notes] if not before else []):
                last = int(table.frame[ROW][-1]) if table.frame.height else last
                yield _shifted(table, before, sheet.title)
            before += last


def open_workbook(path: Path) -> Workbook | OldWorkbook:
    """The workbook of a file, by its ending. Raises a ReadError if it cannot be read."""
    if path.name.lower().endswith((".xls", ".ods")):
        from putright.files.oldworkbooks import OldWorkbook  # imported only when needed: browsers do not have it

        if path.name.lower().endswith(".ods"):
            check_archive(path, "content.xml")
        return OldWorkbook(path)
    check_archive(path, "[Content_Types].xml")
    return Workbook(path)


def _sheet_tables(
    path: Path, book: Workbook | OldWorkbook, sheet: Sheet, batch: int, options: FileOptions, notes: list[str]
) -> Iterator[Table]:
    """The rows of one sheet."""
    features = book.features(sheet)
    head = list(_head(book, sheet, max(options.heading, default=_HEADING_WITHIN)))
    rows = _heading_rows(head, features.merged, options.heading)
    heading = [line for line in head if line.number in rows]
    if not heading:
        raise ReadError(f"{path} has nothing in row {rows[0]}, where the mapping says the heading is.")
    names = column_names(path, _heading(heading, features.merged), numbered=options.numbered)
    above = [line for line in head if line.number < rows[0]]
    notes = [*notes, *_above_notes(above), *features.notes(sheet.title, len(names))]
    unread = UnreadableCells()
    merged = _Merged(features.merged, rows[-1])
    found = (_frame(block.below(rows[-1]), names, merged, unread) for block in book.blocks(sheet))
    none = True
    for frame in in_batches(found, batch):
        yield Table(frame, day_first=True, notes=notes if none else [], unread=unread.within(frame))
        none = False
    if none:
        yield Table(rows_frame(names, []), day_first=True, notes=notes)


def _shifted(table: Table, before: int, title: str) -> Table:
    """A sheet's table with its rows numbered on from those of the sheets before it."""
    frame = table.frame.with_columns((pl.col(ROW) + before).cast(pl.UInt32))
    unread = table.unread
    if unread is not None:
        unread = unread.with_columns((pl.col(ROW) + before).cast(pl.UInt32))
    return replace(table, frame=frame, unread=unread, sheets={before: title})


def _of_one_shape(path: Path, book: Workbook | OldWorkbook, options: FileOptions) -> tuple[list[Sheet], list[str]]:
    """The visible sheets whose columns are those of the first, and a note on each other that has data."""
    first, _ = _choose(path, book, None)
    shape = _names(book, first, options.heading)
    same, notes = [], []
    for sheet in book.sheets:
        if _empty(book, sheet):
            continue
        if sheet.sheet_state != "visible":
            notes.append(f"hidden sheet {quoted(sheet.title)} was not read")
        elif _names(book, sheet, options.heading) != shape:
            notes.append(
                f"sheet {quoted(sheet.title)} was not read: its columns are not those of {quoted(first.title)}"
            )
        else:
            same.append(sheet)
    return same, notes


def _names(book: Workbook | OldWorkbook, sheet: Sheet, given: tuple[int, ...]) -> list[str]:
    """The names of a sheet's columns."""
    merged = book.features(sheet).merged
    head = list(_head(book, sheet, max(given, default=_HEADING_WITHIN)))
    rows = _heading_rows(head, merged, given)
    return [column_name(cell) for cell in _heading([line for line in head if line.number in rows], merged)]


def same_shape(path: Path, heading: tuple[int, ...]) -> list[str]:
    """The names of the visible sheets with the columns of the first that has data, itself included."""
    with open_workbook(path) as book:
        return [sheet.title for sheet in _of_one_shape(path, book, FileOptions(heading=heading))[0]]


def detect_heading(path: Path) -> tuple[int, ...]:
    """The rows that most likely name the columns; empty if the reader finds them without an option."""
    with open_workbook(path) as book:
        sheet, _ = _choose(path, book, None)
        merged = book.features(sheet).merged
        head = list(_head(book, sheet, _HEADING_WITHIN))
    found = tuple(_heading_rows(head, merged, ()))
    if _named(head[_heading_place(head)]) >= 2:
        return ()
    widths = {line.number: _width(head, merged, _merged_rows(line.number, merged)) for line in head}
    number = next(number for number, width in widths.items() if width >= max(widths.values()) * HEADING_FILLED)
    rows = _merged_rows(number, merged)
    groups = [each for each in merged if each[0] == each[1] == rows[0] - 1 and each[2] < each[3]]
    above = [line for line in head if line.number == rows[0] - 1 and groups and len(line.cells) > 1]
    likely = (*(line.number for line in above), *rows)
    return () if likely == found else likely


def _width(head: list[Line], merged: list[Range], rows: range) -> int:
    return sum(1 for name in _heading([line for line in head if line.number in rows], merged) if name)


class _Merged:
    """The merged cells below the heading, row by row: their one value cannot be given to any row."""

    def __init__(self, ranges: list[Range], heading: int) -> None:
        self._below: dict[int, list[Range]] = {}
        for each in ranges:
            if each[0] > heading:
                self._below.setdefault(each[0], []).append(each)
        self._spans = {(top, bottom) for each in self._below.values() for top, bottom, *_ in each}
        self._starts = sorted(self._below, reverse=True)
        self._open: list[Range] = []

    def rows(self, numbers: np.ndarray) -> np.ndarray:
        """Those of some rows that have merged cells."""
        spans = [numbers[slice(*np.searchsorted(numbers, (top, bottom + 1)))] for top, bottom in self._spans]
        return np.unique(np.concatenate([numbers[:0], *spans]))

    def error(self, line: Line) -> list[str]:
        """The errors of a row that has merged cells."""
        self._open = [each for each in self._open if each[1] >= line.number]
        found = [_place(each) for each in self._open]
        filled = {cell.column for cell in line.cells}
        while self._starts and self._starts[-1] <= line.number:
            start = self._starts.pop()
            for each in self._below[start] if start == line.number else ():
                if each[2] in filled:
                    self._open.append(each)
                    if each[3] > each[2]:
                        found.append(_place(each))
        return [f"cells {place} are merged, so we cannot know what they hold in this row" for place in found]


def _place(cells: Range) -> str:
    top, bottom, left, right = cells
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"


# --- sheet, heading, rows -------------------------------------------------------------------------


def _choose(path: Path, book: Workbook | OldWorkbook, named: str | None) -> tuple[Sheet, list[str]]:
    """The sheet named, or the first visible one that has data; and a note on each other that has some."""
    filled = [sheet for sheet in book.sheets if not _empty(book, sheet)]
    if named is not None:
        return _named_sheet(path, filled, named)
    visible = [sheet for sheet in filled if sheet.sheet_state == "visible"]
    if not filled:
        raise ReadError(f"{path} has no heading: no sheet of it holds anything.")
    if not visible:
        raise ReadError(f"{path} has nothing on a visible sheet: only hidden sheets hold anything.")
    notes = []
    for sheet in filled:
        if sheet.sheet_state != "visible":
            notes.append(f"hidden sheet {quoted(sheet.title)} was not read")
        elif sheet is not visible[0]:
            first = quoted(visible[0].title)
            notes.append(
                f"sheet {quoted(sheet.title)} was not read: only {first}, the first visible one with data, was"
            )
    return visible[0], notes


def _named_sheet(path: Path, filled: list[Sheet], named: str) -> tuple[Sheet, list[str]]:
    found = [sheet for sheet in filled if key(sheet.title) == key(named)]
    if not found:
        there = ", ".join(quoted(sheet.title) for sheet in filled[:20])
        raise ReadError(f"{path} has no sheet {quoted(named)} that holds anything; it has {there or 'none'}.")
    others = [sheet for sheet in filled if sheet is not found[0]]
    return found[0], [f"sheet {quoted(sheet.title)} was not read: the mapping names another" for sheet in others]


def _empty(book: Workbook | OldWorkbook, sheet: Sheet) -> bool:
    """Whether a sheet is empty (one too damaged to read is not)."""
    try:
        return next(book.blocks(sheet), None) is None
    except ReadError:
        return False


def _head(book: Workbook | OldWorkbook, sheet: Sheet, within: int) -> Iterator[Line]:
    """The rows among which the heading is."""
    for line in (line for block in book.blocks(sheet) for line in block.lines()):
        yield line
        if line.number >= within:
            return


def _heading_place(head: list[Line]) -> int:
    """The first row with two field names or more, where all above it are narrower; else the first row."""
    for place, line in enumerate(head):
        narrower = all(len(above.cells) < len(line.cells) for above in head[:place])
        if _named(line) >= 2 and narrower and line.number <= _HEADING_WITHIN:
            return place
    return 0


def _named(line: Line) -> int:
    """The number of our own fields that a row names."""
    return len({column_name(cell.text) for cell in line.cells} & set(FIELDS))


def _heading_rows(head: list[Line], merged: list[Range], given: tuple[int, ...]) -> range:
    """The rows that name the columns: those given, else one and what is merged with it."""
    if given:
        return range(min(given), max(given) + 1)
    return _merged_rows(head[_heading_place(head)].number, merged)


def _merged_rows(number: int, merged: list[Range]) -> range:
    """A heading row with the rows joined to it by vertically merged cells."""
    crossing = [each for each in merged if each[0] <= number <= each[1] and each[0] < each[1] <= _HEADING_WITHIN]
    top = min((each[0] for each in crossing), default=number)
    return range(top, max((each[1] for each in crossing), default=number) + 1)


def _heading(rows: list[Line], merged: list[Range]) -> list[str | None]:
    """The name of each column, from its lowest heading row.

    A cell merged over several columns names a group, which is put before each name below it: ``Stage 1 Reply``.
    Our own field names need no group.
    """
    wide = {each[0::2]: each[3] for each in merged if each[3] > each[2]}
    names: dict[int, str] = {}
    groups: dict[int, str] = {}
    for line in rows:
        for cell in line.cells:
            if not (cell.text and cell.text.strip()):
                continue
            last = wide.get((line.number, cell.column))
            if last is None or line is rows[-1]:
                names[cell.column] = cell.text
            else:
                groups |= dict.fromkeys(range(cell.column, last + 1), cell.text)
                names.setdefault(cell.column, cell.text)
    for column, group in groups.items():
        own = names.get(column)
        if own is not None and own != group and column_name(own) not in FIELDS:
            names[column] = f"{group} {own}"
    return [names.get(column) for column in range(1, max(names, default=0) + 1)]


def _above_notes(above: list[Line]) -> list[str]:
    notes = []
    for line in above:
        text = " ".join(cell.text for cell in line.cells if cell.text)
        notes.append(f"row {line.number} is above the heading and was not read as a case: {quoted(text)}")
    return notes


def _frame(block: Block, names: list[str], merged: _Merged, unread: UnreadableCells) -> pl.DataFrame:
    """The rows of a block, as wide as the heading, with their row errors."""
    width = len(names)
    numbers, rows = np.unique(block.rows, return_inverse=True)
    inside = block.columns <= width
    nothing = len(block.rows)
    places = np.full((len(numbers), width), nothing)
    places[rows[inside], block.columns[inside] - 1] = np.flatnonzero(inside)
    texts = block.texts.extend_constant(None, 1)
    frame = pl.DataFrame({ROW: numbers.astype(np.uint32)})
    frame = frame.with_columns(texts.gather(places[:, n]).alias(name) for n, name in enumerate(names))
    repeated = (np.diff(block.rows) == 0) & (np.diff(block.columns) <= 0)
    odd = {*block.rows[~inside], *block.rows[1:][repeated], *block.rows[list(block.errors)], *merged.rows(numbers)}
    errors: list[str | None] = [None] * len(numbers)
    for row in sorted(odd):
        errors[np.searchsorted(numbers, row)] = _row_error(block.line(int(row)), names, merged, unread)
    return frame.with_columns(pl.Series(ROW_ERROR, errors, dtype=pl.String))


def _row_error(line: Line, names: list[str], merged: _Merged, unread: UnreadableCells) -> str | None:
    """What is wrong with a row, with the address of each cell. Cells that alone cannot be read are added to unread."""
    found = merged.error(line)
    cells: list[tuple[str, str | None, str]] = []
    before = 0
    for cell in line.cells:
        inside = cell.column <= len(names)
        error = cell.error
        if inside and error and cell.column > before:
            cells.append((names[cell.column - 1], cell.text, error))
        elif cell.column <= before:
            error = "appears twice in the file"
        elif not inside and error is None:
            error = "is outside the columns that have a heading"
        if error:
            found.append(f"cell {get_column_letter(cell.column)}{line.number} {error}")
        before = max(before, cell.column)
    if cells and len(cells) == len(found):
        for (column, text, _), said in zip(cells, found, strict=True):
            unread.add(line.number, column, text, said)
    more = f"; and {len(found) - 10} more" if len(found) > 10 else ""
    return "; ".join(found[:10]) + more if found else None
