"""Files that no honest program writes, made here: each is a sentence with its place, or read within its limits."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import polars as pl
import pytest
import xlsxwriter
from casefiles import run
from docx.oxml.ns import qn

AUDIT = ("--council", "coventry", "--as-at", "2026-06-30", "--format", "jsonl")


def audited(path: Path, *options: str | Path) -> tuple[int, str]:
    """The exit code and everything said; no traceback, whatever it is."""
    done = run("audit", path, *AUDIT, "--output", path.parent / "found.jsonl", *options)
    said = " ".join((done.out + done.err).split())
    assert "Traceback" not in said
    return done.code, said


#: Runs putright and says last how many KiB it took at most. (``resource`` would count what its parent had taken.)
MEASURED = """
import pathlib, re, sys
from putright import cli
code = cli.main(sys.argv[1:])
status = pathlib.Path("/proc/self/status").read_text()
print(re.search("VmHWM:\\\\s+([0-9]+) kB", status)[1], file=sys.stderr)
sys.exit(code)
"""


def measured(*arguments: str | Path) -> tuple[int, str]:
    """The exit code and everything said by a run of its own, which takes less than 1 GiB."""
    command = [sys.executable, "-c", MEASURED, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said, peak = (done.stdout + done.stderr).rstrip().rsplit("\n", 1)
    assert "Traceback" not in said
    assert int(peak) < 1024**2, f"{int(peak) / 1024:.0f} MiB"
    return done.returncode, " ".join(said.split())


# --- dates at the ends of time ----------------------------------------------------------------------

#: What other programs write for no date, or for ever.
ENDS = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.9999999Z", "0001-01-01", "9999-12-31"]
FIELDS = ["stage1_acknowledged", "closed", "remedy_due", "matter_known"]


def _csv(path: Path, field: str, value: str) -> None:
    path.write_text(f"reference,received,{field}\nA,2026-03-02,{value}\n", "utf-8")


def _jsonl(path: Path, field: str, value: str) -> None:
    path.write_text(json.dumps({"reference": "A", "received": "2026-03-02", field: value}) + "\n", "utf-8")


def _xlsx(path: Path, field: str, value: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["reference", "received", field])
    book.active.append(["A", "2026-03-02", value])
    book.save(path)


def _parquet(path: Path, field: str, value: str) -> None:
    pl.DataFrame({"reference": ["A"], "received": ["2026-03-02"], field: [value]}).write_parquet(path)


WRITERS = {".csv": _csv, ".jsonl": _jsonl, ".xlsx": _xlsx, ".parquet": _parquet}


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("value", ENDS)
def test_a_date_at_the_ends_of_time_rejects_its_row(tmp_path: Path, ending: str, value: str) -> None:
    for number, field in enumerate([*FIELDS, "received"]):
        path = tmp_path / f"cases{number}{ending}"
        if field == "received":
            if ending != ".csv":
                continue
            path.write_text(f"reference,received\nA,{value}\n", "utf-8")
        else:
            WRITERS[ending](path, field, value)
        code, said = audited(path)
        assert code == 0 and "0 audited + 1 rejected" in said
        assert field in said and "a date must be between" in said


@pytest.mark.parametrize("zone", [None, "UTC", "Pacific/Kiritimati"])
def test_the_same_as_a_moment_of_parquet(tmp_path: Path, zone: str | None) -> None:
    moments = pl.Series([dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23)], dtype=pl.Datetime("us", zone))
    path = tmp_path / "cases.parquet"
    pl.DataFrame({"reference": ["A", "B"], "received": ["2026-03-02"] * 2, "closed": moments}).write_parquet(path)
    code, said = audited(path)
    assert code == 0 and "0 audited + 2 rejected" in said


# --- text files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [2, 500, 900, 20_000])
@pytest.mark.parametrize("field", ["x", "service", "flags"])
def test_lists_within_lists(tmp_path: Path, depth: int, field: str) -> None:
    path = tmp_path / "cases.jsonl"
    nested = "[" * depth + "]" * depth
    path.write_text(f'{{"reference": "A", "received": "2026-03-02", "{field}": {nested}}}\n', "utf-8")
    code, said = audited(path)
    assert code in (0, 2) and ("1 row read" in said or "line 1" in said)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_a_line_of_thirty_million_letters(tmp_path: Path, ending: str) -> None:
    record = {"reference": "A", "received": "2026-03-02", "service": "x" * 30_000_000}
    path = tmp_path / f"cases{ending}"
    lines = [",".join(record), ",".join(record.values())] if ending == ".csv" else [json.dumps(record)]
    path.write_text("\n".join(lines), "utf-8")
    code, said = measured("audit", path, *AUDIT, "--output", tmp_path / "found.jsonl")
    assert (code == 0 and "1 rejected" in said and "too many for a cell" in said) or (code == 2 and "more than" in said)
    assert len(said) < 3000


def test_more_records_than_bytes(tmp_path: Path) -> None:
    path = tmp_path / "cases.parquet"
    pl.DataFrame({"reference": ["A"], "received": ["2026-03-02"]}).select(
        pl.all().repeat_by(5_000_000).explode()
    ).write_parquet(path)
    code, said = measured("audit", path, *AUDIT, "--output", tmp_path / "found.jsonl")
    assert code == 2
    assert "says that it has 5,000,000 records, in fewer bytes than that" in said


# --- workbooks --------------------------------------------------------------------------------------


def _workbook(path: Path, change: Callable[[str], str]) -> Path:
    """A plain workbook of one case, the XML of its sheet changed."""
    plain = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["reference", "received"])
    book.active.append(["A", "2026-03-02"])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content.decode()) if name.endswith("sheet1.xml") else content)
    return path


MORE = '<row r="{row}"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
OUTSIDE = ["XFE3", "AAAA3", "ZZZZZZ3", "A5000000000", "A1048577"]


@pytest.mark.parametrize("place", OUTSIDE)
def test_a_cell_outside_any_sheet(tmp_path: Path, place: str) -> None:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    path = _workbook(tmp_path / "a.xlsx", lambda xml: xml.replace("</sheetData>", MORE.format(row=row, place=place)))
    code, said = audited(path)
    assert code == 2
    assert "a.xlsx is not a readable Excel workbook" in said


@pytest.mark.parametrize("columns", ['min="0" max="1"', 'min="5" max="2"', 'min="1" max="99999"', 'min="-1" max="2"'])
def test_columns_that_cannot_be(tmp_path: Path, columns: str) -> None:
    cols = f'<cols><col {columns} hidden="1"/></cols><sheetData>'
    code, said = audited(_workbook(tmp_path / "a.xlsx", lambda xml: xml.replace("<sheetData>", cols)))
    assert code == 0 and "1 audited" in said


@pytest.mark.parametrize("word", ["<row ", "<col ", "<mergeCell ", "<a:", "<row hidden=", "<col hidden"])
def test_a_comment_that_looks_like_tags_takes_no_longer_than_others(tmp_path: Path, word: str) -> None:
    """A hundred thousand beginnings of a tag: each is looked at once, or this takes minutes."""
    comment = f"<!-- {word * 100_000} --></sheetData>"
    code, said = audited(_workbook(tmp_path / "a.xlsx", lambda xml: xml.replace("</sheetData>", comment)))
    assert code == 0 and "1 audited" in said


def test_two_thousand_merged_cells_and_four_thousand_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:  # openpyxl takes eight seconds for it
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["reference", "received", *(f"c{n}" for n in range(4_000))])
        for number in range(30):
            sheet.write_row(number + 1, 0, [f"A{number}", "2026-03-02"])
        for column in range(9, 2_009):
            sheet.merge_range(1, column, 30, column, "x")
    code, said = measured("audit", path, *AUDIT, "--output", tmp_path / "found.jsonl")
    assert code == 0 and "30 rows read" in said
    assert len(said) < 60_000


# --- documents --------------------------------------------------------------------------------------


def test_a_list_level_that_word_does_not_have(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("13.6 We acknowledge within 5 working days.", style="List Number")
    numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_numId().val = 1
    numbering.get_or_add_ilvl().val = 0
    for value in ("100000000", "-1", "x", "99999999999999999999"):
        numbering.ilvl.set(qn("w:val"), value)
        path = tmp_path / "policy.docx"
        document.save(str(path))
        done = run("verify", "coventry", "--document", path)
        assert done.code in (0, 1) and "Traceback" not in done.err, value


def test_a_style_based_on_itself(tmp_path: Path) -> None:
    document = docx.Document()
    style = document.styles["List Number"]
    style.element.get_or_add_basedOn().val = style.style_id
    for child in style.element.xpath("w:pPr/w:numPr"):
        child.getparent().remove(child)
    document.add_paragraph("We acknowledge within 5 working days.", style=style)
    document.save(str(tmp_path / "policy.docx"))
    assert "Traceback" not in run("verify", "coventry", "--document", tmp_path / "policy.docx").err


def test_a_document_of_twenty_million_letters(tmp_path: Path) -> None:
    path = tmp_path / "policy.txt"
    path.write_text("x" * 20_000_000, "utf-8")
    code, said = measured("verify", "coventry", "--document", path)
    assert code == 2 and "letters, too many for a policy" in said
