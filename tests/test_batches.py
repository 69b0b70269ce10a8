"""Any batch size gives the same findings, and nothing appears half-written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from mapmaking import EXAMPLES, NAMES
from polars.testing import assert_frame_equal
from putright import plugins
from putright.auditing import findings
from putright.auditing.audits import Audit, audit
from putright.auditing.batches import audit_batches, repeated_references
from putright.auditing.summary import Tally, summarise
from putright.fields import FIELDS
from putright.files import textfiles
from putright.files.readers import read_tables
from putright.files.tables import ROW, ROW_ERROR, Table
from putright.mapping.mappedtables import mapped
from putright.mapping.reading import read_mapping
from putright.records.caserecords import make_records
from putright.synthetic import sample
from putright.writing import outputs
from putright.writing.outputs import write_batches
from putright.writing.staging import WriteError

HOST = plugins.load()
AS_AT = dt.date(2026, 9, 30)
_ALWAYS = (ROW, ROW_ERROR, "reference", "council", "procedure", "received", "stage1_acknowledged", "stage1_responded")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = sample.sample(HOST, "coventry", 80, 3, year_ending=AS_AT)
    rows[60]["reference"] = rows[5]["reference"]  # one case twice, far apart
    path = tmp_path_factory.mktemp("batches") / "cases.csv"
    sample.write_sample(rows, path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[41] = lines[41].replace("SYNTHETIC-0041", "", 1)  # a row with no reference
    path.write_text("".join(lines), encoding="utf-8")
    return path


def audited(path: Path, batch: int) -> tuple[list[Audit], Tally]:
    tally, found = Tally(AS_AT), []
    tables = audit_batches(lambda: read_tables(path, batch), HOST, "coventry", AS_AT, make=lambda each: each.findings)
    for records, each, table in tables:
        assert table is each.findings
        found.append(each)
        tally.add(each, records)
    return found, tally


@pytest.mark.parametrize("batch", [1, 7, 40, 79])
def test_the_same_findings_in_any_batch(cases: Path, batch: int) -> None:
    (whole,), once = audited(cases, 1000)
    parts, often = audited(cases, batch)
    assert len(parts) > 1
    assert_frame_equal(pl.concat([part.findings for part in parts]), whole.findings)
    assert_frame_equal(often.rejected_rows(), once.rejected_rows())
    assert summarise(often, HOST) == summarise(once, HOST)


def test_a_reference_twice_in_different_batches_rejects_both_rows(cases: Path) -> None:
    _, tally = audited(cases, 10)
    rejected = tally.rejected_rows()
    assert rejected["row"].to_list() == [7, 42, 62]
    assert rejected["message"][0] == rejected["message"][2]
    assert "is in more than one row" in rejected["message"][0]


def mapped_audit(name: str, export: Path, rows: int, cases: int) -> tuple[pl.DataFrame, Tally]:
    """The findings of an export in another layout, read so many rows and judged so many cases at a time."""
    rules, tally, found = read_mapping(EXAMPLES / f"{name}.yaml"), Tally(AS_AT), []
    tables = audit_batches(
        lambda: mapped(rules, read_tables(export, rows), cases),
        HOST,
        "coventry",
        AS_AT,
        make=lambda each: each.findings,
    )
    for read, each, findings_of_it in tables:
        tally.add(each, read)
        found.append(findings_of_it)
    return pl.concat(found), tally


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1, 5, 13])
def test_a_mapped_export_gives_the_same_in_any_batch(tmp_path: Path, name: str, size: int) -> None:
    """Rows that are rejected among them: one cannot be turned, and one case, or row of a case, stands there twice."""
    heading, *lines = (EXAMPLES / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    lines[6] = re.sub(r"\d\d(?=[/-])|\d\d(?= \d\d:)", "99", lines[6])
    export = tmp_path / "export.csv"
    export.write_text("\n".join([heading, *lines, lines[1], ""]), encoding="utf-8")
    whole, once = mapped_audit(name, export, 1000, 1000)
    parts, often = mapped_audit(name, export, size, size)
    assert_frame_equal(parts, whole)
    assert_frame_equal(often.rejected_rows(), once.rejected_rows())
    assert summarise(often, HOST) == summarise(once, HOST)
    rejected = once.rejected_rows()
    assert rejected.filter(pl.col("value").str.contains("99")).height == 1
    twice = rejected.filter(pl.col("message").str.contains("is in more than one row"))["row"].to_list()
    assert twice == ([3, len(lines) + 2] if "layout: case" in (EXAMPLES / f"{name}.yaml").read_text() else [])


def test_an_export_without_rows_is_one_empty_batch(tmp_path: Path) -> None:
    for name in NAMES:
        export = tmp_path / "export.csv"
        export.write_text(
            (EXAMPLES / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
        )
        found, tally = mapped_audit(name, export, 10, 10)
        assert found.is_empty() and tally.rejected_rows().is_empty()


def parquet(cases: Path, folder: Path, *without: str) -> Path:
    """The cases as Parquet, less these columns."""
    pl.read_csv(cases, infer_schema=False).drop(without).write_parquet(folder / "cases.parquet")
    return folder / "cases.parquet"


def test_the_references_alone_tell_which_come_twice(cases: Path, tmp_path: Path) -> None:
    path = parquet(cases, tmp_path)
    alone = repeated_references(lambda: read_tables(path, 10, only="reference"))
    whole, named = repeated_references(lambda: read_tables(path, 10))
    assert alone[0].to_list() == whole.to_list() == ["SYNTHETIC-0006"]
    assert alone[1] == {"reference"} and "stage1_acknowledged" in named


def test_without_references_every_row_is_rejected_for_that(cases: Path, tmp_path: Path) -> None:
    path = parquet(cases, tmp_path, "reference")
    tables = {
        name: (lambda only=only: read_tables(path, 50, only=only))
        for name, only in {"all": None, "one": "reference"}.items()
    }
    batches = audit_batches(
        tables["all"], HOST, "coventry", AS_AT, make=lambda each: each.findings.height, references=tables["one"]
    )
    assert [(read.rejected["message"].unique().to_list(), height) for read, _, height in batches] == [
        (["the row has no reference"], 0)
    ] * 2


def test_findings_as_codes_are_the_findings(cases: Path, tmp_path: Path) -> None:
    (whole,), _ = audited(cases, 1000)
    enums = findings.enums(HOST, tuple(HOST.words))
    parts = [found.coded(enums) for found in audited(cases, 50)[0]]
    assert {"verdict", "rule", "clause", "council"} <= {
        name for name, kind in parts[0].schema.items() if kind == pl.Enum
    }
    for name, frames in (("several", parts), ("one", [whole.coded(enums)])):
        path = tmp_path / f"{name}.parquet"
        write_batches(iter(frames), str(path), "parquet")
        assert_frame_equal(pl.read_parquet(path), whole.findings.drop("message"))  # types too: text is text


def row(number: int) -> str:
    """A row of CSV; a few need reading with care."""
    service = {17: '"a, ""b"""', 40: '"two\nlines"', 41: "", 60: "caf\xe9"}.get(number, "refuse")
    return f"C{number},2026-03-{number % 28 + 1:02},{service}"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("block", [1, 30, 500])
def test_blocks_of_lines_make_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, end: str
) -> None:
    lines = ["reference,received,service", *map(row, range(1, 90))]
    lines[70] = ""  # no row, but it has a number
    lines[80] += ",one too many"
    path = tmp_path / "cases.csv"
    path.write_bytes(end.join(lines).encode())
    careful = [each for each in lines if '"' not in each][1:]
    monkeypatch.setattr(textfiles, "_BLOCK", 10_000_000)
    (whole,) = read_tables(path, 1000)  # one block, with quotes in it: each row is read with care
    assert whole.frame.height == len(lines) - 2 and len(careful) > 80
    monkeypatch.setattr(textfiles, "_BLOCK", block)
    parts = list(read_tables(path, 7))
    assert {part.frame.height for part in parts[:-1]} == {7}
    assert_frame_equal(pl.concat([part.frame for part in parts]), whole.frame)
    assert whole.frame["service"][39] == "two\nlines" and whole.frame["row"].to_list() == [
        *range(2, 71),
        *range(72, 91),
    ]


def test_an_absent_column_and_a_blank_one_mean_the_same_where_the_file_keeps_both(cases: Path) -> None:
    (table,) = read_tables(cases, 1000)
    kept = [name for name in table.frame.columns if table.frame[name].dtype != pl.String or name in _ALWAYS]
    fewer = table.frame.select(list(dict.fromkeys([*kept, *_ALWAYS])))
    more = fewer.with_columns(pl.lit("").alias(name) for name in FIELDS if name not in fewer.columns)
    found = [
        audit(
            make_records(table, HOST.vocabulary, None, kept=frozenset(FIELDS)),
            HOST,
            AS_AT,
            include_not_applicable=True,
        )
        for table in (Table(frame, day_first=True) for frame in (fewer, more))
    ]
    assert_frame_equal(found[0].findings, found[1].findings)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "xlsx"])
def test_batches_are_written_as_one(cases: Path, tmp_path: Path, form: str) -> None:
    (whole,), _ = audited(cases, 1000)
    parts, _ = audited(cases, 50)
    for name, frames in (("whole", [whole.findings]), ("parts", [part.findings for part in parts])):
        write_batches(iter(frames), str(tmp_path / f"{name}.{form}"), form)
    one, other = ((tmp_path / f"{name}.{form}") for name in ("whole", "parts"))
    if form == "parquet":
        assert_frame_equal(pl.read_parquet(one), pl.read_parquet(other))
    else:
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "xlsx"])
def test_an_output_that_fails_half_way_leaves_nothing(cases: Path, tmp_path: Path, form: str) -> None:
    (whole,), _ = audited(cases, 1000)

    def frames() -> Iterator[pl.DataFrame]:
        yield whole.findings
        yield whole.findings
        raise WriteError("the third batch cannot be had")

    path = tmp_path / f"findings.{form}"
    path.write_text("what was here before", encoding="utf-8")
    with pytest.raises(WriteError, match="the third batch"):
        write_batches(frames(), str(path), form)
    assert path.read_text(encoding="utf-8") == "what was here before"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_text_never_turns_into_a_formula(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "findings.xlsx"
    outputs.write_table(pl.DataFrame({"reference": ["=1+1", "+A1", "http://x"]}), str(path), "xlsx")
    cells = [row[0] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [
        (text, "s", None) for text in ("=1+1", "+A1", "http://x")
    ]
