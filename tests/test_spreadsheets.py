"""Workbooks as people keep them: values, sheets, headings, merged cells, and archives that are not what they seem."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from filemaking import SHEET, TWO, patched, put, refused, row_errors, rows, workbook
from openpyxl.chart import BarChart
from putright.files import sheetxml, workbooks
from putright.files.readers import read_table
from putright.files.tables import ROW, FileOptions, ReadError, Table

# --- XLSX: values ---------------------------------------------------------------------------------

HEADING = ["reference", "received", "service"]


def cells(path: Path, *values: Any, change: Callable[[Any], None] | None = None) -> Table:
    """A workbook of one case for each value, the value in column C."""
    return read_table(workbook(path, {"Cases": [HEADING, *(["A", "2026-03-02", value] for value in values)]}, change))


@pytest.mark.parametrize(("value", "text"), [
    (dt.date(2026, 3, 2), "2026-03-02"),
    (dt.datetime(2026, 3, 2, 14, 30), "2026-03-02T14:30:00"),
    (dt.datetime(2026, 3, 2), "2026-03-02"),
    (dt.time(14, 30), "14:30:00"),
    (dt.timedelta(hours=26), "1 day, 2:00:00"),
    (123.0, "123"), (123, "123"), (1.5, "1.5"), (46083, "46083"), (10**20, str(10**20)),
    (True, "true"), (False, "false"),
    ("00123", "00123"), (" x ", " x "), ("a\nb", "a\nb"), ("=1+1 no formula", None),
    ("x" * 30_000, "x" * 30_000),
])  # fmt: skip
def test_values_of_a_workbook(tmp_path: Path, value: Any, text: str | None) -> None:
    table = cells(tmp_path / "cases.xlsx", value)
    assert table.frame["service"].to_list() == [text]
    assert bool(row_errors(table)) == (text is None)


def test_dates_of_the_1904_system(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, ["A"])
        sheet.write_datetime(1, 1, dt.datetime(2026, 3, 2), book.add_format({"num_format": "dd/mm/yyyy"}))
    assert read_table(path).frame["received"].to_list() == ["2026-03-02"]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!"])
def test_an_error_rejects_its_row(tmp_path: Path, error: str) -> None:
    table = cells(tmp_path / "cases.xlsx", error, "x")
    assert row_errors(table) == {2: f"cell C2 holds the error '{error}'"}
    assert table.frame["reference"].to_list() == ["A", "A"]


def test_a_formula_without_a_stored_value_rejects_its_row(tmp_path: Path) -> None:
    table = cells(tmp_path / "cases.xlsx", '=A2&"x"', "x")
    assert row_errors(table) == {
        2: "cell C2 holds a formula whose value is not stored: open and save the workbook in Excel"
    }
    assert table.notes == ["sheet 'Cases' holds formulas: the values that were stored with them were read"]


def test_stored_values_of_formulas_are_read(tmp_path: Path) -> None:
    path = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Cases")
        sheet.write_row(0, 0, HEADING)
        for row, (value, stored) in enumerate([("=1+1", 2), ('="a"&"b"', "ab"), ("=1/0", "#DIV/0!")], start=1):
            sheet.write(row, 0, f"A{row}")
            sheet.write_formula(row, 2, value, None, stored)
    table = read_table(path)
    assert table.frame["service"].to_list() == ["2", "ab", None]
    assert row_errors(table) == {4: "cell C4 holds the error '#DIV/0!'"}
    assert len(table.notes) == 1


def test_a_formula_whose_stored_value_is_not_text_is_blank(tmp_path: Path) -> None:
    """And a row of such formulas, filled down beyond the cases, is no row."""
    blank = b't="str"><f>IF(1,"","")</f><v></v></c>'

    def fill(xml: bytes) -> bytes:
        xml = re.sub(rb'(<c r="C2" )t="s"><v>\d+</v></c>', lambda match: match[1] + blank, xml)
        return xml.replace(b"</sheetData>", b'<row r="4"><c r="A4" ' + blank + b"</row></sheetData>")

    table = read_table(patched(tmp_path / "cases.xlsx", SHEET, fill))
    assert rows(table) == [(2, "A", "2026-03-02", None), (3, "B", "2026-03-03", "y")] and not row_errors(table)


@pytest.mark.parametrize(("serial", "says"), [
    (99_999_999, "is not a date that exists ('99999999')"),
    (-5_000_000, "is not a date that exists ('-5000000')"),
    (60, "is 29 February 1900, a date that never existed"),
])  # fmt: skip
def test_a_date_that_is_not_a_day_rejects_its_row(tmp_path: Path, serial: int, says: str) -> None:
    def as_date(book: Any) -> None:
        book["Cases"]["C2"].number_format = "dd/mm/yyyy"

    table = cells(tmp_path / "cases.xlsx", serial, change=as_date)
    assert row_errors(table) == {2: f"cell C2 {says}"}
    assert table.frame["service"].to_list() == [str(serial)]


# --- XLSX: sheets ---------------------------------------------------------------------------------


def test_the_first_visible_sheet_with_data_is_read_and_the_others_are_noted(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book["Lists"].sheet_state = "hidden"
        book["Deep"].sheet_state = "veryHidden"
        book.create_chartsheet("Chart", 0).add_chart(BarChart())

    sheets = {"Empty": [], "Lists": [["x"]], "Cases": TWO, "2025": TWO, "Deep": [["y"]], "Blank": []}
    table = read_table(workbook(tmp_path / "cases.xlsx", sheets, hide))
    assert table.frame["reference"].to_list() == ["A", "B"]
    assert table.notes == [
        "hidden sheet 'Lists' was not read",
        "sheet '2025' was not read: only 'Cases', the first visible one with data, was",
        "hidden sheet 'Deep' was not read",
    ]


def test_a_workbook_with_nothing_to_read_is_refused(tmp_path: Path) -> None:
    assert "no sheet of it holds anything" in refused(workbook(tmp_path / "empty.xlsx", {"Cases": []}))

    def hide(book: Any) -> None:
        book["Cases"].sheet_state = "hidden"

    assert "only hidden sheets" in refused(workbook(tmp_path / "hidden.xlsx", {"Empty": [], "Cases": TWO}, hide))


def test_rows_above_the_heading_are_noted(tmp_path: Path) -> None:
    sheet = [["Complaints 2026"], [], ["", "Stage 1"], *TWO]
    table = read_table(workbook(tmp_path / "cases.xlsx", {"Cases": sheet}))
    assert rows(table) == [(5, "A", "2026-03-02", "x"), (6, "B", "2026-03-03", "y")]
    assert table.notes == [
        "row 1 is above the heading and was not read as a case: 'Complaints 2026'",
        "row 3 is above the heading and was not read as a case: 'Stage 1'",
    ]


def test_a_row_as_wide_as_the_first_is_not_a_heading(tmp_path: Path) -> None:
    """Two words of a case may be field names: a heading below others is wider than they."""
    sheet = [["Case", "Status", "Kind"], ["A", "closed", "service"]]
    table = read_table(workbook(tmp_path / "cases.xlsx", {"Cases": sheet}))
    assert table.frame.columns[1:-1] == ["case", "status", "kind"] and table.frame.height == 1


def test_heading_cells_merged_over_two_rows(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        for place in ("A1:A2", "B1:B2", "C1:D1"):
            book["Cases"].merge_cells(place)

    sheet = [
        ["reference", "received", "Stage 1", ""],
        ["", "", "stage1_acknowledged", "stage1_responded"],
        ["A", "2026-03-02", "2026-03-04", "2026-03-20"],
    ]
    table = read_table(workbook(tmp_path / "cases.xlsx", {"Cases": sheet}, merge))
    assert table.frame.columns[1:-1] == ["reference", "received", "stage1_acknowledged", "stage1_responded"]
    assert rows(table) == [(3, "A", "2026-03-02", "2026-03-04", "2026-03-20")]
    assert not table.notes and not row_errors(table)


def test_a_heading_of_two_rows_whose_groups_tell_its_names_apart(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        for place in ("A1:F1", "C3:D3", "E3:F3"):
            book["Cases"].merge_cells(place)

    sheet = [
        ["Complaints of the quarter"],
        ["Run on 30 June"],
        ["", "", "Stage 1", "", "Stage 2", ""],
        ["Ref", "Team", "Ack", "Reply", "Ack", "Reply"],
        ["A", "x", "1", "2", "3", "4"],
    ]
    path = workbook(tmp_path / "cases.xlsx", {"Old": [["Ref"], ["B"]], "Cases": sheet}, merge)
    table = read_table(path, FileOptions(sheet="cases", heading=(3, 4)))
    assert table.frame.columns[1:-1] == ["ref", "team", "stage 1 ack", "stage 1 reply", "stage 2 ack", "stage 2 reply"]
    assert rows(table) == [(5, "A", "x", "1", "2", "3", "4")] and not row_errors(table)
    assert table.notes[0] == "sheet 'Old' was not read: the mapping names another" and len(table.notes) == 3
    with pytest.raises(ReadError, match="two columns named 'ack'"):
        read_table(path, FileOptions("Cases", (4,)))


def test_merged_cells_among_the_cases_reject_their_rows(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        for place in ("B2:B3", "A6:B6", "C8:C9", "A11:A12"):
            book["Cases"].merge_cells(place)

    sheet = [HEADING, *(["A", "2026-03-02", "x"] for _ in range(6)), ["A", "2026-03-02", ""], ["A"], ["A"], ["A"]]
    table = read_table(workbook(tmp_path / "cases.xlsx", {"Cases": sheet}, merge))
    assert row_errors(table) == {
        3: "cells B2:B3 are merged, so we cannot know what they hold in this row",
        6: "cells A6:B6 are merged, so we cannot know what they hold in this row",
    }
    assert table.frame[ROW].to_list() == list(range(2, 12))


def test_duplicate_names_are_refused_with_both_places(tmp_path: Path) -> None:
    path = workbook(tmp_path / "cases.xlsx", {"Cases": [["reference", "service", "Service"], ["A"]]})
    assert "two columns named 'service', column 2 and column 3" in refused(path)


def test_cells_outside_the_headed_columns_reject_their_row(tmp_path: Path) -> None:
    sheet = [*TWO, ["C", "2026-03-02", "z", "", "ring back"]]
    table = read_table(workbook(tmp_path / "cases.xlsx", {"Cases": sheet}))
    assert row_errors(table) == {4: "cell E4 is outside the columns that have a heading"}


def test_hidden_rows_and_columns_are_read_and_noted(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book["Cases"].row_dimensions[2].hidden = True
        book["Cases"].column_dimensions["C"].hidden = True
        book["Cases"].column_dimensions["Z"].hidden = True

    table = read_table(workbook(tmp_path / "cases.xlsx", {"Cases": TWO}, hide))
    assert rows(table) == [(2, "A", "2026-03-02", "x"), (3, "B", "2026-03-03", "y")]
    assert table.notes == [
        "1 hidden row was read like any other (sheet 'Cases')",
        "hidden column was read like any other (sheet 'Cases'): C",
    ]


def test_formatted_cells_and_empty_rows_are_not_rows(tmp_path: Path) -> None:
    def colour(book: Any) -> None:
        for row in range(4, 200):
            book["Cases"].cell(row, 5).number_format = "dd/mm/yyyy"
        book["Cases"].cell(201, 1).value = "C"

    table = read_table(workbook(tmp_path / "cases.xlsx", {"Cases": TWO}, colour))
    assert table.frame[ROW].to_list() == [2, 3, 201] and not row_errors(table)


# --- XLSX: many cells at a time -------------------------------------------------------------------

ANYTHING: list[Any] = [
    "x & <y>", "Ärger\nline", " pad ", "_x000D_ x", 0, -5, 46083, 0.1 + 0.2, 1.5, 123.0, 1e-7, 1e20, -0.00012, True,
    dt.date(2026, 3, 2), dt.datetime(2026, 3, 2, 14, 30, 15), dt.time(9, 30), dt.timedelta(hours=26), "=1+1", "#N/A",
]  # fmt: skip


def written_plainly(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Cases")
        date = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, HEADING)
        for row, value in enumerate(ANYTHING, start=1):
            sheet.write(row, 0, f"A{row}")
            sheet.write(row, 2, value, date if isinstance(value, dt.date | dt.time | dt.timedelta) else None)
        sheet.write_rich_string(30, 1, "one ", bold, "two", " three")
        sheet.write_formula(31, 1, "=A2", None, "stored")
        sheet.write_formula(32, 1, "=NA()", None, "#N/A")


def written_with_texts_in_cells(path: Path) -> None:
    workbook(path, {"Cases": [HEADING, *([f"A{row}", None, value] for row, value in enumerate(ANYTHING))]})


@pytest.mark.parametrize("write", [written_plainly, written_with_texts_in_cells])
def test_cells_read_at_once_are_those_that_an_xml_parser_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], None]
) -> None:
    write(tmp_path / "cases.xlsx")
    at_once = read_table(tmp_path / "cases.xlsx")
    assert at_once.frame.height >= len(ANYTHING) - 1
    monkeypatch.setattr(sheetxml.Plainness, "found", lambda *_: False)
    parsed = read_table(tmp_path / "cases.xlsx")
    assert parsed.frame.equals(at_once.frame) and parsed.notes == at_once.notes
    assert parsed.unread is not None and at_once.unread is not None and parsed.unread.equals(at_once.unread)


@pytest.mark.parametrize("change", [
    lambda xml: xml.replace(b"<sheetData>", b"<!-- <row r='9'><c r='A9'/></row> --><sheetData>"),
    lambda xml: re.sub(rb"(</?)(?=[a-zA-Z])", rb"\1x:", xml).replace(b" xmlns=", b" xmlns:x="),
    lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml),
    lambda xml: re.sub(rb'(<row r="3"[^>]*>.*?)(<c [^>]*>)', rb'\1<!-- note -->\2', xml),
    lambda xml: xml.replace(b'<c r="B2" t="s">', b'<c t="s" r="B2">'),
    lambda xml: xml.replace(b"><", b">\n  <"),
    lambda xml: xml.replace(b' spans="1:3"', b' x="y" spans="1:3"'),
    lambda xml: xml.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
], ids=["a comment", "a prefix", "no addresses", "a comment in a row", "another order", "on lines", "more attributes",
        "UTF-16"])  # fmt: skip
def test_sheets_that_are_written_in_another_way(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    table = read_table(patched(tmp_path / "cases.xlsx", SHEET, change))
    assert rows(table) == [(2, "A", "2026-03-02", "x"), (3, "B", "2026-03-03", "y")] and not row_errors(table)


def test_a_sheet_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    doctype = b'<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet'
    assert "damaged" in refused(patched(tmp_path / "a.xlsx", SHEET, lambda xml: xml.replace(b"<worksheet", doctype)))


def test_a_row_longer_than_any_other_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetxml, "_LONGEST", 1_000)
    path = patched(tmp_path / "a.xlsx", SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>" + b"0" * 70_000 + b"</v>"))
    assert "damaged" in refused(path)


# --- XLSX: archives -------------------------------------------------------------------------------


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = patched(tmp_path / "cases.xlsx", SHEET, lambda xml: xml + b" " * 70_000_000)
    assert "unpack to far more" in refused(path)
    monkeypatch.setattr(workbooks, "LARGEST", 50_000_000)
    assert "more than a workbook may" in refused(path)


def test_a_part_longer_than_it_says_is_refused(tmp_path: Path) -> None:
    path = patched(tmp_path / "cases.xlsx", SHEET, lambda xml: xml)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    put(path, content.replace(size.to_bytes(4, "little"), (size - 100).to_bytes(4, "little")))
    assert "damaged" in refused(path)


def test_a_locked_part_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "cases.xlsx", {"Cases": TWO})
    content = bytearray(path.read_bytes())
    for match in re.finditer(b"PK\x01\x02", bytes(content)):
        content[match.start() + 8] |= 1
    assert "locked with a password" in refused(put(path, bytes(content)))


BOMB = (
    b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


@pytest.mark.parametrize(("part", "change"), [
    (SHEET, lambda xml: xml[: len(xml) // 2]),
    (SHEET, lambda xml: b"nonsense"),
    (SHEET, lambda xml: xml.replace(b'r="3"', b'r="2"')),
    (SHEET, lambda xml: xml.replace(b'r="3"', b'r="three"')),
    (SHEET, lambda xml: BOMB + xml.replace(b"<v>0</v>", b"<v>&j;</v>")),
    ("xl/workbook.xml", lambda xml: b"<workbook/>"),
    ("xl/sharedStrings.xml", lambda xml: xml[:-20]),
    ("xl/styles.xml", lambda xml: b""),
    ("[Content_Types].xml", lambda xml: b"<Types/>"),
], ids=["half a sheet", "no XML", "a row twice", "a row without number", "entities without end", "no sheets",
        "half the texts", "no styles", "no types"])  # fmt: skip
def test_a_damaged_workbook_is_refused(tmp_path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    refused(patched(tmp_path / "cases.xlsx", part, change))


@pytest.mark.parametrize(("old", "new", "says"), [
    (b'<c r="B2" t="s"><v>', b'<c r="B2" t="s"><v>99999', "cell B2 holds '99999"),
    (b'<c r="B2" t="s"><v>', b'<c r="B2" t="s"><v>-', "cell B2 holds '-"),
    (b'<c r="B2" t="s"><v>', b'<c r="B2"><v>x', "cell B2 holds 'x"),
    (b'<c r="B2"', b'<c r="A2"', "cell A2 appears twice"),
], ids=["no such text", "a text from the end", "no number", "a cell twice"])  # fmt: skip
def test_a_damaged_cell_rejects_its_row(tmp_path: Path, old: bytes, new: bytes, says: str) -> None:
    table = read_table(patched(tmp_path / "cases.xlsx", SHEET, lambda xml: xml.replace(old, new)))
    assert table.frame[ROW].to_list() == [2, 3]
    assert list(row_errors(table)) == [2] and row_errors(table)[2].startswith(says)
