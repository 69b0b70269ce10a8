"""Excel workbooks of today (.xlsx, .xlsm): one cell at a time, with what openpyxl hides.

openpyxl opens the workbook and reads one cell at a time. Rows are streamed here, because openpyxl shows a formula
without a stored value, an error and a merged cell as if they were blank.
"""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, iterparse

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import CELL_TAG, FORMULA_TAG, ROW_TAG, VALUE_TAG, WorkSheetParser

from putright.files.sheets import COLUMNS, ROWS, Cell, Line, SheetFeatures
from putright.files.tables import LONGEST_CELL, ReadError, cell_text, quoted
from putright.text import rounding

#: A workbook that unpacks to more, or has a large part that is compressed further, is taken for a zip bomb.
LARGEST = 2 * 1024**3
_LARGE_PART = 64 * 1024**2
_TIGHTEST = 250
_TEXTS_KEPT = 100_000
#: No spreadsheet program writes a tag this long.
_LONGEST_TAG = 4 * 1024**2


# --- the archive ----------------------------------------------------------------------------------


def check_archive(path: Path, needed: str) -> None:
    """Refuse a workbook that is locked or damaged, lacks the part needed, or would unpack to more than the limit."""
    kind = "an Excel workbook" if needed.endswith("Types].xml") else "a workbook"
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise ReadError(f"{path} is not a readable {kind.split(' ', 1)[1]}: it is cut off or damaged.") from None
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
    if needed not in {part.filename for part in parts}:
        raise ReadError(f"{path} is a zip archive, not {kind}.")


def damaged(path: Path) -> ReadError:
    """The error of a workbook that cannot be read."""
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


class Workbook:
    """A workbook opened for reading; every error in it is a ReadError."""

    notes: tuple[str, ...] = ()

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

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()
        self._file.close()

    @property
    def sheets(self) -> list[Any]:
        """Its worksheets, without chart sheets."""
        return list(self._book.worksheets)

    def lines(self, sheet: Any) -> Iterator[Line]:
        """A sheet's rows that are not empty, in order."""
        return (line for line in self._guarded(self._elements(sheet), None) if line.cells)

    def empty(self, sheet: Any) -> bool:
        """Whether a sheet is empty (one too damaged to read is not)."""
        try:
            return next(self.lines(sheet), None) is None
        except ReadError:
            return False

    def features(self, sheet: Any) -> SheetFeatures:
        """Hidden rows and columns, formulas and merged cells of a sheet."""
        found: list[SheetFeatures] = list(self._guarded(iter([sheet]), self._features))
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
                raise damaged(self._path) from None
            if not piece:
                return
            yield from piece

    def _elements(self, sheet: Any) -> Iterator[Line]:
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
                    raise damaged(self._path)
                parser.row_counter, parser.col_counter = number, 0
                cells = [cell for each in element if each.tag == CELL_TAG if (cell := parser.cell(each)) is not None]
                element.clear()
                self._check_place(number, cells)
                yield Line(number, cells)

    def _check_place(self, row: int, cells: list[Cell]) -> None:
        if row > ROWS or any(not 1 <= cell.column <= COLUMNS for cell in cells):
            raise ReadError(
                f"{self._path} is not a readable Excel workbook: it has a cell outside the {ROWS:,} rows and "
                f"{COLUMNS:,} columns of a sheet."
            )

    def _features(self, sheet: Any) -> SheetFeatures:
        found = SheetFeatures()
        kept = b""
        with self._book._archive.open(sheet._worksheet_path) as source:
            while chunk := source.read(1 << 20):
                if len(kept) > _LONGEST_TAG:
                    raise damaged(self._path)
                whole, end, kept = (kept + chunk).rpartition(b">")
                found.add(whole + end)
        return found
