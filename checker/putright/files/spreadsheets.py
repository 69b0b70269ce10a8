"""Read Excel workbooks as people keep them: titles, merged headings, formulas, hidden parts, several sheets.

openpyxl opens the workbook and reads one cell at a time. Rows are streamed here, because openpyxl shows a formula
without a stored value, an error and a merged cell as if they were blank.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, iterparse

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet._reader import CELL_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser

from putright.fields import FIELDS
from putright.files.tables import (
    DEFAULTS,
    HEADING_FILLED,
    LONGEST_CELL,
    FileOptions,
    ReadError,
    Row,
    Table,
    UnreadableCells,
    cell_text,
    column_name,
    column_names,
    key,
    quoted,
    tables,
)
from putright.text import rounding
from putright.text.english import counted, plural

#: A workbook that unpacks to more, or has a large part that is compressed further, is taken for a zip bomb.
LARGEST = 2 * 1024**3
_LARGE_PART = 64 * 1024**2
_TIGHTEST = 250
#: The heading is looked for in this many rows.
_HEADING_WITHIN = 10
_TEXTS_KEPT = 100_000
#: The largest sheet that any spreadsheet program allows.
ROWS, COLUMNS = 1_048_576, 16_384
#: No spreadsheet program writes a tag this long.
_LONGEST_TAG = 4 * 1024**2
_LOCKED = "EncryptedPackage".encode("utf-16-le")


class Cell(NamedTuple):
    """A cell that is not empty: its column, its text, and why it cannot be read."""

    column: int
    text: str | None
    error: str | None


@dataclass
class _Line:
    """A row of a sheet that is not empty."""

    number: int
    cells: list[Cell]


def read(path: Path, batch: int, options: FileOptions = DEFAULTS) -> Iterator[Table]:
    """Read the first visible sheet that has data, or the one named, at most ``batch`` rows at a time."""
    _check_archive(path)
    with _Workbook(path) as book:
        sheet, notes = _choose(path, book, options.sheet)
        features = book.features(sheet)
        lines = book.lines(sheet)
        head = list(_head(lines, max(options.heading, default=_HEADING_WITHIN)))
        rows = _heading_rows(head, features.merged, options.heading)
        heading = [line for line in head if line.number in rows]
        if not heading:
            raise ReadError(f"{path} has nothing in row {rows[0]}, where the mapping says the heading is.")
        names = column_names(path, _heading(heading, features.merged), numbered=options.numbered)
        above = [line for line in head if line.number < rows[0]]
        rest = chain(head[len(above) + len(heading) :], lines)
        notes += _above_notes(above) + features.notes(sheet.title, len(names))
        unread = UnreadableCells()
        found = _rows(rest, names, _Merged(features.merged, rows[-1]), unread)
        yield from tables(names, found, batch, notes, unread)


def detect_heading(path: Path) -> tuple[int, ...]:
    """The rows that most likely name the columns; empty if the reader finds them without an option."""
    _check_archive(path)
    with _Workbook(path) as book:
        sheet, _ = _choose(path, book, None)
        merged = book.features(sheet).merged
        head = list(_head(book.lines(sheet), _HEADING_WITHIN))
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


def _width(head: list[_Line], merged: list[_Range], rows: range) -> int:
    return sum(1 for name in _heading([line for line in head if line.number in rows], merged) if name)


# --- the archive ----------------------------------------------------------------------------------


def _check_archive(path: Path) -> None:
    """Refuse a workbook that is locked or damaged, or would unpack to more than the limit."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise ReadError(f"{path} is not a readable Excel workbook: it is cut off or damaged.") from None
    if any(part.flag_bits & 1 for part in parts):
        raise ReadError(f"{path} is locked with a password: save a copy without one.")
    whole = sum(part.file_size for part in parts)
    if whole > LARGEST:
        raise ReadError(
            f"{path} would unpack to {rounding.ratio(whole, 1024**3, 1):,} GiB, more than a workbook may "
            f"({LARGEST // 1024**3} GiB)."
        )
    for part in parts:
        if part.file_size > _LARGE_PART and part.file_size > _TIGHTEST * max(part.compress_size, 1):
            raise ReadError(f"{path} would unpack to far more than any workbook of its size: it was not opened.")
    if "[Content_Types].xml" not in {part.filename for part in parts}:
        raise ReadError(f"{path} is a zip archive, not an Excel workbook.")


def _damaged(path: Path) -> ReadError:
    return ReadError(
        f"{path} is not a readable Excel workbook: it is damaged, or was not written by a spreadsheet program."
    )


# --- cells and rows -------------------------------------------------------------------------------


class _Parser(WorkSheetParser):
    """openpyxl's parser for one cell, with the errors that it hides."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._columns: dict[str, int] = {}
        self._texts: dict[tuple[str | None, ...], str] = {}
        """The text of plain cells by type, style and value: dates and words repeat."""

    def cell(self, element: Element) -> Cell | None:
        """A cell; None where it is empty."""
        letters = element.get("r", "").rstrip("0123456789")
        if len(element) != 1 or element[0].tag != VALUE_TAG:
            return self._read(element)
        same = element.get("t"), element.get("s"), element[0].text
        if letters in self._columns and same in self._texts:
            self.col_counter = self._columns[letters]
            return Cell(self.col_counter, self._texts[same], None)
        found = self._read(element)
        if found and found.text and not found.error and len(self._texts) < _TEXTS_KEPT:
            self._texts[same] = found.text
            if letters:
                self._columns[letters] = found.column
        return found

    def _read(self, element: Element) -> Cell | None:
        value = element.find(VALUE_TAG)
        raw = (value.text if value is not None else None) or ""
        kind = element.get("t", "n")
        before = self.col_counter
        try:
            found: dict[str, Any] = self.parse_cell(element)
            if kind == "s" and raw.startswith("-"):
                raise IndexError
        except (ValueError, IndexError, OverflowError, TypeError):
            self.col_counter = _column(element.get("r")) or before + 1
            return Cell(self.col_counter, None, f"holds {quoted(raw)}, which cannot be read")
        content, error = found["value"], None
        if content is None:
            stored = kind == "str" and value is not None
            if element.find(FORMULA_TAG) is None or stored:
                return None
            error = "holds a formula whose value is not stored: open and save the workbook in Excel"
        elif found["data_type"] == "e":
            error = (
                f"holds the error {quoted(content)}" if kind == "e" else f"is not a date that exists ({quoted(raw)})"
            )
            content = None if kind == "e" else raw
        elif isinstance(content, str) and len(content) > LONGEST_CELL:
            error = f"holds {len(content):,} characters, too many for a cell"
            content = content[:1000] + "…"
        elif isinstance(content, dt.datetime) and content.year == 1900 and 60 <= float(raw or 0) < 61:
            error, content = "is 29 February 1900, a date that never existed", raw
        return Cell(found["column"], cell_text(content), error)


def _column(address: str | None) -> int | None:
    letters = (address or "").rstrip("0123456789")
    return column_index_from_string(letters) if letters else None


class _Workbook:
    """A workbook opened for reading; every error in it is a ReadError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb")  # openpyxl does not close it after an error
        try:
            (self._book,) = self._guarded(
                iter([self._file]),
                lambda file: openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False),
            )
        except ReadError:
            self._file.close()
            raise

    def __enter__(self) -> _Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()
        self._file.close()

    @property
    def sheets(self) -> list[Any]:
        """Its worksheets, without chart sheets."""
        return list(self._book.worksheets)

    def lines(self, sheet: Any) -> Iterator[_Line]:
        """A sheet's rows that are not empty, in order."""
        return (line for line in self._guarded(self._elements(sheet), None) if line.cells)

    def empty(self, sheet: Any) -> bool:
        """Whether a sheet is empty (one too damaged to read is not)."""
        try:
            return next(self.lines(sheet), None) is None
        except ReadError:
            return False

    def features(self, sheet: Any) -> _SheetFeatures:
        """Hidden rows and columns, formulas and merged cells of a sheet."""
        found: list[_SheetFeatures] = list(self._guarded(iter([sheet]), self._features))
        return found[0]

    def _guarded(self, source: Iterator[Any], make: Any) -> Iterator[Any]:
        """The source's items; openpyxl's warnings are silenced and its exceptions become a ReadError."""
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    piece = [make(item) if make else item for item in islice(source, 500)]
            except ReadError:
                raise
            except Exception:  # openpyxl raises any exception for a damaged file
                raise _damaged(self._path) from None
            if not piece:
                return
            yield from piece

    def _elements(self, sheet: Any) -> Iterator[_Line]:
        with self._book._archive.open(sheet._worksheet_path) as source:
            parser = _Parser(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=self._book.epoch,
                date_formats=self._book._date_formats,
                timedelta_formats=self._book._timedelta_formats,
            )
            number = 0
            for _, element in iterparse(source):
                if element.tag != ROW_TAG:
                    continue
                before, number = number, int(float(element.get("r", number + 1)))
                if number <= before:
                    raise _damaged(self._path)
                parser.row_counter, parser.col_counter = number, 0
                cells = [cell for each in element if each.tag == CELL_TAG if (cell := parser.cell(each)) is not None]
                element.clear()
                self._check_place(number, cells)
                yield _Line(number, cells)

    def _check_place(self, row: int, cells: list[Cell]) -> None:
        if row > ROWS or any(not 1 <= cell.column <= COLUMNS for cell in cells):
            raise ReadError(
                f"{self._path} is not a readable Excel workbook: it has a cell outside the {ROWS:,} rows and "
                f"{COLUMNS:,} columns of a sheet."
            )

    def _features(self, sheet: Any) -> _SheetFeatures:
        found = _SheetFeatures()
        kept = b""
        with self._book._archive.open(sheet._worksheet_path) as source:
            while chunk := source.read(1 << 20):
                if len(kept) > _LONGEST_TAG:
                    raise _damaged(self._path)
                whole, end, kept = (kept + chunk).rpartition(b">")
                found.add(whole + end)
        return found


# --- hidden parts, formulas and merged cells ------------------------------------------------------

#: None of these looks past the next "<", so no text can make them backtrack.
_HIDDEN_ROW = re.compile(rb'<(?:\w{1,20}:)?row\s[^<>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w{1,20}:)?col\s(?=[^<>]*\bhidden="(?:1|true)")[^<>]*>')
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_MERGE = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_SPAN = re.compile(rb'\b(min|max)="(\d{1,5})"')

_Range = tuple[int, int, int, int]
"""First row, last row, first column, last column."""


@dataclass
class _SheetFeatures:
    """Hidden rows and columns, formulas, merged cells of a sheet."""

    hidden_rows: int = 0
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    formulas: bool = False
    merged: list[_Range] = field(default_factory=list)

    def add(self, xml: bytes) -> None:
        """Search a piece of the sheet's XML that ends with a whole tag."""
        self.hidden_rows += sum(1 for _ in _HIDDEN_ROW.finditer(xml))
        self.formulas = self.formulas or _FORMULA.search(xml) is not None
        for match in _HIDDEN_COLUMN.finditer(xml):
            span = {key: int(number) for key, number in _SPAN.findall(match[0])}
            if len(span) == 2 and 1 <= span[b"min"] <= span[b"max"]:
                self.hidden_columns.append((span[b"min"], span[b"max"]))
        for match in _MERGE.finditer(xml):
            left, top, right, bottom = (part.decode() for part in match.groups())
            columns = column_index_from_string(left), column_index_from_string(right)
            if max(int(top), int(bottom)) <= ROWS:
                self.merged.append((int(top), int(bottom), *columns))

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


class _Merged:
    """The merged cells below the heading, row by row: their one value cannot be given to any row."""

    def __init__(self, ranges: list[_Range], heading: int) -> None:
        self._below: dict[int, list[_Range]] = {}
        for each in ranges:
            if each[0] > heading:
                self._below.setdefault(each[0], []).append(each)
        self._starts = sorted(self._below, reverse=True)
        self._open: list[_Range] = []

    def error(self, line: _Line) -> list[str]:
        """The errors of a row that has merged cells."""
        if not self._below:
            return []
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


def _place(cells: _Range) -> str:
    top, bottom, left, right = cells
    return f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"


# --- sheet, heading, rows -------------------------------------------------------------------------


def _choose(path: Path, book: _Workbook, named: str | None) -> tuple[Any, list[str]]:
    """The sheet named, or the first visible one that has data; and a note on each other that has some."""
    filled = [sheet for sheet in book.sheets if not book.empty(sheet)]
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


def _named_sheet(path: Path, filled: list[Any], named: str) -> tuple[Any, list[str]]:
    found = [sheet for sheet in filled if key(sheet.title) == key(named)]
    if not found:
        there = ", ".join(quoted(sheet.title) for sheet in filled[:20])
        raise ReadError(f"{path} has no sheet {quoted(named)} that holds anything; it has {there or 'none'}.")
    others = [sheet for sheet in filled if sheet is not found[0]]
    return found[0], [f"sheet {quoted(sheet.title)} was not read: the mapping names another" for sheet in others]


def _head(lines: Iterator[_Line], within: int) -> Iterator[_Line]:
    """The rows among which the heading is."""
    for line in lines:
        yield line
        if line.number >= within:
            return


def _heading_place(head: list[_Line]) -> int:
    """The first row with two field names or more, where all above it are narrower; else the first row."""
    for place, line in enumerate(head):
        narrower = all(len(above.cells) < len(line.cells) for above in head[:place])
        if _named(line) >= 2 and narrower and line.number <= _HEADING_WITHIN:
            return place
    return 0


def _named(line: _Line) -> int:
    """The number of our own fields that a row names."""
    return len({column_name(cell.text) for cell in line.cells} & set(FIELDS))


def _heading_rows(head: list[_Line], merged: list[_Range], given: tuple[int, ...]) -> range:
    """The rows that name the columns: those given, else one and what is merged with it."""
    if given:
        return range(min(given), max(given) + 1)
    return _merged_rows(head[_heading_place(head)].number, merged)


def _merged_rows(number: int, merged: list[_Range]) -> range:
    """A heading row with the rows joined to it by vertically merged cells."""
    crossing = [each for each in merged if each[0] <= number <= each[1] and each[0] < each[1] <= _HEADING_WITHIN]
    top = min((each[0] for each in crossing), default=number)
    return range(top, max((each[1] for each in crossing), default=number) + 1)


def _heading(rows: list[_Line], merged: list[_Range]) -> list[str | None]:
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


def _above_notes(above: list[_Line]) -> list[str]:
    notes = []
    for line in above:
        text = " ".join(cell.text for cell in line.cells if cell.text)
        notes.append(f"row {line.number} is above the heading and was not read as a case: {quoted(text)}")
    return notes


def _rows(lines: Iterator[_Line], names: list[str], merged: _Merged, unread: UnreadableCells) -> Iterator[Row]:
    """Every row below the heading, as wide as the heading; errors give the cell's address."""
    width = len(names)
    for line in lines:
        texts: list[str | None] = [None] * width
        found = merged.error(line)
        cells: list[tuple[str, str | None, str]] = []
        before = 0
        for cell in line.cells:
            inside = cell.column <= width
            if inside:
                texts[cell.column - 1] = cell.text
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
        yield line.number, texts, "; ".join(found[:10]) + more if found else None
