"""Rows that are put into a worksheet many at a time are as xlsxwriter writes them one by one."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from putright.writing import sheetrows
from putright.writing.sheetrows import Rows
from putright.writing.workbooks import row_height
from python_calamine import CalamineWorkbook

WIDTHS = (12.0, 62.0, 10.0, 10.0)
#: Text as records and their hostile kin have it: what XML and Excel give a meaning, and everything else.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("&<>\"' \t\n\r\x00\x0b\x1f_x0041\ufffe\uffff=+@|"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=80,
)
DAYS = st.dates(dt.date(1995, 1, 1), dt.date(2100, 1, 1))
ROW = st.tuples(st.none() | TEXTS, st.none() | TEXTS, st.none() | DAYS, st.none() | st.integers(-(10**9), 10**9))
SCHEMA = {"reference": pl.String, "message": pl.String, "due": pl.Date, "days": pl.Int64}


def _formats(book: Any) -> dict[type, Any]:
    text, date = book.add_format({"text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    return {str: text, dt.date: date, int: text}


def _opened(file: io.BytesIO, lines: int) -> tuple[Any, Any]:
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("findings")
    sheet.autofilter(0, 0, lines, len(SCHEMA) - 1)
    sheet.write_row(0, 0, list(SCHEMA))
    return book, sheet


def _at_once(frame: pl.DataFrame) -> bytes:
    empty, filled = io.BytesIO(), io.BytesIO()
    book, sheet = _opened(empty, frame.height)
    formats = _formats(book)
    for place, kind in enumerate((str, str, dt.date, int)):
        if frame.height:
            sheet.write_blank(frame.height, place, None, formats[kind])
    book.close()
    sheetrows.fill(empty, {1: Rows(frame, WIDTHS)}, filled)
    return filled.getvalue()


def _one_by_one(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    book, sheet = _opened(file, frame.height)
    formats = _formats(book)
    for line, row in enumerate(frame.iter_rows(), start=1):
        texts = ((value, width) for value, width in zip(row, WIDTHS, strict=True) if isinstance(value, str))
        sheet.set_row(line, row_height(texts))
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, place, value, formats[str])
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, place, value, formats[dt.date])
            elif value is not None:
                sheet.write_number(line, place, value, formats[int])
    book.close()
    return file.getvalue()


def _cells(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def _heights(content: bytes) -> dict[str, float]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    found = re.finditer(r'<row r="(\d+)"[^>]*?(?: ht="([\d.]+)" [^>]*)?>', sheet)
    return {each[1]: float(each[2] or 15) for each in found}


@given(st.lists(ROW, max_size=5))
@example([("=1+1", "_x0041_ \x01 \ufffe", dt.date(2026, 2, 28), 0), (None, None, None, None)])
@example([(" two\nlines ", "a word " * 60, None, -3), ("a long reference, on two lines", "", None, None)])
def test_the_cells_and_the_heights_are_xlsxwriter_s(rows: list[tuple[Any, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    made, expected = _at_once(frame), _one_by_one(frame)
    assert _cells(made) == _cells(expected)
    assert {line: height for line, height in _heights(made).items() if height != 15} == {
        line: height for line, height in _heights(expected).items() if height != 15
    }


def test_formats_are_each_column_s_and_nothing_is_a_formula() -> None:
    rows = [("=1+1", "&<>", dt.date(2026, 2, 28), 7)] * 3
    book: Any = openpyxl.load_workbook(io.BytesIO(_at_once(pl.DataFrame(rows, schema=SCHEMA, orient="row"))))
    for row in book["findings"].iter_rows(min_row=2):
        assert [cell.number_format for cell in row] == ["General", "General", "yyyy-mm-dd", "General"]
        assert [cell.data_type for cell in row] == ["s", "s", "d", "n"]
        assert [cell.alignment.wrap_text for cell in row] == [True, True, None, True]


def test_a_text_longer_than_a_cell_is_cut_and_the_file_is_the_same_again() -> None:
    frame = pl.DataFrame([("A1", "x" * 40_000, None, None)], schema=SCHEMA, orient="row")
    content = _at_once(frame)
    assert len(_cells(content)[1][1]) == 32_767
    assert content == _at_once(frame)


@pytest.mark.parametrize("height", [20_001])
def test_more_rows_than_are_made_at_once(height: int) -> None:
    frame = pl.DataFrame({"reference": [f"C{n}" for n in range(height)]}).with_columns(
        message=pl.lit("late"), due=pl.lit(dt.date(2026, 1, 5)), days=pl.int_range(height)
    )
    cells = _cells(_at_once(frame.select(*SCHEMA)))
    assert [row[0] for row in cells[1:]] == frame["reference"].to_list()
    assert [row[3] for row in cells[1:]] == list(range(height))
