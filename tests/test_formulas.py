"""No cell of a CSV file runs in a spreadsheet, and every one is read back as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from casefiles import run
from hypothesis import example, given
from hypothesis import strategies as st
from putright.text import formulas

AS_AT = ("--council", "coventry", "--as-at", "2026-06-30")
RUN = ("=", "+", "-", "@", "\t", "\r")


@given(text=st.text(alphabet="'=+-@\t\rA ", max_size=6))
@example("'=1")
@example("''-")
@example("'A")
def test_every_text_is_inert_and_comes_back(text: str) -> None:
    frame = pl.DataFrame({"reference": [text]})
    shown = formulas.inert(frame)
    assert not shown["reference"][0].startswith(RUN)
    assert formulas.as_meant(shown).equals(frame)


@pytest.mark.parametrize("quoted", [False, True], ids=["plain", "with quotes and line ends"])
def test_findings_of_references_that_would_run(tmp_path: Path, quoted: bool) -> None:
    """By way of CSV as by way of any other format, and in the columns of text alone."""
    references = ["=1+1", "+1", "-1", "@A1", "'-1", "'A1", "A1"]
    references += ['=HYPERLINK("http://a.example","x")'] if quoted else []
    cases = pl.DataFrame({"reference": references, "received": ["2026-03-02"] * len(references)})
    cases.write_ndjson(tmp_path / "cases.jsonl")
    for form in ("csv", "jsonl"):
        assert run("audit", tmp_path / "cases.jsonl", *AS_AT, "--output", tmp_path / f"found.{form}").code == 0
    with (tmp_path / "found.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert not any(cell.startswith(RUN) for row in rows for cell in row.values())
    plain = {"A1", "'A1"}
    assert {row["reference"] for row in rows} == {each if each in plain else f"'{each}" for each in references}
    same = run("changes", tmp_path / "found.csv", tmp_path / "found.jsonl", "--format", "json")
    assert same.code == 0 and '"changes": []' in same.out


def test_cases_written_as_csv_are_those_written_as_json(tmp_path: Path) -> None:
    cases = pl.DataFrame({"reference": ["-1", "'=2"], "received": ["2026-03-02"] * 2})
    formulas.inert(cases).write_csv(tmp_path / "c.csv")
    said = run("audit", tmp_path / "c.csv", *AS_AT, "--format", "jsonl", "--output", "-")
    assert {line["reference"] for line in said.lines} == {"-1", "'=2"}
