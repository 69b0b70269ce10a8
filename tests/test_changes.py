"""Two audits compared: what changed, and every cause that the findings can show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from casefiles import EVERY_FIELD, case, council, run, write
from putright.casework import changes
from putright.casework.findingsfile import FindingsError, read_findings

BOOK = (Path(__file__).parent / "books" / "testshire.yaml").read_text("utf-8")
BEFORE, AFTER = "2026-06-10", "2026-06-24"
FORMATS = ("jsonl", "csv", "xlsx", "parquet")


@pytest.fixture(autouse=True)
def testshire(tmp_path: Path) -> Iterator[None]:
    with council(tmp_path, "testshire", [BOOK]):
        yield


def audited(folder: Path, name: str, cases: list[dict[str, Any]], as_at: str, form: str = "jsonl", *more: str) -> Path:
    path = folder / f"{name}.{form}"
    source = write(folder / f"{name}-cases.jsonl", [{**EVERY_FIELD, **each} for each in cases])
    done = run("audit", source, "--as-at", as_at, "--output", path, *more)
    assert done.code == 0, done.err
    return path


def compared(before: Path, after: Path) -> dict[str, Any]:
    done = run("changes", before, after, "--format", "json")
    assert done.code == 0, done.err
    data: dict[str, Any] = json.loads(done.out)
    same = sum(each["findings"] for each in data["verdicts"])
    assert same == sum(c["before"]["verdict"] != c["after"]["verdict"] for c in data["changes"])
    return data


# --- causes ---------------------------------------------------------------------------------------

STAGE1 = {
    **dict.fromkeys(("triaged", "stage1_department_notified"), "2026-06-01"),
    "council": "testshire",
    "received": "2026-06-01",
    "stage1_acknowledged": "2026-06-01",
}
EARLIER = dict.fromkeys(("received", "triaged", "stage1_acknowledged"), "2026-05-01")
EXTENDED = {"stage1_extension_notified": "2026-06-08", "stage1_extended_to": "2026-06-26"}


@dataclass(frozen=True)
class Row:
    """One case twice: the record before and after (None: not there), a rule, and what must be said of it."""

    says: str
    before: dict[str, str]
    after: dict[str, str]
    rule: str
    verdicts: str
    causes: tuple[str, ...]
    book: str = "testshire.corporate"


R = "respond-stage1"
ROWS = [
    Row("answered in time", {}, {"stage1_responded": "2026-06-12"}, R, "running met", ("done_recorded",)),
    Row("answered late", {}, {"stage1_responded": "2026-06-16"}, R, "running breach", ("done_recorded",)),
    Row("time ran out", {}, {}, R, "running breach", ("due_passed",)),
    Row("extended, not answered", {}, EXTENDED, R, "running running", ("extension",)),
    Row(
        "extended and answered",
        {},
        EXTENDED | {"stage1_responded": "2026-06-23"},
        R,
        "running met",
        ("extension", "done_recorded"),
    ),
    Row(
        "a new date in an old notice",
        EXTENDED | {"stage1_extended_to": "2026-06-22"},
        EXTENDED,
        R,
        "running running",
        ("due_moved",),
    ),
    Row("put on hold", {}, {"stage1_holds": "2026-06-11/.."}, R, "running running", ("hold",)),
    Row(
        "taken off hold",
        {"stage1_holds": "2026-06-04/.."},
        {"stage1_holds": "2026-06-04/2026-06-18"},
        R,
        "running running",
        ("hold",),
    ),
    Row(
        "the acknowledgement's date was corrected",
        {},
        {"stage1_acknowledged": "2026-06-03", "stage1_department_notified": "2026-06-03"},
        R,
        "running breach",
        ("start_changed", "due_passed"),
    ),
    Row(
        "the acknowledgement entered late",
        {"stage1_acknowledged": ""},
        {"stage1_responded": "2026-06-12"},
        R,
        "running met",
        ("start_recorded", "done_recorded"),
    ),
    Row(
        "the answer's date corrected",
        {"stage1_responded": "2026-06-05"},
        {"stage1_responded": "2026-06-09"},
        R,
        "met met",
        ("done_changed",),
    ),
    Row("the answer's date taken out", {"stage1_responded": "2026-06-05"}, {}, R, "met breach", ("done_removed",)),
    Row("withdrawn in time", {}, {"withdrawn": "2026-06-12"}, R, "running not_applicable", ("falls_away",)),
    Row(
        "stage 2 asked for",
        {"stage1_responded": "2026-06-05"},
        {"stage1_responded": "2026-06-05", "stage2_requested": "2026-06-22"},
        "acknowledge-stage2",
        "not_applicable running",
        ("arises",),
    ),
    Row(
        "stage 2 begun without an answer",
        {},
        {"stage2_requested": "2026-06-22"},
        R,
        "running no_evidence",
        ("later_step",),
    ),
    Row(
        "what the letter held was entered",
        {"stage1_responded": "2026-06-05"},
        {"stage1_responded": "2026-06-05", "stage1_response_contains": "decision"},
        "response-stage1-contents",
        "no_evidence breach",
        ("letter",),
    ),
    Row(
        "the letter held everything",
        {"stage1_responded": "2026-06-05"},
        {"stage1_responded": "2026-06-05", "stage1_response_contains": "decision;escalation;not_responsible"},
        "response-stage1-contents",
        "no_evidence met",
        ("not_shown",),
    ),
    Row(
        "an overdue answer came",
        EARLIER,
        EARLIER | {"stage1_responded": "2026-06-12"},
        R,
        "breach breach",
        ("done_recorded",),
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.says)
def test_what_changed_and_why(tmp_path: Path, row: Row) -> None:
    before, after = (
        audited(tmp_path, name, [case(**STAGE1 | record)], as_at)
        for name, record, as_at in (("before", row.before, BEFORE), ("after", row.after, AFTER))
    )
    found = [c for c in compared(before, after)["changes"] if (c["rulebook"], c["rule"]) == (row.book, row.rule)]
    (change,) = found
    assert f"{change['before']['verdict']} {change['after']['verdict']}" == row.verdicts
    assert tuple(cause["cause"] for cause in change["causes"]) == row.causes
    assert all(cause["text"] for cause in change["causes"])


#: what is written into the findings before, and the cause that shows
REWRITTEN = [
    ("edition", "zeroth", "edition", "the edition was zeroth and is first"),
    ("clause", "9", "clause", "the clause was 9 (deadline) and is 2 (deadline)"),
    ("kind", "aim", "clause", "the clause was 2 (aim) and is 2 (deadline)"),
    ("due", "2026-06-16", "due_moved", "was 2026-06-16 and is 2026-06-15"),
    ("marks", ["provisional"], "marks", "the marks were provisional and are none"),
    ("verdict", "judgement", "not_shown", "do not show why"),
]


@pytest.mark.parametrize(("name", "value", "cause", "text"), REWRITTEN)
def test_another_edition_clause_or_calendar(tmp_path: Path, name: str, value: Any, cause: str, text: str) -> None:
    record = case(**STAGE1, stage1_responded="2026-06-05")
    after = audited(tmp_path, "after", [record], BEFORE)
    lines = [json.loads(line) for line in after.read_text("utf-8").splitlines()]
    for line in lines:
        if (line["rulebook"], line["rule"]) == ("testshire.corporate", R):
            line[name] = value
    (change,) = compared(write(tmp_path / "before.jsonl", lines), after)["changes"]
    assert [(c["cause"], text in c["text"]) for c in change["causes"]] == [(cause, True)]


def test_every_cause_is_shown_by_a_row() -> None:
    shown = {cause for row in ROWS for cause in row.causes} | {row[2] for row in REWRITTEN}
    assert set(changes.CAUSES) - shown == {"start_removed"}


# --- cases and counts -----------------------------------------------------------------------------

OLD = [case(**STAGE1, reference="GONE"), case(**STAGE1, reference="SAME"), case(**STAGE1, reference="DONE")]
NEW = [
    case(**STAGE1, reference="SAME"),
    case(**STAGE1, reference="DONE", stage1_responded="2026-06-09"),
    case(**STAGE1, reference="NEW"),
]


def test_cases_that_came_and_went(tmp_path: Path) -> None:
    data = compared(audited(tmp_path, "before", OLD, BEFORE), audited(tmp_path, "after", NEW, BEFORE))
    assert (data["new_cases"], data["gone_cases"]) == (["NEW"], ["GONE"])
    assert data["cases"] == {"before": 3, "after": 3}
    assert {change["reference"] for change in data["changes"]} == {"DONE"}
    # The limit of both rulebooks and the council's outer one, and both letters' contents.
    assert data["causes"] == {"done_recorded": 3, "arises": 2}


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same(tmp_path: Path, form: str) -> None:
    """What an audit writes is read back alike, whichever format each side has."""
    reference = compared(audited(tmp_path, "before", OLD, BEFORE), audited(tmp_path, "after", NEW, AFTER))
    assert reference["changes"]
    written = [audited(tmp_path, f"{name}-{form}", cases, as_at, form)
               for name, cases, as_at in (("before", OLD, BEFORE), ("after", NEW, AFTER))]  # fmt: skip
    assert compared(*written) == reference
    first, second = (read_findings(path).drop("message") for path in (written[0], audited(tmp_path, "b", OLD, BEFORE)))
    assert first.equals(second)


def test_the_same_audit_shows_nothing(tmp_path: Path) -> None:
    """Whether findings that do not arise were kept or not."""
    before, after = audited(tmp_path, "before", NEW, BEFORE), audited(tmp_path, "after", NEW, BEFORE, "jsonl", "--all")
    for pair in ((before, after), (after, before)):
        data = compared(*pair)
        assert (data["changes"], data["new_cases"], data["gone_cases"]) == ([], [], [])
        assert data["findings"]["before"] == data["findings"]["after"] == data["unchanged"]


def test_there_and_back(tmp_path: Path) -> None:
    """Comparing the other way round turns every pair of verdicts round."""
    before, after = audited(tmp_path, "before", OLD, BEFORE), audited(tmp_path, "after", NEW, AFTER)
    there, back = compared(before, after), compared(after, before)
    pairs = {(each["before"], each["after"]): each["findings"] for each in there["verdicts"]}
    assert pairs == {(each["after"], each["before"]): each["findings"] for each in back["verdicts"]}
    assert (there["new_cases"], there["gone_cases"]) == (back["gone_cases"], back["new_cases"])
    assert there["unchanged"] == back["unchanged"]


def test_more_days_over_alone_are_not_a_change(tmp_path: Path) -> None:
    """The answer due by 15 June is not there on 1 July, nor on the 8th: by both rulebooks."""
    before, after = (audited(tmp_path, day, [case(**STAGE1)], day) for day in ("2026-07-01", "2026-07-08"))
    data = compared(before, after)
    late = [each for each in map(json.loads, before.read_text("utf-8").splitlines()) if each["days_over"]]
    assert {each["rule"] for each in late} == {"respond-stage1", "explain-delay-stage1"}
    assert {each["due"] for each in late} == {"2026-06-15"}
    assert (data["changes"], data["longer_overdue"]) == ([], len(late))
    said = " ".join(run("changes", before, after).out.split())
    assert f"{len(late)} of those that did not were overdue before and are so by more days now." in said


def test_the_text(tmp_path: Path) -> None:
    done = run("changes", audited(tmp_path, "before", OLD, BEFORE), audited(tmp_path, "after", NEW, BEFORE))
    assert done.code == 0, done.err
    said = " ".join(done.out.split())
    for words in ("1 new cases, 1 gone", "New: NEW", "Gone: GONE", "running → met", "recorded now, on 2026-06-09"):
        assert words in said


# --- files that are no findings -------------------------------------------------------------------

FINDING = {"reference": "A", "rulebook": "x", "rule": "triage", "clause": "1", "kind": "aim", "verdict": "met",
           "start": "2026-01-01", "due": None, "done": None, "edition": "e", "marks": "", "missing": ""}  # fmt: skip
#: what is wrong with the second of two findings, and what the mistake says
WRONG = [
    ({"verdict": "late"}, ["row 3", "'verdict' is 'late', which is not a verdict"]),
    ({"reference": " "}, ["row 3", "'reference' is blank"]),
    ({"due": "soon"}, ["row 3", "'due' is 'soon', which is not a date"]),
    ({"due": "2026-02-30"}, ["row 3", "not a date"]),
    ({"days_over": "many"}, ["row 3", "'days_over' is 'many', which is not a number of days"]),
    ({"reference": "A"}, ["row 2", "a second finding of A, x, triage"]),
]


@pytest.mark.parametrize(("change", "parts"), WRONG)
def test_a_mistake_says_where(tmp_path: Path, change: dict[str, str], parts: list[str]) -> None:
    path = write(tmp_path / "findings.csv", [FINDING | {"days_over": ""}, FINDING | {"reference": "B"} | change])
    with pytest.raises(FindingsError) as caught:
        read_findings(path)
    assert all(part in str(caught.value) for part in [str(path), *parts]), str(caught.value)


def test_dates_that_excel_wrote_again(tmp_path: Path) -> None:
    path = write(tmp_path / "findings.csv", [FINDING | {"start": "31/01/2026"}])
    assert str(read_findings(path)["start"][0]) == "2026-01-31"


def test_a_case_file_is_not_a_findings_file(tmp_path: Path) -> None:
    cases = write(tmp_path / "cases.csv", [case(received="2026-01-01")])
    done = run("changes", cases, cases)
    assert done.code == 2
    assert "is not a file of findings: it has no column rulebook" in done.err
    assert run("changes", tmp_path / "none.csv", cases).code == 2


def test_an_empty_file_of_findings(tmp_path: Path) -> None:
    empty = pl.DataFrame(schema=dict.fromkeys(FINDING, pl.String)).write_csv()
    path = tmp_path / "empty.csv"
    path.write_text(empty, "utf-8")
    data = compared(path, audited(tmp_path, "after", NEW, BEFORE))
    assert (len(data["new_cases"]), data["changes"], data["unchanged"]) == (3, [], 0)
