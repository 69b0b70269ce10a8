"""Files as people have them: every error is one sentence or one rejected row, and no row is lost."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import os
import random
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from filemaking import CASES, HEAD, KINDS, SHEET, make, mutated, patched, put, refused, row_errors, rows, workbook
from putright.files import textfiles
from putright.files.readers import read_table, read_tables
from putright.files.tables import ROW, ROW_ERROR, FileOptions, ReadError, Table
from putright.writing import outputs

# --- the same rows in any batches -----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", [1, 2, 7, 22, 23, 24, 100_000])
def test_batches_of_any_size_hold_the_same_rows(tmp_path: Path, kind: str, batch: int) -> None:
    path = make(tmp_path / f"cases.{kind}", CASES)
    whole = read_table(path)
    tables = list(read_tables(path, batch))
    assert [table.frame.height for table in tables[:-1]] == [batch] * (len(tables) - 1)
    assert len(tables) == -(-len(CASES) // batch)
    assert pl.concat([table.frame for table in tables], how="diagonal").rows() == whole.frame.rows()
    first = 1 if kind.startswith(("jsonl", "parquet")) else 2
    assert whole.frame[ROW].to_list() == list(range(first, first + len(CASES)))
    assert whole.frame["reference"].to_list() == [case["reference"] for case in CASES]
    assert not row_errors(whole)


def test_batches_longer_than_a_piece_of_columns(tmp_path: Path) -> None:
    path = put(tmp_path / "cases.csv", "reference\n" + "".join(f"A{n}\n" for n in range(12_345)))
    assert [table.frame.height for table in read_tables(path, 6_000)] == [6_000, 6_000, 345]
    assert read_table(path).frame["reference"].to_list() == [f"A{n}" for n in range(12_345)]
    lines = put(tmp_path / "cases.jsonl", "".join(f'{{"reference": "A{n}"}}\n' for n in range(12_345)))
    assert [table.frame.height for table in read_tables(lines, 6_000)] == [6_000, 6_000, 345]


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "xlsx"])
def test_a_heading_without_rows_is_one_empty_table(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"cases.{kind}"
    if kind == "xlsx":
        workbook(path, {"Cases": [["reference", "received"]]})
    else:
        put(path, gzip.compress(HEAD.encode()) if kind.endswith("gz") else HEAD)
    (table,) = read_tables(path)
    assert table.frame.height == 0 and {ROW, "reference", "received", ROW_ERROR} <= set(table.frame.columns)


def test_parquet_without_rows_is_one_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "cases.parquet"
    pl.DataFrame({"reference": pl.Series([], dtype=pl.String)}).write_parquet(path)
    (table,) = read_tables(path)
    assert table.frame.columns == [ROW, "reference", ROW_ERROR] and table.frame.height == 0


def test_notes_come_with_the_first_batch(tmp_path: Path) -> None:
    path = workbook(tmp_path / "cases.xlsx", {"Cases": [["reference"], ["A"], ["B"]], "Other": [["x"]]})
    assert [len(table.notes) for table in read_tables(path, 1)] == [1, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_s_own_row_column_is_not_taken_for_the_row_number(tmp_path: Path, kind: str) -> None:
    cases = [{"Row": "77", "reference": "A", "Row_Error": "no"}]
    frame = read_table(make(tmp_path / f"cases.{kind}", cases)).frame
    assert frame.columns == [ROW, "row (of the file)", "reference", "row_error (of the file)", ROW_ERROR]
    assert frame.row(0)[1:] == ("77", "A", "no", None) and frame[ROW][0] in (1, 2)


# --- files that are refused -----------------------------------------------------------------------

XLSX_BYTES = b"PK\x03\x04\x14\x00\x06\x00rest of a zip archive"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

# (what it is, its name, its bytes, what the sentence says)
REFUSED: list[tuple[str, str, bytes, str]] = [
    ("empty", "a.csv", b"", "is empty"),
    ("empty", "a.jsonl", b"", "is empty"),
    ("empty", "a.xlsx", b"", "is empty"),
    ("empty", "a.parquet", b"", "is empty"),
    ("nothing packed", "a.csv.gz", gzip.compress(b""), "is empty"),
    ("blank lines", "a.jsonl", b"\n \n", "is empty"),
    ("a byte order mark alone", "a.csv", b"\xef\xbb\xbf", "no heading"),
    ("a byte order mark alone", "a.jsonl", b"\xef\xbb\xbf", "is empty"),
    ("blank heading", "a.csv", b" , \nA,2026-03-02\n", "no heading"),
    ("a PDF", "a.csv", b"%PDF-1.7\n%\xe2\xe3", "it holds a PDF"),
    ("a PDF", "a.xlsx", b"%PDF-1.7\n%\xe2\xe3", "it holds a PDF"),
    ("a workbook", "a.csv", XLSX_BYTES, "zip archive, as Excel workbooks are"),
    ("a workbook", "a.parquet", XLSX_BYTES, "zip archive, as Excel workbooks are"),
    ("Parquet", "a.csv", b"PAR1....PAR1", "it holds Parquet"),
    ("JSON Lines", "a.csv", b'{"reference": "A"}\n', "it holds JSON"),
    ("gzip", "a.csv", gzip.compress(b"reference\nA\n"), "packed by gzip"),
    ("a web page", "a.csv", b"\r\n<html><body>Sign in</body></html>", "it holds a web page"),
    ("a web page", "a.xlsx", b"<!DOCTYPE html>", "it holds a web page"),
    ("a web page", "a.xls", b"<html><table>", "it holds a web page"),
    ("a damaged old workbook", "a.xls", OLD_EXCEL, "is not a readable workbook: it is damaged or locked"),
    ("an old workbook", "a.xlsx", OLD_EXCEL, "save it in Excel as .xlsx, without a password"),
    ("CSV", "a.xlsx", b"reference\nA\n", "is not an Excel workbook"),
    ("CSV", "a.parquet", b"reference\nA\n", "is not a Parquet file"),
    ("CSV", "a.csv.gz", b"reference\nA\n", "cannot be unpacked"),
    ("CSV", "a.jsonl", b"reference\nA\n", "line 1 does not begin with"),
    ("an array", "a.jsonl", b'[{"reference": "A"}]\n', "one object on each line"),
    ("another ending", "a.docx", b"text", "use one ending in"),
    ("bytes in the heading", "a.csv", b"r\xfff\xfe,received\n", "save it as 'CSV UTF-8'"),
    ("UTF-16 without a mark", "a.csv", HEAD.encode("utf-16-le"), "binary data"),
    ("two columns of a name", "a.csv", b"reference,received,Reference \nA,,\n", "'reference', column 1 and column 3"),
    ("an open quote in the heading", "a.csv", b'reference,"received\nA,2026-03-02\n', "heading with a quote"),
    ("a heading of two separators", "a.csv", b"Case;Opened,Shut\n", "split at commas or at semicolons"),
    ("too many columns", "a.csv", ",".join(f"c{n}" for n in range(5_000)).encode(), "5,000 columns"),
    ("too many names", "a.jsonl", json.dumps({f"c{n}": 1 for n in range(5_000)}).encode(), "5,000 different names"),
    ("an archive of something else", "a.xlsx", b"", "not an Excel workbook"),
]


@pytest.mark.parametrize(
    ("name", "content", "says"), [row[1:] for row in REFUSED], ids=[f"{row[0]} as {row[1]}" for row in REFUSED]
)
def test_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    if says == "not an Excel workbook":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("letter.txt", "Dear")
    else:
        put(path, content)
    assert says in refused(path)


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    assert "is a folder" in refused(tmp_path)
    assert "does not exist" in refused(tmp_path / "none.csv")
    os.mkfifo(tmp_path / "pipe.csv")  # and nobody waits for what may never come through it
    assert "is not an ordinary file" in refused(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to("nowhere.csv")
    assert "does not exist" in refused(tmp_path / "link.csv")


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[Path]:
    """A folder of one who may do less than root may, in which the tests may run."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        yield folder
        if root:
            os.seteuid(0)
        for path in folder.iterdir():
            path.chmod(0o700)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_out_of_reach_is_a_sentence(nobody: Path, kind: str) -> None:
    path = make(nobody / f"cases.{kind}", CASES)
    path.chmod(0)
    assert refused(path) == " cannot be read: Permission denied."
    closed = nobody / "closed"
    closed.mkdir()
    closed.chmod(0)
    assert refused(closed / path.name) == " cannot be read: Permission denied."


def test_an_output_out_of_reach_is_a_sentence(nobody: Path) -> None:
    closed = nobody / "closed"
    closed.mkdir()
    closed.chmod(0)
    with pytest.raises(outputs.WriteError, match=r"out.csv cannot be written: Permission denied\.$"):
        outputs.write_json({}, closed / "out.csv")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_goes_while_it_is_read_is_read_whole_or_refused(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path / f"cases.{kind}", CASES)
    tables = read_tables(path, 5)
    height = next(tables).frame.height
    path.unlink()
    try:
        assert height + sum(table.frame.height for table in tables) == len(CASES)
    except ReadError as error:
        assert "cannot be read" in str(error)
    assert "does not exist" in refused(path)


# --- what a mapping says of a file ----------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_heading_below_titles(tmp_path: Path, end: str) -> None:
    text = end.join(["Complaints, quarter 2", "", "Ref|Note", "A|x", "B|y", ""])
    path = put(tmp_path / "cases.csv", text)
    table = read_table(path, FileOptions(heading=(3,)))
    assert table.frame.columns == [ROW, "ref", "note", ROW_ERROR]
    assert rows(table) == [(4, "A", "x"), (5, "B", "y")]
    assert [each.frame[ROW].to_list() for each in read_tables(path, 1, options=FileOptions(heading=(3,)))] == [[4], [5]]


def test_an_encoding_that_is_given(tmp_path: Path) -> None:
    lines = f"{HEAD}A,2026-03-02,\u00a35 \u2013 caf\u00e9\nB,2026-03-02,"
    path = put(tmp_path / "cases.csv", lines.encode("cp1252") + b"\x81\nC,2026-03-02,x\n")
    table = read_table(path, FileOptions(encoding="windows-1252"))
    assert table.frame["service"].to_list() == ["\u00a35 \u2013 caf\u00e9", "\ufffd", "x"]
    assert list(row_errors(table)) == [3]  # the one byte that this encoding does not have
    marked = put(tmp_path / "marked.csv", (lines + "x\n").encode("utf-8-sig"))
    assert read_table(marked, FileOptions(encoding="windows-1252")).frame["service"][0] == "\u00a35 \u2013 caf\u00e9"


@pytest.mark.parametrize(("kind", "options", "says"), [
    ("csv", FileOptions(sheet="Cases"), "is not a workbook, so it has no sheet 'Cases'"),
    ("csv", FileOptions(heading=(99,)), "has no line 99"),
    ("xlsx", FileOptions(heading=(99,)), "has nothing in row 99"),
    ("xlsx", FileOptions(sheet="Cases 2"), "has no sheet 'Cases 2' that holds anything; it has 'Cases'"),
    ("xlsx", FileOptions(encoding="utf-8"), "is not a CSV file"),
    ("jsonl", FileOptions(heading=(2,)), "has no row of column names"),
    ("parquet", FileOptions(encoding="windows-1252"), "is not a CSV file"),
])  # fmt: skip
def test_what_does_not_fit_the_file_is_refused(tmp_path: Path, kind: str, options: FileOptions, says: str) -> None:
    path = make(tmp_path / f"cases.{kind}", CASES)
    with pytest.raises(ReadError, match=says):
        read_table(path, options)


@pytest.mark.parametrize("kind", ["csv.gz", "jsonl.gz", "parquet", "xlsx"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.98])
def test_a_file_cut_off_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    whole = make(tmp_path / f"whole.{kind}", [CASES[0] | {"service": f"{n * n}"} for n in range(3_000)]).read_bytes()
    path = put(tmp_path / f"cases.{kind}", whole[: int(len(whole) * share)])
    assert re.search("cut off|damaged", refused(path))


# --- CSV ------------------------------------------------------------------------------------------

GOOD = [(2, "A", "2026-03-02", "Müll"), (3, "B", "2026-03-03", "x")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "LE", "BE"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = "reference,received,service\nA,2026-03-02,Müll\nB,2026-03-03,x\n".replace(",", separator).replace("\n", end)
    marked = {"LE": ("\ufeff" + text).encode("utf-16-le"), "BE": ("\ufeff" + text).encode("utf-16-be")}
    path = put(tmp_path / "cases.csv", marked.get(encoding) or text.encode(encoding))
    assert rows(read_table(path)) == GOOD


# (what it is, the text, the rows read, what is wrong by row)
CSV: list[tuple[str, str, list[tuple[Any, ...]], dict[int, str]]] = [
    ("missing trailing cells", "A,2026-03-02\nB\n", [(2, "A", "2026-03-02", None), (3, "B", None, None)], {}),
    ("blank cells outside", "A,2026-03-02,x,, \n", [(2, "A", "2026-03-02", "x")], {}),
    ("cells outside", "A,2026-03-02,x,,y\n", [(2, "A", "2026-03-02", "x")],
     {2: "row 2: it has 5 cells, the heading 3"}),
    ("empty lines", "A,,x\n\n\nB,,y\n", [(2, "A", "", "x"), (5, "B", "", "y")], {}),
    ("other separators in rows", "A;1,2026-03-02,x;y\n", [(2, "A;1", "2026-03-02", "x;y")], {}),
    ("line breaks in a cell", 'A,2026-03-02,"x\ny, z"\nB,,\n',
     [(2, "A", "2026-03-02", "x\ny, z"), (3, "B", "", "")], {}),
    ("quotes in quotes", 'A,2026-03-02,"say ""no"""\n', [(2, "A", "2026-03-02", 'say "no"')], {}),
    ("a quote inside a cell", 'A,2026-03-02,5" pipe\n', [(2, "A", "2026-03-02", '5" pipe')], {}),
    ("control characters", "A\0,2026-03-02,a\x07b\x1b[1m\n", [(2, "A\0", "2026-03-02", "a\x07b\x1b[1m")], {}),
    ("100,000 characters", f"A,2026-03-02,{'x' * 100_000}\n", [(2, "A", "2026-03-02", "x" * 100_000)], {}),
    ("text after a quote", 'A,2026-03-02,"x" y\nB,2026-03-03,x\n',
     [(2, "A", "2026-03-02", 'x" y'), (3, "B", "2026-03-03", "x")],
     {2: "row 2: a quote is not closed, or text follows the closing quote"}),
    ("an open quote in the last row", 'B,2026-03-03,x\nA,2026-03-02,"xy\n',
     [(2, "B", "2026-03-03", "x"), (3, "A", "2026-03-02", "xy")],
     {3: "row 3: a quote is not closed, or text follows the closing quote"}),
    ("the file cut off in a row", "A,2026-03-02,x\nB,2026", [(2, "A", "2026-03-02", "x"), (3, "B", "2026", None)],
     {3: "row 3: the file ends in the middle of it, after 2 of 3 cells"}),
    ("two stray quotes that fit each other", 'A,2026-03-02,"x\nB,2026-03-03,y\nC,2026-03-04,z"\n',
     [(2, "A", "2026-03-02", "x\nB,2026-03-03,y\nC,2026-03-04,z")],
     {2: "row 2: column 'service' holds what look like whole rows: a quote is missing, or one too many"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "wrong"), [row[1:] for row in CSV], ids=[row[0] for row in CSV])
def test_csv(tmp_path: Path, text: str, expected: list[tuple[Any, ...]], wrong: dict[int, str]) -> None:
    table = read_table(put(tmp_path / "cases.csv", HEAD + text))
    assert rows(table) == expected
    assert row_errors(table) == wrong


@pytest.mark.parametrize(("heading", "names"), [
    ('"Reference ","re\nceived"\n', ["reference", "re ceived"]),
    ("reference;received,on\n", ["reference", "received,on"]),
    ("reference,notes; comments\n", ["reference", "notes; comments"]),
    ('"Case;Opened",Shut\n', ["case;opened", "shut"]),
    ("reference,,received,\n", ["reference", "(column 2 without a name)", "received", "(column 4 without a name)"]),
    ("reference\n", ["reference"]),
    ("sep=;\nCase, number;Shut\n", ["case, number", "shut"]),
    ("sep=|\r\nCase|Shut\r\n", ["case", "shut"]),
    ("\ufeffreference,received\n", ["reference", "received"]),
])  # fmt: skip
def test_headings(tmp_path: Path, heading: str, names: list[str]) -> None:
    separator = "|" if "|" in heading else ";" if ";" in heading and names[0] not in heading.split(",") else ","
    separator = "," if names[0] == "case;opened" else separator
    table = read_table(put(tmp_path / "cases.csv", heading + separator.join("x" * len(names)) + "\n"))
    assert table.frame.columns == [ROW, *names, ROW_ERROR]
    assert rows(table) == [(2, *"x" * len(names))]


def test_a_cell_far_too_long_rejects_its_row_alone(tmp_path: Path) -> None:
    table = read_table(put(tmp_path / "cases.csv", f"{HEAD}A,2026-03-02,{'x' * 1_000_001}\nB,2026-03-03,x\n"))
    assert row_errors(table) == {2: "row 2: column 'service' holds 1,000,001 characters, too many for a cell"}
    assert table.frame["reference"].to_list() == ["A", "B"]
    assert table.frame["service"][0] == "x" * 1_000 + "…"


def test_one_bad_byte_rejects_one_row(tmp_path: Path) -> None:
    content = HEAD.encode() + b"".join(b"A%d,2026-03-02,x\n" % n for n in range(30_000))
    path = put(tmp_path / "cases.csv", content.replace(b"A20000,2026-03-02,x", b"A20000,2026-03-02,M\xffll"))
    table = read_table(path)
    assert table.frame.height == 30_000
    assert row_errors(table) == {20_002: "row 20002: column 'service' holds bytes that are not UTF-8 text"}
    assert table.frame["service"][20_000] == "M\ufffdll"


def test_windows_1252_is_read_only_where_nothing_else_is_likely(tmp_path: Path) -> None:
    text = f"{HEAD}A,2026-03-02,Müll\nB,2026-03-02,Waste\nC,2026-03-02,£5\n"
    table = read_table(put(tmp_path / "cases.csv", text.encode("cp1252")))
    assert row_errors(table) == {} and table.frame["service"].to_list() == ["Müll", "Waste", "£5"]
    both = text.encode("cp1252") + "D,2026-03-02,Müll\n".encode()
    assert sorted(row_errors(read_table(put(tmp_path / "both.csv", both)))) == [2, 4]


def test_utf_16_that_ends_in_half_a_character(tmp_path: Path) -> None:
    path = put(tmp_path / "cases.csv", f"{HEAD}A,2026-03-02,x\nB,2026-03-02,y".encode("utf-16")[:-1])
    table = read_table(path)
    assert table.frame["reference"].to_list() == ["A", "B"] and list(row_errors(table)) == [3]


@pytest.mark.parametrize("text", [
    'A,2026-03-02,x\nB,2026-03-03,"y\nC,2026-03-04,z\nD,2026-03-05,z\n',
    'A,2026-03-02,x\nB,2026-03-03,"y\nC,2026-03-04,"z"\nD,2026-03-05,z\n',
], ids=["to the end", "to the next quote"])  # fmt: skip
def test_an_open_quote_that_swallows_rows_is_refused(tmp_path: Path, text: str) -> None:
    path = put(tmp_path / "cases.csv", HEAD + text)
    assert refused(path).startswith(", row 3: a quote opens there that is not closed")


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textfiles, "LONGEST_LINE", 2_000_000)
    assert "more than 2,000,000 characters" in refused(put(tmp_path / "cases.csv", HEAD + "x" * 2_000_001))


# --- JSON Lines -----------------------------------------------------------------------------------

JSON: list[tuple[str, bytes, str]] = [
    ("half a line", b'{"reference": "B", ', "line 2: the line is not whole JSON: something is wrong at character 19"),
    ("no object", b'"B"', "line 2: the line is not a JSON object"),
    ("a key twice", b'{"reference": "B", "reference": "C"}', "line 2: 'reference' appears twice in the line"),
    ("a key in two cases", b'{"reference": "B", "Reference ": "C"}', "line 2: 'reference' appears twice in the line"),
    ("bytes that are no text", b'{"reference": "B", "service": "M\xfcll"}',
     "line 2: 'service' holds bytes that are not UTF-8 text"),
    ("half a character", b'{"reference": "B", "service": "\\ud83d"}',
     "line 2: 'service' holds bytes that are not UTF-8 text"),
    ("a name that is no text", b'{"reference": "B", "s\xfc": "x"}',
     "line 2: a name holds bytes that are not UTF-8 text"),
    ("not a number", b'{"reference": "B", "service": NaN}',
     "line 2: the line is not JSON: NaN is not a JSON value"),
    ("a number without end", b'{"reference": ' + b"9" * 5_000 + b"}",
     "line 2: the line holds a number of too many digits"),
    ("nested without end", b"[" * 200_000, "line 2: the line is not JSON that can be read: it is nested too deep"),
    ("a raw control character", b'{"reference": "B\0"}',
     "line 2: the line is not whole JSON: something is wrong at character 17"),
    ("a value far too long", b'{"reference": "%s"}' % (b"x" * 1_000_001),
     "line 2: 'reference' holds 1,000,001 characters, too many for a cell"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "wrong"), [row[1:] for row in JSON], ids=[row[0] for row in JSON])
def test_a_broken_line_of_json_is_a_rejected_row(tmp_path: Path, line: bytes, wrong: str) -> None:
    table = read_table(put(tmp_path / "cases.jsonl", b'{"reference": "A"}\n' + line + b'\n\n{"reference": "C"}\n'))
    assert table.frame[ROW].to_list() == [1, 2, 4]
    assert row_errors(table) == {2: wrong}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_lines_in_unicode(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path / "cases.jsonl", '{"reference": "Ä"}\r\n{"service": "\\ud83d\\ude00"}'.encode(encoding))
    table = read_table(path)
    assert rows(table) == [(1, "Ä", None), (2, None, "😀")] and not row_errors(table)


def test_batches_of_json_lines_have_the_columns_of_their_own_lines(tmp_path: Path) -> None:
    path = put(
        tmp_path / "cases.jsonl", '{"reference": "A"}\n{"service": 1.0}\n{"flags": ["a", "b"], "x": {"y": true}}\n'
    )
    assert [table.frame.columns[1:-1] for table in read_tables(path, 1)] == [["reference"], ["service"], ["flags", "x"]]
    assert rows(read_table(path)) == [
        (1, "A", None, None, None), (2, None, "1", None, None), (3, None, None, "a;b", '{"y": true}'),
    ]  # fmt: skip


# --- Parquet --------------------------------------------------------------------------------------


def parquet(path: Path, **columns: Any) -> Table:
    pl.DataFrame({"reference": [f"A{n}" for n in range(len(next(iter(columns.values()))))], **columns}).write_parquet(
        path
    )
    return read_table(path)


@pytest.mark.parametrize(("column", "texts"), [
    (pl.Series([1.0, 2.5, None]), ["1", "2.5", None]),
    (pl.Series([float("nan"), 1e300, -0.0]), ["NaN", "1e+300", "0"]),
    (pl.Series([[1, 2], [], None]), ["1;2", "", None]),
    (pl.Series([{"a": 1}, None, {"a": None}]), ['{"a":1}', None, '{"a":null}']),
    (pl.Series([dt.time(9, 30), None, None]), ["09:30:00", None, None]),
    (pl.Series([None, None, None]), [None, None, None]),
    (pl.Series([b"ok", None, b""]), ["ok", None, ""]),
], ids=["floats", "odd floats", "lists", "structures", "times", "nulls", "bytes"])  # fmt: skip
def test_parquet_columns_as_text(tmp_path: Path, column: pl.Series, texts: list[str | None]) -> None:
    table = parquet(tmp_path / "cases.parquet", service=column)
    assert table.frame["service"].to_list() == texts and not row_errors(table)


def test_parquet_that_is_not_text_rejects_its_row(tmp_path: Path) -> None:
    table = parquet(tmp_path / "cases.parquet", service=[b"ok", b"M\xfcll", None], category=["x", "y", "z" * 1_000_001])
    assert row_errors(table) == {
        2: "record 2: column 'service' holds bytes that are not UTF-8 text",
        3: "record 3: column 'category' holds more than 1,000,000 characters",
    }


@pytest.mark.parametrize(("column", "text"), [
    (pl.Series([b"\xff"]), "\ufffd bytes ff"),
    (pl.Series([dt.timedelta(days=2)]), "2 days, 0:00:00"),
    (pl.Series([[["a"], ["b", "c"]]]), '["a"];["b", "c"]'),
    (pl.Series([[b"\xff"]]), "b'\\xff'"),
], ids=["bytes", "a length of time", "lists of lists", "a list of bytes"])  # fmt: skip
def test_what_no_field_can_hold_is_text_and_the_row_is_kept(tmp_path: Path, column: pl.Series, text: str) -> None:
    """The column may be one that names no field and is left out."""
    table = parquet(tmp_path / "cases.parquet", elapsed=column)
    assert table.frame["elapsed"].to_list() == [text] and not row_errors(table)


def test_a_date_thousands_of_years_off_is_one_that_no_case_can_have(tmp_path: Path) -> None:
    far = pl.Series([-9 * 10**18, 0, 9 * 10**18, None], dtype=pl.Int64)
    dates = pl.Series([-(10**9), 0, 10**9, None], dtype=pl.Int32).cast(pl.Date)
    table = parquet(tmp_path / "cases.parquet", at=far.cast(pl.Datetime("us", "UTC")), on=dates)
    for name in ("at", "on"):
        assert table.frame[name].dt.year().to_list() == [1000, 1970, 9000, None]


def test_nothing_of_polars_own_is_said_of_a_damaged_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = make(tmp_path / "good.parquet", CASES).read_bytes()
    for seed in range(200):
        path = put(tmp_path / "cases.parquet", mutated(good, random.Random(seed)))
        with contextlib.suppress(ReadError):
            read_table(path)
    assert capfd.readouterr().err == ""


def test_a_number_is_the_same_text_in_any_batch(tmp_path: Path) -> None:
    parquet(tmp_path / "cases.parquet", service=[1.0, 2.0, 2.5])
    tables = list(read_tables(tmp_path / "cases.parquet", 1))
    assert [table.frame["service"][0] for table in tables] == ["1", "2", "2.5"]


def test_a_name_with_marks_of_a_pattern_is_one_file(tmp_path: Path) -> None:
    assert parquet(tmp_path / "cases [1]*.parquet", service=["x"]).frame.height == 1


# --- anything at all ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "sheet", "texts"])
def test_no_damage_gives_anything_but_a_table_or_a_sentence(tmp_path: Path, kind: str) -> None:
    inside = {"sheet": SHEET, "texts": "xl/sharedStrings.xml"}.get(kind)
    path = tmp_path / f"cases.{'xlsx' if inside else kind}"
    good = make(tmp_path / f"good.{'xlsx' if inside else kind}", CASES[:12]).read_bytes()
    for seed in range(300):
        chance = random.Random(seed)
        if inside:
            patched(path, inside, lambda xml, chance=chance: mutated(xml, chance))  # type: ignore[misc]
        else:
            put(path, mutated(good, chance))
        try:
            tables = list(read_tables(path, 5))
        except ReadError as error:
            assert "\n" not in str(error), seed
        else:
            numbers = [number for table in tables for number in table.frame[ROW].to_list()]
            assert numbers == sorted(set(numbers)), seed
