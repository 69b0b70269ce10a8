"""Workbooks of text for people to read: a sheet for each table, headings that stay, cells that wrap."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from putright.writing.staging import whole_file

#: Nothing in a rulebook or a record may turn into a formula, a link or a number.
_AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
#: A workbook has no time of its own.
_NO_TIME = dt.datetime(1980, 1, 1)


def write_workbook(
    sheets: Mapping[str, Sequence[Mapping[str, str]]], path: Path, widths: Mapping[str, int], other: int
) -> None:
    """Write a workbook, as ``workbook`` makes it.

    The file appears when it is whole; WriteError where it cannot be written.
    """
    with whole_file(path) as file:
        file.write(workbook(sheets, widths, other))


def workbook(sheets: Mapping[str, Sequence[Mapping[str, str]]], widths: Mapping[str, int], other: int) -> bytes:
    """Tables as sheets; ``widths`` are in characters by heading, ``other`` that of the rest.

    The same tables give the same bytes.
    """
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _AS_TEXT) as book:
        book.set_properties({"created": _NO_TIME})
        sign(book, {name: _lines(rows) for name, rows in sheets.items()})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", **HEADING})
        plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", **LINE})
        for name, rows in sheets.items():
            columns = _lines(rows)[0]
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)
            for place, column in enumerate(columns):
                sheet.set_column(place, place, widths.get(column, other), plain)
                sheet.write_string(0, place, column, bold)
                for line, row in enumerate(rows, start=1):
                    sheet.write_string(line, place, row[column], plain)
            wide = [widths.get(column, other) for column in columns]
            for line, cells in enumerate(_lines(rows)):
                sheet.set_row(line, row_height(zip(cells, wide, strict=True)))
            set_up_for_printing(sheet, wide=sum(wide) > ACROSS_A4)
    return content.getvalue()


#: How a heading and a cell are drawn: a shade, and a thin line below.
HEADING = {"bg_color": "#e8eef4", "bottom": 1}
LINE = {"bottom": 7, "bottom_color": "#7f8c99"}
#: The letters that columns may have in all on A4 at a size that can be read.
ACROSS_A4 = 200
#: The papers by their numbers in a workbook.
_A4, _A3 = 9, 8
#: The height of a row of one line, and the most that a row can have, in points.
ROW_HEIGHT, HIGHEST = 15.0, 409.0


def set_up_for_printing(sheet: Any, *, wide: bool, footer: str = "&A") -> None:
    """Landscape, as wide as the page, with the heading row and a page number on each; a wide sheet is for A3."""
    sheet.set_landscape()
    sheet.set_paper(_A3 if wide else _A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L{footer}&RPage &P of &N")


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """The height in points that shows every cell of a row whole: its texts, each with the letters of its column.

    Excel would find it out itself, and other programs show one line.
    """
    return min(HIGHEST, ROW_HEIGHT * max((_lines_in(text, width) for text, width in cells), default=1))


def _lines_in(text: str, width: float) -> int:
    """About how many lines a text has in a column."""
    return sum(1 + int(len(line) / room(width)) for line in text.split("\n"))


def room(width: float) -> float:
    """The letters that fit a line of a column. In a narrow one more is lost at the end of each line."""
    return width * (1.05 if width > 40 else 0.85)


def _lines(rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    """The cells of a sheet, line by line, its headings first."""
    columns = list(rows[0]) if rows else ["nothing found"]
    return [columns, *([row[column] for column in columns] for row in rows)]


# --- whether somebody has changed it --------------------------------------------------------------

_DIGEST = "putright"


def sign(book: Any, sheets: Mapping[str, Sequence[Sequence[object]]]) -> None:
    """Put the digest of all its text into a workbook that xlsxwriter writes, so that a change of it shows."""
    book.set_custom_property(_DIGEST, _digest(sheets))


def is_as_written(path: Path) -> bool:
    """Whether a workbook has the digest of the text that its cells hold; raises where it is none."""
    import openpyxl

    book: Any = openpyxl.load_workbook(path, read_only=True)
    try:
        signed = {each.name: each.value for each in book.custom_doc_props.props}
        sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    finally:
        book.close()
    return signed.get(_DIGEST) == _digest(sheets)


def _digest(sheets: Mapping[str, Sequence[Sequence[object]]]) -> str:
    """Of the text in every cell that has any, by where it is."""
    cells = [
        [name, line, place, str(value)]
        for name, lines in sheets.items()
        for line, row in enumerate(lines)
        for place, value in enumerate(row)
        if value not in (None, "")
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()
