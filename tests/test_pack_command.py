"""The committee pack as the command writes it: the same input gives the same bytes, and none is left half done."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
from casefiles import run
from packmaking import CHARTS, FILES, PERIOD, gathered, rows
from papertext import html_text, said, squeezed
from putright.committee import pack, reporthtml
from putright.documents import paperpage
from putright.documents.paper import spell
from putright.statistics.supplied import Supplied
from putright.synthetic.sample import write_sample
from putright.writing import receipts
from putright.writing.staging import WriteError

QUARTER = ("--from", "2026-04-01", "--to", "2026-06-30")


def _case_file(folder: Path, cases: int = 60) -> Path:
    path = folder / "cases.csv"
    write_sample(rows(cases), path)
    return path


def _audit(cases: Path, *options: str | Path) -> Any:
    return run("audit", cases, "--council", "coventry", "--as-at", "2026-09-30", *options)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A case file, and the pack that the command makes of a quarter of it."""
    folder = tmp_path_factory.mktemp("written")
    cases = _case_file(folder)
    result = _audit(cases, *QUARTER, "--output", f"{folder}/pack/")
    assert result.code == 0, result.said
    return cases, folder / "pack"


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_receipt_names_every_input_and_output(written: tuple[Path, Path]) -> None:
    cases, folder = written
    receipt = json.loads((folder / "receipt.json").read_text("utf-8"))
    assert receipt["inputs"] == [{"file": "cases.csv", "sha256": _digest(cases)}]
    outputs = {each["file"]: each["sha256"] for each in receipt["outputs"]}
    assert outputs == {name: _digest(folder / name) for name in _names(folder) - {"receipt.json"}}
    assert _names(folder) - CHARTS == FILES
    assert receipt["as_at"] == "2026-09-30"
    counted = receipt["counts"]
    assert counted["rows_read"] == 60
    assert counted["audited"] + counted["outside_period"] == 60
    books = {each["rulebook"]: each for each in receipt["rulebooks"]}
    assert {"coventry.corporate", "lgsco"} <= set(books)
    assert all(re.fullmatch(r"[0-9a-f]{64}", each["sha256"]) and each["edition"] for each in books.values())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_input_gives_the_same_bytes(written: tuple[Path, Path], tmp_path: Path) -> None:
    cases, folder = written
    assert _audit(cases, *QUARTER, "--output", f"{tmp_path}/again/").code == 0
    assert _names(folder) == _names(tmp_path / "again")
    for name in _names(folder):
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_a_pack_goes_into_a_folder_that_is_there_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    cases, folder = _case_file(tmp_path, 20), tmp_path / "pack"
    folder.mkdir()
    (folder / "agenda.txt").write_text("ours")
    more = ("--summary", tmp_path / "s.json", "--rejected", tmp_path / "r.jsonl")
    result = _audit(cases, *QUARTER, "--output", folder, *more)
    assert result.code == 0, result.said
    assert (folder / "agenda.txt").read_text() == "ours"
    assert "committee-paper.pdf" in result.out
    assert json.loads((tmp_path / "s.json").read_text())["reconciliation"]["rows_read"] == 20
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases.csv", "pack", "r.jsonl", "s.json"]


def test_published_figures_name_no_case(tmp_path: Path) -> None:
    cases = _case_file(tmp_path)
    assert (
        _audit(
            cases,
            *QUARTER,
            "--publish",
            "--output",
            f"{tmp_path}/public/",
            "--threshold",
            "10",
            "--withhold",
            "everywhere",
        ).code
        == 0
    )
    found = {path.name: path.read_text("utf-8") for path in (tmp_path / "public").iterdir()}
    assert set(found) == {"figures.json", "figures.html", "receipt.json"}
    assert not {"counts", "unreadable"} & set(json.loads(found["receipt.json"])), "no number that may be small"
    assert "cases.csv" not in found["receipt.json"], "nor what a file of the council's is called"
    assert all("SYNTHETIC" not in text for text in found.values())
    data = json.loads(found["figures.json"])
    assert data["threshold"] == 10
    rows_of = [row for table in data["tables"] if table["id"] != "paths" for row in table["rows"]]
    counts = [cell for row in rows_of if row[1:2] not in (["W15"], ["W16"]) for cell in row[1:]]
    assert [cell for cell in counts if isinstance(cell, int) and 0 < cell < 10] == []
    assert "Numbers from 1 to 9, and others that would reveal them" in found["figures.html"]


def test_by_due_date_counts_and_lists_what_fell_due(tmp_path: Path) -> None:
    cases = rows(120)
    start, end = PERIOD.start, PERIOD.end
    assert start
    assert end
    with gathered(cases, period_by="due") as found:
        papers, listed = found.papers(), found.gathering.findings.all()
    day = listed.select(pl.coalesce("due", "done")).to_series()
    assert listed.height > 20
    assert day.drop_nulls().is_between(start, end).all()
    assert "by the day steps were due" in dict(papers.report.facts)["Period"]
    with gathered(cases, period_by="received") as other:
        assert other.gathering.findings.count != listed.height


def test_a_file_without_a_case_makes_a_pack_that_says_so(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("reference,received\n")
    assert _audit(cases, "--output", f"{tmp_path}/pack/").code == 0
    assert "The file of cases has no row" in word_said(tmp_path / "pack")
    assert "There is no finding." in (tmp_path / "pack" / "report.html").read_text("utf-8")


def test_a_period_without_a_case_is_reported_as_that() -> None:
    early: list[dict[str, object]] = [{"reference": "A", "received": "2025-05-06", "procedure": "corporate"}]
    with gathered(early) as found:
        papers = found.papers()
        text = html_text(reporthtml.page(papers.report, "software", "").encode())
    assert squeezed("No complaint was received from 1 April 2026 to 30 June 2026.") in text
    assert squeezed("Received outside the period1") in text
    assert "measures-corporate" in papers.appendices.tables(), "the periods before are still there"


def test_what_was_not_audited_or_not_judged_is_said_with_its_reason() -> None:
    odd: list[dict[str, object]] = [
        {"reference": "A", "received": "2026-05-06", "procedure": "public-health"},
        {"reference": "=B", "received": "2026-02-30"},
    ]
    with gathered(odd, threshold=1) as found:
        papers = found.papers()
    text = html_text(reporthtml.page(papers.report, "software", "").encode())
    assert squeezed("There is no rulebook named coventry.public-health") in text
    assert squeezed("=B2received '2026-02-30': there is no such day") in text
    rows_ = {spell(name): number for name, number in papers.report.tables()["rows"].rows}
    assert (rows_["Rows read"], rows_["Audited"]) == (2, 1)
    assert any("norulebooknamed" in words for words in said(papers.committee))
    assert "rejected" not in papers.committee.tables()


def word_said(folder: Path) -> str:
    document = docx.Document(str(folder / "committee-paper.docx"))
    return " ".join(paragraph.text for paragraph in document.paragraphs)


def test_what_is_supplied_by_hand_fills_its_gaps() -> None:
    improvement = {"what": "Repairs texts the new date", "owner": "Head of Housing", "date": dt.date(2026, 6, 1)}
    supplied = Supplied.model_validate({"improvements": [improvement]})
    with gathered(rows(20), supplied=supplied, threshold=1) as found:
        page = paperpage.page(found.papers().committee)
    assert "| Repairs texts the new date | Head of Housing | 1 June 2026 |" in page
    assert "the improvements made or planned" not in page
    assert "the Ombudsman's decisions, copied from the annual letter" in page


WRONG = [
    ("the cases in the way", ["--output", "{folder}/cases.csv/"], "that is a file; name a folder"),
    ("no parent", ["--output", "{folder}/no/pack/"], "make the folder"),
    ("a format", ["--output", "{folder}/pack/", "--format", "csv"], "--format csv is for one file"),
    ("publish without a folder", ["--publish"], "--publish is for the committee pack"),
    ("threshold without a folder", ["--threshold", "5", "--output", "a.csv"], "--threshold is for the committee pack"),
    ("supplied not there", ["--output", "{folder}/pack/", "--supplied", "{folder}/no.yaml"], "no.yaml"),
    ("the end before the start", ["--output", "{folder}/pack/", "--from", "2026-02-01", "--to", "2026-01-01"], "--to"),
]


@pytest.mark.parametrize(("options", "says"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_mistakes_are_a_sentence_and_leave_nothing(tmp_path: Path, options: list[str], says: str) -> None:
    cases = _case_file(tmp_path, 5)
    result = _audit(cases, *(option.format(folder=tmp_path) for option in options))
    assert result.code == 2
    assert says in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_the_pack_never_takes_the_place_of_its_input(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    cases = folder / "findings.xlsx"
    write_sample(rows(5), cases)
    before = cases.read_bytes()
    result = _audit(cases, "--output", folder)
    assert result.code == 2
    assert "would be written over" in result.err
    assert [path.name for path in folder.iterdir()] == ["findings.xlsx"]
    assert cases.read_bytes() == before


def test_figures_are_not_published_next_to_what_names_cases(tmp_path: Path) -> None:
    cases, folder = _case_file(tmp_path, 5), tmp_path / "pack"
    folder.mkdir()
    (folder / "report.html").write_text("names cases")
    result = _audit(cases, "--publish", "--output", folder)
    assert result.code == 2
    assert "publish into another folder" in result.err


def test_a_pack_needs_no_other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = _case_file(tmp_path, 5)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _audit(cases, "--output", f"{tmp_path}/pack/").code == 0
    assert (tmp_path / "pack" / pack.WORD).exists()


def test_a_folder_that_cannot_be_written_to_keeps_what_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "b").mkdir()
    (folder / "b" / "kept").write_text("")
    made = receipts.certified({"a": b"new", "b": b"a folder is in the way"}, {"software": "putright"})
    with pytest.raises(WriteError, match="cannot be written: a folder of that name is in the way"):
        receipts.replace(folder, made)
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]
    assert [path.name for path in folder.iterdir()] == ["b"]


@pytest.mark.parametrize("content", [b"", b"no document", b"PK\x03\x04broken"])
def test_what_is_not_a_template_is_a_sentence_before_anything_is_made(tmp_path: Path, content: bytes) -> None:
    cases = _case_file(tmp_path, 5)
    (tmp_path / "house.docx").write_bytes(content)
    result = _audit(cases, "--output", f"{tmp_path}/pack/", "--template", tmp_path / "house.docx")
    assert result.code == 2 and len(result.err.strip().splitlines()) == 1
    assert "house.docx is not a Word document that can be a template" in result.err
    assert not (tmp_path / "pack").exists()
