"""Files as people save them: Windows-1252, tabs, groups of columns, columns of one name, blank rows, totals, UTC."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from casefiles import run
from putright.files.detection import detect_options
from putright.files.readers import read_table
from putright.files.tables import DEFAULTS, ROW, ROW_ERROR, FileOptions, ReadError, column_names, grouped
from putright.mapping import dateformats
from putright.mapping.mappingfile import MappingError
from putright.mapping.reading import read_mapping

EXPORTS = Path(__file__).parent / "exports"
NUMBERED = FileOptions(numbered=True)


def csv_file(tmp_path: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def rows_of(path: Path, options: FileOptions = DEFAULTS) -> list[tuple[int, str]]:
    """Each row's number and its filled cells."""
    frame = read_table(path, options).frame
    names = [name for name in frame.columns if name not in (ROW, ROW_ERROR)]
    return [(row, " ".join(filter(None, cells))) for row, *cells in frame.select(ROW, *names).iter_rows()]


# --- encodings ------------------------------------------------------------------------------------

#: What a cell holds, in bytes, and what is said of the file; None where the bytes are an error of their row.
ENCODED = [
    (b"plain", ""),
    ("£50".encode(), ""),
    (b"\xa350", "read as Windows-1252: it holds £ (1)"),
    (b"Mrs O\x92Brien \x96 caf\xe9", "read as Windows-1252: it holds"),
    (b"\xff\xfe", None),
    (b"\x81", None),
    ("£50".encode() + b" \xa350", None),
]


@pytest.mark.parametrize(("cell", "said"), ENCODED)
def test_windows_1252_is_read_and_said(cell: bytes, said: str | None, tmp_path: Path) -> None:
    path = csv_file(tmp_path, b"reference,service\nA," + cell + b"\nB,x\n")
    table = read_table(path)
    unread = 0 if table.unread is None else table.unread.height
    assert (unread, table.frame.height) == (said is None, 2)
    assert said in " ".join(table.notes) if said else table.notes == []
    if said:
        assert table.frame["service"][0] == cell.decode("cp1252")


def test_a_file_in_windows_1252_is_audited_without_a_mapping(tmp_path: Path) -> None:
    path = csv_file(tmp_path, b"reference,received,service\nA,2026-04-02,Caf\xe9s\n")
    shown = run("audit", path, "--as-at", "2026-04-30").out
    assert "1 row read = 1 audited" in shown and "was read as Windows-1252: it holds é (1)" in " ".join(shown.split())


# --- tabs -----------------------------------------------------------------------------------------


def test_a_file_with_tabs_may_have_commas_in_its_heading(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "reference\treceived\tname, title\nA\t2026-04-02\tx, y\n", "a.tsv")
    assert read_table(path).frame.row(0, named=True)["name, title"] == "x, y"
    assert rows_of(path) == [(2, "A 2026-04-02 x, y")]


# --- workbooks ------------------------------------------------------------------------------------


def quarters(tmp_path: Path) -> Path:
    """A sheet for each quarter, with a title above, a row that is wrong and a total; lookups; a hidden copy."""
    path = tmp_path / "quarters.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for title, month in (("Q1", "04"), ("Q2", "07"), ("Lookups", ""), ("Old", "01")):
            sheet = book.add_worksheet(title)
            sheet.write(0, 0, f"Complaints {title}")
            sheet.write_row(1, 0, ["Ref No", "Date received", "Outcome"] if month else ["Outcome", "Meaning"])
            sheet.write_row(2, 0, [f"{title}-1", f"13/{month}/2026", "Upheld"])
            sheet.write_row(3, 0, [f"{title}-2", "soon", "Upheld"])
            sheet.write_row(4, 0, ["Total", 2])
        sheet.hide()
    return path


def test_sheets_of_one_shape_are_read_as_one_and_named(tmp_path: Path) -> None:
    path, mapping, rejected = quarters(tmp_path), tmp_path / "m.yaml", tmp_path / "rejected.jsonl"
    made = run("map", path, "--output", mapping)
    text = mapping.read_text(encoding="utf-8")
    assert "sheets: all" in text and "# 'Q1' and 'Q2' have the same columns" in text, made.out
    audited = run("audit", path, "--mapping", mapping, "--as-at", "2026-09-30", "--rejected", rejected)
    shown = " ".join(audited.out.split())
    assert "4 rows read = 2 audited + 2 rejected" in shown
    assert "Sheet 'Lookups' was not read: its columns are not those of 'Q1'" in shown
    assert "Hidden sheet 'Old' was not read" in shown
    assert "Sheet 'Q2', row 5 is a total, not a case: 'Total 2'" in shown
    found = [json.loads(line) for line in rejected.read_text(encoding="utf-8").splitlines()]
    assert [(each["reference"], each["row"]) for each in found] == [("Q1-2", 4), ("Q2-2", 9)]
    assert found[1]["message"].startswith("sheet 'Q2', row 4: column 'date received', value 'soon': not a date")


def test_a_mapping_cannot_name_one_sheet_and_all(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text("layout: case\nsheet: Q1\nsheets: all\nfields: {reference: a, received: b}\n", encoding="utf-8")
    with pytest.raises(MappingError, match="3:1: 'sheet' names one sheet already"):
        read_mapping(path)


@pytest.mark.parametrize("name", ["36.xls", "36b.ods"])
def test_what_cannot_be_seen_in_an_old_workbook_is_said(name: str) -> None:
    assert "cannot be told from a blank" in read_table(EXPORTS / name, FileOptions(numbered=True)).notes[0]


@pytest.mark.parametrize("name", ["36.xls", "36b.ods"])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_damaged_old_workbook_is_refused_in_a_sentence(name: str, kept: float, tmp_path: Path) -> None:
    content = (EXPORTS / name).read_bytes()
    path = csv_file(tmp_path, content[: int(len(content) * kept)], name)
    with pytest.raises(ReadError, match="is not a readable workbook"):
        read_table(path)


def test_a_file_that_is_no_old_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="is not an Excel workbook: it holds"):
        read_table(csv_file(tmp_path, "a,b\n1,2\n", "a.xls"))


# --- names of columns -----------------------------------------------------------------------------

NAMES = [
    ("Ref, Date, Date", "ref, date, date (2)"),
    ("Date, Date, Date (2)", "date, date (3), date (2)"),
    ("Ref, Stage 1, Date, Outcome, Stage 2, Date, Outcome",
     "ref, stage 1, stage 1 date, stage 1 outcome, stage 2, stage 2 date, stage 2 outcome"),
    ("Ref, Stage 1, Date, Date, Notes", "ref, stage 1, stage 1 date, stage 1 date (2), notes"),
    ("Ref, Stage 1 date, Stage 1, Date, Date", "ref, stage 1 date, stage 1, stage 1 date (2), stage 1 date (3)"),
    ("Ref, , ", "ref, (column 2 without a name), (column 3 without a name)"),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "names"), NAMES)
def test_columns_of_one_name_are_told_apart(heading: str, names: str) -> None:
    cells = [cell.strip() for cell in heading.split(",")]
    assert column_names("a.csv", cells, numbered=True) == names.split(", ")


def test_columns_of_one_name_are_an_error_where_no_mapping_says_which(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "reference,received,received\nA,2026-04-02,2026-04-03\n")
    with pytest.raises(ReadError, match="two columns named 'received', column 2 and column 3"):
        read_table(path)
    assert read_table(path, NUMBERED).frame["received (2)"].to_list() == ["2026-04-03"]


GROUPED = [
    (["Case,,Stage 1,,", "Ref,Received,Ack,Reply,"], "Case Ref,Received,Stage 1 Ack,Stage 1 Reply,Stage 1"),
    (["Case,,Dates,", ",,Stage 1,", "Ref,Name,Ack,Reply"], "Case Ref,Case Name,Dates Stage 1 Ack,Dates Stage 1 Reply"),
    (["Ref,Ack"], "Ref,Ack"),
    (["Case", "Ref,Ack"], "Case Ref,Case Ack"),
]


@pytest.mark.parametrize(("rows", "names"), GROUPED)
def test_a_group_is_put_before_each_name_below_it(rows: list[str], names: str) -> None:
    assert grouped([row.split(",") for row in rows]) == names.split(",")


HEADINGS = [
    ("Ref,Date\n1,2\n", ()),
    ("Title,\nRef,Date\n", (2,)),
    ("Case,,Stage 1,\nRef,Logged,Sent,Sent\n1,2,3,4\n", (1, 2)),
    ("Log,,,\nCase,,Stage 1,\nRef,Logged,Sent,Sent\n1,2,3,4\n", (2, 3)),
    ("A,B,C,D\nx,x,x,x\n", ()),
    ("A,,C,D\n1,1,1,1\n", ()),
    ("Log,,,\nCase,,Stage 1,\nRef,Logged,Sent,Reply\n1,2,3,4\n", (3,)),
]


@pytest.mark.parametrize(("text", "heading"), HEADINGS)
def test_the_heading_of_a_csv_file_is_found(text: str, heading: tuple[int, ...], tmp_path: Path) -> None:
    assert detect_options(csv_file(tmp_path, text)).options.heading == heading


# --- rows that are not cases ----------------------------------------------------------------------

#: A row below the cases, and what it is: a blank row, a total, a footer or a case.
BELOW = [
    (",,", "blank"), (" , ,\t", "blank"), ("", "blank"),
    ("Total,2,", "total"), ("TOTAL:,2,", "total"), (",Average,9", "total"), ("Grand total,,14", "total"),
    ("Total,2026-05-15,", "case"), ("Total,15/05/2026,", "case"), ("Totally,2,", "case"),
    ("End of report,,", "footer"), ("Run on 30/09/2026,,", "footer"), ("12 records,,", "footer"),
    ("* provisional,,", "footer"), ("Source: Digital Hub,,", "footer"),
    ("Run 12,2026-05-15,", "case"), ("Report generated,x,", "case"), ("C-12,,", "case"), ("Printed matter,,", "case"),
    ("*12,,", "footer"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "kind"), BELOW)
def test_rows_that_are_not_cases(row: str, kind: str, tmp_path: Path) -> None:
    text = f"reference,received,stage1_responded\nA,2026-05-15,2026-05-20\n{row}\nB,2026-05-15,2026-05-20\n"
    table = read_table(csv_file(tmp_path, text))
    assert table.frame[ROW].to_list() == ([2, 3, 4] if kind == "case" else [2, 4])
    said = f"row 3 is a {kind}, not a case"
    assert (table.notes == []) if kind in ("blank", "case") else table.notes[0].startswith(said)


def test_a_row_with_an_error_of_its_own_is_kept(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "reference,received\nTotal,2,3\n,,x\n")
    assert read_table(path).frame[ROW].to_list() == [2, 3]


def test_many_totals_are_counted(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "reference,received\nA,2026-05-15\n" + "Total,2\n" * 8)
    table = read_table(path)
    assert (table.frame.height, len(table.notes)) == (1, 6)
    assert table.notes[5] == "3 more rows are totals or footers, not cases"


# --- times in UTC ---------------------------------------------------------------------------------

TIMES = [
    ("2026-07-13T23:00:00", "iso", "2026-07-14"),
    ("2026-07-13 22:59:59", "iso", "2026-07-13"),
    ("2026-01-13 23:00", "iso", "2026-01-13"),
    ("2026-07-13", "iso", "2026-07-13"),
    ("2026-07-13 23:00 UTC", "iso", "2026-07-14"),
    ("2026-07-13T23:00:00+01:00", "iso", "2026-07-13"),
    ("13/07/2026 23:30", "day-first", "2026-07-14"),
    ("13/07/2026 11:30 pm", "day-first", "2026-07-14"),
    ("13/07/2026 12:30 am", "day-first", "2026-07-13"),
    ("13 Jul 26 23:05", "%d %b %y %H:%M", "2026-07-14"),
    ("1st July 2026", "%d %B %Y", "2026-07-01"),
    ("12 Apr 25", "%d %b %y", "2025-04-12"),
]


@pytest.mark.parametrize(("text", "style", "day"), TIMES)
def test_a_time_in_utc_is_of_the_day_in_london(text: str, style: str, day: str) -> None:
    assert dateformats.parse(text, (style,), "UTC").isoformat() == day


@pytest.mark.parametrize(
    ("days", "zone"),
    [
        (["2026-07-13T23:00:00", "2026-07-14T23:00:00", "2026-07-15T23:00:00", "2026-01-13"], True),
        (["2026-07-13T23:00:00", "2026-07-14T23:00:00", "2026-07-15T23:00:00", "2026-07-16"], False),
        (["2026-07-13T23:00:00", "2026-07-14T23:00:00", "2026-07-15T10:00:00"], False),
        (["2026-01-13T23:00:00", "2026-01-14T23:00:00", "2026-01-15T23:00:00"], False),
    ],
)
def test_utc_is_proposed_where_midnights_are_at_23_in_summer(days: list[str], zone: bool, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Case ID,Received\n" + "".join(f"{n},{day}\n" for n, day in enumerate(days)))
    made = run("map", path, "--output", "-")
    assert ("zone: UTC  # midnights are at 23:00 in summer; asked below" in made.out) == zone
    assert ("question (zone): Are the times in UTC?" in made.err) == zone


# --- withdrawn, yes or no -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "verdicts"),
    [("", ["not_applicable", "breach"]), ("'date of withdrawn?': ignore", ["no_evidence", "breach"])],
)
def test_a_withdrawal_that_is_yes_or_no_has_the_date_of_another_column(
    answer: str, verdicts: list[str], tmp_path: Path
) -> None:
    heading = "Case Ref,Date Received,Date Acknowledged,Date Responded,Date Closed,Withdrawn?\n"
    rows = "A,13/04/2026,14/04/2026,,20/04/2026,Yes\nB,13/04/2026,14/04/2026,,,No\n"
    path, mapping, answers = csv_file(tmp_path, heading + rows), tmp_path / "m.yaml", tmp_path / "answers.yaml"
    answers.write_text(answer, encoding="utf-8")
    assert run("map", path, "--output", mapping, *(["--answers", answers] if answer else [])).code == 0
    shown = run("audit", path, "--mapping", mapping, "--as-at", "2026-09-30", "--format", "jsonl", "--all")
    assert shown.code == 0, shown.err
    found = {line["reference"]: line["verdict"] for line in shown.lines if line["rule"] == "respond-stage1"}
    assert [found["A"], found["B"]] == verdicts
