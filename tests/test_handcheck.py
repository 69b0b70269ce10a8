"""Checking by hand: the draw, the sheet, and what a filled sheet says."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from casefiles import run, write
from openpyxl.worksheet.worksheet import Worksheet
from putright.casework import handcheck
from putright.casework.findingsfile import read_findings
from putright.casework.handcheck import ANSWER, ANSWERS, REMARKS, HandcheckError, draw

RULES = ("triage", "acknowledge-stage1", "respond-stage1")


def finding(reference: str, rule: str = "triage", verdict: str = "met", **more: Any) -> dict[str, Any]:
    row = {"reference": reference, "council": "x", "procedure": "corporate", "rulebook": "lgsco", "rule": rule}
    row |= {"clause": "1", "kind": "deadline", "verdict": verdict, "edition": "2024", "message": "In time."}
    dates = {"start": "2026-01-05", "due": "2026-01-12", "done": "2026-01-09", "days_taken": 4, "days_over": 0}
    return row | dates | {"marks": "", "missing": ""} | more


def findings(folder: Path, cases: int = 12, name: str = "findings.csv") -> Path:
    rows = [finding(f"C{n:02}", rule, "breach" if n < 4 and rule == "triage" else "met")
            for n in range(cases) for rule in RULES]  # fmt: skip
    return write(folder / name, rows)


def sheet(folder: Path, *options: str, cases: int = 5, seed: int = 7, source: Path | None = None) -> Path:
    path = folder / "sheet.xlsx"
    source = source or findings(folder)
    done = run(
        "handcheck", source, "--cases", str(cases), "--seed", str(seed), "--output", path, "--overwrite", *options
    )
    assert done.code == 0, done.err
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    names, *cells = openpyxl.load_workbook(path)["check"].iter_rows(values_only=True)
    return [dict(zip(map(str, names), row, strict=True)) for row in cells]


def fill(path: Path, answer: Callable[[dict[str, Any]], str | None]) -> None:
    """Fill the sheet in as a person would, in Excel's own format."""
    book = openpyxl.load_workbook(path)
    check = book["check"]
    column = {cell.value: cell.column for cell in check[1]}
    for line, row in enumerate(rows(path), start=2):
        check.cell(line, column[ANSWER], answer(row))
    book.save(path)


def read(path: Path) -> dict[str, Any]:
    done = run("handcheck", "--read", path, "--format", "json")
    assert done.code == 0, done.err
    data: dict[str, Any] = json.loads(done.out)
    return data


# --- the draw -------------------------------------------------------------------------------------


def test_whole_cases_are_drawn(tmp_path: Path) -> None:
    found = rows(sheet(tmp_path))
    assert Counter(Counter(row["reference"] for row in found).values()) == {3: 5}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first = sheet(tmp_path).read_bytes()
    assert sheet(tmp_path).read_bytes() == first
    assert {row["reference"] for row in rows(sheet(tmp_path, seed=8))} != {
        row["reference"] for row in rows(sheet(tmp_path))
    }


def test_the_draw_is_the_same_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    frame = read_findings(findings(tmp_path))
    expected = draw(frame, 5, 7).drawn
    assert draw(frame.reverse(), 5, 7).drawn == expected
    assert draw(frame, 6, 7).drawn[:5] == expected
    other = write(tmp_path / "f.jsonl", frame.with_columns(pl.col(pl.Date).cast(pl.String)).reverse().to_dicts())
    assert draw(read_findings(other), 5, 7).drawn == expected


def test_every_case_is_as_likely_as_any_other(tmp_path: Path) -> None:
    """3 of 12, 2,000 times over: each about 500 times, within five standard deviations; so is every pair."""
    frame = read_findings(findings(tmp_path))
    times: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for seed in range(2000):
        drawn = draw(frame, 3, seed).drawn
        assert len(set(drawn)) == 3
        times.update(drawn)
        first[drawn[0]] += 1
    assert len(times) == 12
    assert all(abs(count - 500) < 5 * math.sqrt(2000 * 0.25 * 0.75) for count in times.values())
    assert all(abs(count - 2000 / 12) < 5 * math.sqrt(2000 / 12 * 11 / 12) for count in first.values())


def test_all_of_them_where_there_are_no_more(tmp_path: Path) -> None:
    assert len(rows(sheet(tmp_path, cases=100))) == 36


def test_one_verdict_only(tmp_path: Path) -> None:
    found = rows(sheet(tmp_path, "--verdict", "breach", cases=100))
    assert [(row["rule"], row["verdict"]) for row in found] == [("triage", "breach")] * 4


def test_findings_that_do_not_arise_are_left_out(tmp_path: Path) -> None:
    source = write(
        tmp_path / "f.csv",
        [finding("A"), finding("A", "consent", "not_applicable"), finding("B", verdict="not_applicable")],
    )
    assert [(row["reference"], row["rule"]) for row in rows(sheet(tmp_path, source=source))] == [("A", "triage")]


# --- the sheet ------------------------------------------------------------------------------------


def validations(check: Worksheet) -> dict[str, str]:
    return {str(each.sqref): str(each.formula1) for each in check.data_validations.dataValidation}


def test_the_sheet_offers_the_answers(tmp_path: Path) -> None:
    check = openpyxl.load_workbook(sheet(tmp_path))["check"]
    column = next(cell.column_letter for cell in check[1] if cell.value == ANSWER)
    assert validations(check)[f"{column}2:{column}16"] == f'"{",".join(ANSWERS)}"'


def test_dates_are_dates_and_text_is_never_a_formula(tmp_path: Path) -> None:
    source = write(tmp_path / "f.jsonl", [finding("=1+1", message="=HYPERLINK(1)")])
    check = openpyxl.load_workbook(sheet(tmp_path, source=source))["check"]
    cells = {str(head.value): cell for head, cell in zip(check[1], check[2], strict=True)}
    assert (cells["reference"].value, cells["reference"].data_type) == ("=1+1", "s")
    assert cells["message"].data_type == "s"
    assert cells["due"].is_date
    assert cells["days_taken"].value == 4


# --- reading it back ------------------------------------------------------------------------------


def wilson(agreed: int, base: int) -> tuple[float, float]:
    """Wilson (1927), written out by hand."""
    z = 1.959963984540054
    share, room = agreed / base, z * z / base
    middle = (share + room / 2) / (1 + room)
    half = z / (1 + room) * math.sqrt(share * (1 - share) / base + room / base / 4)
    return middle - half, middle + half


def order(path: Path) -> list[str]:
    return list(dict.fromkeys(row["reference"] for row in rows(path)))


#: answers to one finding of each case in turn (the rest agree; None leaves it blank), and what comes of the cases
READ = [
    (["agree"] * 5, {"agree": 5, "disagree": 0, "cannot tell": 0, "unfinished": 0}),
    (["disagree", *["agree"] * 4], {"agree": 4, "disagree": 1, "cannot tell": 0, "unfinished": 0}),
    (
        ["disagree", "cannot tell", None, "agree", "Agree "],
        {"agree": 2, "disagree": 1, "cannot tell": 1, "unfinished": 1},
    ),
    (["cannot tell"] * 5, {"agree": 0, "disagree": 0, "cannot tell": 5, "unfinished": 0}),
]


@pytest.mark.parametrize(("answers", "cases"), READ)
def test_what_the_answers_come_to(tmp_path: Path, answers: list[str | None], cases: dict[str, int]) -> None:
    path = sheet(tmp_path)
    of_case = dict(zip(order(path), answers, strict=True))
    fill(path, lambda row: of_case[row["reference"]] if row["rule"] == "triage" else "agree")
    data = read(path)
    assert data["cases"] == cases
    assert (data["cases_drawn"], data["population"], data["seed"], data["sheet_altered"]) == (5, 12, 7, False)
    assert sum(sum(counts.values()) for counts in data["findings"].values()) == 15
    assert len(data["disagreements"]) == answers.count("disagree")
    base = cases["agree"] + cases["disagree"]
    if not base:
        assert (data["share_agreed"], data["interval"]) == (None, None)
        return
    assert data["share_agreed"] == cases["agree"] / base
    assert (data["interval"]["low"], data["interval"]["high"]) == pytest.approx(wilson(cases["agree"], base), abs=1e-9)


def test_a_case_with_a_blank_is_not_finished(tmp_path: Path) -> None:
    """Even where it disagrees already: else those that disagree would count sooner than those that agree."""
    path = sheet(tmp_path)
    fill(path, lambda row: {"triage": "disagree"}.get(row["rule"]))
    data = read(path)
    assert (data["cases"]["unfinished"], data["share_agreed"], len(data["disagreements"])) == (5, None, 5)


def test_the_sentences(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    assert "nothing can be said yet" in run("handcheck", "--read", path).out
    first = order(path)[0]
    fill(path, lambda row: "disagree" if row["reference"] == first else "agree")
    said = " ".join(run("handcheck", "--read", path).out.split())
    low, high = wilson(4, 5)
    assert "agrees with every finding in 4 of 5 cases (80.0%)" in said
    assert f"is between {low:.1%} and {high:.1%} (95% interval" in said
    everything = sheet(tmp_path, cases=12)
    fill(everything, lambda row: "agree")
    assert "those are all the cases there are" in " ".join(run("handcheck", "--read", everything).out.split())


def test_a_sheet_put_in_another_order_is_whole(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    book = openpyxl.load_workbook(path)
    check = book["check"]
    values = [[cell.value for cell in row] for row in check.iter_rows(min_row=2)]
    for line, row in enumerate(reversed(values), start=2):
        for place, value in enumerate(row, start=1):
            check.cell(line, place).value = value
    book.save(path)
    assert read(path)["sheet_altered"] is False


@pytest.mark.parametrize("what", ["a row is gone", "a verdict is another"])
def test_an_altered_sheet_is_reported(tmp_path: Path, what: str) -> None:
    path = sheet(tmp_path)
    book = openpyxl.load_workbook(path)
    check = book["check"]
    if what == "a row is gone":
        check.delete_rows(3)
    else:
        column = next(cell.column for cell in check[1] if cell.value == "verdict")
        check.cell(3, column, "running")
    book.save(path)
    assert read(path)["sheet_altered"] is True
    assert "not those it was written with" in " ".join(run("handcheck", "--read", path).out.split())


def test_real_findings_go_there_and_back(tmp_path: Path) -> None:
    """From a synthetic year, by way of every format an audit writes."""
    cases = tmp_path / "cases.jsonl"
    run(
        "sample",
        "--council",
        "coventry",
        "--cases",
        "60",
        "--seed",
        "3",
        "--year-ending",
        "2026-09-30",
        "--output",
        cases,
    )
    drawn = {}
    for form in ("jsonl", "csv", "xlsx", "parquet"):
        source = tmp_path / f"findings.{form}"
        done = run("audit", cases, "--as-at", "2026-09-30", "--messages", "--output", source)
        assert done.code == 0, done.err
        path = sheet(tmp_path, source=source, cases=10)
        drawn[form] = path.read_bytes()
        fill(path, lambda row: "agree")
        data = read(path)
        assert (data["cases"]["agree"], data["sheet_altered"]) == (10, False)
    assert len(set(drawn.values())) == 1


# --- mistakes -------------------------------------------------------------------------------------


def test_an_answer_that_is_none_names_its_row(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    fill(path, lambda row: "maybe")
    done = run("handcheck", "--read", path)
    assert done.code == 2
    assert "row 2: 'agree?' is 'maybe': choose agree, disagree, cannot tell, or leave it blank" in done.err


def test_a_workbook_that_is_not_a_sheet(tmp_path: Path) -> None:
    other = write(tmp_path / "other.xlsx", [finding("A")])
    for path in (other, findings(tmp_path), tmp_path / "none.xlsx"):
        done = run("handcheck", "--read", path)
        assert done.code == 2
        assert len(done.err.splitlines()) == 1


def test_a_sheet_without_its_second_page(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    book = openpyxl.load_workbook(path)
    del book["about"]
    book.save(path)
    assert "is not a sheet for checking by hand" in run("handcheck", "--read", path).err


#: options that do not go together, and what is said
USAGE = [
    ([], "give FINDINGS and --output"),
    (["findings.csv"], "give FINDINGS and --output"),
    (["findings.csv", "--output", "sheet.csv"], "a name ending in .xlsx"),
    (["findings.csv", "--read", "sheet.xlsx"], "used alone"),
    (["findings.csv", "--output", "s.xlsx", "--cases", "0"], "--cases must be 1 or more"),
    (["findings.csv", "--output", "s.xlsx", "--verdict", "running"], "no finding with the verdict running"),
]


@pytest.mark.parametrize(("options", "says"), USAGE)
def test_options_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], says: str) -> None:
    monkeypatch.chdir(findings(tmp_path).parent)
    done = run("handcheck", *options)
    assert (done.code, says in done.err) == (2, True), done.err


def test_remarks_come_back_with_the_disagreement(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    fill(path, lambda row: "disagree" if row["rule"] == "triage" else "agree")
    book = openpyxl.load_workbook(path)
    column = next(cell.column for cell in book["check"][1] if cell.value == REMARKS)
    book["check"].cell(2, column, "the letter is of the 8th")
    book.save(path)
    assert {each[REMARKS] for each in handcheck.read_sheet(path).disagreements} == {"the letter is of the 8th", ""}


def test_nothing_to_draw_from(tmp_path: Path) -> None:
    with pytest.raises(HandcheckError, match="no finding to check"):
        draw(read_findings(findings(tmp_path)).clear(), 5, 1)
